package fiskal_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/workflow/verkauf"
)

// However a clock jumps – set back or forward by a minute, an hour or a day, in the nights in which
// summer time begins and ends, at midnight, or that of the TSE alone –, and whatever is entered from
// slips meanwhile, the export has nothing wrong with it: no start
// after its end.
func TestUhrSpringt(t *testing.T) {
	nights := []time.Time{
		time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC), time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC),
		time.Date(2026, 11, 23, 22, 59, 30, 0, time.UTC),
	}
	jumps := []time.Duration{
		-24 * time.Hour, -time.Hour, -time.Minute, -time.Millisecond, time.Minute, time.Hour, 24 * time.Hour,
	}
	rapid.Check(t, func(r *rapid.T) {
		x := newTill(t)
		defer x.stop()
		x.Uhr.Set(rapid.SampledFrom(nights).Draw(r, "night"))
		var cash int64
		for range rapid.IntRange(1, 2).Draw(r, "closings") {
			for range rapid.IntRange(1, 4).Draw(r, "sales") {
				id := x.wagen(1)
				if rapid.Bool().Draw(r, "TSE") {
					x.geraet.Stoeren(simulator.Stoerung{Uhr: rapid.SampledFrom(jumps).Draw(r, "TSE by")})
				}
				if rapid.Bool().Draw(r, "jumps") {
					x.Uhr.Set(x.Uhr.Now().Add(rapid.SampledFrom(jumps).Draw(r, "by")))
				}
				if rapid.IntRange(0, 3).Draw(r, "slip") == 0 {
					_, err := x.Nacherfassung(x.Ctx, x.A(), id, x.Uhr.Now().Add(-72*time.Hour), "Zettel 1")
					x.Must(err)
				}
				if rapid.IntRange(0, 3).Draw(r, "dropped") == 0 {
					x.Must(x.Verwerfen(x.Ctx, x.A(), id))
					continue
				}
				_, err := x.Bezahlen(x.Ctx, x.A(), id, verkauf.Zahlung{Erwartet: 398, Bestaetigt: []string{"V-216"}})
				x.Must(err)
				cash += 398
			}
			x.verkaufen(1)
			cash += 398
			x.abschliessen(cash)
		}
		report, found := check(t, x.export(civil.Must(2026, 1, 1)))
		found = slices.DeleteFunc(found, func(f string) bool { // what the TSE has signed stays as it is
			return strings.HasPrefix(f, "transactions_tse.csv:") && strings.HasSuffix(f, "(T-456)")
		})
		if len(found) > 0 {
			r.Fatalf("%+v %q", report, found)
		}
	})
}
