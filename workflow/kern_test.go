package workflow_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/workflow"
)

func kern() *workflow.Kern {
	uhr := clock.NewReal()
	return &workflow.Kern{
		Store: memory.New(memory.Options{Clock: uhr, Projections: alle.Projections()}), Clock: uhr, Platz: "platz-1", Till: "1",
	}
}

func TestDo(t *testing.T) {
	k := kern()
	n := 0
	move := func(journal.Rows) ([]journal.Event, error) {
		n++
		return []journal.Event{event.BestandGeaendert{PZN: "01234562", Delta: 5, Art: "zugang"}}, nil
	}
	a := workflow.Auftrag{Key: "k1", Actor: "AB"}
	for range 3 {
		if _, err := k.Do(t.Context(), a, "zugang", move); err != nil {
			t.Fatal(err)
		}
	}
	count, err := workflow.View(t.Context(), k, func(rows journal.Rows) (int, error) { return bestand.Menge(rows, "01234562") })
	if err != nil || n != 1 || count != 5 {
		t.Errorf("decided %d times, stock %d, %v", n, count, err)
	}
	if _, err := k.Do(t.Context(), a, "anderes", move); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the same key for something else: %v", err)
	}
	same := func(journal.Rows) ([]journal.Event, error) { return nil, workflow.ErrUnchanged }
	if r, err := k.Do(t.Context(), workflow.Auftrag{Key: "k2", Actor: "AB"}, nil, same); err != nil || len(r.Records) != 0 {
		t.Errorf("nothing to do is no error: %v, %v", r, err)
	}
}

func TestDoVerweigert(t *testing.T) {
	k := kern()
	for code, a := range map[string]workflow.Auftrag{
		"V-001": {Key: "k"},
		"V-002": {Key: "", Actor: "AB"},
	} {
		_, err := k.Do(t.Context(), a, nil, nil)
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != code {
			t.Errorf("want %s, got %v", code, err)
		}
	}
	for _, key := range []string{"mit blank", "ümlaut", "tab\t", strings.Repeat("x", 81)} {
		_, err := k.Do(t.Context(), workflow.Auftrag{Key: key, Actor: "AB"}, nil, nil)
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != "V-002" {
			t.Errorf("key %q: %v", key, err)
		}
	}
}

func TestIDFolgtDemSchluessel(t *testing.T) {
	a, b := workflow.Auftrag{Key: "a", Actor: "AB"}, workflow.Auftrag{Key: "b", Actor: "AB"}
	if workflow.ID(a) != workflow.ID(workflow.Auftrag{Key: "a", Actor: "CD"}) || workflow.ID(a) == workflow.ID(b) || len(workflow.ID(a)) != 16 {
		t.Errorf("%s %s", workflow.ID(a), workflow.ID(b))
	}
}
