package ausgang

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
	"github.com/offizin/offizin/projection/besorgungen"
	"github.com/offizin/offizin/workflow"
)

// takt is how often is looked for errands; stapel is how many are looked at, reihen of one place: of
// one where many wait the others must not notice.
const (
	takt   = time.Second
	stapel = 500
	reihen = 20
)

// Actor is who writes what became of an errand.
const Actor = "offizin"

// versuch is what this machine knows of its tries of an errand since its start.
type versuch struct {
	fehler int           // tries that failed
	offen  int           // times that what came of it could not be written down
	wann   time.Duration // not before, by the monotonic clock
	stamp  projection.Stamp
}

// zugleich is to how many places errands are done at the same time.
const zugleich = 16

// Laufen does errands while this machine leads, until the context ends. Places do not wait for each
// other: to one that does not answer the others owe nothing.
func (s *Service) Laufen(ctx context.Context, fuehrt func() bool, log *slog.Logger) {
	t := time.NewTicker(takt)
	defer t.Stop()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		s.Schritt(ctx, fuehrt(), all.Go, func(err error) {
			if err != nil && ctx.Err() == nil {
				log.Error("errands", slog.Any("error", err))
			}
		})
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// Schritt is one look of a machine: whoever leads begins to try what is due. What is to be done at one
// place goes to neben, which does it beside the others or at once; tell hears of each end.
func (s *Service) Schritt(ctx context.Context, fuehrt bool, neben func(func()), tell func(error)) {
	if fuehrt {
		s.beginne(ctx, neben, tell)
		return
	}
	s.vergiss() // whoever leads counts anew
}

// Runde tries what is due: errands to different places side by side, those to one place in
// order. It ends when all of them have been tried once, apart from those to places where one is
// tried already, and to more than 16 places.
func (s *Service) Runde(ctx context.Context) (err error) {
	var all sync.WaitGroup
	var mu sync.Mutex
	s.beginne(ctx, all.Go, func(failed error) {
		mu.Lock()
		defer mu.Unlock()
		err = errors.Join(err, failed)
	})
	all.Wait()
	return err
}

// line are the errands to one place, with what is known of each.
type line struct {
	list  []Besorgung
	tries []*versuch
}

// beginne begins to try what is due, at places where nothing is tried yet; tell hears of each end.
func (s *Service) beginne(ctx context.Context, neben func(func()), tell func(error)) {
	count := map[string]int{}
	list, err := s.offene(ctx, stapel, func(b Besorgung) bool {
		_, known := s.regeln[b.Art]
		if known = known && b.Stand.Wartet(); known {
			count[b.Ziel]++
		}
		return known && count[b.Ziel] <= reihen
	})
	if err != nil {
		tell(err)
		return
	}
	lines := s.lines(list)
	for _, ziel := range slices.Sorted(maps.Keys(lines)) {
		l := lines[ziel]
		neben(func() {
			failed := s.reihe(ctx, l.list, l.tries)
			s.mu.Lock()
			delete(s.busy, ziel)
			s.mu.Unlock()
			tell(failed)
		})
	}
}

// lines takes the places at which something is due and nothing is being done.
func (s *Service) lines(list []Besorgung) map[string]line {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(list)
	all := map[string]line{}
	for _, b := range list {
		if !s.busy[b.Ziel] {
			l := all[b.Ziel]
			all[b.Ziel] = line{append(l.list, b), append(l.tries, s.try(b))}
		}
	}
	now := s.kern.Clock.Mono()
	for ziel, l := range all { // in any order: nobody is passed over for ever
		if len(s.busy) >= zugleich || now < l.tries[0].wann {
			delete(all, ziel)
			continue
		}
		s.busy[ziel] = true
	}
	return all
}

// vergiss drops what is known of all tries, as soon as none is going on.
func (s *Service) vergiss() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.busy) == 0 {
		clear(s.tries)
	}
}

// forget drops what is known of errands that do not wait any more.
func (s *Service) forget(list []Besorgung) {
	open := map[string]bool{}
	for _, b := range list {
		open[b.ID] = true
	}
	for id := range s.tries {
		if !open[id] {
			delete(s.tries, id)
		}
	}
}

