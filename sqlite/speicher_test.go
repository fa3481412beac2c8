package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/keystore"
	"github.com/offizin/offizin/journal/seal"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/sqlite/schluessel"
)

func oeffneMit(t *testing.T, dir string, stores ...keystore.Store) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Node: "platz-1", Ballast: -1, Keystores: stores})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// The key is locked away. Whatever the key store does then, the journal opens within seconds and
// books; persons are readable as soon as the key comes from anywhere: late from the store, from
// another machine, or out of a backup.
func TestSchluesselspeicherStopptNichts(t *testing.T) {
	dir, sim := t.TempDir(), keystore.NewSimulator()
	s := oeffneMit(t, dir, sim)
	data, err := s.Seal(t.Context(), "p1", []byte("Anna"))
	if err != nil {
		t.Fatal(err)
	}
	key := *s.Knotenschluessel()
	if err := schluessel.Wegschliessen(t.Context(), dir, sim, key); err != nil {
		t.Fatal(err)
	}
	liest := func(s *sqlite.Store) bool {
		b, err := s.Open(t.Context(), data)
		return err == nil && string(b) == "Anna"
	}
	closed(t, s)
	if s = oeffneMit(t, dir, sim); !liest(s) || s.Schluessellage().Speicher != sim.Name() {
		t.Errorf("%+v", s.Schluessellage())
	}
	closed(t, s)

	other := seal.New()
	for code, fault := range map[string]struct{ on, off func() }{
		"J-321": {func() { sim.Hang(true) }, func() { sim.Hang(false) }},
		"J-322": {func() { sim.Lie(other[:]) }, func() { sim.Lie(nil) }},
	} {
		fault.on()
		start := time.Now()
		s := oeffneMit(t, dir, sim)
		if d := time.Since(start); d > keystore.Frist+5*time.Second {
			t.Errorf("%s: the start took %v", code, d)
		}
		write(t, s, zugang("v"+code, 1))
		if _, err := s.Open(t.Context(), data); err == nil || !strings.Contains(err.Error(), code) {
			t.Errorf("%s: %v", code, err)
		}
		if code == "J-322" {
			if err := s.Ask(t.Context()); err == nil || !strings.Contains(err.Error(), code) {
				t.Errorf("%s: asked again: %v", code, err)
			}
		}
		fault.off()
		if err := s.Ask(t.Context()); err != nil || !liest(s) || s.Schluessellage().Fehler != nil {
			t.Errorf("%s: answers again: %v %+v", code, err, s.Schluessellage())
		}
		closed(t, s)
	}

	sim.Replace() // another mainboard
	s = oeffneMit(t, dir, sim)
	write(t, s, zugang("tot", 1))
	if _, err := s.Open(t.Context(), data); err == nil || !strings.Contains(err.Error(), "J-320") {
		t.Errorf("%v", err)
	}
	if err := s.Aufschliessen(t.Context(), other); err == nil {
		t.Error("a foreign key was taken")
	}
	if err := s.Aufschliessen(t.Context(), key); err != nil || !liest(s) || s.Schluessellage().Fehler == nil {
		t.Errorf("%v %+v", err, s.Schluessellage())
	}
	closed(t, s)
	if s = oeffneMit(t, dir, sim); !liest(s) || s.Schluessellage().Speicher != "" {
		t.Errorf("after a new start: %+v", s.Schluessellage())
	}
	closed(t, s)
}

// A journal that is gone is not begun anew beside a key that was locked away: J-220.
func TestLostJournalBesideLockedKey(t *testing.T) {
	dir, sim := t.TempDir(), keystore.NewSimulator()
	s := oeffneMit(t, dir, sim)
	if err := schluessel.Wegschliessen(t.Context(), dir, sim, *s.Knotenschluessel()); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	for _, name := range []string{sqlite.File, sqlite.File + "-wal", sqlite.File + "-shm"} {
		removeIfThere(t, filepath.Join(dir, name))
	}
	_, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Ballast: -1, Keystores: []keystore.Store{sim}})
	if err == nil || !strings.Contains(err.Error(), "J-220") {
		t.Errorf("%v", err)
	}
}

func removeIfThere(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
}
