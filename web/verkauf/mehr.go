package verkauf

import (
	"cmp"
	"context"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/projection/offeneposten"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/verkauf"
)

// mehrTaten are the acts of the panel „Mehr“: what is no goods.
func (s *Seite) mehrTaten() map[string]tat {
	acts := map[string]tat{
		"anzahlung": s.anzahlung, "abholen": s.abholen,
		"gutschein": s.gutschein, "einloesen": s.einloesen, "kredit": s.kredit, "kredit-bezahlen": s.kreditBezahlen,
	}
	if s.Karten != nil {
		acts["karte-klaeren"], acts["karte-entscheiden"] = s.karteKlaeren, s.karteEntscheiden
	}
	return acts
}

func (s *Seite) gutschein(f *ui.Form) akt {
	wert := f.Geld("wert")
	return s.dazu(func(ctx context.Context, a workflow.Auftrag, id string) (verkauf.Ansicht, error) {
		return s.Verkauf.Gutschein(ctx, a, id, wert)
	})
}

func (s *Seite) einloesen(f *ui.Form) akt {
	nummer := f.Text("nummer")
	return s.dazu(func(ctx context.Context, a workflow.Auftrag, id string) (verkauf.Ansicht, error) {
		return s.Verkauf.Einloesen(ctx, a, id, nummer)
	})
}

func (s *Seite) kredit(f *ui.Form) akt {
	betrag := f.Geld("betrag")
	return s.dazu(func(ctx context.Context, a workflow.Auftrag, id string) (verkauf.Ansicht, error) {
		return s.Verkauf.Kredit(ctx, a, id, betrag)
	})
}

func (s *Seite) kreditBezahlen(f *ui.Form) akt {
	nummer, betrag := f.Text("bezug"), f.Geld("teil")
	return s.dazu(func(ctx context.Context, a workflow.Auftrag, id string) (verkauf.Ansicht, error) {
		return s.Verkauf.KreditBezahlen(ctx, a, id, nummer, betrag)
	})
}

func (s *Seite) anzahlung(f *ui.Form) akt {
	bezug := f.Text("bezug")
	return s.dazu(func(ctx context.Context, a workflow.Auftrag, id string) (verkauf.Ansicht, error) {
		return s.Verkauf.Anzahlung(ctx, a, id, bezug)
	})
}

func (s *Seite) abholen(f *ui.Form) akt {
	bezug := f.Text("bezug")
	return s.dazu(func(ctx context.Context, a workflow.Auftrag, id string) (verkauf.Ansicht, error) {
		return s.Verkauf.Abholen(ctx, a, id, bezug)
	})
}

// dazu adds a line to the cart, to a new one if there is none.
func (s *Seite) dazu(add func(context.Context, workflow.Auftrag, string) (verkauf.Ansicht, error)) akt {
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		id, err := s.beginnt(ctx, a, id)
		if err != nil {
			return ergebnis{}, err
		}
		return nur(add(ctx, a, id))
	}
}

// schulden is what the customer owes.
type schulden struct {
	Liste []offeneposten.Posten
	Summe money.Cent
}

// bezahlte fetches what is paid and not fetched yet, for the panel.
func (s *Seite) bezahlte(ctx context.Context, st *stand) error {
	if s.Posten == nil {
		return nil
	}
	list, err := s.Posten.Liste(ctx, bon.Anzahlung, false)
	if err != nil || len(list) == 0 {
		return err
	}
	slips, err := s.Vormerkung.Liste(ctx) // the name on the slip, of who is not on file
	names := map[string]string{}
	for _, v := range slips {
		names[v.ID] = v.Name
	}
	for _, p := range list {
		if p.Name = cmp.Or(p.Name, names[p.Nummer]); p.Offen > 0 {
			st.Abholer = append(st.Abholer, p)
		}
	}
	return err
}

// schuldet fetches what the customer of the cart owes.
func (s *Seite) schuldet(ctx context.Context, st *stand) error {
	if s.Posten == nil || st.Ansicht.Kunde == nil {
		return nil
	}
	var err error
	st.Schulden.Liste, st.Schulden.Summe, err = s.Posten.Kredit(ctx, st.Ansicht.Kunde.ID)
	return err
}

// Geschaefte is what lines that are no goods add to the sum; negative: they lower it.
func (st stand) Geschaefte() (sum money.Cent) {
	for _, z := range st.Ansicht.Zeilen {
		if z.Position.Art == vorgang.Geschaeft {
			sum += z.Rechnung.Gesamt
		}
	}
	return sum
}

// Privat is what is paid in full for goods.
func (st stand) Privat() money.Cent { return st.Ansicht.Summen.Privat - st.Geschaefte() }

// geschaeftsart is the class of a line that is no goods, and the key of its word.
func geschaeftsart(g bon.Geschaeft) (class, key string) {
	switch g { //nolint:exhaustive // cash movements stand in no cart
	case bon.Gutscheinkauf, bon.Gutscheineinloesung:
		return "geb", "art.gutschein"
	case bon.Anzahlung, bon.Anzahlungsausgleich:
		return "geb", "art.anzahlung"
	}
	return "geb", "art.kredit"
}

// Uebrig is the text before what a line leaves open; empty: it leaves nothing to tell.
func (z zeile) Uebrig() string {
	switch z.Rechnung.Geschaeft { //nolint:exhaustive // the others leave nothing open
	case bon.Gutscheineinloesung:
		return "mehr.rest"
	case bon.Forderung, bon.Forderungsausgleich:
		return "mehr.dann_offen"
	}
	return ""
}
