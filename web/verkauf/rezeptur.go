package verkauf

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/rezeptur"
)

// rezeptur puts a preparation on the cart: with its composition, or with a price alone.
func (s *Seite) rezeptur(f *ui.Form) akt {
	in := rezeptur.Eingabe{
		Rezept: f.Text("rezept"), Verordnung: f.Zahl("verordnung"), Bezeichnung: f.Text("bezeichnung"),
		Betrag: f.Geld("betrag"),
	}
	z := preis.Zubereitung{Arbeit: preis.Arbeit(f.Text("arbeit")), Menge: int64(f.Zahl("menge"))}
	priced := false
	for i := 1; i <= rezeptur.MaxBestandteile; i++ {
		if b, ok := bestandteil(f, strconv.Itoa(i)); ok {
			z.Bestandteile = append(z.Bestandteile, b)
			priced = priced || b.EK != ohneEK
		}
	}
	if in.Betrag == 0 || z.Arbeit != "" || priced {
		in.Zubereitung = &z
	} else { // names and quantity came with the prescription
		in.SOK = f.Text("sok")
	}
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		id, err := s.beginnt(ctx, a, id)
		if err != nil {
			return ergebnis{}, err
		}
		return nur(s.Verkauf.Rezeptur(ctx, a, id, in))
	}
}

// ohneEK is a purchase price that was not entered: no price is below zero, and the
// workflow asks for it.
const ohneEK money.Cent = -1

// bestandteil reads one row; false if it is empty. The share of a pack may have decimals:
// 0,75 von 25 is kept as 75 of 2500.
func bestandteil(f *ui.Form, nr string) (preis.Bestandteil, bool) {
	teil, von := int64(f.Geld("teil"+nr)), int64(f.Geld("von"+nr))
	if teil%100 == 0 && von%100 == 0 {
		teil, von = teil/100, von/100
	}
	b := preis.Bestandteil{Name: f.Text("name" + nr), EK: ohneEK, Teil: teil, Ganz: von}
	if f.Text("ek"+nr) != "" {
		b.EK = f.Geld("ek" + nr)
	}
	return b, b != preis.Bestandteil{EK: ohneEK}
}

// rezepturfelder is what stands in the panel of a Rezeptur: what was typed, else what the
// prescription says of it.
type rezepturfelder struct {
	Rezept, Verordnung, Text string // line it is put on, and its text
	Herstellung              string // as prescribed
	Bezeichnung, Arbeit      string
	Menge, Betrag, SOK       string
	Teile                    []rezepturteil
	Arbeiten                 []preis.Arbeitsart
}

// rezepturteil is one row of it; Menge is what was prescribed.
type rezepturteil struct {
	Nr                         int
	Name, EK, Teil, Von, Menge string
}

// leereTeile are the rows that are shown at least, one of them for the vessel.
const leereTeile = 6

// rezepturfelder fills the panel. What was typed comes back if it was refused.
func (s *Seite) rezepturfelder(st stand, typed url.Values) (*rezepturfelder, error) {
	m := &rezepturfelder{}
	var err error
	if m.Arbeiten, err = s.Verkauf.Arbeiten(); err != nil {
		return nil, err
	}
	if r, nr, ok := st.ziel(); ok {
		m.Rezept, m.Verordnung = r.ID, strconv.Itoa(nr)
		m.verordnet(r.Rezept.Verordnungen[nr])
	}
	rows := min(max(len(m.Teile)+1, leereTeile), rezeptur.MaxBestandteile)
	for i := len(m.Teile); i < rows; i++ {
		m.Teile = append(m.Teile, rezepturteil{Nr: i + 1})
	}
	if typed.Has("bezeichnung") {
		m.getippt(typed)
	}
	return m, nil
}

// ziel is the line of a prescription that a Rezeptur is put on: the one that was chosen,
// else the first open one that prescribes one, then free text, then the first of all.
func (st stand) ziel() (rezeptannahme.Eintrag, int, bool) {
	list := slices.DeleteFunc(slices.Clone(st.Ansicht.Rezepte), func(r rezeptannahme.Eintrag) bool {
		return len(r.Rezept.Verordnungen) == 0
	})
	for _, r := range list {
		if nr := st.Wunsch.Verordnung; r.ID == st.Wunsch.Rezept && nr >= 0 && nr < len(r.Rezept.Verordnungen) {
			return r, nr, true
		}
	}
	for _, art := range []rezept.Art{rezept.RezepturVerordnung, rezept.FreitextVerordnung} {
		for _, r := range list {
			for i, v := range r.Rezept.Verordnungen {
				if v.Art == art && offen(st.Ansicht, r, i) {
					return r, i, true
				}
			}
		}
	}
	if len(list) == 0 {
		return rezeptannahme.Eintrag{}, 0, false
	}
	return list[0], 0, true
}

// verordnet takes over what was prescribed, as far as it fits the fields.
func (m *rezepturfelder) verordnet(v rezept.Verordnung) {
	m.Text = cmp.Or(v.Text, v.Wirkstoff)
	if v.Art != rezept.RezepturVerordnung {
		return
	}
	m.Bezeichnung, m.Herstellung = passend(v.Text), v.Herstellung
	if _, err := strconv.Atoi(v.Menge); err == nil {
		m.Menge = v.Menge
	}
	for i, b := range v.Bestandteile[:min(len(v.Bestandteile), rezeptur.MaxBestandteile)] {
		m.Teile = append(m.Teile, rezepturteil{Nr: i + 1, Name: passend(b.Name), Menge: b.Menge})
	}
}

// passend fits a field of 100 characters.
func passend(text string) string {
	r := []rune(text)
	return string(r[:min(len(r), 100)])
}

func (m *rezepturfelder) getippt(f url.Values) {
	m.Bezeichnung, m.Arbeit, m.Menge = f.Get("bezeichnung"), f.Get("arbeit"), f.Get("menge")
	m.Betrag, m.SOK = f.Get("betrag"), f.Get("sok")
	for i := range m.Teile {
		b, nr := &m.Teile[i], strconv.Itoa(i+1)
		b.Name, b.EK, b.Teil, b.Von = f.Get("name"+nr), f.Get("ek"+nr), f.Get("teil"+nr), f.Get("von"+nr)
	}
}

// Offen is the name of the first field that is still to be filled.
func (m *rezepturfelder) Offen() string {
	switch {
	case m.Bezeichnung == "":
		return "bezeichnung"
	case m.Arbeit == "" && m.Betrag == "":
		return "arbeit"
	case m.Menge == "" && m.Betrag == "":
		return "menge"
	}
	for _, b := range m.Teile {
		if b.EK == "" && (b.Name != "" || b.Nr == 1) {
			return "ek" + strconv.Itoa(b.Nr)
		}
	}
	return "betrag"
}
