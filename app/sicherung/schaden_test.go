package sicherung_test

import (
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/app/sicherung/archiv"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/sqlite/schema"
)

// A journal that was damaged before it was saved is found by the test and by the restore,
// though every byte of the backup is as it was written.
func TestDamageBeforeTheBackup(t *testing.T) {
	h := open(t)
	for _, key := range []string{"a", "b", "c"} {
		if err := verkauft(t.Context(), h.store, key, 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := sqlite3.Open(filepath.Join(h.dir, sqlite.File))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Exec("DROP TRIGGER record_update; UPDATE record SET actor = 'XY' WHERE seq = 2"); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	h.store = store(t, h.dir)
	if err := h.ZielSetzen(h.ziel); err != nil {
		t.Fatal(err)
	}
	if err := h.Jetzt(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.Probe(t.Context(), nil); codeOf(err) != "D-117" {
		t.Errorf("the test: %v", err)
	}
	a := h.auftrag(filepath.Join(h.ziel, h.Stand().Datei))
	if _, err := sicherung.Wiederherstellen(t.Context(), a); codeOf(err) != "D-117" {
		t.Errorf("the restore: %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(a.Nach)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A backup of a later version is refused before anything is unpacked.
func TestNewerVersion(t *testing.T) {
	h := open(t)
	e := h.sichere()
	a := h.auftrag(filepath.Join(t.TempDir(), "x.age"))
	id, err := h.code.Identity()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(a.Von)
	if err != nil {
		t.Fatal(err)
	}
	k := archiv.Kopf{Format: archiv.Format, Zeit: e.Zeit, Schema: schema.Version + 1, Koepfe: e.Koepfe, Bytes: 1}
	w, err := archiv.New(f, k, id.Recipient())
	if err != nil || w.Close() != nil || f.Close() != nil {
		t.Fatal(err)
	}
	a.Mit = []age.Identity{id}
	if _, err := sicherung.Wiederherstellen(t.Context(), a); codeOf(err) != "D-114" {
		t.Error(err)
	}
}
