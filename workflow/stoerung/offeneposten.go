package stoerung

import (
	"context"
	"fmt"

	"github.com/offizin/offizin/journal"
	posten "github.com/offizin/offizin/projection/offeneposten"
	"github.com/offizin/offizin/workflow"
)

// offenePosten tells of vouchers, credits and prepayments from which more was taken than was on
// them: that happens when two machines do not see each other. Nothing, as long as all is well.
func (s *Service) offenePosten(ctx context.Context) []Glied {
	const id, name = "offeneposten", "Offene Posten"
	over, err := workflow.View(ctx, s.kern, func(rows journal.Rows) ([]posten.Posten, error) {
		return posten.Ueberzogen(rows)
	})
	switch {
	case err != nil:
		return []Glied{bad(id, name, Warnung, "S-670",
			"Die offenen Posten lassen sich nicht lesen – starten Sie Offizin neu.", "Verkauft wird weiter.")}
	case len(over) == 0:
		return nil
	}
	return []Glied{bad(id, name, Warnung, "S-671", fmt.Sprintf(
		"%d Gutscheine, Kredite oder Anzahlungen sind doppelt verrechnet – sehen Sie unter Berichte, Offene Posten nach.",
		len(over)), "Verkauft wird weiter; der falsche der beiden Bons lässt sich stornieren.")}
}
