package memory_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/journaltest"
	"github.com/offizin/offizin/journal/memory"
)

func TestStore(t *testing.T) {
	journaltest.Run(t, func(t *testing.T) journal.Store {
		t.Helper()
		s := memory.New(memory.Options{Node: "platz-1", Projections: journaltest.Projections()})
		t.Cleanup(func() { _ = s.Close() })
		return s
	})
}

func einstellung(key, name, wert string) journal.Act {
	return journal.Act{Key: key, Input: name + wert, Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{event.EinstellungGesetzt{Schluessel: name, Wert: wert}}, nil
	}}
}

// The same acts at the same times make the same chain.
func TestDeterministic(t *testing.T) {
	run := func() journal.Hash {
		c := clock.NewManual(time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC))
		s := memory.New(memory.Options{Clock: c})
		for i := range 10 {
			c.Advance(time.Second)
			if _, err := s.Append(t.Context(), einstellung(fmt.Sprint(i), "x", fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
		heads, err := s.Heads(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return heads[0].Hash
	}
	if a, b := run(), run(); a != b {
		t.Errorf("%x and %x", a, b)
	}
}

// The tree holds what a map holds, in order, and an old view never changes.
func TestRowsAgainstMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := memory.New(memory.Options{Projections: journaltest.Projections()})
		want := map[string]string{}
		ops := rapid.SliceOfN(rapid.StringMatching(`[a-d]{1,3}=[01]?`), 1, 60).Draw(t, "ops")
		for i, op := range ops {
			key, wert, _ := strings.Cut(op, "=")
			if _, err := s.Append(t.Context(), einstellung(fmt.Sprint(i), key, wert)); err != nil {
				t.Fatal(err)
			}
			if wert == "" {
				delete(want, key)
			} else {
				want[key] = wert
			}
		}
		var have, expect []string
		err := s.View(t.Context(), func(rows journal.Rows) error {
			return rows.Scan("probe", journal.Range{}, func(k string, v []byte) (bool, error) {
				have = append(have, k+"="+string(v))
				return true, nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range want {
			expect = append(expect, k+"="+v)
		}
		slices.Sort(expect)
		if !slices.Equal(have, expect) {
			t.Fatalf("have %v, want %v", have, expect)
		}
	})
}
