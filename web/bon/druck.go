package bon

import (
	"html/template"
	"net/http"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/drucker"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/verkauf"
)

// zeile is a line of the receipt on the screen.
type zeile struct {
	quittung.Zeile

	Klasse string
	Bild   template.HTML // a QR code
}

// zeilen sets the receipt for the screen: the lines of the paper.
func zeilen(b quittung.Beleg) (list []zeile) {
	class := map[quittung.Style]string{
		quittung.Plain: "", quittung.Bold: "fett", quittung.Small: "klein", quittung.Center: "mitte", quittung.Big: "titel",
		quittung.Rule: "strich", quittung.Code: "code",
	}
	for _, z := range b.Zeilen() {
		out := zeile{Zeile: z, Klasse: class[z.Style]}
		if z.Style == quittung.Code {
			if svg, err := ui.QR(z.Left); err == nil {
				out.Bild = template.HTML(svg) //nolint:gosec // numbers of a path, made here
			} else {
				out.Klasse = "klein" // readable text does, too (§ 6 S. 2 KassenSichV)
			}
		}
		list = append(list, out)
	}
	return list
}

// beleg is a receipt of the Bon.
func (s *Seite) beleg(
	r *http.Request, v verkauf.BonAnsicht, h haus.Einstellungen, w drucker.Wunsch,
) (quittung.Beleg, error) {
	if s.Drucker == nil {
		return drucker.Aus(v, h), nil
	}
	return s.Drucker.Beleg(r.Context(), v.Bon.Nummer, w)
}

// druckbar is what can be printed of a Bon, and how prints of it stand.
type druckbar struct {
	Drucker    bool // one is set up
	Drucke     []drucker.Druck
	Quittungen []wahl
}

// wahl is a further receipt.
type wahl struct {
	Art     quittung.Art
	Patient string
	Name    string
}

func (s *Seite) druckbar(r *http.Request, v verkauf.BonAnsicht) (d druckbar, err error) {
	if s.Drucker == nil {
		return d, nil
	}
	e, err := s.Drucker.Einstellung(r.Context())
	if err != nil {
		return d, err
	}
	d.Drucker, d.Drucke = e.Adresse != "", s.Drucker.Von(v.Bon.Nummer)
	for _, id := range drucker.Patienten(v.Bon) {
		b, err := s.Drucker.Beleg(r.Context(), v.Bon.Nummer, drucker.Wunsch{Art: quittung.Zuzahlung, Patient: id})
		if fault.KindOf(err) == fault.NotFound {
			continue // the name is erased
		}
		if err != nil {
			return d, err
		}
		d.Quittungen = append(d.Quittungen, wahl{quittung.Zuzahlung, id, b.Patient.Name})
	}
	if v.Summen.Kulanz != 0 {
		d.Quittungen = append(d.Quittungen, wahl{Art: quittung.Kulanz})
	}
	return d, nil
}

// wunsch reads which receipt is wanted.
func wunsch(get func(string) string) drucker.Wunsch {
	return drucker.Wunsch{Art: quittung.Art(get("art")), Patient: get("patient"), Kopie: get("kopie") == "ja"}
}

// pdf is the Bon, or a further receipt of it.
func (s *Seite) pdf(r *http.Request, v verkauf.BonAnsicht) ([]byte, error) {
	w := wunsch(r.URL.Query().Get)
	if w == (drucker.Wunsch{}) || s.Drucker == nil || s.BelegPDF == nil {
		return s.PDF(r.Context(), v)
	}
	b, err := s.Drucker.Beleg(r.Context(), v.Bon.Nummer, w)
	if err != nil {
		return nil, err
	}
	return s.BelegPDF(b)
}

// nachdruck lets the printer print a receipt. Without a printer the browser prints the page,
// which is marked as a copy then; the journal knows of both.
func (s *Seite) nachdruck(w http.ResponseWriter, r *http.Request) {
	f, err := ui.Lesen(w, r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	s.tun(w, r, f, func(a workflow.Auftrag) (bon.Bon, error) {
		nummer := r.PathValue("nummer")
		made := bon.Bon{Nummer: nummer}
		if s.Drucker != nil && !f.Ja("kopie") {
			return made, s.Drucker.Nachdruck(r.Context(), a, nummer, wunsch(f.Text))
		}
		return made, s.Verkauf.Nachdruck(r.Context(), a, nummer, "bon")
	})
}

// wiederholen prints again what the printer did not confirm.
func (s *Seite) wiederholen(w http.ResponseWriter, r *http.Request) {
	f, err := ui.Lesen(w, r)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	s.tun(w, r, f, func(workflow.Auftrag) (bon.Bon, error) {
		nummer := r.PathValue("nummer")
		if s.Drucker == nil {
			return bon.Bon{}, fault.New(fault.Unavailable, "T-316", "Hier ist kein Bondrucker eingerichtet.", nil)
		}
		return bon.Bon{Nummer: nummer}, s.Drucker.Wiederholen(nummer)
	})
}
