package ausgang_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/ausgang"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// draussen is a wholesaler: it knows an order by its id, and answers as it likes.
type draussen struct {
	mu      sync.Mutex
	getan   []string
	antwort func(what, id string) error // before: nothing was done; after: done, the answer is lost
}

var errLost = errors.New("lost")

func (d *draussen) say(what, id string) error {
	if d.antwort == nil {
		return nil
	}
	return d.antwort(what, id)
}

func (d *draussen) Fragen(_ context.Context, b ausgang.Besorgung) (string, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return "da", slices.Contains(d.getan, b.ID), d.say("fragen", b.ID)
}

func (d *draussen) Zustellen(_ context.Context, b ausgang.Besorgung) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.say("vorher", b.ID); err != nil {
		return "", err
	}
	d.getan = append(d.getan, b.ID)
	return "neu", d.say("nachher", b.ID)
}

func regeln(d *draussen) map[string]ausgang.Regel {
	return map[string]ausgang.Regel{"bestellung": {Bote: d, MaxFehler: 5}}
}

func bis() time.Time { return time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC) }

// gib writes an act with one errand and returns its id.
func gib(t testing.TB, s *ausgang.Service, k *workflow.Kern, a workflow.Auftrag) (id string) {
	t.Helper()
	_, err := k.Do(context.Background(), a, "bestellen", func(rows journal.Rows) ([]journal.Event, error) {
		e, err := s.Aufgeben(rows, a, 0, "bestellung", "grosshandel", []byte("10 × Ibu"), bis())
		if b, ok := e.(event.BesorgungAufgegeben); ok {
			id = b.ID
		}
		return []journal.Event{e}, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func runde(t testing.TB, s *ausgang.Service) {
	t.Helper()
	if err := s.Runde(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// An errand is done once, in order, also when answers are lost; a dead end is told to people,
// who try again or drop it.
func TestBesorgung(t *testing.T) {
	s, d := workflowtest.New(t, nil), &draussen{}
	out := ausgang.New(s.Kern, regeln(d))
	a, b := gib(t, out, s.Kern, s.A()), gib(t, out, s.Kern, s.A())
	tries := 0
	d.antwort = func(what, id string) error {
		if id == a && what == "nachher" { // done, and nobody hears of it
			tries++
			return errLost
		}
		return nil
	}
	runde(t, out)
	if list, _ := out.Offene(s.Ctx, 9); len(list) != 2 || len(d.getan) != 1 {
		t.Fatalf("%d open, done %v", len(list), d.getan)
	}
	runde(t, out) // too early
	s.Uhr.Advance(6 * time.Second)
	runde(t, out)
	if want := []string{a, b}; !slices.Equal(d.getan, want) || tries != 1 {
		t.Errorf("done %v, want %v; tried %d times", d.getan, want, tries)
	}
	if list, _ := out.Offene(s.Ctx, 9); len(list) != 0 {
		t.Errorf("still open: %v", list)
	}
}

// What cannot be reached is tried less and less often, at most as often as the rule says, and
// never after its time.
func TestAufgegeben(t *testing.T) {
	s, d := workflowtest.New(t, nil), &draussen{}
	out := ausgang.New(s.Kern, regeln(d))
	tries := 0
	d.antwort = func(what, _ string) error {
		if what == "fragen" {
			tries++
		}
		return errLost
	}
	id := gib(t, out, s.Kern, s.A())
	for range 600 {
		runde(t, out)
		s.Uhr.Advance(time.Second)
	}
	l, err := out.Lage(s.Ctx)
	if err != nil || tries != 5 || l.Gescheitert != 1 || l.Wartet != 0 {
		t.Errorf("tried %d times in ten minutes: %+v %v", tries, l, err)
	}
	s.Fails(out.Verwerfen(s.Ctx, s.A(), id, ""), "M-262")
	s.Must(out.Wiederholen(s.Ctx, s.A(), id))
	s.Fails(out.Wiederholen(s.Ctx, s.A(), id), "M-263")
	d.antwort = func(string, string) error { return &ausgang.Endgueltig{Code: "X-1", Text: "Nicht lieferbar."} }
	runde(t, out)
	if list, _ := out.Offene(s.Ctx, 9); len(list) != 1 || list[0].Stand.Code != "X-1" {
		t.Errorf("%+v", list)
	}
	s.Must(out.Verwerfen(s.Ctx, s.A(), id, "anderswo bestellt"))
	s.Fails(out.Wiederholen(s.Ctx, s.A(), id), "M-263")
	late := gib(t, out, s.Kern, s.A())
	s.Uhr.Set(bis().Add(time.Second))
	d.antwort = func(string, string) error { return errLost }
	runde(t, out)
	if list, _ := out.Offene(s.Ctx, 9); len(list) != 1 || list[0].ID != late || list[0].Stand.Wartet() {
		t.Errorf("after its time: %+v", list)
	}
	_, err = out.Aufgeben(nil, s.A(), 0, "bestellung", "x", make([]byte, ausgang.MaxInhalt+1), bis())
	s.Fails(err, "M-261")
}

// However long a place was away: five minutes after it answers again nothing waits for it.
func TestNachFuenfMinutenLeer(t *testing.T) {
	s, d := workflowtest.New(t, nil), &draussen{}
	out := ausgang.New(s.Kern, map[string]ausgang.Regel{"bestellung": {Bote: d}})
	tries := 0
	d.antwort = func(string, string) error { tries++; return errLost }
	for range 3 {
		gib(t, out, s.Kern, s.A())
	}
	for range 20 { // until just after a try
		for n := tries; n == tries; s.Uhr.Advance(time.Second) {
			runde(t, out)
		}
	}
	d.antwort = nil
	for range 300 {
		runde(t, out)
		s.Uhr.Advance(time.Second)
	}
	if list, err := out.Offene(s.Ctx, 9); err != nil || len(list) != 0 {
		t.Errorf("%d wait, %v", len(list), err)
	}
}

// An errand of a kind that this version does not know waits, and holds up no other.
func TestUnbekannteArt(t *testing.T) {
	s, d := workflowtest.New(t, nil), &draussen{}
	gib(t, ausgang.New(s.Kern, nil), s.Kern, s.A())
	out := ausgang.New(s.Kern, nil)
	runde(t, out)
	if l, err := out.Lage(s.Ctx); err != nil || l.Unbekannt != 1 || l.Wartet != 0 {
		t.Errorf("%+v %v", l, err)
	}
	later := ausgang.New(s.Kern, regeln(d))
	runde(t, later)
	if len(d.getan) != 1 {
		t.Errorf("done %v", d.getan)
	}
}

// Two machines that both lead, whatever is lost on the way: each errand is done outside exactly
// once, and in the end both know so.
func TestZweiFuehren(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		uhr := clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC))
		d := &draussen{}
		var kerne [2]*workflow.Kern
		var out [2]*ausgang.Service
		for i, name := range []string{"platz-1", "platz-2"} {
			store := memory.New(memory.Options{Node: name, Clock: uhr, Projections: alle.Projections()})
			kerne[i] = &workflow.Kern{Store: store, Clock: uhr, Platz: name, Till: fmt.Sprint(i + 1)}
			out[i] = ausgang.New(kerne[i], regeln(d))
		}
		luck := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "luck"), 1)) // errands are done beside this test
		d.antwort = func(string, string) error {
			if luck.IntN(4) == 0 {
				return errLost
			}
			return nil
		}
		n := 0
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			i := rapid.IntRange(0, 1).Draw(rt, "machine")
			switch rapid.SampledFrom([]string{"errand", "round", "round", "ship", "restart", "time"}).Draw(rt, "what") {
			case "errand":
				n++
				gib(t, out[i], kerne[i], workflow.Auftrag{Key: fmt.Sprint("k", n), Actor: "AB"})
			case "round":
				runde(t, out[i])
			case "ship":
				ship(t, kerne[i].Store, kerne[1-i].Store)
			case "restart":
				out[i] = ausgang.New(kerne[i], regeln(d))
			case "time":
				uhr.Advance(time.Minute)
			}
		}
		d.antwort = nil
		for range 3 {
			ship(t, kerne[0].Store, kerne[1].Store)
			ship(t, kerne[1].Store, kerne[0].Store)
			for i, s := range out {
				list, err := s.Offene(t.Context(), 99)
				if err != nil {
					rt.Fatal(err)
				}
				for _, b := range list { // a person lets what was given up be tried again
					if !b.Stand.Wartet() {
						a := workflow.Auftrag{Key: strings.Join([]string{"w", b.ID, fmt.Sprint(i, b.Stand.Stamp.Lamport)}, "-"), Actor: "AB"}
						if err := s.Wiederholen(t.Context(), a, b.ID); err != nil {
							rt.Fatal(err)
						}
					}
				}
				uhr.Advance(time.Hour)
				runde(t, s)
			}
		}
		slices.Sort(d.getan)
		if len(d.getan) != n || len(slices.Compact(d.getan)) != n {
			rt.Fatalf("%d errands, done %v", n, d.getan)
		}
		for i, s := range out {
			if list, err := s.Offene(t.Context(), 9); err != nil || len(list) != 0 {
				rt.Fatalf("machine %d: open %v, %v", i, list, err)
			}
		}
	})
}

// ship gives one machine what the other has.
func ship(t *testing.T, from, to journal.Store) {
	t.Helper()
	heads, err := from.Heads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range heads {
		if h.Origin == to.Self() {
			continue
		}
		var list []journal.Record
		if err := from.Records(t.Context(), h.Origin, 0, func(r journal.Record) (bool, error) {
			list = append(list, r)
			return true, nil
		}); err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			continue
		}
		if _, err := to.Receive(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
}
