package absicherung_test

import (
	"context"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/workflow/absicherung"
)

// bis is a program that is killed at a point: what comes after it does not happen.
type bis struct {
	*absicherung.Service

	gebucht func(b bon.Bon)
}

func (k bis) Gebucht(_ context.Context, b bon.Bon) { k.gebucht(b) }

// A kill at each point between start, booking, finish and its note: no receipt is lost, none is
// there twice, and no transaction stays open.
func TestAbschuss(t *testing.T) {
	for name, c := range map[string]struct {
		kill   func(x *till) string // returns the number to look at
		signed bool
		daten  string
	}{
		"after the start, before it is booked": {func(x *till) string {
			x.wagen()
			x.wartenAufBeginn(1)
			return "1-000001"
		}, true, "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^"},
		"after it is booked, before the finish": {func(x *till) string {
			return x.bezahltBis(func(bon.Bon) {})
		}, true, "Beleg^3.98_0.00_0.00_0.00_0.00^3.98:Bar"},
		"after the finish, before its note": {func(x *till) string {
			return x.bezahltBis(func(b bon.Bon) {
				k := kassenbeleg.Aus(b)
				_, err := x.geraet.Beenden(x.Ctx, b.Serie, *b.Transaktion, k.Prozess(), k.Daten())
				x.Must(err)
			})
		}, true, "Beleg^3.98_0.00_0.00_0.00_0.00^3.98:Bar"},
		"after all of it": {func(x *till) string { return x.verkaufen().Nummer }, true, "Beleg^3.98_0.00_0.00_0.00_0.00^3.98:Bar"},
		"booked before the start was answered": {func(x *till) string {
			s := x.Kern.Absicherung.(*absicherung.Service)
			x.geraet.Stoeren(simulator.Stoerung{Haengt: true})
			id := x.wagen()
			x.Kern.Absicherung = bis{s, func(bon.Bon) {}}
			return x.bezahlen(id).Nummer
		}, false, "Beleg^3.98_0.00_0.00_0.00_0.00^3.98:Bar"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newTill(t)
			number := c.kill(x)
			x.abschuss()
			g := x.gesichert(number)
			if g.Daten != c.daten || (g.Signatur != nil) != c.signed || c.signed == (g.Ausfall != "") {
				t.Errorf("%+v", g)
			}
			x.wartenAufBeginn(0)
			if b := x.verkaufen(); b.Nummer != "1-000002" || x.gesichert(b.Nummer).Signatur == nil {
				t.Errorf("then %s %+v", b.Nummer, x.gesichert(b.Nummer))
			}
		})
	}
}

// bezahltBis sells, and is killed where the record is to be signed.
func (x *till) bezahltBis(f func(bon.Bon)) string {
	x.T.Helper()
	id := x.wagen()
	x.wartenAufBeginn(1)
	x.Kern.Absicherung = bis{x.Kern.Absicherung.(*absicherung.Service), f}
	return x.bezahlen(id).Nummer
}

// AEAO zu § 146a Nr. 1.14: begin, end and reason are on record, receipts are marked, nobody waits
// twice, and nothing is signed later.
func TestAusfall(t *testing.T) {
	x := newTill(t)
	x.wagen()
	x.wartenAufBeginn(1)
	x.geraet.Stoeren(simulator.Stoerung{Haengt: true})
	start := time.Now()
	id := x.wagen()
	marked := x.bezahlen(id)
	if took := time.Since(start); took > 3200*time.Millisecond {
		t.Errorf("the first sale took %v", took)
	}
	start = time.Now()
	second := x.verkaufen()
	if took := time.Since(start); took > 200*time.Millisecond {
		t.Errorf("the second sale took %v", took)
	}
	for _, b := range []bon.Bon{marked, second} {
		if g := x.gesichert(b.Nummer); g.Signatur != nil || g.Ausfall == "" {
			t.Errorf("%+v", g)
		}
	}
	if list := x.ausfaelle(); len(list) != 1 || list[0].Ende != 0 || list[0].Grund == "" {
		t.Fatalf("%+v", list)
	}
	x.geraet.Stoeren(simulator.Stoerung{})
	for range 1500 {
		if x.ausfaelle()[0].Ende != 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if list := x.ausfaelle(); len(list) != 1 || list[0].Ende == 0 {
		t.Fatalf("still failing: %+v", list)
	}
	if g := x.gesichert(marked.Nummer); g.Signatur != nil {
		t.Errorf("signed later: %+v", g)
	}
	if b := x.verkaufen(); x.gesichert(b.Nummer).Signatur == nil {
		t.Errorf("not signed after the outage: %+v", x.gesichert(b.Nummer))
	}
}

// A TSE that answers but makes no signatures is not back: its store is full, its certificate ended.
func TestAntwortetAberSigniertNicht(t *testing.T) {
	for name, s := range map[string]simulator.Stoerung{"full": {Voll: true}, "certificate": {Abgelaufen: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newTill(t)
			x.geraet.Stoeren(s)
			x.verkaufen()
			time.Sleep(2500 * time.Millisecond) // it was asked once meanwhile
			x.verkaufen()
			if list := x.ausfaelle(); len(list) != 1 || list[0].Ende != 0 {
				t.Errorf("%+v", list)
			}
			x.geraet.Stoeren(simulator.Stoerung{})
			for range 1500 {
				if x.ausfaelle()[0].Ende != 0 {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			if b := x.verkaufen(); x.gesichert(b.Nummer).Signatur == nil || b.Nummer != "1-000003" || x.offen() != 0 {
				t.Errorf("%s %+v, %d open", b.Nummer, x.gesichert(b.Nummer), x.offen())
			}
		})
	}
}

// An answer that is lost is asked for; the TSE signs once.
func TestVerloreneAntwort(t *testing.T) {
	x := newTill(t)
	id := x.wagen()
	x.wartenAufBeginn(1)
	x.geraet.Stoeren(simulator.Stoerung{Verloren: 1})
	b := x.bezahlen(id)
	if g := x.gesichert(b.Nummer); g.Signatur == nil || len(x.ausfaelle()) != 0 {
		t.Errorf("%+v, %+v", g, x.ausfaelle())
	}
}

// Another device in its place signs nothing before somebody has set it up: its key is unknown.
func TestAnderesGeraet(t *testing.T) {
	x := newTill(t)
	x.verkaufen()
	x.Must(x.geraet.Ersetzen())
	b := x.verkaufen()
	if g := x.gesichert(b.Nummer); g.Signatur != nil {
		t.Errorf("%+v", g)
	}
	x.abschuss() // sets the device up
	b = x.verkaufen()
	if g := x.gesichert(b.Nummer); g.Signatur == nil {
		t.Errorf("%+v", g)
	}
}
