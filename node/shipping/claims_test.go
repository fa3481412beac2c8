package shipping_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/export"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/node/shipping"
)

// luegner is a member that claims one record more of whoever asks than he has himself, and can show
// it, if it is asked to: a record has no signature.
func luegner(t *testing.T, a *memory.Store, shows bool) *shipping.Parent {
	t.Helper()
	own := store("platz-1")
	honest := shipping.NewServer(own, slog.New(slog.DiscardHandler))
	forged := func() journal.Record {
		head, err := a.Heads(context.Background())
		if err != nil {
			t.Error(err)
		}
		r := journal.Record{
			Origin: head[0].Origin, Seq: head[0].Seq + 1, Prev: head[0].Hash, Key: "luege/0", Type: "einstellung.gesetzt.v1",
			Lamport: 1 << 20, Actor: "XX", Zone: "Europe/Berlin", Payload: []byte(`{"schluessel":"x","wert":"y"}`),
		}
		r.Hash = r.Sum()
		return r
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /knoten/v1/heads", func(w http.ResponseWriter, _ *http.Request) {
		r := forged()
		fmt.Fprintf(w, `{"version":1,"heads":[{"node":"platz-1","incarnation":%q,"seq":0,"hash":"%064d"},`+
			`{"node":%q,"incarnation":%q,"seq":%d,"hash":"%x"}]}`, own.Self().Incarnation, 0, r.Origin.Node, r.Origin.Incarnation,
			r.Seq, r.Hash)
	})
	mux.HandleFunc("GET /knoten/v1/hash", func(w http.ResponseWriter, q *http.Request) {
		var sum journal.Hash
		err := a.Records(q.Context(), a.Self(), 0, func(r journal.Record) (bool, error) {
			if q.FormValue("seq") == fmt.Sprint(r.Seq) {
				sum = r.Hash
			}
			return true, nil
		})
		if err != nil {
			t.Error(err)
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"hash": fmt.Sprintf("%x", sum)})
	})
	mux.HandleFunc("GET /knoten/v1/records", func(w http.ResponseWriter, q *http.Request) {
		if r := forged(); shows && q.FormValue("seq") == fmt.Sprint(r.Seq-1) && q.FormValue("node") == r.Origin.Node {
			_ = export.NewEncoder(w).Encode(export.Of(r))
		}
	})
	mux.Handle("/", honest)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return &shipping.Parent{URL: server.URL, HTTP: server.Client()}
}

// A member that claims again and again to have more of this machine than it has cannot make it go on
// under new names for ever: once, then after pauses, five times in all. One that cannot show what it
// claims changes nothing. What this machine has of others is shipped all the same.
func TestBehauptung(t *testing.T) {
	for shows, want := range map[bool]int{false: 0, true: 5} {
		a := store("platz-2")
		setze(t, a, "a", "x", "1")
		uhr := clock.NewManual(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC))
		c := shipping.NewChild(a, luegner(t, a, shows))
		c.Claims = shipping.NewClaims(uhr.Mono)
		births, first := 0, 0
		for i := range 600 { // ten hours
			before := a.Self()
			_, err := c.Sync(t.Context())
			if a.Self() != before {
				births++
			} else if shows && !errors.Is(err, shipping.ErrClaim) {
				t.Fatalf("after %d minutes: %v", i, err)
			}
			if err == nil && !shows {
				t.Error("a claim without a record was believed")
			}
			if i == 0 {
				first = births
			}
			uhr.Advance(time.Minute)
		}
		if births != want || first != min(want, 1) {
			t.Errorf("shows %v: %d new names, %d at once; want %d", shows, births, first, want)
		}
	}
}
