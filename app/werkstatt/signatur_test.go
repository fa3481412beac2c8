package werkstatt_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/signatur"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
	"github.com/offizin/offizin/workflow/einspielung"
)

// What the page reads in is signed by the key of this machine, articles as well as a list that
// is laid on them; if somebody changes what the list made, the catalogue before goes on.
func TestUnterschrieben(t *testing.T) {
	dir := t.TempDir()
	lege(t, dir, map[string]string{
		"artikel.csv": "PZN;Name;Rx;AVP\n04877800;Testol 5 mg;ja;12,34\n17001044;Ibutest 400 mg;nein;5,95\n",
		"fb.csv":      "PZN;Festbetrag\n04877800;11,02\n",
	})
	s := service(dir)
	for i, a := range []einspielung.Auftrag{
		{Quelle: "artikel.csv", Ab: 20261101},
		{Quelle: "fb.csv", Ab: 20261115, Liste: catalogue.Festbetragsliste},
	} {
		if err := s.Starten(t.Context(), auftrag([]string{"a", "b"}[i]), a); err != nil {
			t.Fatal(err)
		}
		if l := ende(t, s); l.Zustand != einspielung.Fertig {
			t.Fatalf("%+v", l)
		}
	}
	public, err := os.ReadFile(filepath.Join(dir, vertrauen.PubFile))
	if err != nil {
		t.Fatal(err)
	}
	own, err := signatur.LiesBund(public)
	if err != nil {
		t.Fatal(err)
	}
	ids := kataloge(t, dir) // newest first
	if len(ids) != 2 || ids[0] < "2026-11-15" {
		t.Fatal(ids)
	}
	for _, id := range ids {
		text, err := os.ReadFile(filepath.Join(dir, "katalog", id, "manifest.json"))
		if err != nil {
			t.Fatal(err)
		}
		if key, err := signatur.Oeffne(text); err != nil || !own.Kennt(key) {
			t.Errorf("%s: %v", id, err)
		}
	}
	manifest := filepath.Join(dir, "katalog", ids[0], "manifest.json")
	text, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(manifest, bytes.Replace(text, []byte("fb.csv"), []byte("fc.csv"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := generation.OpenOrdner(filepath.Join(dir, "katalog"))
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	g, err := o.Am(20261120)
	if err != nil || g.Manifest().ID != ids[1] || len(o.Stoerungen()) != 1 || code(o.Stoerungen()[0]) != "A-643" {
		t.Errorf("%v, %v", err, o.Stoerungen())
	}
}
