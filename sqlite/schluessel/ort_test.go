package schluessel_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/offizin/offizin/internal/keystore"
	"github.com/offizin/offizin/journal/seal"
	"github.com/offizin/offizin/sqlite/schluessel"
)

// lager is a data folder whose key is locked away in a simulated key store.
type lager struct {
	t   *testing.T
	dir string
	sim *keystore.Simulator
	key seal.Key
}

func neu(t *testing.T) lager {
	l := lager{t, t.TempDir(), keystore.NewSimulator(), seal.Key{}}
	key, err := schluessel.Read(l.datei(schluessel.File), true)
	if err == nil {
		err = os.WriteFile(l.datei(".knoten.key-1"), key[:], 0o600) // of a program that was killed
	}
	if err == nil {
		err = schluessel.Wegschliessen(t.Context(), l.dir, l.sim, *key)
	}
	if err != nil {
		t.Fatal(err)
	}
	l.key = *key
	return l
}

func (l lager) datei(name string) string { return filepath.Join(l.dir, name) }

func (l lager) hat(name string) bool {
	_, err := os.Stat(l.datei(name))
	return err == nil
}

// hole is what a start does with the key of persons that are there.
func (l lager) hole(ctx context.Context) (*seal.Key, schluessel.Lage) {
	l.t.Helper()
	o := schluessel.Ort{Dir: l.dir, Speicher: []keystore.Store{l.sim}, Passt: func(k *seal.Key) error {
		if *k != l.key {
			return seal.ErrKey
		}
		return nil
	}}
	key, lage, err := o.Hole(ctx)
	if err != nil {
		l.t.Error(err)
	}
	return key, lage
}

// The key store comes first, then the file (ADR 0036); nothing of the key lies in the folder any
// more, and it comes out again.
func TestWegUndHeraus(t *testing.T) {
	l := neu(t)
	if l.hat(schluessel.File) || l.hat(".knoten.key-1") || !l.hat(l.sim.File()) {
		t.Error("the file is still there")
	}
	if b, err := os.ReadFile(l.datei(l.sim.File())); err != nil || bytes.Contains(b, l.key[:8]) {
		t.Errorf("the key stands there open: %v", err)
	}
	key, lage := l.hole(t.Context())
	if key == nil || *key != l.key || lage.Speicher != "Simulator" || lage.Fehler != nil || lage.Missing != nil {
		t.Errorf("%v %+v", key, lage)
	}
	for range 2 { // it may be repeated
		if err := schluessel.Herausholen(l.dir, l.key); err != nil {
			t.Fatal(err)
		}
	}
	if !l.hat(schluessel.File) || l.hat(l.sim.File()) {
		t.Error("not taken out")
	}
	if key, lage = l.hole(t.Context()); key == nil || *key != l.key || lage.Speicher != "" {
		t.Errorf("%v %+v", key, lage)
	}
}

// A key store that is gone, gives another key, or something that is no key: the file has it if there
// is one, else it is said why it is missing. A copied folder is the same.
func TestSpeicherGestoert(t *testing.T) {
	other := seal.New()
	for code, fault := range map[string]func(l lager){
		"J-320":  func(l lager) { l.sim.Replace() },
		"J-322":  func(l lager) { l.sim.Lie(other[:]) },
		"J-322 ": func(l lager) { l.sim.Lie([]byte("kurz")) },
		"J-320 ": func(l lager) {
			if err := os.WriteFile(l.datei(l.sim.File()), nil, 0o600); err != nil {
				l.t.Fatal(err)
			}
		},
	} {
		l := neu(t)
		fault(l)
		code = strings.TrimSpace(code)
		key, lage := l.hole(t.Context())
		if key != nil || lage.Fehler == nil || lage.Missing == nil || !strings.Contains(lage.Verschlossen().Error(), code) {
			t.Errorf("%s: %v %+v", code, key, lage)
		}
		if l.hat(schluessel.File) {
			t.Errorf("%s: a new key was made beside persons of an old one", code)
		}
		if err := schluessel.Write(l.datei(schluessel.File), l.key); err != nil { // another machine gave it back
			t.Fatal(err)
		}
		key, lage = l.hole(t.Context())
		if key == nil || *key != l.key || lage.Missing != nil || lage.Speicher != "" || !strings.Contains(lage.Fehler.Error(), code) {
			t.Errorf("%s: from the file: %v %+v", code, key, lage)
		}
	}
}

