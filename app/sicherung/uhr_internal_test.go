package sicherung

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/offizin/offizin/app/sicherung/archiv"
	"github.com/offizin/offizin/sqlite/schema"
)

// How far the clock of a machine is off says nothing of that of another: a backup of an earlier version holds it, and
// is restored without it.
func TestUhrBleibtBeiIhremRechner(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "x.age"))
	if err != nil {
		t.Fatal(err)
	}
	k := archiv.Kopf{Format: archiv.Format, Schema: schema.Version, Bytes: 6, Koepfe: []archiv.Stand{{Herkunft: "platz-1/0"}}}
	w, err := archiv.New(f, k, id.Recipient())
	for _, name := range []string{"tse.json", "uhr.json", "recht/uhr.json"} {
		if err == nil {
			err = w.Datei(name, 2, strings.NewReader("{}"))
		}
	}
	if err != nil || w.Close() != nil || f.Close() != nil {
		t.Fatal(err)
	}
	var (
		b     Bericht
		later nachher
		data  = filepath.Join(dir, "daten")
	)
	if err := (Auftrag{Von: f.Name(), Mit: []age.Identity{id}}).packeAus(t.Context(), data, &b, &later); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, pattern := range []string{"*.json", "*/*.json"} {
		found, _ := filepath.Glob(filepath.Join(data, pattern))
		got = append(got, found...)
	}
	if want := []string{filepath.Join(data, "tse.json"), filepath.Join(data, "recht", "uhr.json")}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
