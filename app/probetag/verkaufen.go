package probetag

import (
	"context"

	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow/verkauf"
)

// zahlweise is how a customer pays.
type zahlweise int

const (
	genau zahlweise = iota // cash, exactly
	schein
	karte
	gemischt
)

// wagen puts goods on the counter.
func (p *platz) wagen(ctx context.Context, waren ...kennung.PZN) (string, error) {
	v, err := p.Dienste.Verkauf.Beginnen(ctx, p.auftrag())
	if err != nil {
		return "", err
	}
	for _, pzn := range waren {
		if _, err := p.Dienste.Verkauf.Hinzufuegen(ctx, p.auftrag(), v.Vorgang.ID, verkauf.Eingabe{PZN: pzn}); err != nil {
			return "", err
		}
		p.begonnen(ctx, v.Vorgang.ID)
	}
	return v.Vorgang.ID, nil
}

// begonnen waits until the TSE has answered to the first line, and lets a customer think.
func (p *platz) begonnen(ctx context.Context, id string) {
	p.Absicherung.Warten(ctx, id)
	p.l.vergeht(1)
}

// zahlen sells what is on the counter; all that can be confirmed is confirmed.
func (p *platz) zahlen(ctx context.Context, id string, wie zahlweise) (bon.Bon, error) {
	z, err := p.zahlung(ctx, id, wie)
	if err != nil {
		return bon.Bon{}, err
	}
	b, err := p.Dienste.Verkauf.Bezahlen(ctx, p.auftrag(), id, z)
	p.l.vergeht(4)
	return b, err
}

func (p *platz) zahlung(ctx context.Context, id string, wie zahlweise) (z verkauf.Zahlung, err error) {
	v, err := p.Dienste.Verkauf.Ansicht(ctx, id)
	z.Erwartet = v.Summen.Patient
	if z.Erwartet <= 0 {
		wie = genau
	}
	switch wie {
	case schein:
		z.Gegeben = (z.Erwartet/2000 + 1) * 2000
	case karte:
		z.Karte = z.Erwartet
	case gemischt:
		z.Karte = z.Erwartet / 2
	case genau:
	}
	for _, b := range v.Befunde() {
		z.Bestaetigt = append(z.Bestaetigt, b.Code)
	}
	return z, err
}

// kauf is a sale of goods.
func (p *platz) kauf(ctx context.Context, wie zahlweise, waren ...kennung.PZN) (bon.Bon, error) {
	id, err := p.wagen(ctx, waren...)
	if err != nil {
		return bon.Bon{}, err
	}
	return p.zahlen(ctx, id, wie)
}

// patient is who a prescription is for.
type patient struct {
	rezept.Patient
	art zuzahlung.Traeger
}

// patienten are the invented ones.
func patienten() []patient {
	return []patient{
		{rezept.Patient{Name: "Ahrens", Vorname: "Jutta", Geburt: 19580417, KVNR: "A123456780"}, zuzahlung.GKV},
		{rezept.Patient{Name: "Brunner", Vorname: "Kai", Geburt: 19840902, KVNR: "B234567895"}, zuzahlung.GKV},
	}
}

// annehmen takes a prescription of today in.
func (p *platz) annehmen(
	ctx context.Context, wer patient, status rezept.Zuzahlungsstatus, uebung bool, pzn kennung.PZN,
) (string, error) {
	insurer := muster.IKs()[0]
	r := rezept.Rezept{
		Herkunft: rezept.Muster16, Ausgestellt: clock.Today(p.l.uhr), Status: status, Patient: wer.Patient,
		Kostentraeger: rezept.Kostentraeger{Art: wer.art, IK: insurer.IK, Name: insurer.Name},
		Verordnungen:  []rezept.Verordnung{{Art: rezept.PZNVerordnung, PZN: pzn, Text: "verordnet", Packungen: 1}},
	}
	e, err := p.Dienste.Rezepte.Annehmen(ctx, p.auftrag(), r, uebung)
	return e.ID, err
}

// aufRezept puts what was prescribed on the counter.
func (p *platz) aufRezept(ctx context.Context, rezept string, pzn kennung.PZN) (string, error) {
	v, err := p.Dienste.Verkauf.Beginnen(ctx, p.auftrag())
	if err != nil {
		return "", err
	}
	id := v.Vorgang.ID
	if _, err := p.Dienste.Verkauf.RezeptHinzufuegen(ctx, p.auftrag(), id, rezept); err != nil {
		return "", err
	}
	_, err = p.Dienste.Verkauf.Hinzufuegen(ctx, p.auftrag(), id, verkauf.Eingabe{PZN: pzn, Rezept: rezept})
	p.begonnen(ctx, id)
	return id, err
}

// einloesen dispenses a prescription and has it paid.
func (p *platz) einloesen(
	ctx context.Context, wer patient, status rezept.Zuzahlungsstatus, wie zahlweise, pzn kennung.PZN,
) (bon.Bon, error) {
	r, err := p.annehmen(ctx, wer, status, false, pzn)
	if err != nil {
		return bon.Bon{}, err
	}
	id, err := p.aufRezept(ctx, r, pzn)
	if err != nil {
		return bon.Bon{}, err
	}
	return p.zahlen(ctx, id, wie)
}
