package sqlite_test

import (
	"testing"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/sqlite"
)

func open(t *testing.T, dir string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections(), Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func zugang(key string, n int) journal.Act {
	return journal.Act{Key: key, Input: n, Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{event.BestandGeaendert{PZN: "01234562", Delta: n, Art: "zugang"}}, nil
	}}
}

// What is written is there after the journal was closed and opened again, and sound.
func TestReopen(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, key := range []string{"a", "b", "c"} {
		if _, err := s.Append(t.Context(), zugang(key, 2)); err != nil {
			t.Fatal(err)
		}
	}
	sealed, err := s.Seal(t.Context(), "p1", []byte("Anna"))
	if err != nil {
		t.Fatal(err)
	}
	self := s.Self()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if s.Self() != self {
		t.Errorf("origin changed from %s to %s", self, s.Self())
	}
	if r, err := s.Append(t.Context(), zugang("b", 2)); err != nil || !r.Repeated {
		t.Errorf("repeated act: %+v %v", r, err)
	}
	if plain, err := s.Open(t.Context(), sealed); err != nil || string(plain) != "Anna" {
		t.Errorf("%q %v", plain, err)
	}
	err = s.View(t.Context(), func(rows journal.Rows) error {
		n, err := bestand.Menge(rows, "01234562")
		if n != 6 {
			t.Errorf("stock is %d", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	b, err := s.Verify(t.Context())
	if err != nil || len(b.Funde) > 0 || b.Saetze != 3 {
		t.Errorf("%+v %v", b, err)
	}
}
