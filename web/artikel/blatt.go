package artikel

import (
	"net/http"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/artikelsuche"
	"github.com/offizin/offizin/workflow/eigene"
)

// meisteVertraege is how many contracts a page lists.
const meisteVertraege = 100

// blatt is the page of one article.
type blatt struct {
	ui.Base
	Auskunft artikelsuche.Auskunft
	IK       string // the insurer that was asked for
	Asked    bool   // it is a whole IK
	Verlauf  *artikelsuche.Verlauf
	Weitere  int  // contracts that are not listed
	Eigene   bool // there are pages of what is the pharmacy's own
	Eigenes  eigene.Auskunft
}

func (s *Seite) zeigen(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	page := blatt{Base: s.rahmen.Base(r, pfad, "artikel.titel"), IK: ikVon(f)}
	wrong := f.Err
	if wrong == nil {
		wrong = Filter{IK: page.IK}.ikFalsch()
	}
	ik := page.IK
	if wrong != nil {
		ik = ""
	}
	pzn := kennung.PZN(r.PathValue("pzn"))
	a, err := s.Suche.Artikel(r.Context(), pzn, ik)
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	page.Auskunft, page.Titel, page.Asked = a, a.Artikel.Name, ik != ""
	page.kuerze(ik)
	if page.Eigene = s.Eigene != nil; page.Eigene {
		if page.Eigenes, err = s.Eigene.Artikel(r.Context(), pzn); err != nil {
			s.rahmen.FehlerZeigen(w, r, err)
			return
		}
	}
	if f.Text("verlauf") != "" {
		v := s.Suche.Verlauf(r.Context(), pzn)
		page.Verlauf = &v
	}
	s.rahmen.SeiteStatus(w, r, s.blatt, s.rahmen.Abgelehnt(r, &page.Base, wrong), page)
}

// kuerze lists the contract of the insurer that was asked for first, and not more than fit.
func (b *blatt) kuerze(ik string) {
	var first, rest []catalogue.Vertragszeile
	for _, v := range b.Auskunft.Vertraege {
		if v.IK == ik {
			first = append(first, v)
		} else {
			rest = append(rest, v)
		}
	}
	list := append(first, rest...) //nolint:gocritic // a new list
	n := min(len(list), meisteVertraege)
	b.Auskunft.Vertraege, b.Weitere = list[:n], len(list)-n
}

// Ausgeschlossen reports whether the GKV may not pay the article (§ 34 SGB V).
func (b blatt) Ausgeschlossen() bool { return artikelsuche.Ausgeschlossen(b.Auskunft.Artikel) }

// Form is the dosage form in words.
func (b blatt) Form() string { return artikel.FormName(b.Auskunft.Artikel.Darreichungsform) }

// Today is what a patient of the GKV pays today; nil: it does not pay.
func (b blatt) Today() *zuzahlung.Ergebnis {
	z := b.Auskunft.Zuzahlung
	if len(z) == 0 || len(b.Auskunft.Wechsel) > 0 && z[0].Ab >= b.Auskunft.Wechsel[0].Ab {
		return nil // the GKV pays from a later day on
	}
	return &z[0].Ergebnis
}

// Guenstigere is how many articles may replace this one and cost less.
func (b blatt) Guenstigere() (n int) {
	for _, g := range b.Auskunft.Gleiche {
		if artikelsuche.Guenstiger(g.Artikel, b.Auskunft.Artikel) {
			n++
		}
	}
	return n
}
