// Package geraete is the page of the devices that may see the pages of this machine, and the one
// page that all others get: it asks for a code.
package geraete

import (
	"context"
	"embed"
	"html/template"
	"net/http"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/geraete"
)

//go:embed geraete.html
var files embed.FS

const (
	pfad       = "/einstellungen/rechner/geraete"
	zertifikat = pfad + "/offizin-zertifikat.crt"
)

// Tuer is where devices come in; the composition root supplies it.
type Tuer interface {
	Zustand(ctx context.Context) Zustand
}

// Zustand is how it stands with the way in.
type Zustand struct {
	Port          int      // that would be free, or is used
	Adressen      []string // https addresses; none: it is closed
	NurHier       bool     // no other device can reach them
	Fehler        error
	Fingerabdruck string // of the certificate that browsers import
	Name          string // of that certificate, as browsers show it
	Bis           civil.Day
	Zertifikat    []byte // DER
}

// Seite shows the devices.
type Seite struct {
	rahmen *ui.Rahmen
	dienst *geraete.Service
	tuer   Tuer
	tmpl   *template.Template
}

// New returns the page.
func New(r *ui.Rahmen, d *geraete.Service, t Tuer) (*Seite, error) {
	tmpl, err := r.Parse(files, "geraete.html")
	return &Seite{r, d, t, tmpl}, err
}

// Routes registers the addresses of the page.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+pfad, func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil) })
	mux.HandleFunc("GET "+zertifikat, s.zertifikat)
	mux.HandleFunc("POST "+pfad+"/schalten", s.tat(func(ctx context.Context, a workflow.Auftrag, f *ui.Form) error {
		x := geraete.Seiten{An: f.Ja("an")}
		if x.An {
			x.Port = f.Zahl("port")
		}
		if f.Err != nil {
			return f.Err
		}
		return s.dienst.Schalten(ctx, a, x)
	}))
	mux.HandleFunc("POST "+pfad+"/code", s.tat(func(ctx context.Context, a workflow.Auftrag, f *ui.Form) error {
		if f.Ja("schliessen") {
			return s.dienst.Schliessen(ctx, a.Actor)
		}
		return s.dienst.Oeffnen(ctx, a.Actor, f.Text("name"))
	}))
	mux.HandleFunc("POST "+pfad+"/entziehen", s.tat(func(ctx context.Context, a workflow.Auftrag, f *ui.Form) error {
		return s.dienst.Entziehen(ctx, a, f.Text("id"))
	}))
}

func (s *Seite) tat(act func(context.Context, workflow.Auftrag, *ui.Form) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
			if err := workflow.Angemeldet(user); err != nil {
				return "", err
			}
			return pfad, act(r.Context(), workflow.Auftrag{Key: key, Actor: user}, f)
		}, func(_ *ui.Form, refused error) { s.zeigen(w, r, refused) })
	}
}

type seite struct {
	ui.Base

	An       bool
	Tuer     Zustand
	Liste    []geraete.Geraet
	Code     *geraete.Code // only for who may see it
	Sekunden int           // the code is open yet
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request, refused error) {
	page := seite{Base: s.rahmen.Base(r, "/einstellungen", "geraete.titel")}
	page.Hier = pfad
	x, err := s.dienst.Seiten(r.Context())
	if err == nil {
		page.Liste, err = s.dienst.Liste(r.Context())
	}
	page.An, page.Tuer = x.An, s.tuer.Zustand(r.Context())
	if page.Code = s.code(r.Context(), page.Benutzer.Kuerzel); page.Code != nil {
		page.Sekunden = int(page.Code.Noch.Seconds())
	}
	for _, other := range []error{err, page.Tuer.Fehler} {
		if refused == nil {
			refused = other
		}
	}
	s.rahmen.SeiteStatus(w, r, s.tmpl, s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}

// code is the open code for who may let devices in.
func (s *Seite) code(ctx context.Context, user string) *geraete.Code {
	if user == "" || s.dienst.Darf(ctx, user) != nil {
		return nil
	}
	return s.dienst.Offen()
}

// zertifikat gives the certificate away, to be carried to the other device.
func (s *Seite) zertifikat(w http.ResponseWriter, r *http.Request) {
	z := s.tuer.Zustand(r.Context())
	if len(z.Zertifikat) == 0 {
		s.rahmen.FehlerZeigen(w, r, fault.New(fault.NotFound, "M-287",
			"Das Zertifikat gibt es erst, wenn die Seiten eingeschaltet sind – schalten Sie sie zuerst ein.", nil))
		return
	}
	w.Header().Set("Content-Type", "application/x-x509-ca-cert")
	w.Header().Set("Content-Disposition", `attachment; filename="offizin-zertifikat.crt"`)
	_, _ = w.Write(z.Zertifikat) // the browser has gone away
}
