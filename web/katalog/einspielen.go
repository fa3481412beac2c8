package katalog

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/einspielung"
)

// pfadEinspielen is where catalogues are read in.
const pfadEinspielen = Pfad + "/einspielen"

// maxSendung bounds what one upload sends: a file and what a form adds to it; sendeFrist is
// how long it may take, above what other requests may.
const (
	maxSendung = 513 << 20
	sendeFrist = 10 * time.Minute
)

// fortschritt is the part of the page that shows a build.
type fortschritt struct {
	einspielung.Lauf

	Key string `json:"-"`
}

// Rest is the time left in words; empty if nobody can tell.
func (f fortschritt) Rest() string {
	if f.Lauf.Rest <= 0 {
		return ""
	}
	return einspielung.Dauer(f.Lauf.Rest)
}

// Prozent is how much is done, 0 to 100.
func (f fortschritt) Prozent() int { return f.Promille / 10 }

// einspielen is the page for reading a catalogue in.
type einspielen struct {
	kopf
	Ort      string       // of the inbox
	Lauf     *fortschritt // nil: there never was one
	Quellen  []einspielung.Quelle
	Quelle   string              // as chosen
	Liste    catalogue.Listenart // as chosen; empty: articles
	Ab       string              // as typed
	Trotzdem bool
	Kleiner  bool
}

// Laeuft reports whether a build goes on.
func (e einspielen) Laeuft() bool { return e.Lauf != nil && e.Lauf.Zustand == einspielung.Laeuft }

// Listen are the official lists that can be chosen.
func (einspielen) Listen() []catalogue.Listenart { return einspielung.Listen() }

// Gewaehlt is the source that was chosen, else the first that can be.
func (e einspielen) Gewaehlt() string {
	first := ""
	for _, q := range e.Quellen {
		switch {
		case q.Hinweis != "":
		case q.Name == e.Quelle:
			return q.Name
		case first == "":
			first = q.Name
		}
	}
	return first
}

// lauf is the build that goes on, or the last one; nil: there never was one.
func (s *Seite) lauf() *fortschritt {
	if s.Einspielung == nil {
		return nil
	}
	l, ok := s.Einspielung.Stand()
	if !ok {
		return nil
	}
	return &fortschritt{l, ui.NeuerKey()}
}

func (s *Seite) einspielseite(w http.ResponseWriter, r *http.Request) {
	s.einspielung(w, r, ui.Anfrage(r), nil)
}

func (s *Seite) einspielung(w http.ResponseWriter, r *http.Request, f *ui.Form, refused error) {
	page := einspielen{
		kopf: s.kopf(r, "einspielen", "katalog.einspielen"), Lauf: s.lauf(), Quelle: f.Text("quelle"),
		Liste: catalogue.Listenart(f.Text("liste")), Ab: f.Text("ab"), Trotzdem: f.Ja("trotzdem"), Kleiner: f.Ja("kleiner"),
	}
	page.Hier, page.Ort = pfadEinspielen, s.Einspielung.Ort()
	var err error
	if page.Quellen, err = s.Einspielung.Quellen(); refused != nil {
		err = refused
	}
	s.rahmen.SeiteStatus(w, r, s.einspielt, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

// stand answers the script with how far the build is, and people with the page.
func (s *Seite) stand(w http.ResponseWriter, r *http.Request) {
	l := s.lauf()
	switch {
	case ui.WillJSON(r):
		ui.JSON(w, http.StatusOK, map[string]*fortschritt{"lauf": l})
	case ui.WillTeil(r) && l != nil:
		s.rahmen.Teil(w, r, s.einspielt, "lauf", http.StatusOK, l)
	default:
		http.Redirect(w, r, pfadEinspielen, http.StatusSeeOther)
	}
}

func (s *Seite) beginnen(w http.ResponseWriter, r *http.Request) {
	act := func(f *ui.Form, key, user string) (string, error) {
		x := einspielung.Auftrag{
			Quelle: f.Text("quelle"), Liste: catalogue.Listenart(f.Text("liste")), Ab: f.Tag("ab"),
			Trotzdem: f.Ja("trotzdem"), Kleiner: f.Ja("kleiner"),
		}
		if f.Err != nil {
			return "", f.Err
		}
		return pfadEinspielen, s.Einspielung.Starten(r.Context(), workflow.Auftrag{Key: key, Actor: user}, x)
	}
	s.rahmen.Tat(w, r, act, func(f *ui.Form, refused error) { s.einspielung(w, r, f, refused) })
}

func (s *Seite) abbrechen(w http.ResponseWriter, r *http.Request) {
	act := func(_ *ui.Form, _, user string) (string, error) { return pfadEinspielen, s.Einspielung.Abbrechen(user) }
	s.rahmen.Tat(w, r, act, func(f *ui.Form, refused error) { s.einspielung(w, r, f, refused) })
}

// hochladen passes a file on as it comes: it is too large for the memory of a form.
func (s *Seite) hochladen(w http.ResponseWriter, r *http.Request) {
	until := s.rahmen.Clock.Now().Add(sendeFrist)
	c := http.NewResponseController(w)
	_ = errors.Join(c.SetReadDeadline(until), c.SetWriteDeadline(until)) // else those of every request hold
	r.Body = http.MaxBytesReader(w, r.Body, maxSendung)
	user, err := s.rahmen.Wer(r)
	if err == nil {
		err = s.nimmDatei(r, user)
	}
	to := url.URL{Path: pfadEinspielen, RawQuery: r.URL.RawQuery} // says where somebody came from
	switch {
	case err == nil && ui.WillJSON(r):
		ui.JSON(w, http.StatusOK, map[string]string{"pfad": to.String()})
	case err == nil:
		http.Redirect(w, r, to.String(), http.StatusSeeOther)
	case ui.WillJSON(r) || ui.WillTeil(r):
		s.rahmen.FehlerZeigen(w, r, err)
	default:
		s.einspielung(w, r, &ui.Form{}, err)
	}
}

// nimmDatei finds the file in what was sent.
func (s *Seite) nimmDatei(r *http.Request, user string) error {
	form, err := r.MultipartReader()
	if err != nil {
		return keineDatei() // nor is there a form that could have one
	}
	for {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return keineDatei()
		case err != nil:
			return gelesen(err)
		case part.FormName() == "datei" && part.FileName() != "":
			return s.Einspielung.Annehmen(user, part.FileName(), teil{part})
		}
	}
}

func keineDatei() error {
	return fault.New(fault.Invalid, "W-105",
		"Es ist keine Datei gewählt – wählen Sie die Datei und senden Sie noch einmal.", nil)
}

// teil reads a file that is sent: what fails there is no fault of the disk that it goes to.
type teil struct{ r io.Reader }

// Read implements io.Reader.
func (t teil) Read(b []byte) (int, error) {
	n, err := t.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = gelesen(err)
	}
	return n, err
}

// gelesen says why an upload cannot be read: it is too long, or broken off.
func gelesen(err error) error {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return fault.New(fault.Invalid, "A-757", "Die Sendung ist zu groß, höchstens 512 MB; bitte die Datei in den Ordner "+
			"„eingang“ legen.", err)
	}
	return ui.Unlesbar(err)
}
