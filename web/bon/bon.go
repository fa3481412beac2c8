// Package bon shows a finished sale: on the screen, for the printer, as PDF and as
// JSON; from here it is cancelled, taken back in part, or printed again.
package bon

import (
	"context"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/drucker"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/kartenzahlung"
	"github.com/offizin/offizin/workflow/kundenanzeige"
	"github.com/offizin/offizin/workflow/retoure"
	"github.com/offizin/offizin/workflow/sicherheit"
	"github.com/offizin/offizin/workflow/verkauf"
)

//go:embed *.html
var files embed.FS

// PDF makes the printed Bon.
type PDF func(ctx context.Context, b verkauf.BonAnsicht) ([]byte, error)

// Dienste is what the page stands on.
type Dienste struct {
	Verkauf *verkauf.Service
	Haus    *haus.Service
	PDF     PDF // nil: not set up

	Sicherheit *sicherheit.Service // nil: nobody says what is safe
	Drucker    *drucker.Service    // nil: there is no printer of receipts
	BelegPDF   BelegPDF            // nil: not set up

	Anzeige *kundenanzeige.Service // nil: there is no screen for customers
	Karten  *kartenzahlung.Service // nil: there is no card terminal
}

// BelegPDF makes a receipt as PDF: a copy, a Zuzahlungsquittung, what was waived.
type BelegPDF func(quittung.Beleg) ([]byte, error)

// Seite shows Bons.
type Seite struct {
	Dienste
	rahmen *ui.Rahmen
	tmpl   *template.Template
}

// New returns the page.
func New(r *ui.Rahmen, d Dienste) (*Seite, error) {
	t, err := r.Parse(files, "bon.html")
	return &Seite{d, r, t}, err
}

// Routes registers the addresses of a Bon.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /bon/{nummer}", s.zeigen)
	mux.HandleFunc("POST /bon/{nummer}/storno", s.storno)
	mux.HandleFunc("POST /bon/{nummer}/retoure", s.retoure)
	mux.HandleFunc("POST /bon/{nummer}/nachdruck", s.nachdruck)
	mux.HandleFunc("POST /bon/{nummer}/wiederholen", s.wiederholen)
	mux.HandleFunc("POST /bon/{nummer}/digital", s.digital)
}

// seite is the page of one Bon.
type seite struct {
	ui.Base
	Bon  verkauf.BonAnsicht
	Haus haus.Einstellungen
	PDF  bool

	Zeilen  []zeile // of the receipt
	Kopie   bool    // it is shown as a copy
	Drucken druckbar
	Digital digital

	Schild string // as of sicherheit

	rueckweg
}

// Warum reports whether any line has steps to show.
func (p seite) Warum() bool {
	return slices.ContainsFunc(p.Bon.Bon.Positionen, func(z bon.Position) bool { return len(z.Schritte) > 0 })
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request) {
	nummer, pdf := strings.CutSuffix(r.PathValue("nummer"), ".pdf")
	v, err := s.Verkauf.Bon(r.Context(), nummer)
	switch {
	case err != nil:
		s.rahmen.FehlerZeigen(w, r, err)
	case pdf:
		s.drucken(w, r, v)
	case ui.WillJSON(r):
		ui.JSON(w, http.StatusOK, v.Bon)
	default:
		s.seite(w, r, v, nil)
	}
}

