package verkauf

import (
	"context"
	"crypto/rand"
	"encoding/binary"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/gutschein"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/offeneposten"
	"github.com/offizin/offizin/workflow"
)

// The amounts that a voucher may be worth: 1,00 € to 1.000,00 €.
const (
	gutscheinAb  money.Cent = 100
	gutscheinBis money.Cent = 100_000
)

// Gutschein sells a voucher; its number is drawn by lot, so that nobody can guess one.
func (s *Service) Gutschein(
	ctx context.Context, a workflow.Auftrag, id string, betrag money.Cent,
) (Ansicht, error) {
	if betrag < gutscheinAb || betrag > gutscheinBis {
		return Ansicht{}, fault.New(fault.Invalid, "V-501",
			"Ein Gutschein ist zwischen 1,00 € und 1.000,00 € wert – geben Sie den Betrag neu ein.", nil)
	}
	return s.editRows(ctx, a, id, "Gutschein", betrag, func(rows journal.Rows, v *vorgang.Vorgang) error {
		n, err := losen(rows)
		if err != nil {
			return err
		}
		return appendLine(v, geschaeft(bon.Gutscheinkauf, string(n), betrag))
	})
}

// losen draws the number of a voucher that there is none of yet.
func losen(rows journal.Rows) (gutschein.Nummer, error) {
	for {
		var los [8]byte
		_, _ = rand.Read(los[:]) // never fails: crypto/rand ends the program instead
		n := gutschein.New(binary.BigEndian.Uint64(los[:]))
		if _, taken, err := offeneposten.Find(rows, bon.Gutscheinkauf, string(n)); err != nil || !taken {
			return n, err
		}
	}
}

func geschaeft(g bon.Geschaeft, bezug string, betrag money.Cent) vorgang.Position {
	return vorgang.Position{Art: vorgang.Geschaeft, Geschaeft: string(g), Bezug: bezug, Betrag: betrag, Menge: 1}
}

// Einloesen pays with a voucher, as far as it goes.
func (s *Service) Einloesen(ctx context.Context, a workflow.Auftrag, id, nummer string) (Ansicht, error) {
	n, ok := gutschein.Parse(nummer)
	if !ok {
		return Ansicht{}, fault.New(fault.Invalid, "V-504",
			"Das ist keine Gutscheinnummer – scannen Sie den Gutschein oder tippen Sie seine 16 Ziffern.", nil)
	}
	return s.editRows(ctx, a, id, "Gutschein einlösen", string(n), func(rows journal.Rows, v *vorgang.Vorgang) error {
		if err := einmal(v, bon.Gutscheineinloesung, string(n)); err != nil {
			return err
		}
		x, _, err := offeneposten.Find(rows, bon.Gutscheinkauf, string(n))
		switch {
		case err != nil:
			return err
		case x.Bon == "":
			return fault.New(fault.NotFound, "V-514",
				"Diesen Gutschein gibt es hier nicht – prüfen Sie die 16 Ziffern und ob er von dieser Apotheke ist.", nil)
		case x.Offen <= 0:
			return fault.New(fault.Conflict, "V-515", "Dieser Gutschein ist aufgebraucht – nehmen Sie einen anderen.", nil)
		}
		return appendLine(v, geschaeft(bon.Gutscheineinloesung, string(n), 0))
	})
}

// gutscheinGescannt pays with a voucher that was scanned.
func (s *Service) gutscheinGescannt(
	ctx context.Context, a workflow.Auftrag, id string, n gutschein.Nummer,
) (Ansicht, ScanErgebnis, error) {
	v, err := s.Einloesen(ctx, a, id, string(n))
	out := ScanErgebnis{Menge: 1}
	for _, z := range v.Zeilen {
		if z.Position.Bezug == string(n) {
			out.Nr = z.Position.Nr
		}
	}
	return v, out, err
}

// einmal holds an open item to one line of a cart.
func einmal(v *vorgang.Vorgang, g bon.Geschaeft, bezug string) error {
	for _, p := range v.Positionen {
		if p.Geschaeft == string(g) && p.Bezug == bezug {
			return fault.New(fault.Conflict, "V-516",
				"Das steht schon im Vorgang – entfernen Sie die Zeile mit F9, um sie zu ändern.", nil)
		}
	}
	return nil
}

// Kredit puts what is due, or a part of it, on the account of the customer; 0: all.
func (s *Service) Kredit(ctx context.Context, a workflow.Auftrag, id string, betrag money.Cent) (Ansicht, error) {
	if betrag < 0 || betrag > money.MaxInput {
		return Ansicht{}, falscherBetrag()
	}
	return s.edit(ctx, a, id, "Kredit", betrag, func(v *vorgang.Vorgang) error {
		if v.Kunde == "" {
			return fault.New(fault.Invalid, "V-517",
				"Kredit gibt es nur für einen Kunden mit Namen – wählen Sie ihn zuerst (F4).", nil)
		}
		if err := einmal(v, bon.Forderung, ""); err != nil {
			return err
		}
		return appendLine(v, geschaeft(bon.Forderung, "", betrag))
	})
}

// KreditBezahlen pays what a Bon put on credit, or a part of it; 0: all.
func (s *Service) KreditBezahlen(
	ctx context.Context, a workflow.Auftrag, id, nummer string, betrag money.Cent,
) (Ansicht, error) {
	if betrag < 0 || betrag > money.MaxInput {
		return Ansicht{}, falscherBetrag()
	}
	input := []any{nummer, betrag}
	return s.editRows(ctx, a, id, "Kredit bezahlen", input, func(rows journal.Rows, v *vorgang.Vorgang) error {
		if err := einmal(v, bon.Forderungsausgleich, nummer); err != nil {
			return err
		}
		x, _, err := offeneposten.Find(rows, bon.Forderung, nummer)
		switch {
		case err != nil:
			return err
		case x.Offen <= 0:
			return fault.New(fault.Conflict, "V-518", "Von diesem Bon ist nichts (mehr) offen – wählen Sie einen anderen.", nil)
		case v.Kunde == "":
			v.Kunde = x.Kunde
		case v.Kunde != x.Kunde:
			return fault.New(fault.Conflict, "V-519", "Dieser Kredit gehört einem anderen Kunden – wählen Sie ihn mit F4.", nil)
		}
		return appendLine(v, geschaeft(bon.Forderungsausgleich, nummer, betrag))
	})
}

func falscherBetrag() error {
	return fault.New(fault.Invalid, "V-520", "Der Betrag muss zwischen 0,01 € und 9.999.999,99 € liegen.", nil)
}

// nurWare refuses what only goods and fees can have.
func nurWare(p vorgang.Position) error {
	if p.Art != vorgang.Geschaeft {
		return nil
	}
	return fault.New(fault.Denied, "V-512",
		"Diese Zeile ist keine Ware, sie lässt sich nicht ändern – entfernen Sie sie mit F9 und geben Sie sie neu ein.", nil)
}
