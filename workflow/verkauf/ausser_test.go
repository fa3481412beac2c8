package verkauf_test

import (
	"testing"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/kassenmeldung"
	"github.com/offizin/offizin/workflow/verkauf"
)

func (x *stand) ausser() (is bool) {
	x.t.Helper()
	x.must(x.kern.Store.View(x.ctx, func(rows journal.Rows) (err error) {
		_, is, err = kassenmeldung.Ausser(rows, x.kern.Till)
		return err
	}))
	return is
}

// § 146a (4) Nr. 6 AO: a till that was taken out of use sells nothing unnoticed. Who pays is told,
// confirms, and has it in use again by the very same act; other records are refused until then.
func TestAusserBetrieb(t *testing.T) {
	x := neu(t, "2026-11-23 10:00")
	sale := func() (string, money.Cent) {
		id := x.beginne()
		return id, x.scan(id, ibu).Summen.Patient
	}
	id, due := sale()
	first, err := x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: due})
	x.must(err)
	x.schreibe(event.TillBeendet{Till: "1", Tag: civil.Must(2026, 11, 23), Grund: "ersetzt"})
	_, err = x.Storno(x.ctx, x.a(), first.Nummer, "Irrtum")
	x.wants(err, "S-682")
	id, due = sale()
	_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: due})
	x.wants(err, "V-203") // S-681 was not confirmed
	if !x.ausser() {
		t.Error("a refused payment put the till into use")
	}
	_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: due, Bestaetigt: []string{kassenmeldung.CodeAusser}})
	x.must(err)
	if x.ausser() {
		t.Error("still out of use after it has sold")
	}
	id, due = sale()
	_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: due}) // nobody is asked again
	x.must(err)
	_, err = x.Storno(x.ctx, x.a(), first.Nummer, "Irrtum")
	x.must(err)
}
