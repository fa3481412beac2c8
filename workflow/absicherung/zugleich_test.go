package absicherung_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow/absicherung"
)

// naechste is the number that the next record gets.
func (x *till) naechste() string {
	x.T.Helper()
	n, _, err := workflowView(x.Kern, func(rows journal.Rows) (string, bool, error) {
		n, err := bons.Next(rows, "1")
		return n, true, err
	})
	x.Must(err)
	return n
}

// A day is closed in another tab while a sale waits for a slow TSE: its transaction belongs to
// the sale, and is not ended as abandoned (ADR 0025).
func TestOrdnenNebenDemSignieren(t *testing.T) {
	x := newTill(t)
	id := x.wagen()
	x.wartenAufBeginn(1)
	x.geraet.Stoeren(simulator.Stoerung{Verzug: 300 * time.Millisecond})
	s := x.Kern.Absicherung.(*absicherung.Service)
	var pay sync.WaitGroup
	pay.Go(func() { x.bezahlen(id) })
	for x.naechste() == "1-000001" {
		time.Sleep(time.Millisecond)
	}
	x.Must(s.Ordnen(x.Ctx))
	pay.Wait()
	if n := x.naechste(); n != "1-000002" {
		b, _, err := workflowView(x.Kern, func(rows journal.Rows) (bon.Bon, bool, error) { return belege.Find(rows, "1-000002") })
		t.Errorf("next is %s after %+v, %v", n, b, err)
	}
	if g := x.gesichert("1-000001"); g.Signatur == nil || len(x.ausfaelle()) != 0 {
		t.Errorf("%+v, %+v", g, x.ausfaelle())
	}
}

// vergesslich is a TSE that knows no keys, as most devices: what is begun twice is there twice.
type vergesslich struct{ *simulator.Simulator }

func (v vergesslich) Beginnen(ctx context.Context, client, _ string) (tse.Beginn, error) {
	return v.Simulator.Beginnen(ctx, client, "")
}

// A Storno that is sent twice at once, while the TSE is slow, is signed once.
func TestZweimalZugleich(t *testing.T) {
	x := newTill(t)
	x.stop()
	var err error
	x.geraet, err = simulator.Open(simulator.Optionen{Ordner: x.dir}, x.Uhr)
	x.Must(err)
	x.anschliessen(vergesslich{x.geraet})
	b := x.verkaufen()
	before := x.gesichert(b.Nummer).Signatur.Transaktion
	x.geraet.Stoeren(simulator.Stoerung{Verzug: 100 * time.Millisecond})
	a := x.A()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			_, err := x.Storno(x.Ctx, a, b.Nummer, "Irrtum")
			x.Must(err)
		})
	}
	both.Wait()
	x.geraet.Stoeren(simulator.Stoerung{})
	next := x.gesichert(x.verkaufen().Nummer).Signatur.Transaktion
	if next != before+2 { // one of the Storno, and this one
		t.Errorf("transaction %d after %d", next, before)
	}
}

// wechsel is that another TSE is plugged in between the booking of a record and its signature.
type wechsel struct {
	*absicherung.Service

	neu *absicherung.Service
}

func (w wechsel) Gebucht(ctx context.Context, b bon.Bon) { w.neu.Gebucht(ctx, b) }

// Nothing is signed at another TSE under the number of a transaction of the old one: there it may
// be that of somebody else.
func TestWechselVorDemSignieren(t *testing.T) {
	x := newTill(t)
	id, old := x.wagen(), x.Kern.Absicherung.(*absicherung.Service)
	x.wartenAufBeginn(1)
	x.stop()
	x.dir = t.TempDir()
	x.einschalten()
	next := x.Kern.Absicherung.(*absicherung.Service)
	x.wagen() // the first transaction of the new TSE, as it was of the old one
	x.wartenAufBeginn(1)
	x.Kern.Absicherung = wechsel{old, next}
	b := x.bezahlen(id)
	if g := x.gesichert(b.Nummer); g.Signatur != nil || g.Ausfall == "" {
		t.Errorf("%+v", g)
	}
	if x.offen() != 1 || len(x.ausfaelle()) != 0 {
		t.Errorf("%d open, %+v", x.offen(), x.ausfaelle())
	}
}

// Another TSE is set up while a cart lies on the counter: it is ended at the old one, and goes on.
func TestRaeumen(t *testing.T) {
	x := newTill(t)
	id := x.wagen()
	x.wartenAufBeginn(1)
	x.Must(x.Kern.Absicherung.(*absicherung.Service).Raeumen(x.Ctx))
	if g := x.gesichert("1-000001"); g.Signatur == nil || g.Prozess != "Bestellung-V1" || x.offen() != 0 {
		t.Errorf("%+v, %d open", g, x.offen())
	}
	if b := x.bezahlen(id); x.gesichert(b.Nummer).Signatur == nil {
		t.Errorf("%+v", x.gesichert(b.Nummer))
	}
}

// The start of a record is never after its end: also of a sale entered from a slip, and if the
// clock was set back meanwhile.
func TestBeginnVorEnde(t *testing.T) {
	x := newTill(t)
	id := x.wagen()
	x.wartenAufBeginn(1)
	x.Uhr.Set(x.Uhr.Now().Add(-time.Hour))
	if b := x.bezahlen(id); b.Beginn > b.Zeit {
		t.Errorf("clock set back: start %d, end %d", b.Beginn, b.Zeit)
	}
	id = x.wagen()
	x.wartenAufBeginn(1)
	_, err := x.Nacherfassung(x.Ctx, x.A(), id, x.Uhr.Now().Add(-48*time.Hour), "Zettel 7")
	x.Must(err)
	if b := x.bezahlen(id); b.Beginn > b.Zeit || !b.Nacherfassung {
		t.Errorf("entered later: start %d, end %d", b.Beginn, b.Zeit)
	}
	x.wagen()
	x.wartenAufBeginn(1)
	x.Uhr.Set(x.Uhr.Now().Add(-time.Hour))
	x.abschuss()
	x.gesichert("1-000003")
	b, _, err := workflowView(x.Kern, func(rows journal.Rows) (bon.Bon, bool, error) { return belege.Find(rows, "1-000003") })
	if x.Must(err); b.Beginn > b.Zeit || b.Art != bon.Abbruch {
		t.Errorf("abandoned: %+v", b)
	}
}
