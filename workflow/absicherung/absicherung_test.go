package absicherung_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/integration/erezept"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/absicherung"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/workflowtest"
)

const bonbon = "1111111"

// till is a till with a simulated TSE.
type till struct {
	*workflowtest.Stand
	*verkauf.Service

	dir    string
	geraet *simulator.Simulator
	spur   spur
	aelter bool // the TSE has said at the start that the journal is older than the till
	stop   func()
}

// spur is a disk that keeps what is remembered, whatever happens to the program.
type spur map[uint64]bool

func (s spur) Kennt(_, _ string, nr uint64) (bool, bool) { return s[nr], len(s) > 0 }
func (s spur) Merken(_, _ string, nr uint64) error       { s[nr] = true; return nil }

func newTill(t *testing.T) *till {
	t.Helper()
	pzn := workflowtest.PZN(bonbon)
	s := workflowtest.New(t, []artikel.Artikel{{
		PZN: pzn, Name: "Salbeibonbons", Art: artikel.Freiwahl, Status: artikel.Verkehr, AVP: 398, UVP: 398, MwSt: artikel.MwStVoll,
	}})
	p := person.New(s.Kern)
	x := &till{Stand: s, Service: verkauf.New(s.Kern, p, rezeptannahme.New(s.Kern, p, erezept.Parse)), dir: t.TempDir()}
	x.spur = spur{}
	x.einschalten()
	t.Cleanup(func() { x.stop() })
	return x
}

// einschalten starts till and TSE, as after a kill: nothing is known but what lies on disk.
func (x *till) einschalten() {
	x.T.Helper()
	var err error
	x.geraet, err = simulator.Open(simulator.Optionen{Ordner: x.dir}, x.Uhr)
	x.Must(err)
	x.anschliessen(x.geraet)
}

// anschliessen has a TSE sign from now on.
func (x *till) anschliessen(g absicherung.Geraet) {
	x.T.Helper()
	x.Must(absicherung.Einrichten(x.Ctx, x.Kern, x.A(), simulator.Name, g))
	s, set, err := absicherung.New(x.Ctx, x.Kern, g, absicherung.Options{
		Log: slog.New(slog.DiscardHandler), Inhalt: x.Inhalt, Spur: x.spur,
	})
	x.Must(err)
	if !set {
		x.T.Fatal("no TSE is set up")
	}
	older, err := s.Aelter(x.Ctx, time.Second)
	if x.Must(err); older != x.aelter {
		x.T.Errorf("the TSE says that the journal is older: %v", older)
	}
	x.Kern.Absicherung = s
	ctx, cancel := context.WithCancel(x.Ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Laufen(ctx)
	}()
	x.stop = func() {
		cancel()
		<-done
		s.Close()
		_ = x.geraet.Close()
	}
}

// abschuss kills the program and starts it again.
func (x *till) abschuss() {
	x.T.Helper()
	x.stop()
	x.einschalten()
}

// wagen is a cart with one line.
func (x *till) wagen() string {
	x.T.Helper()
	v, err := x.Beginnen(x.Ctx, x.A())
	x.Must(err)
	_, err = x.Hinzufuegen(x.Ctx, x.A(), v.Vorgang.ID, verkauf.Eingabe{PZN: workflowtest.PZN(bonbon)})
	x.Must(err)
	return v.Vorgang.ID
}

func (x *till) bezahlen(id string) bon.Bon {
	x.T.Helper()
	b, err := x.Bezahlen(x.Ctx, x.A(), id, verkauf.Zahlung{Erwartet: 398})
	x.Must(err)
	return b
}

func (x *till) verkaufen() bon.Bon { return x.bezahlen(x.wagen()) }

// gesichert is what was signed for a number; it waits for what is done beside the sales.
func (x *till) gesichert(nummer string) kassenbeleg.Gesichert {
	x.T.Helper()
	for range 500 {
		g, known, err := workflowView(x.Kern, func(rows journal.Rows) (kassenbeleg.Gesichert, bool, error) {
			return belege.Gesichert(rows, nummer)
		})
		x.Must(err)
		if known {
			return g
		}
		time.Sleep(10 * time.Millisecond)
	}
	x.T.Fatalf("nothing is known of %s", nummer)
	return kassenbeleg.Gesichert{}
}

func workflowView[T any](k *workflow.Kern, f func(journal.Rows) (T, bool, error)) (v T, ok bool, err error) {
	err = k.Store.View(context.Background(), func(rows journal.Rows) error {
		v, ok, err = f(rows)
		return err
	})
	return v, ok, err
}

// offen is how many transactions are open at the TSE.
func (x *till) offen() int {
	x.T.Helper()
	set, _, err := workflowView(x.Kern, func(rows journal.Rows) (belege.Gesetzt, bool, error) { return belege.TSE(rows, "1") })
	x.Must(err)
	list, err := x.geraet.Offene(x.Ctx, set.Serie)
	x.Must(err)
	return len(list)
}

