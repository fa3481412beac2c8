package simcmd_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/simcmd"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

// till is a pharmacy that answers under an address; what lies before may lose answers.
func till(t *testing.T, before func(http.Handler) http.Handler) (*apotheke.Apotheke, string) {
	t.Helper()
	dir := t.TempDir()
	a, err := apotheke.Open(t.Context(), apotheke.Options{Dir: dir, Clock: clock.NewReal(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	q := muster.Quelle(muster.Options{Seed: 1, Artikel: 100})
	m := catalogue.Manifest{Quelle: "Test", GueltigAb: 20260101, Gebaut: "2026-01-01T00:00:00Z"}
	if _, err := generation.Build(t.Context(), filepath.Join(dir, apotheke.KatalogDir), m, q, nil); err != nil {
		t.Fatal(err)
	}
	if err := a.Katalog.Reload(); err != nil {
		t.Fatal(err)
	}
	err = a.Dienste.Haus.BenutzerSetzen(t.Context(), workflow.Auftrag{Key: "ab", Actor: "SYSTEM"},
		haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber", Aktiv: true})
	if err != nil {
		t.Fatal(err)
	}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(before(h))
	t.Cleanup(s.Close)
	return a, s.URL
}

// lose lets every third request be done and its answer be lost, and of payments by themselves as well: two who
// sell at once could else always lose another one.
func lose(h http.Handler) http.Handler {
	var payments, others atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := &others
		if strings.HasSuffix(r.URL.Path, "/bezahlen") {
			n = &payments
		}
		if n.Add(1)%3 == 0 {
			h.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		h.ServeHTTP(w, r)
	})
}

// away does not let anybody in until it is asked so often, then everybody.
func away(asked int64) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		var n atomic.Int64
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) <= asked {
				panic(http.ErrAbortHandler)
			}
			h.ServeHTTP(w, r)
		})
	}
}

func plain(h http.Handler) http.Handler { return h }

func sell(t *testing.T, c simcmd.Verkauf) (list []driver.Bestaetigung, stderr string, err error) {
	t.Helper()
	c.Benutzer, c.JSON = "AB", true
	var out, errs bytes.Buffer
	err = c.Run(&env.Env{Ctx: t.Context(), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Clock: clock.NewReal()})
	for dec := json.NewDecoder(&out); ; {
		var b driver.Bestaetigung
		if bad := dec.Decode(&b); errors.Is(bad, io.EOF) {
			return list, errs.String(), err
		} else if bad != nil {
			t.Fatal(bad)
		}
		list = append(list, b)
	}
}

// booked counts the payments in a journal by their keys.
func booked(t *testing.T, a *apotheke.Apotheke) map[string]int {
	t.Helper()
	n := map[string]int{}
	err := a.Store.Records(t.Context(), a.Store.Self(), 0, func(r journal.Record) (bool, error) {
		if r.Type == "verkauf.abgeschlossen.v1" {
			key, _, _ := journal.SplitKey(r.Key)
			n[key]++
		}
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Answers get lost after the work was done: each is asked for again with the same key, and the
// journal has every sale exactly once.
func TestVerloreneAntworten(t *testing.T) {
	a, url := till(t, lose)
	list, _, err := sell(t, simcmd.Verkauf{An: []string{url}, N: 20, Parallel: 2, Geduld: time.Minute})
	if err != nil || len(list) != 20 {
		t.Fatalf("%d sales, %v", len(list), err)
	}
	n, repeated := booked(t, a), 0
	for _, b := range list {
		if n[b.Key] != 1 || b.Cent != 1093 || b.Schild != "allein" {
			t.Errorf("%+v: %d times", b, n[b.Key])
		}
		if b.Versuche > 1 {
			repeated++
		}
	}
	if len(n) != 20 || repeated == 0 {
		t.Errorf("%d Bons in the journal, %d repeated", len(n), repeated)
	}
}

// A till that is away: the next one sells at once; the sale that was begun at the first is
// finished there and nowhere else.
func TestNaechsterRechner(t *testing.T) {
	first, url1 := till(t, away(2))
	second, url2 := till(t, plain)
	list, _, err := sell(t, simcmd.Verkauf{An: []string{url1, url2}, N: 30, Parallel: 1, Geduld: time.Minute, Pause: 30 * time.Millisecond})
	if err != nil || len(list) != 30 {
		t.Fatalf("%d sales, %v", len(list), err)
	}
	a, b := booked(t, first), booked(t, second)
	if list[0].An != url2 || len(a) == 0 || len(b) == 0 || len(a)+len(b) != 30 {
		t.Errorf("first sale at %s; %d and %d", list[0].An, len(a), len(b))
	}
	for key := range a {
		if b[key] > 0 {
			t.Errorf("%s was paid at both", key)
		}
	}
}

// A sale that is never acknowledged is named, and the command ends with 1.
func TestNieBestaetigt(t *testing.T) {
	_, url := till(t, away(1<<40))
	list, stderr, err := sell(t, simcmd.Verkauf{An: []string{url}, N: 1, Parallel: 1, Geduld: 300 * time.Millisecond, Name: "x"})
	if len(list) != 0 || env.CodeOf(err) != env.ExitDiffers || !strings.Contains(stderr, "x-1-1-3") {
		t.Errorf("%v %v %s", list, err, stderr)
	}
	if _, _, err := sell(t, simcmd.Verkauf{An: []string{"localhost:80"}, N: 1, Parallel: 1}); env.CodeOf(err) != env.ExitUsage {
		t.Errorf("an address without http: %v", err)
	}
}
