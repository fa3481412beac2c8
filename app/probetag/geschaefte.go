package probetag

import (
	"context"

	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/vormerkung"
)

// geschaeftsfaelle are what is no goods (ADR 0031): vouchers, credit, prepayment, practice.
func (l *lauf) geschaeftsfaelle(add add) {
	add("Gutschein", l.gutschein)
	add("Kredit", l.aufKredit)
	add("Anzahlung", l.anzahlen)
	add("Übung auf Übungsrezept", l.uebungsrezept)
	add("Übungsbetrieb", func(ctx context.Context, p *platz) error {
		err := p.Dienste.Uebungsbetrieb.Setzen(ctx, p.auftrag(), true)
		if err == nil {
			_, err = p.kauf(ctx, l.zahlweise(), l.ware())
		}
		if err == nil {
			err = p.Dienste.Uebungsbetrieb.Setzen(ctx, p.auftrag(), false)
		}
		return err
	})
}

// tue puts on the counter what is no goods, beside what lies there.
func (p *platz) tue(
	ctx context.Context, id string, err error, f func(*verkauf.Service) (verkauf.Ansicht, error),
) (string, error) {
	if err != nil {
		return id, err
	}
	_, err = f(p.Dienste.Verkauf)
	p.begonnen(ctx, id)
	return id, err
}

// bezahlt pays what is on the counter.
func (p *platz) bezahlt(ctx context.Context, id string, err error) (bon.Bon, error) {
	if err != nil {
		return bon.Bon{}, err
	}
	return p.zahlen(ctx, id, p.l.zahlweise())
}

// gutschein sells a voucher and redeems a part of it, perhaps at the other till.
func (l *lauf) gutschein(ctx context.Context, p *platz) error {
	id, err := p.wagen(ctx)
	id, err = p.tue(ctx, id, err, func(v *verkauf.Service) (verkauf.Ansicht, error) {
		return v.Gutschein(ctx, p.auftrag(), id, 100*l.cents(5, 50))
	})
	b, err := p.bezahlt(ctx, id, err)
	if err := l.danach(ctx, p, err); err != nil {
		return err
	}
	q := l.plaetze()[l.r.IntN(2)]
	id, err = q.wagen(ctx, l.ware(), l.ware())
	id, err = q.tue(ctx, id, err, func(v *verkauf.Service) (verkauf.Ansicht, error) {
		return v.Einloesen(ctx, q.auftrag(), id, b.Positionen[0].Bezug)
	})
	_, err = q.bezahlt(ctx, id, err)
	return l.danach(ctx, q, err)
}

// aufKredit lets a customer owe what was bought, until the next morning.
func (l *lauf) aufKredit(ctx context.Context, p *platz) error {
	who := person.Person{Name: "Sommer", Vorname: "Ursula", Geburt: 19480417}
	k, err := p.Dienste.Personen.Anlegen(ctx, p.auftrag(), who)
	if err != nil {
		return err
	}
	id, err := p.wagen(ctx, l.ware(), muster.FreiwahlVoll.PZN())
	if err == nil {
		_, err = p.Dienste.Verkauf.Kunde(ctx, p.auftrag(), id, k.ID)
	}
	id, err = p.tue(ctx, id, err, func(v *verkauf.Service) (verkauf.Ansicht, error) {
		return v.Kredit(ctx, p.auftrag(), id, 0)
	})
	b, err := p.bezahlt(ctx, id, err)
	l.kredit = b.Nummer
	return err
}

// kreditBezahlen has the customer pay.
func (l *lauf) kreditBezahlen(ctx context.Context) error {
	p := l.plaetze()[l.r.IntN(2)]
	id, err := p.wagen(ctx)
	id, err = p.tue(ctx, id, err, func(v *verkauf.Service) (verkauf.Ansicht, error) {
		return v.KreditBezahlen(ctx, p.auftrag(), id, l.kredit, 0)
	})
	_, err = p.bezahlt(ctx, id, err)
	return l.danach(ctx, p, err)
}

// anzahlen reserves an article, which is paid before it is fetched on the next morning.
func (l *lauf) anzahlen(ctx context.Context, p *platz) error {
	what := vormerkung.Eingabe{PZN: l.ware(), Menge: 2, Name: "Meyer"}
	slip, err := p.Dienste.Vormerkung.Anlegen(ctx, p.auftrag(), what)
	if err != nil {
		return err
	}
	l.vorgemerkt = slip.ID
	id, err := p.wagen(ctx)
	id, err = p.tue(ctx, id, err, func(v *verkauf.Service) (verkauf.Ansicht, error) {
		return v.Anzahlung(ctx, p.auftrag(), id, slip.ID)
	})
	_, err = p.bezahlt(ctx, id, err)
	return err
}

// abholen hands over what was paid before, and something more.
func (l *lauf) abholen(ctx context.Context) error {
	p := l.plaetze()[l.r.IntN(2)]
	id, err := p.wagen(ctx, l.ware())
	id, err = p.tue(ctx, id, err, func(v *verkauf.Service) (verkauf.Ansicht, error) {
		return v.Abholen(ctx, p.auftrag(), id, l.vorgemerkt)
	})
	_, err = p.bezahlt(ctx, id, err)
	return l.danach(ctx, p, err)
}

// uebungsrezept is a sale on a prescription that is there for practice.
func (l *lauf) uebungsrezept(ctx context.Context, p *platz) error {
	pzn := muster.RxZuzahlung5.PZN()
	r, err := p.annehmen(ctx, l.patient(zuzahlung.GKV), rezept.Zuzahlungspflichtig, true, pzn)
	if err != nil {
		return err
	}
	id, err := p.aufRezept(ctx, r, pzn)
	_, err = p.bezahlt(ctx, id, err)
	return err
}

// alsZahlung has the insurer's share booked as a payment from now on: between two business days,
// when all tills are closed (ADR 0025).
func (l *lauf) alsZahlung(ctx context.Context) error {
	h := l.eins.Dienste.Haus
	e, err := h.Einstellungen(ctx)
	if err != nil {
		return err
	}
	e.RezeptUnbar = true
	return l.danach(ctx, l.eins, h.Setzen(ctx, l.eins.auftrag(), e))
}

func (l *lauf) rezeptAmMorgen(ctx context.Context) error {
	p := l.plaetze()[l.r.IntN(2)]
	_, err := p.einloesen(ctx, l.patient(zuzahlung.GKV), rezept.Zuzahlungspflichtig, l.zahlweise(), muster.RxTeuer.PZN())
	return l.danach(ctx, p, err)
}
