package ui

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/packcode"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

// The limits of what a browser may send.
const (
	MaxForm  = 64 << 10 // bytes of a form
	MaxDatei = 2 << 20  // bytes of a form with a file
	MaxText  = 1000     // bytes of one field
)

// Form reads fields and keeps the first thing that is wrong with them, so that a handler
// can read everything and then ask once.
type Form struct {
	Werte url.Values
	Err   error
	datei []byte
}

// Lesen reads the form of a POST within its limits.
func Lesen(w http.ResponseWriter, r *http.Request) (*Form, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	limit := int64(MaxForm)
	if kind == "multipart/form-data" {
		limit = MaxDatei
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	var err error
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(limit) //nolint:gosec // MaxBytesReader bounds it
	} else {
		err = r.ParseForm()
	}
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, fault.New(fault.Invalid, "W-103", "Die Eingabe ist zu groß – eine Datei darf höchstens 2 MB haben.", err)
	}
	if err != nil {
		return nil, Unlesbar(err)
	}
	f := &Form{Werte: r.Form}
	if r.MultipartForm != nil {
		err = f.readFile(r)
	}
	return f, err
}

func (f *Form) readFile(r *http.Request) error {
	file, head, err := r.FormFile("datei")
	if errors.Is(err, http.ErrMissingFile) {
		return nil
	}
	if err != nil {
		return Unlesbar(err)
	}
	defer file.Close() //nolint:errcheck // read only
	f.datei = make([]byte, head.Size)
	if _, err := file.ReadAt(f.datei, 0); err != nil && head.Size > 0 {
		return Unlesbar(err)
	}
	return nil
}

// Anfrage reads the query of a GET.
func Anfrage(r *http.Request) *Form { return &Form{Werte: r.URL.Query()} }

func (f *Form) fail(err error) {
	if f.Err == nil {
		f.Err = err
	}
}

// Datei returns the uploaded file; it is an error if there is none.
func (f *Form) Datei() []byte {
	if len(f.datei) == 0 {
		f.fail(fault.New(fault.Invalid, "W-105",
			"Es ist keine Datei gewählt – wählen Sie die Datei und senden Sie noch einmal.", nil))
	}
	return f.datei
}

// Text returns a field of at most 1,000 bytes without control characters.
func (f *Form) Text(name string) string {
	s := strings.TrimSpace(f.Werte.Get(name))
	if len(s) > MaxText || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		f.fail(fault.New(fault.Invalid, "W-106",
			"Ein Feld ist zu lang oder enthält unzulässige Zeichen – kürzen Sie den Text.", nil))
		return ""
	}
	return s
}

// Roh returns a field as it came, for scans: they may hold control characters.
func (f *Form) Roh(name string) string {
	s := f.Werte.Get(name)
	if len(s) > MaxText {
		f.fail(fault.New(fault.Invalid, "W-106",
			"Ein Feld ist zu lang oder enthält unzulässige Zeichen – kürzen Sie den Text.", nil))
		return ""
	}
	return s
}

// Suche returns what was typed into a search field; the code of a pack, scanned or typed,
// becomes its PZN.
func (f *Form) Suche(name string) string {
	if code := packcode.Parse(f.Roh(name)); code.Urteil == packcode.Gueltig && code.PZN != "" {
		return string(code.PZN)
	}
	return f.Text(name)
}

// Zahl returns a whole number; 0 if the field is empty.
func (f *Form) Zahl(name string) int {
	s := f.Text(name)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		f.fail(fault.New(fault.Invalid, "W-107", "Das ist keine ganze Zahl – geben Sie nur Ziffern ein.", nil))
	}
	return int(n)
}

// Geld returns an amount as people type it; 0 if the field is empty. Amounts below zero
// are refused: nothing at the till is entered as a negative amount.
func (f *Form) Geld(name string) money.Cent {
	s := f.Text(name)
	if s == "" {
		return 0
	}
	c, err := money.Parse(s)
	if err != nil || c < 0 {
		f.fail(fault.New(fault.Invalid, "W-108", "Das ist kein Betrag – Form: 12,34.", nil))
		return 0
	}
	return c
}

// Prozent returns a share as people type it, "3" or "3,5"; 0 if the field is empty.
func (f *Form) Prozent(name string) money.PPM {
	s := strings.TrimSpace(strings.TrimSuffix(f.Text(name), "%"))
	if s == "" {
		return 0
	}
	c, err := money.Parse(s) // hundredths, as of an amount
	if err != nil {
		f.fail(fault.New(fault.Invalid, "W-109", "Das ist kein Prozentsatz – Form: 3 oder 3,5.", nil))
		return 0
	}
	return money.PPM(c) * money.Percent / 100
}

// Tag returns a civil day as people type it or as browsers send it; 0 if the field is
// empty.
func (f *Form) Tag(name string) civil.Day {
	s := f.Text(name)
	if s == "" {
		return 0
	}
	d, err := civil.ParseGerman(s)
	if err != nil {
		d, err = civil.Parse(s)
	}
	if err != nil {
		f.fail(fault.New(fault.Invalid, "W-110", "Dieses Datum gibt es nicht – Form: 23.11.2026.", nil))
		return 0
	}
	return d
}

// Zeit returns the instant of a civil day and time, "23.11.2026" and "09:41"; both are
// required.
func (f *Form) Zeit(tag, uhrzeit string) time.Time {
	d := f.Tag(tag)
	const form = "2006-01-02 15:04"
	text := d.String() + " " + f.Text(uhrzeit)
	t, err := time.ParseInLocation(form, text, clock.Berlin())
	wall, _ := time.Parse(form, text)
	if err != nil || t.Format(form) != wall.Format(form) { // in spring an hour is missing
		f.fail(fault.New(fault.Invalid, "W-114",
			"Tag oder Uhrzeit fehlt oder es gibt sie nicht – Form: 23.11.2026 und 09:41.", err))
	}
	return t
}

// Ja reports whether a switch is on.
func (f *Form) Ja(name string) bool { return f.Werte.Get(name) == "ja" }

// Unlesbar says that what a browser sent cannot be read.
func Unlesbar(err error) error {
	return fault.New(fault.Invalid, "W-104",
		"Die Eingabe ist unlesbar – laden Sie die Seite neu und wiederholen Sie.", err)
}