// try is what is known of an errand; after a decision of a person it begins anew.
func (s *Service) try(b Besorgung) *versuch {
	v := s.tries[b.ID]
	if v == nil || v.stamp != b.Stand.Stamp {
		v = &versuch{stamp: b.Stand.Stamp}
		s.tries[b.ID] = v
	}
	return v
}

// reihe does the errands to one place, the oldest first. One that failed holds those behind it
// up, until it is given up: orders must not overtake each other.
func (s *Service) reihe(ctx context.Context, line []Besorgung, tries []*versuch) error {
	for i, b := range line {
		if s.kern.Clock.Mono() < tries[i].wann {
			return nil
		}
		done, err := s.einmal(ctx, b, tries[i])
		if err != nil || !done {
			return err
		}
	}
	return nil
}

// einmal tries one errand and writes down what came of it; done if it is off the list.
func (s *Service) einmal(ctx context.Context, b Besorgung, v *versuch) (done bool, err error) {
	r := s.regeln[b.Art]
	answer, failed := s.frage(ctx, b, r)
	final, _ := errors.AsType[*Endgueltig](failed)
	switch {
	case failed == nil:
		return true, s.notiere(ctx, r, "erledigt", v, event.BesorgungErledigt{ID: b.ID, Ergebnis: answer})
	case ctx.Err() != nil:
		return false, nil //nolint:nilerr // the program ends; whoever leads next asks first
	case final == nil && v.fehler+1 < r.MaxFehler && s.kern.Clock.Now().UnixNano() < b.Bis:
		v.fehler++
		v.wann = s.kern.Clock.Mono() + r.pause(v.fehler)
		return false, nil
	case final == nil:
		final = &Endgueltig{"M-264", "Das Gegenüber war zu lange nicht zu erreichen; bitte wiederholen oder verwerfen."}
	}
	return true, s.notiere(ctx, r, "gescheitert", v, event.BesorgungGescheitert{
		ID: b.ID, Code: final.Code, Text: final.Text,
	})
}

// notiere is melde, which fails on a full disk: then too the next try has to wait, or the outside would
// be asked every second.
func (s *Service) notiere(ctx context.Context, r Regel, was string, v *versuch, e journal.Event) error {
	err := s.melde(ctx, was, v, e)
	if err != nil {
		v.offen++
		v.wann = s.kern.Clock.Mono() + r.pause(v.offen)
	}
	return err
}

// frage asks whether it was done already, and else does it.
func (s *Service) frage(ctx context.Context, b Besorgung, r Regel) (string, error) {
	ctx, stop := context.WithTimeout(ctx, r.Dauer)
	defer stop()
	answer, done, err := r.Bote.Fragen(ctx, b)
	if err != nil || done {
		return answer, err
	}
	return r.Bote.Zustellen(ctx, b)
}

// melde writes what became of an errand, unless another machine has done so.
func (s *Service) melde(ctx context.Context, was string, v *versuch, e journal.Event) error {
	id := ""
	switch e := e.(type) {
	case event.BesorgungErledigt:
		id = e.ID
	case event.BesorgungGescheitert:
		id = e.ID
	}
	key := was + "-" + id + "-" + strconv.FormatUint(v.stamp.Lamport, 36) + "-" + s.kern.Platz
	a := workflow.Auftrag{Key: key, Actor: Actor}
	_, err := s.kern.Do(ctx, a, id, func(rows journal.Rows) ([]journal.Event, error) {
		b, ok, err := besorgungen.Find(rows, id)
		if err != nil || !ok || !b.Stand.Offen() {
			return nil, cmp.Or(err, workflow.ErrUnchanged)
		}
		return []journal.Event{e}, nil
	})
	return err
}

// Lage is how the outbox stands.
type Lage struct {
	Wartet      int       // waiting to be tried
	Gescheitert int       // a person must decide
	Unbekannt   int       // of a kind that this version does not know
	Seit        time.Time // of the oldest that waits, UTC; zero: none
}

// Lage looks at what is not done, at most at the 500 oldest.
func (s *Service) Lage(ctx context.Context) (l Lage, err error) {
	list, err := s.Offene(ctx, stapel)
	for _, b := range slices.Backward(list) {
		_, known := s.regeln[b.Art]
		switch {
		case !b.Stand.Wartet():
			l.Gescheitert++
		case !known:
			l.Unbekannt++
		default:
			l.Wartet++
			l.Seit = time.Unix(0, b.Zeit).UTC()
		}
	}
	return l, err
}
