package kassenbuch

import (
	"context"
	"html/template"
	"io"
	"net/http"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/web/ui"
)

// Exporte writes what a Kassen-Nachschau takes with it (§ 146b AO).
type Exporte interface {
	// DSFinVK writes the closings of a span of business days.
	DSFinVK(ctx context.Context, wer string, von, bis civil.Day, w io.Writer) error
	// TSE writes the log of this till's TSE, unchanged.
	TSE(ctx context.Context, wer string, w io.Writer) error
}

// Export is the page of the exports.
type Export struct {
	rahmen *ui.Rahmen
	dienst Exporte
	clock  clock.Clock
	seite  *template.Template
}

// NewExport returns the page.
func NewExport(r *ui.Rahmen, d Exporte, c clock.Clock) (*Export, error) {
	t, err := r.Parse(files, "export.html")
	return &Export{rahmen: r, dienst: d, clock: c, seite: t}, err
}

const export = pfad + "/export"

// Routes registers the addresses.
func (s *Export) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /kassenbuch/export", func(w http.ResponseWriter, r *http.Request) { s.zeigen(w, r, nil) })
	mux.HandleFunc("GET /kassenbuch/export/dsfinvk", s.dsfinvk)
	mux.HandleFunc("GET /kassenbuch/export/tse", s.tse)
}

type exportseite struct {
	ui.Base

	Von, Bis civil.Day
}

func (s *Export) zeigen(w http.ResponseWriter, r *http.Request, refused error) {
	f := ui.Anfrage(r)
	page := exportseite{Base: s.rahmen.Base(r, pfad, "kassenbuch.export"), Von: f.Tag("von"), Bis: f.Tag("bis")}
	page.Hier = export
	if page.Von == 0 || page.Bis == 0 {
		page.Bis = clock.Today(s.clock)
		page.Von = civil.Must(page.Bis.Year(), page.Bis.Month(), 1)
	}
	s.rahmen.SeiteStatus(w, r, s.seite, s.rahmen.Abgelehnt(r, &page.Base, refused), page)
}

func (s *Export) dsfinvk(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	von, bis := f.Tag("von"), f.Tag("bis")
	if f.Err != nil {
		s.zeigen(w, r, f.Err)
		return
	}
	name := "dsfinvk-" + von.String() + "-" + bis.String() + ".zip"
	s.holen(w, r, name, "application/zip", func(wer string, out io.Writer) error {
		return s.dienst.DSFinVK(r.Context(), wer, von, bis, out)
	})
}

func (s *Export) tse(w http.ResponseWriter, r *http.Request) {
	s.holen(w, r, "tse-"+clock.Today(s.clock).String()+".tar", "application/x-tar", func(wer string, out io.Writer) error {
		return s.dienst.TSE(r.Context(), wer, out)
	})
}

func (s *Export) holen(
	w http.ResponseWriter, r *http.Request, name, kind string, write func(wer string, out io.Writer) error,
) {
	wer, err := s.rahmen.Wer(r)
	if err != nil {
		s.zeigen(w, r, err)
		return
	}
	if err := s.rahmen.Datei(w, r, name, kind, func(out io.Writer) error { return write(wer, out) }); err != nil {
		s.zeigen(w, r, err)
	}
}
