package knoten_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/node"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

// schief is a machine's clock that is wrong by so much.
type schief struct {
	*clock.Real
	by atomic.Int64
}

func geht(by time.Duration) *schief {
	s := &schief{Real: clock.NewReal()}
	s.by.Store(int64(by))
	return s
}

func (s *schief) Now() time.Time { return s.Real.Now().Add(time.Duration(s.by.Load())) }

func mit(c clock.Clock) knoten.Options { return knoten.Options{Apotheke: apotheke.Options{Clock: c}} }

// legt puts 100 € into the drawer and returns the record.
func (m *laufend) legt(key string) bon.Bon {
	m.t.Helper()
	b, err := m.Dienste.Tagesabschluss.Bewegen(m.t.Context(), workflow.Auftrag{Key: key, Actor: "AB"},
		tagesabschluss.Bewegung{Geschaeft: bon.Geldtransit, Betrag: 10000, Grund: "Wechselgeld"})
	if err != nil {
		m.t.Fatal(err)
	}
	found := false
	err = m.Store.Records(m.t.Context(), m.Store.Self(), 0, func(r journal.Record) (bool, error) {
		e, err := event.Decode(r.Type, r.Payload)
		if x, ok := e.(event.BelegGebucht); ok && x.Bon.Nummer == b.Nummer {
			b, found = x.Bon, true
		}
		return !found, err
	})
	if err != nil || !found {
		m.t.Fatal(b.Nummer, found, err)
	}
	return b
}

// hoertAlle reports whether all n others answer: of three, one that has heard only a wrong lead follows it.
func (m *laufend) hoertAlle(n int) bool {
	list := m.stand().Rechner
	return len(list) == n && !slices.ContainsFunc(list, func(a node.Anderer) bool { return !a.Erreichbar })
}

func (m *laufend) verdacht() clock.Verdacht { return m.Uhr.Stand().Verdacht }

// Two machines, the second one two days ahead: it is red, goes on with the day of the lead, and marks what it books.
// The lead says that the other clock is wrong. A person confirms, and the lead has nothing more to say; set right, all
// is as before.
func TestUhrFolgtDerFuehrung(t *testing.T) {
	const off = 48 * time.Hour
	dir, wrong := t.TempDir(), geht(off)
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	o := mit(wrong)
	o.Partner, o.Code = a.addr, a.Tuer.Oeffnen()
	b := starte(t, filepath.Join(dir, "b"), "127.0.0.1:0", o)
	bald(t, "b goes by the clock of a", 10*time.Second, func() bool { return b.verdacht() == clock.Uneins })
	r := b.legt("b1")
	if u := r.Uhr; r.Tag != clock.Today(clock.NewReal()) || u == nil || u.Von != "platz-1" || u.Abstand() != off {
		t.Errorf("booked on %v, %+v", r.Tag, u)
	}
	if r := a.legt("a1"); r.Uhr != nil {
		t.Errorf("the lead: %+v", r.Uhr)
	}
	bald(t, "a tells of the clock of b", 5*time.Second, func() bool { return a.glied("rechner-platz-2").Code == "S-621" })
	if g := b.glied("uhr"); g.Code != "U-106" {
		t.Errorf("%+v", g)
	}

	a.stop()
	b.stop()
	o.Partner, o.Code = "", ""
	b = starte(t, b.dir, b.addr, o)
	if d := time.Since(b.Uhr.Now()).Abs(); d > time.Minute || b.verdacht() != clock.Uneins {
		t.Errorf("started alone: %v off, %q", d, b.verdacht())
	}

	a = starte(t, a.dir, a.addr, knoten.Options{})
	see := b.Uhr.Stand().Rechner.Unix()
	if err := b.Dienste.Uhr.Bestaetigen(t.Context(), workflow.Auftrag{Key: "u1", Actor: "AB"}, see); err != nil {
		t.Fatal(err)
	}
	bald(t, "a and b see each other", 10*time.Second, func() bool {
		return a.stand().Fuehrt && b.glied("rechner-platz-1").Code == "S-621"
	})
	time.Sleep(time.Second) // in which the lead would have been followed
	if got := clock.Today(b.Uhr); b.verdacht() != clock.Kein || got == clock.Today(clock.NewReal()) {
		t.Errorf("confirmed: %v, %+v", got, b.Uhr.Stand())
	}

	wrong.by.Store(0)
	bald(t, "set right", 5*time.Second, func() bool { return b.verdacht() == clock.Gewesen && b.glied("rechner-platz-1").Code == "" })
	if r := b.legt("b2"); r.Uhr != nil || r.Tag != clock.Today(clock.NewReal()) {
		t.Errorf("set right: booked on %v, %+v", r.Tag, r.Uhr)
	}
}

// Three machines, the lead two days behind: it stands alone, and goes by the others.
func TestUhrDerFuehrung(t *testing.T) {
	dir := t.TempDir()
	wrong := geht(0)
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", mit(wrong))
	b, c := a.dazu(filepath.Join(dir, "b")), a.dazu(filepath.Join(dir, "c"))
	bald(t, "all see each other", 10*time.Second, func() bool {
		return a.hoertAlle(2) && b.hoertAlle(2) && c.hoertAlle(2) && b.stand().Folgt == "platz-1" &&
			c.stand().Folgt == "platz-1" && a.stand().Fuehrt
	})
	for i, off := range []time.Duration{20 * 24 * time.Hour, time.Hour, -time.Hour} {
		wrong.by.Store(int64(off))
		bald(t, fmt.Sprint("the lead is wrong by ", off), 10*time.Second, func() bool {
			return a.Uhr.Stand().Zweifelhaft() && time.Since(a.Uhr.Now()).Abs() < time.Minute
		})
		if r := a.legt(fmt.Sprint("a", i)); r.Uhr == nil || r.Tag != clock.Today(clock.NewReal()) {
			t.Errorf("%v: booked on %v, %+v", off, r.Tag, r.Uhr)
		}
		for _, m := range []*laufend{b, c} {
			if m.verdacht() != clock.Kein {
				t.Errorf("%v: %s: %+v", off, m.Kern.Platz, m.Uhr.Stand())
			}
		}
	}
	wrong.by.Store(0)
	bald(t, "set right", 5*time.Second, func() bool { return a.verdacht() == clock.Gewesen })
}
