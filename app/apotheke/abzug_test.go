package apotheke_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow"
)

func open(t *testing.T, dir string) *apotheke.Apotheke {
	t.Helper()
	a, err := apotheke.Open(t.Context(), apotheke.Options{
		Dir: dir, Clock: clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// What is written is what the gate reads; what cannot be read is an error, none is none.
func TestAbzug(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	if s, err := apotheke.LiesAbzug(dir); s != nil || err != nil {
		t.Errorf("without one: %v, %v", s, err)
	}
	_, err := a.Kern.Do(t.Context(), workflow.Auftrag{Key: "k", Actor: "AB"}, "test", func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{event.BestandGeaendert{PZN: "01126111", Delta: 3, Art: "zugang"}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want, err := a.Abzug(t.Context())
	got, err2 := apotheke.LiesAbzug(dir)
	if err != nil || err2 != nil || len(want.Bestand) != 1 {
		t.Fatalf("%+v, %v, %v", want, err, err2)
	}
	if d := cmp.Diff(&want, got); d != "" {
		t.Error(d)
	}
	name := filepath.Join(dir, "katalog", "abzug.json")
	for _, text := range []string{"{", `{"format":2}`, ""} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := apotheke.LiesAbzug(dir); s != nil || err == nil {
			t.Errorf("%q: %+v, %v", text, s, err)
		}
	}
}

// What a kill has left of an earlier one goes with the next.
func TestResteDesAbzugs(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	left := filepath.Join(dir, "katalog", ".abzug.json-4711")
	if err := os.WriteFile(left, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Abzug(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("it is still there")
	}
}

// The running program draws the first snapshot at once, and ends when it is asked to.
func TestSnapshots(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.Snapshots(ctx, slog.New(slog.DiscardHandler))
	}()
	for tick := time.NewTicker(5 * time.Millisecond); ctx.Err() == nil; <-tick.C {
		if s, err := apotheke.LiesAbzug(dir); err == nil && s != nil {
			cancel()
			<-ended
			return
		}
	}
	t.Error("no snapshot after ten seconds")
}
