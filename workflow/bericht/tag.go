package bericht

import (
	"cmp"
	"context"
	"slices"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// MwStZeile is the turnover under one rate of VAT: the sum of what the Bons state, each of
// which has a rounding of its own.
type MwStZeile struct {
	Satz                  money.PPM
	Brutto, Netto, Steuer money.Cent
}

// Traegerzeile is the turnover of one kind of payer; Traeger is empty for what was
// sold without a prescription.
type Traegerzeile struct {
	Traeger                       zuzahlung.Traeger
	Zeilen                        int
	Umsatz, Patient, TraegerZahlt money.Cent
}

// Tagesbericht is one civil day. Amounts are gross; Storno and Retoure have lowered
// them on the day they were booked for.
type Tagesbericht struct {
	Tag                          civil.Day
	Verkaeufe, Stornos, Retouren int
	Nacherfasst                  []string   // numbers of Bons entered after an outage
	Gegenbons                    []string   // numbers of Storno and Retoure
	Zurueck                      money.Cent // gross, of Storno and Retoure; not above zero
	Erster, Letzter              string     // numbers of the first and the last Bon
	Summen                       bon.Summen
	Abschlag                     money.Cent // § 130 SGB V, of the lines sold
	MwSt                         []MwStZeile
	Traeger                      []Traegerzeile
	Bar, Karte                   money.Cent
	// Andere is what was paid for what is no turnover: vouchers and credits; negative: they paid.
	Andere money.Cent
}

// Umsatz is the gross turnover of the day.
func (t Tagesbericht) Umsatz() money.Cent { return t.Summen.Gesamt }

// Bons counts all of them.
func (t Tagesbericht) Bons() int { return t.Verkaeufe + t.Stornos + t.Retouren }

// tag is a day in the making.
type tag struct {
	Tagesbericht
	mwst    map[money.PPM]MwStZeile
	traeger map[zuzahlung.Traeger]*Traegerzeile
	lines   []bon.Position
}

// Tag returns the report of a civil day.
func (s *Service) Tag(ctx context.Context, day civil.Day) (Tagesbericht, error) {
	t := tag{
		Tagesbericht: Tagesbericht{Tag: day},
		mwst:         map[money.PPM]MwStZeile{}, traeger: map[zuzahlung.Traeger]*Traegerzeile{},
	}
	err := s.each(ctx, day, day, t.add)
	t.finish()
	return t.Tagesbericht, err
}

func (t *tag) add(b bon.Bon) {
	switch b.Art {
	case bon.Storno:
		t.Stornos++
		t.back(b)
	case bon.Retoure:
		t.Retouren++
		t.back(b)
	case bon.Verkauf:
		t.Verkaeufe++
	case bon.Bewegung, bon.Abbruch, bon.Bestellung: // are no sales and not among these
	}
	if b.Nacherfassung {
		t.Nacherfasst = append(t.Nacherfasst, b.Nummer)
	}
	if t.Erster == "" {
		t.Erster = b.Nummer
	}
	t.Letzter = b.Nummer
	for _, z := range b.Zahlungen {
		switch z.Art {
		case bon.Karte:
			t.Karte += z.Betrag
		case bon.Bar:
			t.Bar += z.Betrag
		}
	}
	for _, s := range b.Steuern() {
		z := t.mwst[s.Satz]
		t.mwst[s.Satz] = MwStZeile{s.Satz, z.Brutto + s.Brutto, z.Netto + s.Netto, z.Steuer + s.MwSt}
	}
	for _, p := range b.Positionen {
		t.line(p)
	}
}

func (t *tag) back(b bon.Bon) {
	t.Gegenbons = append(t.Gegenbons, b.Nummer)
	t.Zurueck += b.Summen().Gesamt
}

func (t *tag) line(p bon.Position) {
	if kind, _, open := p.Geschaeft.Offen(p.Gesamt); open && kind != bon.Anzahlung {
		t.Andere += p.Gesamt
		return
	}
	t.lines = append(t.lines, p)
	t.Abschlag += p.Abschlag
	z := t.traeger[p.Traeger]
	if z == nil {
		z = &Traegerzeile{Traeger: p.Traeger}
		t.traeger[p.Traeger] = z
	}
	z.Zeilen++
	z.Umsatz += p.Gesamt
	z.Patient += p.Patient()
	z.TraegerZahlt += p.TraegerZahlt
}

func (t *tag) finish() {
	t.Summen = bon.Sum(t.lines)
	for _, z := range t.mwst {
		t.MwSt = append(t.MwSt, z)
	}
	slices.SortFunc(t.MwSt, func(a, b MwStZeile) int { return cmp.Compare(b.Satz, a.Satz) })
	for _, z := range t.traeger {
		t.Traeger = append(t.Traeger, *z)
	}
	slices.SortFunc(t.Traeger, func(a, b Traegerzeile) int { return cmp.Compare(a.Traeger, b.Traeger) })
}
