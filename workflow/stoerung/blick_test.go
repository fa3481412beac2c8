package stoerung_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// akte keeps the history in memory.
type akte struct {
	mu   sync.Mutex
	list []stoerung.Ausfall
	full error
}

func (a *akte) Lesen() ([]stoerung.Ausfall, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.list), nil
}

func (a *akte) Schreiben(list []stoerung.Ausfall) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.full == nil {
		a.list = slices.Clone(list)
	}
	return a.full
}

// haenger is a disk that does not answer as long as it hangs.
type haenger struct {
	machine

	mu     sync.Mutex
	haengt chan struct{}
}

// stop makes it hang on a channel, or go on.
func (h *haenger) stop(on chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.haengt != nil {
		close(h.haengt)
	}
	h.haengt = on
}

func (h *haenger) Platte(ctx context.Context) (stoerung.Platte, error) {
	h.mu.Lock()
	on := h.haengt
	h.mu.Unlock()
	if on != nil {
		<-on
	}
	return h.machine.Platte(ctx)
}

// A link that hangs is told of within a minute while no page is open, holds up no other, and
// is well again by itself; time is virtual.
func TestHaengendesGlied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := workflowtest.New(t, nil)
		x.Kern.Clock = clock.NewReal() // that of the bubble
		h := &haenger{machine: machine{
			platte: stoerung.Platte{Frei: 100 << 30, Schreibtest: time.Millisecond, Geprueft: x.Kern.Clock.Now().Add(time.Hour)},
			check:  stoerung.Journalpruefung{Zeit: x.Kern.Clock.Now()},
		}}
		a := &akte{}
		s := stoerung.New(x.Kern, stoerung.Options{Probe: h, Verlauf: a})
		ctx, end := context.WithCancel(context.Background())
		ran := make(chan struct{})
		go func() { defer close(ran); s.Laufen(ctx) }()
		time.Sleep(2 * time.Minute)
		kept := func() []stoerung.Ausfall { list, _ := a.Lesen(); return list }
		before := len(kept())
		h.stop(make(chan struct{}))
		broke := time.Now()
		for len(kept()) == before && time.Since(broke) < time.Hour {
			time.Sleep(time.Second)
		}
		if got := kept()[len(kept())-1]; time.Since(broke) > time.Minute || got.Glied != "platte" || got.Code != "S-600" {
			t.Errorf("after %s: %+v", time.Since(broke), got)
		}
		asked := time.Now()
		l := s.Zustand(ctx)
		if g := glied(t, l, "journal"); time.Since(asked) > 3*time.Second || g.Code != "" || l.Ampel.Farbe != stoerung.Rot {
			t.Errorf("after %s: %+v, %+v", time.Since(asked), g, l.Ampel)
		}
		h.stop(nil)
		time.Sleep(time.Minute)
		if got := kept()[len(kept())-1]; got.Bis.IsZero() {
			t.Errorf("%+v", got)
		}
		end()
		<-ran
	})
}

// kaputt panics instead of looking.
type kaputt struct{ machine }

func (*kaputt) Platte(context.Context) (stoerung.Platte, error) { panic("a bug") }

// A look that panics is a link out of order, not the end of the till.
func TestLookPanics(t *testing.T) {
	x := workflowtest.New(t, nil)
	s := stoerung.New(x.Kern, stoerung.Options{Probe: &kaputt{}})
	if g := glied(t, s.Zustand(x.Ctx), "platte"); g.Code != "S-600" {
		t.Errorf("%+v", g)
	}
}

