package verkauf

import (
	"context"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/kartenzahlungen"
	"github.com/offizin/offizin/workflow/zahlung"
)

// Zahlbar says whether a cart could be paid like that now: it is asked before the terminal takes
// any money.
func (s *Service) Zahlbar(ctx context.Context, id string, z Zahlung) error {
	out, err := s.Ansicht(ctx, id)
	if err != nil {
		return err
	}
	if err := s.editable(out.Vorgang); err != nil {
		return err
	}
	if err := payable(out, z); err != nil {
		return err
	}
	_, err = zahlung.Split(out.Summen.Patient, z.Karte, z.Gegeben)
	return err
}

// mitKarte puts what the terminal said onto the payment by card. What it took must stand on the
// Bon; what is unclear must be settled before.
func mitKarte(rows journal.Rows, vorgang string, list []bon.Zahlung) error {
	open, paid, err := kartenzahlungen.Vorgang(rows, vorgang)
	if err != nil || len(open) == 0 {
		return err
	}
	for _, z := range open {
		if z.Ende == nil {
			return fault.New(fault.Conflict, "V-546",
				"Eine Kartenzahlung zu diesem Vorgang ist noch nicht geklärt – fragen Sie zuerst das Terminal.", nil)
		}
	}
	var card *bon.Zahlung
	var sum money.Cent
	for i := range list {
		if list[i].Art == bon.Karte {
			card, sum = &list[i], list[i].Betrag
		}
	}
	if sum != paid {
		return fault.New(fault.Conflict, "V-547",
			"Mit Karte sind schon "+paid.String()+" bezahlt – geben Sie genau diesen Betrag bei Karte ein.", nil)
	}
	card.Beleg = open[0].Beleg()
	return nil
}

// ohneKarte refuses to drop a cart for which the terminal took money, or may have.
func ohneKarte(rows journal.Rows, vorgang string) error {
	open, _, err := kartenzahlungen.Vorgang(rows, vorgang)
	if err == nil && len(open) > 0 {
		err = fault.New(fault.Conflict, "V-548", "Für diesen Vorgang ist mit Karte bezahlt worden – buchen Sie ihn und "+
			"stornieren Sie danach den Bon.", nil)
	}
	return err
}
