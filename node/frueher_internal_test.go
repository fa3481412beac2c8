package node

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/node/rang"
)

// A machine hears with every pulse whether another one holds another history of one of its earlier lives, and then
// asks it; nothing is asked where both hold the same, or where it has none itself.
func TestFruehereLeben(t *testing.T) {
	uhr := neueUhr()
	knoten := func(s *memory.Store) *Knoten {
		o := optionen(t, uhr, rang.Name{Rang: 1, Platz: s.Self().Node})
		o.Store = s
		return New(o)
	}
	life := func(text string) []journal.Record {
		s := memory.New(memory.Options{Node: "platz-2", Clock: uhr})
		r, err := s.Append(t.Context(), journal.Act{
			Key: text, Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) {
				return []journal.Event{event.EinstellungGesetzt{Schluessel: "x", Wert: text}}, nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		return r.Records
	}
	for _, c := range []struct {
		here, there string
		asks        bool
	}{{"b", "c", true}, {"b", "b", false}, {"", "c", false}, {"b", "", false}} {
		t.Run(fmt.Sprintf("%q %q", c.here, c.there), func(t *testing.T) {
			own := memory.New(memory.Options{Node: "platz-2", Clock: uhr})
			if err := own.Reincarnate(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			other := memory.New(memory.Options{Node: "platz-3", Clock: uhr})
			for s, text := range map[*memory.Store]string{own: c.here, other: c.there} {
				if text == "" {
					continue
				}
				if _, err := s.Receive(t.Context(), life(text)); err != nil {
					t.Fatal(err)
				}
			}
			asked := httptest.NewRequest("GET", pathWer+"?node=platz-2&incarnation="+own.Self().Incarnation, nil)
			var w wer
			w.Seq, w.Hash, w.Frueher = knoten(other).has(asked)
			k := knoten(own)
			if k.compare(t.Context(), "platz-3", own.Self(), w); k.doubts["platz-3"] != c.asks {
				t.Errorf("asks: %v", k.doubts)
			}
		})
	}
}
