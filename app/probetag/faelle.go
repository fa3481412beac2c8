package probetag

import (
	"context"

	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/workflow/retoure"
	"github.com/offizin/offizin/workflow/verkauf"
)

// faelle are the business cases of a day, each at a till that the seed chooses, in its order,
// among ordinary sales.
func (l *lauf) faelle() (list []schritt) {
	add := func(was string, f func(context.Context, *platz) error) {
		nr := l.r.IntN(2)
		list = append(list, schritt{was, func(ctx context.Context) error {
			p := l.plaetze()[nr]
			return l.danach(ctx, p, f(ctx, p))
		}})
	}
	for _, wie := range []zahlweise{genau, schein, karte, gemischt} {
		add("Verkauf", func(ctx context.Context, p *platz) error {
			_, err := p.kauf(ctx, wie, l.ware(), l.ware())
			return err
		})
	}
	for range l.zwischen(2, 8) {
		add("Verkauf", func(ctx context.Context, p *platz) error {
			_, err := p.kauf(ctx, l.zahlweise(), l.ware())
			return err
		})
	}
	l.rezeptfaelle(add)
	l.umkehrfaelle(add)
	l.bargeldfaelle(add)
	l.geschaeftsfaelle(add)
	for _, s := range []simulator.Stoerung{{Weg: true}, {Weg: true}, {Selbsttest: true}, {Verloren: 1}} {
		n := 1
		if s.Weg {
			n = l.zwischen(1, 3)
		}
		nr := l.r.IntN(2)
		list = append(list, schritt{"TSE-Ausfall", func(ctx context.Context) error {
			return l.ausfallen(l.plaetze()[nr], n, s)(ctx)
		}})
	}
	l.r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// add puts a case on the list.
type add func(was string, f func(context.Context, *platz) error)

// rezeptfaelle are what is sold on prescription.
func (l *lauf) rezeptfaelle(add add) {
	for _, c := range []struct {
		was    string
		art    zuzahlung.Traeger
		status rezept.Zuzahlungsstatus
		rolle  muster.Rolle
	}{
		{"Rezept mit Zuzahlung", zuzahlung.GKV, rezept.Zuzahlungspflichtig, muster.RxZuzahlung5},
		{"Rezept mit Zuzahlung", zuzahlung.GKV, rezept.Zuzahlungspflichtig, muster.RxTeuer},
		{"Rezept mit Mehrkosten", zuzahlung.GKV, rezept.Zuzahlungspflichtig, muster.RxMehrkosten},
		{"befreites Rezept", zuzahlung.GKV, rezept.Zuzahlungsbefreit, muster.RxZuzahlung5},
		{"Privatrezept", zuzahlung.PKV, rezept.Zuzahlungspflichtig, muster.RxZuzahlung5},
	} {
		add(c.was, func(ctx context.Context, p *platz) error {
			_, err := p.einloesen(ctx, l.patient(c.art), c.status, l.zahlweise(), c.rolle.PZN())
			return err
		})
	}
	add("erlassene Zuzahlung", l.kulanz)
}

func (l *lauf) kulanz(ctx context.Context, p *platz) error {
	pzn := muster.RxTeuer.PZN()
	r, err := p.annehmen(ctx, l.patient(zuzahlung.GKV), rezept.Zuzahlungspflichtig, false, pzn)
	if err != nil {
		return err
	}
	id, err := p.aufRezept(ctx, r, pzn)
	if err != nil {
		return err
	}
	if _, err := p.Dienste.Verkauf.Kulanz(ctx, p.auftrag(), id, 1, "lange gewartet"); err != nil {
		return err
	}
	_, err = p.zahlen(ctx, id, genau)
	return err
}

// umkehrfaelle are what is given up or taken back.
func (l *lauf) umkehrfaelle(add add) {
	add("Rabatt", func(ctx context.Context, p *platz) error {
		id, err := p.wagen(ctx, muster.FreiwahlVoll.PZN(), muster.FreiwahlErmaessigt.PZN())
		if err == nil {
			_, err = p.Dienste.Verkauf.Rabatt(ctx, p.auftrag(), id, 0, money.PPM(l.zwischen(3, 20))*money.Percent)
		}
		if err == nil {
			_, err = p.zahlen(ctx, id, l.zahlweise())
		}
		return err
	})
	add("verworfen", func(ctx context.Context, p *platz) error {
		id, err := p.wagen(ctx, l.ware(), l.ware())
		if err != nil {
			return err
		}
		return p.Dienste.Verkauf.Verwerfen(ctx, p.auftrag(), id)
	})
	add("Zeile entfernt", func(ctx context.Context, p *platz) error {
		id, err := p.wagen(ctx, l.ware(), l.ware())
		if err == nil {
			_, err = p.Dienste.Verkauf.Entfernen(ctx, p.auftrag(), id, 1)
		}
		if err == nil { // gone, if both were the same
			_, err = p.Dienste.Verkauf.Hinzufuegen(ctx, p.auftrag(), id, verkauf.Eingabe{PZN: l.ware()})
		}
		_, err = p.bezahlt(ctx, id, err)
		return err
	})
	add("Storno", func(ctx context.Context, p *platz) error {
		b, err := l.anderswo(ctx, l.ware())
		if err == nil {
			_, err = p.Dienste.Verkauf.Storno(ctx, p.auftrag(), b.Nummer, "vertippt")
		}
		return err
	})
	add("Storno eines Rezepts", func(ctx context.Context, p *platz) error {
		b, err := p.einloesen(ctx, l.patient(zuzahlung.GKV), rezept.Zuzahlungspflichtig, genau, muster.RxZuzahlung5.PZN())
		if err == nil {
			_, err = p.Dienste.Verkauf.Storno(ctx, p.auftrag(), b.Nummer, "falsche Packung")
		}
		return err
	})
	add("Retoure", func(ctx context.Context, p *platz) error {
		b, err := l.anderswo(ctx, muster.FreiwahlVoll.PZN(), muster.FreiwahlErmaessigt.PZN())
		if err == nil {
			lines := []retoure.Zeile{{Nr: 1, Menge: 1}}
			_, err = p.Dienste.Verkauf.Retoure(ctx, p.auftrag(), b.Nummer, lines, "gefällt nicht")
		}
		return err
	})
}

// anderswo is a sale at any till, of which all machines know at once.
func (l *lauf) anderswo(ctx context.Context, waren ...kennung.PZN) (bon.Bon, error) {
	p := l.plaetze()[l.r.IntN(2)]
	b, err := p.kauf(ctx, l.zahlweise(), waren...)
	return b, l.danach(ctx, p, err)
}

// bargeldfaelle are what moves cash and nothing else.
func (l *lauf) bargeldfaelle(add add) {
	for _, c := range []struct {
		hinaus    bool
		geschaeft bon.Geschaeft
		grund     string
	}{
		{false, bon.Privateinlage, "Wechselgeld der Inhaberin"},
		{false, bon.Einzahlung, "Rückgabe einer Auslage"},
		{true, bon.Geldtransit, "zur Bank"},
		{true, bon.Privatentnahme, "Inhaberin"},
		{true, bon.Auszahlung, "Briefmarken"},
		{true, bon.Lohnzahlung, "Aushilfe"},
	} {
		add(string(c.geschaeft), func(ctx context.Context, p *platz) error {
			_, err := p.bewegen(ctx, "", c.hinaus, c.geschaeft, l.cents(500, 5000), c.grund)
			return err
		})
	}
}

// nachtverkauf is a sale through the hatch, with the fee for it.
func (l *lauf) nachtverkauf(ctx context.Context, p *platz) error {
	id, err := p.wagen(ctx, l.ware())
	if err == nil {
		_, err = p.Dienste.Verkauf.Gebuehr(ctx, p.auftrag(), id, verkauf.GebuehrEingabe{SOK: gebuehr.SOKNoctu})
	}
	if err == nil {
		_, err = p.zahlen(ctx, id, l.zahlweise())
	}
	return l.danach(ctx, p, err)
}

// ware draws an article that needs no prescription, of either rate of VAT.
func (l *lauf) ware() kennung.PZN {
	list := []muster.Rolle{muster.OTCSchmerzmittel, muster.FreiwahlVoll, muster.FreiwahlErmaessigt}
	return list[l.r.IntN(len(list))].PZN()
}

func (l *lauf) zahlweise() zahlweise { return zahlweise(l.r.IntN(4)) }

func (l *lauf) cents(von, bis int) money.Cent { return money.Cent(l.zwischen(von, bis)) }

func (l *lauf) patient(art zuzahlung.Traeger) patient {
	list := patienten()
	p := list[l.r.IntN(len(list))]
	p.art = art
	return p
}
