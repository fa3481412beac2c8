// Package pruefung reads a DSFinV-K export as a tax inspector's program does, and says what is
// wrong with it: form (the rules that lint programs share), sums per record and per closing, and
// signatures. It believes nothing, not even the sizes that the ZIP states.
package pruefung

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/offizin/offizin/integration/dsfinvk"
	"github.com/offizin/offizin/internal/dtd"
	"github.com/offizin/offizin/internal/fault"
)

// The limits of what is read.
const (
	maxDateien = 100     // files in the ZIP
	maxBytes   = 8 << 30 // of all files, unpacked
	maxDichte  = 400     // times a file may be larger than packed; ours are 5 to 30
	maxFunde   = 1000    // findings that are told one by one
	maxZeilen  = 50e6    // rows of all tables: some six million records
)

// Fund is what is wrong at one place.
type Fund struct {
	Datei string
	Zeile int    // of the file; 0: the whole file
	Code  string // of the rule
	Text  string
}

// String is the finding in one line.
func (f Fund) String() string {
	return fmt.Sprintf("%s:%d: %s (%s)", druckbar(f.Datei), f.Zeile, druckbar(f.Text), f.Code)
}

// maxText is how many characters of a finding are told: it quotes what somebody else has written.
const maxText = 400

// druckbar leaves out of a text what would steer the terminal it is printed on.
func druckbar(s string) string {
	n := 0
	return strings.Map(func(r rune) rune {
		switch n++; {
		case n == maxText:
			return '…'
		case n > maxText:
			return -1
		case !unicode.IsPrint(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// Signatur is what a row of transactions_tse and its TSE say was signed.
type Signatur struct {
	Client       string // KASSE_SERIENNR
	Prozess      string // processType
	Daten        string // processData
	Transaktion  uint64
	Zaehler      uint64
	Beginn, Ende int64 // log times of Start and Finish, UTC nanoseconds
	Algorithmus  string
	Zeitformat   string
	Wert         string // base64 of r‖s
	Schluessel   string // base64 of the public key, point or SPKI
}

// Bericht is what was read.
type Bericht struct {
	Abschluesse, Belege, Zeilen, Signaturen int
	Funde                                   int // also those that were not told
}

// Pruefen reads an export and tells what it finds, by way of temporary files in the folder of the
// system. Signatures are checked by pruefer; nil: not at all. An error says that it is no ZIP, or
// that reading it failed.
func Pruefen(r io.ReaderAt, size int64, pruefer func(Signatur) error, melde func(Fund)) (Bericht, error) {
	return PruefenIn("", r, size, pruefer, melde)
}

// PruefenIn does so by way of temporary files in a folder, "" for that of the system. It needs some
// 100 MB of memory at most, whatever there is to be read; files are written for what is more than
// some 70,000 records. An error may also be that of such a file (D-703).
func PruefenIn(
	ordner string, r io.ReaderAt, size int64, pruefer func(Signatur) error, melde func(Fund),
) (_ Bericht, err error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Bericht{}, fault.New(fault.Invalid, "T-406",
			"Die Datei ist kein lesbares ZIP; bitte den Export noch einmal erstellen.", err)
	}
	schema, err := dsfinvk.Schema()
	if err != nil {
		return Bericht{}, err
	}
	l := newLauf(ordner, pruefer, melde)
	defer func() { err = errors.Join(err, l.close()) }()
	if len(z.File) > maxDateien {
		l.fund("", 0, "T-407", fmt.Sprintf("Das ZIP enthält %d Dateien; erwartet werden 22.", len(z.File)))
		return l.bericht, nil
	}
	l.dateien(z, schema)
	if err := l.lesen(schema); err != nil {
		return l.bericht, err
	}
	return l.bericht, l.schluss()
}

// fund tells a finding, as long as there are not too many.
func (l *lauf) fund(datei string, zeile int, code, text string) {
	l.bericht.Funde++
	switch n := l.bericht.Funde; {
	case n <= maxFunde:
		l.melde(Fund{Datei: datei, Zeile: zeile, Code: code, Text: text})
	case n == maxFunde+1:
		l.melde(Fund{Datei: datei, Zeile: zeile, Code: "T-461", Text: "Weitere Funde werden nur noch gezählt."})
	}
}

// dateien lists the files, and what is lacking or too much.
func (l *lauf) dateien(z *zip.Reader, schema []dsfinvk.Tabelle) {
	known := map[string]bool{dsfinvk.Index: true, dtd.Name: true}
	for _, t := range schema {
		known[t.Datei] = true
	}
	for _, f := range z.File {
		switch {
		case !known[f.Name]:
			l.fund(f.Name, 0, "T-411", "Diese Datei gehört nicht in einen DSFinV-K-Export.")
		case l.datei[f.Name] != nil:
			l.fund(f.Name, 0, "T-411", "Diese Datei steht mehrfach im ZIP.")
		default:
			l.datei[f.Name] = f
		}
	}
	for _, name := range []string{dsfinvk.Index, dtd.Name} {
		if l.datei[name] == nil {
			l.fund(name, 0, "T-410", "Diese Datei fehlt im Export.")
		}
	}
	for _, t := range schema {
		if l.datei[t.Datei] == nil {
			l.fund(t.Datei, 0, "T-410", "Diese Datei fehlt im Export.")
		}
	}
}

// errGrenze is that a file is larger than anything we want to read.
var errGrenze = errors.New("larger than the limit")

// begrenzt counts what is unpacked, of a file and of all.
type begrenzt struct {
	io.ReadCloser
	datei  int64 // what is left of the file
	gesamt *int64
}

// Read implements io.Reader.
func (b *begrenzt) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.datei -= int64(n)
	*b.gesamt -= int64(n)
	if b.datei < 0 || *b.gesamt < 0 {
		return 0, errGrenze
	}
	return n, err //nolint:wrapcheck // io.EOF, or what the ZIP says
}

// open opens a file of the ZIP, within limits.
func (l *lauf) open(name string) (io.ReadCloser, error) {
	f := l.datei[name]
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	most := int64(min(f.CompressedSize64, maxBytes/maxDichte))*maxDichte + 1<<16
	return &begrenzt{ReadCloser: r, datei: most, gesamt: &l.rest}, nil
}

// lesefehler tells what stopped a file, however much was told before.
func (l *lauf) lesefehler(name string, zeile int, err error) {
	f := Fund{name, zeile, "T-408", "Die Datei im ZIP ist beschädigt und lässt sich nicht auspacken."}
	switch {
	case errors.Is(err, errGrenze):
		f = Fund{name, zeile, "T-407", "Die Datei ist ausgepackt größer, als ein Export sein kann; hier endet die Prüfung."}
	case errors.Is(err, errEnde):
		f = Fund{
			name, zeile, "D-701",
			"Das sind mehr Zeilen, als ein Export haben kann; bitte kürzere Zeiträume einzeln prüfen.",
		}
	case errors.Is(err, errZuLang):
		f = Fund{name, zeile, "T-418", "Die Zeile ist länger, als eine sein kann; hier endet die Prüfung der Datei."}
	case errors.Is(err, errOffen):
		f = Fund{name, zeile, "T-418", "Ein Anführungszeichen wird nie geschlossen; hier endet die Prüfung der Datei."}
	}
	l.bericht.Funde++
	l.melde(f)
}

// liste joins names for a message, and says how many more there are.
func liste(names []string) string {
	if len(names) > 5 {
		return strings.Join(names[:5], ", ") + " …"
	}
	return strings.Join(names, ", ")
}
