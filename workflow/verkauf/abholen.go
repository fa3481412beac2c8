package verkauf

import (
	"context"
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/offeneposten"
	"github.com/offizin/offizin/projection/vormerkungen"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// Anzahlung takes the money for what is reserved before it is fetched: at the price of today, with
// the VAT of the goods (§ 13 (1) Nr. 1a S. 4 UStG). Once for each reservation.
func (s *Service) Anzahlung(ctx context.Context, a workflow.Auftrag, id, vormerkung string) (Ansicht, error) {
	return s.editRows(ctx, a, id, "Anzahlung", vormerkung, func(rows journal.Rows, v *vorgang.Vorgang) error {
		if err := einmal(v, bon.Anzahlung, vormerkung); err != nil {
			return err
		}
		e, ok, err := vormerkungen.Find(rows, vormerkung)
		if err == nil && !ok {
			err = fault.New(fault.NotFound, "V-525", "Diese Vormerkung ist schon erledigt – legen Sie sie neu an.", nil)
		}
		if err != nil {
			return err
		}
		x, _, err := offeneposten.Find(rows, bon.Anzahlung, vormerkung)
		if err == nil && x.Offen > 0 {
			err = fault.New(fault.Conflict, "V-526", "Diese Vormerkung ist schon bezahlt, mit Bon "+x.Bon+".", nil)
		}
		if err != nil {
			return err
		}
		p, err := s.angezahlt(ctx, rows, v, e)
		if err != nil {
			return err
		}
		if v.Kunde == "" {
			v.Kunde = e.Kunde
		}
		da, err := bestand.Menge(rows, e.PZN)
		if err != nil {
			return err
		}
		ohneVorgemerkte(v, e, da)
		return appendLine(v, p)
	})
}

// ohneVorgemerkte takes the packs that are reserved out of the lines of the cart, as far as they are
// not in stock: who pays them now and gets them later does not pay them twice.
func ohneVorgemerkte(v *vorgang.Vorgang, e vormerkungen.Eintrag, da int) {
	frei := func(p vorgang.Position) bool { return p.Art == vorgang.Artikel && p.PZN == e.PZN && p.Rezept == "" }
	n := -max(da, 0)
	for _, p := range v.Positionen {
		if frei(p) {
			n += p.Menge
		}
	}
	n = min(n, e.Menge)
	for i := range v.Positionen {
		if p := &v.Positionen[i]; frei(*p) && n > 0 {
			less := min(n, p.Menge)
			p.Menge, n = p.Menge-less, n-less
		}
	}
	v.Positionen = slices.DeleteFunc(v.Positionen, func(p vorgang.Position) bool { return frei(p) && p.Menge == 0 })
}

// angezahlt is the line of a prepayment. What is on prescription is paid when it is handed over:
// only then it is known what the patient pays.
func (s *Service) angezahlt(
	ctx context.Context, rows journal.Rows, v *vorgang.Vorgang, e vormerkungen.Eintrag,
) (vorgang.Position, error) {
	ware, err := s.known(ctx, rows, v, e.PZN)
	if err != nil {
		return vorgang.Position{}, err
	}
	price := ware.Verkaufspreis() * money.Cent(e.Menge)
	if ware.Verschreibungspflichtig || e.Rezept != "" || price <= 0 {
		return vorgang.Position{}, fault.New(fault.Denied, "V-527",
			"Im Voraus bezahlt wird nur, was ohne Rezept ist und einen Preis hat – kassieren Sie beim Abholen.", nil)
	}
	p := geschaeft(bon.Anzahlung, e.ID, price)
	p.Bezeichnung = fmt.Sprintf("Abholung %d: %d × %s", e.Nummer, e.Menge, ware.Name)
	law, err := s.kern.Recht.Am(clock.Today(s.kern.Clock))
	if err != nil {
		return p, fmt.Errorf("law of today: %w", err)
	}
	switch ware.MwSt {
	case artikel.MwStVoll:
		p.Satz = law.Preis.MwStVoll.Was
	case artikel.MwStErmaessigt:
		p.Satz = law.Preis.MwStErmaessigt.Was
	case artikel.MwStOhne:
	}
	return p, nil
}

// Abholen hands over what was paid before: the goods, if they are still reserved, and beside
// them what was paid, which is taken off.
func (s *Service) Abholen(ctx context.Context, a workflow.Auftrag, id, vormerkung string) (Ansicht, error) {
	return s.editRows(ctx, a, id, "Abholen", vormerkung, func(rows journal.Rows, v *vorgang.Vorgang) error {
		if err := einmal(v, bon.Anzahlungsausgleich, vormerkung); err != nil {
			return err
		}
		x, _, err := offeneposten.Find(rows, bon.Anzahlung, vormerkung)
		if err == nil && x.Offen <= 0 {
			err = fault.New(fault.Conflict, "V-528", "Dafür ist nichts (mehr) im Voraus bezahlt – verkaufen Sie die Ware.", nil)
		}
		if err != nil {
			return err
		}
		e, reserved, err := vormerkungen.Find(rows, vormerkung)
		if err != nil {
			return err
		}
		if reserved {
			if err := insert(v, vorgang.Position{Art: vorgang.Artikel, PZN: e.PZN, Menge: e.Menge}); err != nil {
				return err
			}
		}
		return appendLine(v, geschaeft(bon.Anzahlungsausgleich, vormerkung, 0))
	})
}

// ereignisse are what booking a Bon writes: the Bon, and that what was paid before is fetched.
func ereignisse(rows journal.Rows, actor string, b bon.Bon, c clock.Clock) ([]journal.Event, error) {
	list, err := rechte.Gebucht(rows, actor, b, clock.Today(c))
	if err != nil || b.Art != bon.Verkauf {
		return list, err
	}
	if _, sale := list[0].(event.VerkaufAbgeschlossen); !sale {
		return list, nil
	}
	for _, p := range b.Positionen {
		if p.Geschaeft != bon.Anzahlungsausgleich {
			continue
		}
		e, open, err := vormerkungen.Find(rows, p.Bezug)
		if err != nil {
			return nil, err
		}
		if !open {
			continue
		}
		list = append(list, event.VormerkungErledigt{ID: e.ID, Wie: "abgeholt"})
		if e.Name != nil {
			list = append(list, event.PersonGeloescht{ID: e.Name.Person, Grund: "Vormerkung abgeholt"})
		}
	}
	return list, nil
}
