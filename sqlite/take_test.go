package sqlite_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
)

// movements are batches of one record each, of another machine.
func movements(t *testing.T, n int) (list [][]journal.Record) {
	t.Helper()
	var acts []journal.Act
	for i := range n {
		acts = append(acts, zugang(fmt.Sprint("m", i), 1))
	}
	for _, r := range other(t, "platz-2", acts...) {
		list = append(list, []journal.Record{r})
	}
	return list
}

// oneByOne hands batches out.
func oneByOne(list [][]journal.Record) func() []journal.Record {
	return func() (next []journal.Record) {
		if len(list) > 0 {
			next, list = list[0], list[1:]
		}
		return next
	}
}

// Batches that are taken in together count like batches that come one after the other.
func TestTakeCountsAll(t *testing.T) {
	s := open(t, t.TempDir())
	list := movements(t, 20)
	bell := s.Changed()
	for at, calls := 0, 0; at < 20; calls++ {
		got, err := s.Take(t.Context(), list[at], oneByOne(list[at+1:]))
		if at += got.New; err != nil || got.New == 0 || got.Head.Seq != uint64(at) || got.Head.Hash != list[at-1][0].Hash {
			t.Fatalf("%+v %v", got, err)
		}
		if calls > 2 { // what begins beside a start may want to write, once or twice
			t.Fatalf("%d batches after %d calls", at, calls)
		}
	}
	if n := menge(t, s); n != 20 {
		t.Errorf("stock is %d", n)
	}
	select {
	case <-bell:
	default:
		t.Error("nobody is told")
	}
	sound(t, s)
}

// The first batch stays whatever is wrong with a later one, and that one is refused when it
// comes alone.
func TestTakeKeepsTheFirst(t *testing.T) {
	forged := movements(t, 3)
	forged[2][0].Actor = "XY"
	gap := movements(t, 4)
	gap = append(gap[:2], gap[3])
	forked := movements(t, 3)
	forked[2][0].Prev = journal.Hash{1}
	forked[2][0].Hash = forked[2][0].Sum()
	for name, c := range map[string]struct {
		list [][]journal.Record
		err  error
		seq  uint64
	}{
		"forged": {forged, journal.ErrForged, 2}, "gap": {gap, journal.ErrGap, 2}, "forked": {forked, journal.ErrFork, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir())
			got, err := s.Take(t.Context(), c.list[0], oneByOne(c.list[1:]))
			if err != nil || got.Head.Seq == 0 || got.Head.Seq > c.seq || menge(t, s) != int(got.Head.Seq) {
				t.Errorf("%+v %v", got, err)
			}
			for got.Head.Seq < 2 && err == nil { // what was left out comes again
				got, err = s.Receive(t.Context(), c.list[got.Head.Seq])
			}
			if _, err = s.Receive(t.Context(), c.list[2]); !errors.Is(err, c.err) {
				t.Errorf("%v, want %v", err, c.err)
			}
			sound(t, s)
		})
	}
}

// An act that waits is let in after the batch that is being stored, however many are ready.
func TestTakeLetsActsIn(t *testing.T) {
	s := open(t, t.TempDir())
	list := movements(t, 3_000)
	wrote := make(chan error, 1)
	handed := 0
	next := oneByOne(list[1:])
	got, err := s.Take(t.Context(), list[0], func() []journal.Record {
		if handed++; handed == 10 {
			go func() {
				_, err := s.Append(t.Context(), act("sale", event.BestandGeaendert{PZN: "01234562", Delta: 1000, Art: "zugang"}))
				wrote <- err
			}()
		}
		return next()
	})
	if err != nil || got.Head.Seq < 10 || got.Head.Seq >= 3_000 {
		t.Errorf("%+v %v", got, err)
	}
	mustDo(t, <-wrote)
	if n := menge(t, s); n != 1000+int(got.Head.Seq) {
		t.Errorf("stock is %d", n)
	}
}

// An act that waits is let in within a batch, too, between two acts; Receive stores all of it.
func TestTakeEndsWithinABatch(t *testing.T) {
	s := open(t, t.TempDir())
	var list []journal.Record
	for _, b := range movements(t, 900) {
		list = append(list, b...)
	}
	for at := uint64(0); at < 900; {
		wrote := make(chan error, 1)
		go func() {
			_, err := s.Append(t.Context(), act(fmt.Sprint("sale", at), event.BestandGeaendert{PZN: "01234562", Delta: 1, Art: "zugang"}))
			wrote <- err
		}()
		got, err := s.Take(t.Context(), list[at:], func() []journal.Record { return nil })
		mustDo(t, errors.Join(err, <-wrote))
		if got.Head.Seq < min(at+100, 900) {
			t.Fatalf("after %d up to %d only", at, got.Head.Seq)
		}
		at = got.Head.Seq
	}
	more := other(t, "platz-3", zugang("x", 1), zugang("y", 2))
	got, err := s.Receive(t.Context(), more)
	mustDo(t, err)
	if got.Head.Seq != 2 {
		t.Errorf("%+v", got)
	}
	sound(t, s)
}
