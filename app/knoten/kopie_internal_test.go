package knoten

import (
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
)

// An earlier life of this machine ended while its clock was a day ahead: that is no copy. What comes
// afterwards is one.
func TestFrueheresLebenGingVor(t *testing.T) {
	uhr := clock.NewManual(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC))
	ahead := uhr.Now().AddDate(0, 0, 1)
	self, other := memory.New(memory.Options{Clock: uhr}), memory.New(memory.Options{Clock: uhr}) // a copy of each other
	writes := func(s journal.Store, key string) []journal.Record {
		t.Helper()
		r, err := s.Append(t.Context(), journal.Act{Key: key, Actor: "AB", Wall: ahead, Decide: func(journal.Rows) ([]journal.Event, error) {
			return []journal.Event{event.EinstellungGesetzt{Schluessel: "x", Wert: key}}, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		return r.Records
	}
	writes(self, "a")
	writes(other, "a")
	if err := self.Reincarnate(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	var x kopie
	looks := func(want bool) {
		t.Helper()
		if err := x.suche(t.Context(), self, uhr); err != nil || x.laeuft(uhr.Mono()) != want {
			t.Errorf("%t %v, want %t", x.laeuft(uhr.Mono()), err, want)
		}
	}
	looks(false)
	uhr.Advance(kopieAlle)
	looks(false)
	if _, err := self.Receive(t.Context(), writes(other, "b")); err != nil {
		t.Fatal(err)
	}
	looks(true)
	uhr.Advance(kopieGilt)
	looks(false)
}