// A key store that hangs holds up a start for three seconds, once.
func TestSpeicherHaengt(t *testing.T) {
	l := neu(t)
	synctest.Test(t, func(t *testing.T) {
		l.sim.Hang(true)
		start := time.Now()
		key, lage := l.hole(t.Context())
		if d := time.Since(start); key != nil || d != keystore.Frist || !strings.Contains(lage.Verschlossen().Error(), "J-321") {
			t.Errorf("%v after %v: %v", key, d, lage.Verschlossen())
		}
		l.sim.Hang(false)
		if key, lage := l.hole(t.Context()); key == nil || lage.Speicher == "" {
			t.Errorf("answers again: %+v", lage)
		}
	})
}

// A store that does not give back what it was given changes nothing: J-326. What was broken off
// after the store had it is done to the end by the next try.
func TestWegschliessenMisslingt(t *testing.T) {
	l := lager{t, t.TempDir(), keystore.NewSimulator(), seal.Key{}}
	key, err := schluessel.Read(l.datei(schluessel.File), true)
	if err != nil {
		t.Fatal(err)
	}
	l.key = *key
	other := seal.New()
	l.sim.Lie(other[:])
	if err := schluessel.Wegschliessen(t.Context(), l.dir, l.sim, l.key); err == nil || !strings.Contains(err.Error(), "J-326") {
		t.Errorf("%v", err)
	}
	if !l.hat(schluessel.File) || l.hat(l.sim.File()) {
		t.Error("something has changed")
	}
	l.sim.Lie(nil)
	wrapped, err := l.sim.Wrap(t.Context(), l.key[:])
	if err == nil {
		err = os.WriteFile(l.datei(l.sim.File()), wrapped, 0o600) // broken off here: both are there
	}
	if err != nil {
		t.Fatal(err)
	}
	if key, lage := l.hole(t.Context()); key == nil || lage.Speicher == "" {
		t.Errorf("%+v", lage)
	}
	if err := schluessel.Wegschliessen(t.Context(), l.dir, l.sim, l.key); err != nil || l.hat(schluessel.File) {
		t.Errorf("not done to the end: %v", err)
	}
}

// A folder had a key, in whatever form: then a journal that is gone is not begun anew.
func TestExists(t *testing.T) {
	for name, want := range map[string]bool{"knoten.key": true, "knoten.dpapi": true, "knoten.cred": true, "x": false} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := schluessel.Exists(dir); got != want || err != nil {
			t.Errorf("%s: %v %v", name, got, err)
		}
		if err := os.Truncate(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
		if got, _ := schluessel.Exists(dir); got {
			t.Errorf("%s, empty", name)
		}
	}
}

// Whoever gives the key himself is asked alone, and what he gives must fit.
func TestUnlock(t *testing.T) {
	l := neu(t)
	give := l.key
	o := schluessel.Ort{Dir: l.dir, Speicher: []keystore.Store{l.sim}, Unlock: func(context.Context) (seal.Key, error) {
		return give, nil
	}, Passt: func(k *seal.Key) error {
		if *k != l.key {
			return seal.ErrKey
		}
		return nil
	}}
	if key, lage, err := o.Hole(t.Context()); err != nil || key == nil || lage.Speicher != "" {
		t.Errorf("%v %+v %v", key, lage, err)
	}
	give = seal.New()
	if key, lage, err := o.Hole(t.Context()); err != nil || key != nil || !errors.Is(lage.Missing, seal.ErrKey) {
		t.Errorf("%v %+v %v", key, lage, err)
	}
}