// seite answers with the page; an act that was refused is told above it.
func (s *Seite) seite(w http.ResponseWriter, r *http.Request, v verkauf.BonAnsicht, refused error) {
	house, err := s.Haus.Einstellungen(r.Context())
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	base := s.rahmen.Base(r, "/verkauf", "bon.titel")
	base.Titel += " " + v.Bon.Nummer
	base.Hier = "/bon/" + url.PathEscape(v.Bon.Nummer)
	status := http.StatusOK
	if base.Fehler = s.rahmen.FehlerAus(r, refused); base.Fehler != nil {
		status = base.Fehler.Status
	}
	page := seite{
		Base: base, Bon: v, Haus: house, PDF: s.PDF != nil, Kopie: r.URL.Query().Get("kopie") == "ja",
		Schild: s.Sicherheit.Schild(r.Context(), v.Bon.Nummer),
	}
	b, err := s.beleg(r, v, house, drucker.Wunsch{Kopie: page.Kopie})
	if err == nil {
		page.rueckweg, err = s.rueckweg(r, v, base.Fehler)
	}
	if err == nil {
		page.Zeilen = zeilen(b)
		page.Drucken, err = s.druckbar(r, v)
	}
	if err == nil {
		page.Digital, err = s.gegeben(r, v)
	}
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	s.rahmen.SeiteStatus(w, r, s.tmpl, status, page)
}

func (s *Seite) drucken(w http.ResponseWriter, r *http.Request, v verkauf.BonAnsicht) {
	if s.PDF == nil {
		s.rahmen.FehlerZeigen(w, r, fault.New(fault.Unavailable, "W-301",
			"Der Druck als PDF ist hier nicht eingerichtet – drucken Sie den Bon aus dem Browser.", nil))
		return
	}
	b, err := s.pdf(r, v)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="bon-`+url.PathEscape(v.Bon.Nummer)+`.pdf"`)
	_, _ = w.Write(b) //nolint:gosec // a PDF, and its type says so; who has gone away is not told
}

// tun does an act on a Bon and shows the Bon it made, or the old one with the reason
// why not.
func (s *Seite) tun(
	w http.ResponseWriter, r *http.Request, f *ui.Form, act func(workflow.Auftrag) (bon.Bon, error),
) {
	user, err := s.rahmen.Wer(r)
	if err == nil {
		err = f.Err
	}
	var made bon.Bon
	if err == nil {
		made, err = act(workflow.Auftrag{Key: f.Text("key"), Actor: user})
	}
	switch {
	case err == nil && ui.WillJSON(r):
		ui.JSON(w, http.StatusOK, map[string]any{"bon": made.Nummer, "patient": int64(made.Summen().Patient)})
	case err == nil:
		to := "/bon/" + url.PathEscape(made.Nummer)
		if f.Ja("kopie") {
			to += "?kopie=ja"
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
	case ui.WillJSON(r) || ui.WillTeil(r):
		s.rahmen.FehlerZeigen(w, r, err)
	default:
		v, missing := s.Verkauf.Bon(r.Context(), r.PathValue("nummer"))
		if missing != nil {
			s.rahmen.FehlerZeigen(w, r, err)
			return
		}
		s.seite(w, r, v, err)
	}
}

func (s *Seite) storno(w http.ResponseWriter, r *http.Request) {
	f, err := ui.Lesen(w, r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	grund, back := f.Text("grund"), s.wunsch(f)
	s.tun(w, r, f, func(a workflow.Auftrag) (bon.Bon, error) {
		return s.buchen(r, a, func() (bon.Bon, error) {
			return s.Verkauf.StornoMit(r.Context(), a, r.PathValue("nummer"), grund, back)
		})
	})
}

// retoure reads "menge-NR" for each line of the Bon.
func (s *Seite) retoure(w http.ResponseWriter, r *http.Request) {
	f, err := ui.Lesen(w, r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	grund, back := f.Text("grund"), s.wunsch(f)
	var lines []retoure.Zeile
	for nr := 1; nr <= verkauf.MaxZeilen; nr++ {
		n := strconv.Itoa(nr)
		if menge := f.Zahl("menge-" + n); menge != 0 {
			lines = append(lines, retoure.Zeile{Nr: nr, Menge: menge, OhneLager: f.Ja("ohne_lager-" + n)})
		}
	}
	s.tun(w, r, f, func(a workflow.Auftrag) (bon.Bon, error) {
		return s.buchen(r, a, func() (bon.Bon, error) {
			return s.Verkauf.RetoureMit(r.Context(), a, r.PathValue("nummer"), lines, grund, back)
		})
	})
}
