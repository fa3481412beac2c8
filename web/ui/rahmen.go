// Package ui is the frame of every page: head, navigation, errors, forms, texts and
// what protects them. It knows nothing of selling, so that the hub can use it too.
package ui

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"

	"github.com/offizin/offizin/internal/clock"
)

//go:embed *.html
var files embed.FS

// Farbe is the colour of the Ampel; the word beside it says the same.
type Farbe string

// The colours.
const (
	Gruen Farbe = "gruen"
	Gelb  Farbe = "gelb"
	Rot   Farbe = "rot"
)

// Ampel is the state of the whole chain in one word.
type Ampel struct {
	Farbe Farbe
	Text  string
}

// Benutzer is a person who may be chosen.
type Benutzer struct {
	Kuerzel, Name string
	PIN           bool   // he must log in
	Nur           string // he may see only this page and those below it; empty: everything
}

// Kopf is what the head of every page shows of the house.
type Kopf struct {
	Apotheke, Platz string
	Personal        []Benutzer
	Uebung          bool // the till practises: nothing is sold
	Scharf          bool // rights are enforced: nobody sees anything before a login
	// Wartend are users who may not be chosen before they have a PIN: an auditor is in the house.
	Wartend []string
}

// Punkt is an entry of the navigation: Alt+Taste jumps there.
type Punkt struct {
	Pfad, Text string // key of its text
	Taste      string
	Verborgen  bool // only for a user who is held to it
}

// Config is what the frame needs.
type Config struct {
	Clock clock.Clock
	Log   *slog.Logger
	Texte string // text file
	Nav   []Punkt
	Kopf  func(context.Context) (Kopf, error)
	Ampel func(context.Context) Ampel
	// Anmeldung knows the sessions; nil: nobody has a PIN.
	Anmeldung Anmeldung
	Heikel    func(path string) bool // POSTs that ask for the PIN again; nil: none
	Files     fs.FS                  // style sheet and script, for their versions
}

// Rahmen renders pages.
type Rahmen struct {
	Config
	Texte       Texte
	version     string // of the static files
	layout      *template.Template
	fehlerseite *template.Template
	frageseite  *template.Template
}

// New returns the frame.
func New(c Config) (*Rahmen, error) {
	texte, err := ParseTexte(c.Texte)
	if err != nil {
		return nil, err
	}
	s := &Rahmen{Config: c, Texte: texte}
	if s.version, err = version(c.Files); err != nil {
		return nil, err
	}
	if s.layout, err = template.New("layout").Funcs(s.funcs()).ParseFS(files, "rahmen.html"); err != nil {
		return nil, fmt.Errorf("parse frame: %w", err)
	}
	if s.frageseite, err = s.parseFrage(); err != nil {
		return nil, err
	}
	s.fehlerseite, err = s.Parse(files, "fehler.html")
	return s, err
}

// version is short for the contents of the static files.
func version(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, name)
		h.Write(b)
		return err //nolint:wrapcheck // wrapped once, below
	})
	if err != nil {
		return "", fmt.Errorf("read static files: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

// Version is short for the static files; their addresses name it.
func (s *Rahmen) Version() string { return s.version }

// Parse returns the frame with the templates of a page; those define "inhalt".
func (s *Rahmen) Parse(files fs.FS, names ...string) (*template.Template, error) {
	t, err := s.layout.Clone()
	if err == nil {
		t, err = t.ParseFS(files, names...)
	}
	if err != nil {
		return nil, fmt.Errorf("parse page %s: %w", strings.Join(names, ", "), err)
	}
	return t, nil
}

// Base is embedded in every page.
type Base struct {
	Titel    string
	Seite    string // path of its entry in the navigation
	Kopf     Kopf
	Benutzer Benutzer // zero: nobody
	Zeit     string   // "Mo 23.11.2026 · 09:41"
	Ampel    Ampel
	Nav      []Punkt
	Version  string // of style sheet and script
	Key      string // idempotency key of the intent
	Hier     string // path and query, to come back to
	Zurueck  string // where Esc leads, unless the page has something of its own for it; empty: nowhere
	Weiter   string // where somebody came from who is led through several pages; empty: nobody leads
	Fern     bool   // on another device than the machine
	Fehler   *Fehler
}

// Base returns the frame of a page; titel is the key of its title.
func (s *Rahmen) Base(r *http.Request, seite, titel string) Base {
	kopf, err := s.Kopf(r.Context())
	if err != nil {
		s.log(r, err) // the page without its head is worth more than none
	}
	wer, on := s.wer(r, kopf), weiter(r)
	return Base{
		Titel: s.Texte.T(titel), Seite: seite, Kopf: kopf, Benutzer: wer, Zeit: s.zeit(), Nav: s.nav(wer),
		Ampel: s.Ampel(r.Context()), Version: s.version, Key: NeuerKey(), Hier: r.URL.RequestURI(),
		Fern: Fern(r.Context()), Zurueck: cmp.Or(on, s.zurueck(r.URL.Path, seite, wer)), Weiter: on,
	}
}

// NeuerKey returns a fresh idempotency key.
func NeuerKey() string { return "w-" + rand.Text() }

// zeit is the civil date and time: "Mo 23.11.2026 · 09:41".
func (s *Rahmen) zeit() string {
	t := s.Clock.Now().In(clock.Berlin())
	days := [...]string{"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"}
	return days[t.Weekday()] + " " + t.Format("02.01.2006 · 15:04")
}

// Seite answers with a page.
func (s *Rahmen) Seite(w http.ResponseWriter, r *http.Request, t *template.Template, page any) {
	s.SeiteStatus(w, r, t, http.StatusOK, page)
}

// SeiteStatus answers with a page that tells of an error.
func (s *Rahmen) SeiteStatus(w http.ResponseWriter, r *http.Request, t *template.Template, status int, page any) {
	s.schreibe(w, r, t, "seite", status, page)
}

// Teil answers with a part of a page, for the script.
func (s *Rahmen) Teil(w http.ResponseWriter, r *http.Request, t *template.Template, name string, status int, v any) {
	s.schreibe(w, r, t, name, status, v)
}

// schreibe renders into memory first: half a page is none.
func (s *Rahmen) schreibe(
	w http.ResponseWriter, r *http.Request, t *template.Template, name string, status int, v any,
) {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, v); err != nil {
		id := s.log(r, fmt.Errorf("render %s: %w", name, err))
		http.Error(w, s.Texte.T("fehler.anzeige")+" (W-501, "+id+")", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client has gone away: nobody is left to tell
}

// WillJSON reports whether a machine asks.
func WillJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Accept"), "application/json") || r.URL.Query().Get("format") == "json"
}

// WillTeil reports whether the script asks for a part of the page.
func WillTeil(r *http.Request) bool { return r.Header.Get("Offizin-Teil") != "" }