// When a link went bad and good is kept over restarts; what comes again within five minutes
// is one entry; after 30 days it is gone.
func TestVerlauf(t *testing.T) {
	x, m, _ := open(t)
	a := &akte{}
	neu := func() *stoerung.Service { return stoerung.New(x.Kern, stoerung.Options{Probe: m, Verlauf: a}) }
	s := neu()
	tick := func(d time.Duration, err error) []stoerung.Ausfall {
		x.Uhr.Advance(d)
		m.err, m.platte.Geprueft, m.check.Zeit = err, x.Uhr.Now(), x.Uhr.Now()
		ctx, end := context.WithCancel(x.Ctx)
		end()
		s.Laufen(ctx) // one look, and what it saw is kept
		var list []stoerung.Ausfall
		for _, f := range s.Zustand(x.Ctx).Verlauf {
			if f.Glied == "platte" {
				list = append(list, f)
			}
		}
		return list
	}
	broken := errors.New("broken")
	tick(0, nil)
	from := x.Uhr.Now().Add(time.Minute)
	tick(time.Minute, broken)
	s = neu() // restarted while the disk is broken
	if g := glied(t, s.Zustand(x.Ctx), "platte"); !g.Seit.Equal(from) {
		t.Errorf("broken since %v, want %v", g.Seit, from)
	}
	tick(time.Minute, nil)
	s = neu()
	tick(5*time.Minute, broken)
	got := tick(time.Minute, nil)
	to := x.Uhr.Now()
	want := stoerung.Ausfall{
		Glied: "platte", Name: "Festplatte", Zustand: stoerung.Gestoert, Code: "S-102", Von: from, Bis: to, Mal: 2,
	}
	if len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	tick(6*time.Minute, broken)
	if got := tick(time.Minute, nil); len(got) != 2 || got[0].Mal != 1 || !got[0].Von.After(to) {
		t.Errorf("later than five minutes, the newest first: %+v", got)
	}
	if got := tick(30*24*time.Hour-8*time.Minute, nil); len(got) != 2 {
		t.Errorf("within 30 days: %+v", got)
	}
	if got := tick(2*24*time.Hour, nil); len(got) != 0 {
		t.Errorf("after 30 days: %+v", got)
	}
}

// A machine that was gone before a restart and is still gone after it has been gone all along.
func TestVerlaufUeberNeustart(t *testing.T) {
	x, m, _ := open(t)
	a, l := &akte{}, drei()
	l.Andere[1].Erreichbar, l.Andere[1].Seit = false, -time.Second
	neu := func() *stoerung.Service {
		return stoerung.New(x.Kern, stoerung.Options{
			Probe: m, Verlauf: a, Rechner: func(context.Context) stoerung.Rechnerlage { return l },
		})
	}
	look := func(s *stoerung.Service) stoerung.Glied {
		ctx, end := context.WithCancel(x.Ctx)
		end()
		s.Laufen(ctx)
		return glied(t, s.Zustand(x.Ctx), "rechner-platz-3")
	}
	s := neu()
	x.Uhr.Advance(15 * time.Second)
	from := look(s).Seit
	x.Uhr.Advance(time.Hour)
	s = neu()
	if g := look(s); g.Code != "" {
		t.Errorf("while it is looked for: %+v", g)
	}
	x.Uhr.Advance(15 * time.Second)
	if g := look(s); g.Code != "S-610" || !g.Seit.Equal(from) {
		t.Errorf("%+v, since %v", g, from)
	}
	for _, f := range a.list {
		if f.Glied == "rechner-platz-3" && (f.Mal != 1 || !f.Bis.IsZero()) {
			t.Errorf("%+v", f)
		}
	}
	l.Andere[1].Erreichbar = true
	s = neu()
	look(s)
	x.Uhr.Advance(15 * time.Second)
	look(s)
	for _, f := range a.list {
		if f.Glied == "rechner-platz-3" && f.Bis.IsZero() {
			t.Errorf("it answers: %+v", f)
		}
	}
}

// A disk that does not take the history gets it later.
func TestVerlaufNichtGeschrieben(t *testing.T) {
	x, m, _ := open(t)
	a := &akte{full: errors.New("full")}
	m.err = errors.New("broken")
	s := stoerung.New(x.Kern, stoerung.Options{Probe: m, Verlauf: a})
	ctx, end := context.WithCancel(x.Ctx)
	end()
	s.Laufen(ctx)
	a.full = nil
	s.Laufen(ctx)
	if len(a.list) == 0 {
		t.Error("never written")
	}
}
