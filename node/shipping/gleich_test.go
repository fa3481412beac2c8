package shipping_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/node/shipping"
	"github.com/offizin/offizin/projection/alle"
	lager "github.com/offizin/offizin/projection/bestand"
)

// direkt hands requests to a handler, and loses answers when the drawn number says so: what
// was asked has then happened, and the child does not know.
type direkt struct {
	h    http.Handler
	lose func() bool
}

func (d direkt) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	if d.lose() {
		return nil, http.ErrHandlerTimeout
	}
	return w.Result(), nil
}

// bestand is an act of stock; the same key on two machines is the same act.
func bestand(key string, n int) journal.Act {
	return journal.Act{Key: key, Input: n, Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{
			event.BestandGeaendert{PZN: "01234562", Delta: n, Art: "zugang"},
			event.EinstellungGesetzt{Schluessel: "name", Wert: key},
		}, nil
	}}
}

// rows are all rows of all read models, as text.
func rows(t *rapid.T, s journal.Store) string {
	var b bytes.Buffer
	err := s.View(t.Context(), func(r journal.Rows) error {
		for _, p := range alle.Projections() {
			err := r.Scan(p.Name(), journal.Range{}, func(key string, v []byte) (bool, error) {
				fmt.Fprintf(&b, "%s %s %s\n", p.Name(), key, v)
				return true, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Whatever three machines do and in whatever order they meet, with answers that are lost on
// the way: in the end all hold the same records and count the same, each act once.
func TestAmEndeGleich(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const machines = 3
		var stores [machines]*memory.Store
		for i := range stores {
			stores[i] = memory.New(memory.Options{Node: fmt.Sprint("platz-", i+1), Projections: alle.Projections()})
		}
		broken := true
		link := func(child, parent int) *shipping.Child {
			h := shipping.NewServer(stores[parent], slog.New(slog.DiscardHandler))
			lose := func() bool { return broken && rapid.IntRange(0, 4).Draw(t, "lose") == 0 }
			return shipping.NewChild(stores[child], &shipping.Parent{
				URL: "http://platz", HTTP: &http.Client{Transport: direkt{h, lose}},
			})
		}
		done := map[string]int{}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			i, j := rapid.IntRange(0, machines-1).Draw(t, "machine"), rapid.IntRange(0, machines-1).Draw(t, "other")
			if i != j {
				_, _ = link(i, j).Sync(t.Context()) // may fail: then later
				continue
			}
			n := rapid.IntRange(1, 9).Draw(t, "act")
			key := fmt.Sprint("act-", n)
			if _, err := stores[i].Append(t.Context(), bestand(key, n)); err != nil {
				t.Fatal(err)
			}
			done[key] = n
		}
		broken = false
		for _, way := range [][2]int{{1, 0}, {2, 0}, {1, 0}} {
			if _, err := link(way[0], way[1]).Sync(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		sum := 0
		for _, n := range done {
			sum += n
		}
		first := rows(t, stores[0])
		for _, s := range stores {
			if got := rows(t, s); got != first {
				t.Fatalf("machines count differently:\n%s\n%s", first, got)
			}
		}
		err := stores[0].View(t.Context(), func(r journal.Rows) error {
			got, err := lager.Menge(r, "01234562")
			if got != sum {
				t.Fatalf("stock is %d, want %d", got, sum)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