func (x *till) ausfaelle() []belege.Ausfall {
	x.T.Helper()
	list, _, err := workflowView(x.Kern, func(rows journal.Rows) ([]belege.Ausfall, bool, error) {
		list, err := belege.Ausfaelle(rows, "1")
		return list, true, err
	})
	x.Must(err)
	return list
}

// § 146a AO, KassenSichV § 2: started with the first line, finished before the receipt.
func TestVerkaufWirdSigniert(t *testing.T) {
	x := newTill(t)
	b := x.verkaufen()
	g := x.gesichert(b.Nummer)
	if g.Signatur == nil || g.Daten != "Beleg^3.98_0.00_0.00_0.00_0.00^3.98:Bar" || g.Prozess != "Kassenbeleg-V1" || g.Serie != b.Serie {
		t.Fatalf("%+v", g)
	}
	if s := g.Signatur; s.Beginn > s.Ende || s.Wert == "" || s.Transaktion == 0 {
		t.Errorf("%+v", s)
	}
	storno, err := x.Storno(x.Ctx, x.A(), b.Nummer, "Irrtum")
	x.Must(err)
	s := x.gesichert(storno.Nummer)
	if s.Signatur == nil || s.Daten != "Beleg^-3.98_0.00_0.00_0.00_0.00^-3.98:Bar" || s.Signatur.Transaktion <= g.Signatur.Transaktion {
		t.Errorf("%+v", s)
	}
	if n := x.offen(); n != 0 {
		t.Errorf("%d transactions stay open", n)
	}
}

// The answer to a repeated act is the same receipt: nothing is signed twice.
func TestWiederholtesBezahlen(t *testing.T) {
	x := newTill(t)
	id, a := x.wagen(), x.A()
	first, err := x.Bezahlen(x.Ctx, a, id, verkauf.Zahlung{Erwartet: 398})
	x.Must(err)
	one := x.gesichert(first.Nummer)
	again, err := x.Bezahlen(x.Ctx, a, id, verkauf.Zahlung{Erwartet: 398})
	x.Must(err)
	if two := x.gesichert(again.Nummer); again.Nummer != first.Nummer || *two.Signatur != *one.Signatur {
		t.Errorf("%+v, then %+v", one, two)
	}
	next := x.gesichert(x.verkaufen().Nummer).Signatur.Transaktion
	if next != one.Signatur.Transaktion+1 {
		t.Errorf("transaction %d after %d", next, one.Signatur.Transaktion)
	}
}

// A cart that is dropped stays as AVBelegabbruch, with its lines and a number of its own.
func TestVerworfen(t *testing.T) {
	x := newTill(t)
	x.Must(x.Verwerfen(x.Ctx, x.A(), x.wagen()))
	g := x.gesichert("1-000001")
	if g.Signatur == nil || g.Daten != "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^" {
		t.Errorf("%+v", g)
	}
	b, found, err := workflowView(x.Kern, func(rows journal.Rows) (bon.Bon, bool, error) { return belege.Find(rows, "1-000001") })
	x.Must(err)
	if !found || len(b.Positionen) != 1 || len(b.Zahlungen) != 0 || b.Art != bon.Abbruch {
		t.Errorf("%+v", b)
	}
	if next := x.verkaufen(); next.Nummer != "1-000002" || x.offen() != 0 {
		t.Errorf("%s, %d open", next.Nummer, x.offen())
	}
}

// A parked cart that waits when the day is closed: Bestellung-V1, and a Kassenbeleg when it is
// paid (AEAO zu § 146a Nr. 2.2.3.6.2). What is on the counter is left alone.
func TestUeberNacht(t *testing.T) {
	x := newTill(t)
	id := x.wagen()
	x.Must(x.Parken(x.Ctx, x.A(), id, "holt morgen"))
	s := x.Kern.Absicherung.(*absicherung.Service)
	x.wartenAufBeginn(1)
	x.Must(s.Ordnen(x.Ctx))
	g := x.gesichert("1-000001")
	if g.Signatur == nil || g.Prozess != "Bestellung-V1" || g.Daten != `1;"Salbeibonbons";3.98` {
		t.Fatalf("%+v", g)
	}
	_, err := x.Fortsetzen(x.Ctx, x.A(), id)
	x.Must(err)
	b := x.bezahlen(id)
	if g := x.gesichert(b.Nummer); g.Signatur == nil || b.Nummer != "1-000002" || x.offen() != 0 {
		t.Errorf("%s %+v", b.Nummer, g)
	}
	x.wagen()
	x.wartenAufBeginn(1)
	if x.Must(s.Ordnen(x.Ctx)); x.offen() != 1 {
		t.Errorf("%d open", x.offen())
	}
}

func (x *till) wartenAufBeginn(n int) {
	x.T.Helper()
	for range 500 {
		if x.offen() == n {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	x.T.Fatalf("%d transactions open, want %d", x.offen(), n)
}
