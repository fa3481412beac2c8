package sicherung_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/internal/keystore"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite/schluessel"
)

// The key is locked away in the key store of this machine, which is then gone. A backup holds the key
// itself all the same: a restore elsewhere opens every person, and the recovery code alone gets the
// key back (ADR 0036).
func TestLockedAwayKeyIsInTheBackup(t *testing.T) {
	h := open(t)
	x, err := h.store.Seal(t.Context(), "p", []byte("{}"))
	if err == nil {
		err = book(t.Context(), h.store, "p", event.PersonGesetzt{ID: "p", Daten: x})
	}
	if err != nil {
		t.Fatal(err)
	}
	key := *h.store.Knotenschluessel()
	h.Schluessel = h.store.Knotenschluessel
	sim := keystore.NewSimulator()
	if err := schluessel.Wegschliessen(t.Context(), h.dir, sim, key); err != nil {
		t.Fatal(err)
	}
	e := h.sichere()
	b, restored := h.zurueck(e.Datei)
	if b.Verschloss {
		t.Errorf("%+v", b)
	}
	if _, err := restored.Open(t.Context(), x); err != nil {
		t.Errorf("not open elsewhere: %v", err)
	}
	id, err := h.code.Identity()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := sicherung.Knotenschluessel(t.Context(), e.Datei, id); err != nil || got != key {
		t.Errorf("the key from a backup: %v", err)
	}
	if _, err := sicherung.Knotenschluessel(t.Context(), filepath.Join(h.ziel, "nirgends"), id); codeOf(err) != "D-118" {
		t.Errorf("%v", err)
	}
	h.Schluessel = nil // a program that had no key itself
	if _, err := sicherung.Knotenschluessel(t.Context(), h.sichere().Datei, id); codeOf(err) != "J-327" {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(filepath.Join(h.dir, sim.File())); err != nil {
		t.Error(err)
	}
}
