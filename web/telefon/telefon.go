package telefon

import (
	"embed"
	"html/template"
	"io"
	"net/http"
	"strconv"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/preisauskunft"
	"github.com/offizin/offizin/web/ui"
)

//go:embed telefon.html
var files embed.FS

// Pfad is the page of the till that leads to phones.
const Pfad = "/preisauskunft/telefon"

// Adresse is where a phone in the network of the pharmacy finds it.
type Adresse struct {
	Name    string // as people say it: "192.168.1.20"
	Koppeln string // http address of the pairing
	Seite   string // https address of the Preisauskunft
}

// Zustand is how it stands with the phones.
type Zustand struct {
	An            bool // the program was started so that phones may come
	Fehler        error
	Adressen      []Adresse // the most likely first
	Fingerabdruck string
	Zertifikat    string    // its name, as phones show it
	Bis           civil.Day // until which the certificate of the pharmacy is valid
	Stand         *preisauskunft.Stand
}

// Seite is the page of the till about phones.
type Seite struct {
	rahmen  *ui.Rahmen
	zustand func() Zustand
	seite   *template.Template
}

// New returns the page.
func New(r *ui.Rahmen, zustand func() Zustand) (*Seite, error) {
	s := &Seite{rahmen: r, zustand: zustand}
	var err error
	s.seite, err = r.Parse(files, "telefon.html")
	return s, err
}

// Routes registers the addresses of the page.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+Pfad, s.zeigen)
	mux.HandleFunc("GET "+Pfad+"/qr.svg", s.qr)
}

type blatt struct {
	ui.Base

	Telefon Zustand
	Nr      int // of the address that is shown
	Ort     *Adresse
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request) {
	z := s.zustand()
	page := blatt{Base: s.rahmen.Base(r, "/artikel", "telefon.titel"), Telefon: z}
	page.Hier = Pfad
	page.Nr, page.Ort = z.gewaehlt(r)
	s.rahmen.SeiteStatus(w, r, s.seite, s.rahmen.Abgelehnt(r, &page.Base, z.Fehler), page)
}

// gewaehlt is the address that was asked for, else the first.
func (z Zustand) gewaehlt(r *http.Request) (int, *Adresse) {
	n, err := strconv.Atoi(r.FormValue("adresse"))
	if err != nil || n < 0 || n >= len(z.Adressen) {
		n = 0
	}
	if n < len(z.Adressen) {
		return n, &z.Adressen[n]
	}
	return 0, nil
}

func (s *Seite) qr(w http.ResponseWriter, r *http.Request) {
	_, ort := s.zustand().gewaehlt(r)
	if ort == nil {
		s.rahmen.FehlerZeigen(w, r, fault.New(fault.NotFound, "A-727", "Dieser Rechner hat keine Adresse im eigenen Netz; "+
			"bitte das Netzwerk prüfen oder bei --phone eine angeben.", nil))
		return
	}
	svg, err := ui.QR(ort.Koppeln)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = io.WriteString(w, svg) // the browser has gone away
}
