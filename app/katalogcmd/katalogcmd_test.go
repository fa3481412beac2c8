package katalogcmd_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/katalogcmd"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/sqlite/generation"
)

type command interface{ Run(*env.Env) error }

// run runs a command on 2026-11-23.
func run(c command) (string, error) { return runAt(c, 0) }

// runAt runs a command some minutes after the others: of two lists for one day the later holds.
func runAt(c command, minute int) (string, error) {
	var out bytes.Buffer
	err := c.Run(&env.Env{
		Ctx: context.Background(), Stdout: &out, Clock: clock.NewManual(time.Date(2026, 11, 23, 11, minute, 0, 0, time.UTC)),
	})
	return out.String(), err
}

func ids(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "katalog"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		if e.IsDir() {
			list = append(list, e.Name())
		}
	}
	return list
}

// Damage is exit code 1, and the catalogue before the damaged one goes on.
func TestSchaden(t *testing.T) {
	o := katalogcmd.Ordner{Daten: t.TempDir()}
	for _, ab := range []string{"2026-10-01", "2026-11-01", "2026-12-01"} {
		if _, err := run(&katalogcmd.Muster{Ordner: o, Artikel: 100, Ab: ab, Seed: 1}); err != nil {
			t.Fatal(err)
		}
	}
	out, err := run(&katalogcmd.List{Ordner: o})
	for _, word := range []string{"abgelöst", "gilt", "kommt", "3 Kataloge, 0 beschädigt."} {
		if err != nil || !strings.Contains(out, word) {
			t.Errorf("%q is missing: %v\n%s", word, err, out)
		}
	}
	id := ids(t, o.Daten)[1]
	if out, err = run(&katalogcmd.Show{Ordner: o, Was: id}); err != nil || !strings.Contains(out, "gilt") || !strings.Contains(out, "SHA-256") {
		t.Errorf("%v\n%s", err, out)
	}

	index := filepath.Join(o.Daten, "katalog", id, "suche.idx")
	b, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-1] ^= 1
	if err := os.WriteFile(index, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err = run(&katalogcmd.Verify{Ordner: o})
	if env.CodeOf(err) != env.ExitDiffers || !strings.HasSuffix(out, "3 Kataloge geprüft, 2 in Ordnung, 1 beschädigt.\n") ||
		!strings.Contains(out, id+"“ ist beschädigt") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err = run(&katalogcmd.Verify{Ordner: o, ID: ids(t, o.Daten)[0]}); err != nil {
		t.Errorf("%v\n%s", err, out)
	}

	if err := os.WriteFile(filepath.Join(o.Daten, "katalog", id, "manifest.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []command{&katalogcmd.List{Ordner: o}, &katalogcmd.Verify{Ordner: o}} {
		if out, err := run(c); env.CodeOf(err) != env.ExitDiffers || !strings.Contains(out, "A-416") {
			t.Errorf("%T: %v\n%s", c, err, out)
		}
	}
}

// A file that shrank replaces a larger catalogue only on demand: with it every scan of a
// missing article would fail.
func TestGeschrumpft(t *testing.T) {
	o := katalogcmd.Ordner{Daten: t.TempDir()}
	if _, err := run(&katalogcmd.Muster{Ordner: o, Artikel: 100, Ab: "2026-11-01", Seed: 1}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "k.csv")
	if err := os.WriteFile(file, []byte("PZN;Name;Rx\n04877800;Testol;ja\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	imp := &katalogcmd.Import{Ordner: o, Datei: file, Ab: "2026-12-01", Vorlage: "eigene"}
	out, err := run(imp)
	if env.CodeOf(err) == env.ExitOK || !strings.Contains(err.Error(), "A-467") || !strings.Contains(out, "A-466") {
		t.Errorf("%v\n%s", err, out)
	}
	if n := len(ids(t, o.Daten)); n != 1 {
		t.Errorf("%d generations", n)
	}
	imp.Kleiner = true
	if out, err := run(imp); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	imp.Ab = "1.1.1999"
	if _, err := run(imp); env.CodeOf(err) != env.ExitUsage {
		t.Errorf("a day before the law: %v", err)
	}
	if n := len(ids(t, o.Daten)); n != 2 {
		t.Errorf("%d generations", n)
	}
}

// A wrong import is taken back; what holds today is not, until something else does.
func TestEntfernt(t *testing.T) {
	o := katalogcmd.Ordner{Daten: t.TempDir()}
	for _, ab := range []string{"2026-11-01", "2026-11-15"} {
		if _, err := run(&katalogcmd.Muster{Ordner: o, Artikel: 100, Ab: ab, Seed: 1}); err != nil {
			t.Fatal(err)
		}
	}
	right, wrong := ids(t, o.Daten)[0], ids(t, o.Daten)[1]
	out, err := run(&katalogcmd.Remove{Ordner: o, ID: wrong})
	if err != nil || out != "Katalog "+wrong+" entfernt; heute gilt "+right+".\n" {
		t.Errorf("%v\n%s", err, out)
	}
	for id, code := range map[string]string{wrong: "A-418", right: "A-471"} {
		if out, err := run(&katalogcmd.Remove{Ordner: o, ID: id}); env.CodeOf(err) != env.ExitUsage || out != "" ||
			!strings.Contains(err.Error(), code) {
			t.Errorf("%s: %v\n%s", id, err, out)
		}
	}
	if list := ids(t, o.Daten); len(list) != 1 || list[0] != right {
		t.Errorf("%v", list)
	}
	if err := os.Remove(filepath.Join(o.Daten, "katalog", right, "manifest.json")); err != nil {
		t.Fatal(err)
	}
	out, err = run(&katalogcmd.Remove{Ordner: o, ID: right})
	if err != nil || !strings.Contains(out, "es ist keiner mehr da") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Reading the first of two lists for one day in once more does not put it before the
// second: that is said.
func TestZweiterVorrang(t *testing.T) {
	o := katalogcmd.Ordner{Daten: t.TempDir()}
	c := clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC))
	for i, n := range []int{100, 110, 100} {
		var out bytes.Buffer
		m := &katalogcmd.Muster{Ordner: o, Artikel: n, Ab: "2026-11-15", Seed: 1}
		if err := m.Run(&env.Env{Ctx: t.Context(), Stdout: &out, Clock: c}); err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(out.String(), "A-473"); said != (i == 2) {
			t.Errorf("import %d: %s", i, &out)
		}
		c.Advance(time.Minute)
	}
}

// A folder in place of a file, and a file in place of a folder, are named in German.
func TestOrdnerUndDateiVerwechselt(t *testing.T) {
	o := katalogcmd.Ordner{Daten: t.TempDir()}
	if _, err := run(&katalogcmd.Import{Ordner: o, Datei: t.TempDir()}); err == nil ||
		!strings.Contains(err.Error(), "A-503") {
		t.Errorf("%v, want A-503", err)
	}
	if err := os.WriteFile(filepath.Join(o.Daten, "katalog"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := generation.OpenOrdner(filepath.Join(o.Daten, "katalog")); err == nil || !strings.Contains(err.Error(), "A-475") {
		t.Errorf("%v, want A-475", err)
	}
}

// A delivery in the format K2 is recognised, says itself from when it holds, and gives the
// articles that it was written from.
func TestK2(t *testing.T) {
	dir := t.TempDir()
	l := &katalogcmd.Lieferung{Ziel: dir, Artikel: 2000, Ab: "2026-11-15", Delta: "2026-12-01", Seed: 1}
	if out, err := run(l); err != nil || strings.Count(out, "geschrieben") != 2 {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := run(l); env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), "A-478") {
		t.Errorf("over the first: %v", err)
	}
	o := katalogcmd.Ordner{Daten: t.TempDir()}
	ges := filepath.Join(dir, "GES151126")
	out, err := run(&katalogcmd.Import{Ordner: o, Datei: ges, Vorlage: "eigene"})
	if err != nil || !strings.Contains(out, "1991 gut, 0 fehlerhaft") || strings.Contains(out, "Warnung:") ||
		!strings.Contains(out, "gilt seit 15.11.2026") {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, c := range []struct {
		imp  katalogcmd.Import
		code string
	}{
		{katalogcmd.Import{Datei: ges, Ab: "2026-12-01"}, "A-476"},
		{katalogcmd.Import{Datei: t.TempDir()}, "A-503"},
		{katalogcmd.Import{Datei: filepath.Join(ges, "PAC_APO.GES")}, "A-537"},
	} {
		c.imp.Ordner, c.imp.Vorlage = o, "eigene"
		if _, err := run(&c.imp); env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), c.code) {
			t.Errorf("%+v: %v", c.imp, err)
		}
	}

	g, err := generation.OpenOrdner(filepath.Join(o.Daten, "katalog"))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if list := g.Generationen(); len(list) != 1 || list[0].Quelle != "ABDATA K2 GES151126" || list[0].Artikel != 1991 || list[0].Vertraege == 0 {
		t.Errorf("%+v", list)
	}
	gen, err := g.Am(civil.Must(2026, 11, 15))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range muster.Bekannt() {
		a, ok, err := gen.Artikel(t.Context(), b.Artikel.PZN)
		if err != nil || !ok || a.Name != b.Artikel.Name || a.AVP != b.Artikel.AVP || a.Verschreibungspflichtig != b.Artikel.Verschreibungspflichtig {
			t.Errorf("%s: %+v %v", b.Rolle, a, err)
		}
		for _, v := range b.Vertraege {
			if got, err := gen.Vertrag(t.Context(), v.IK, b.Artikel.PZN); err != nil || got == nil || *got != v.Vertrag {
				t.Errorf("%s: %v %v", b.Rolle, got, err)
			}
		}
	}
}

// What has changed is applied to the generation of the delivery before, and to no other.
func TestK2Aenderungen(t *testing.T) {
	dir := t.TempDir()
	l := &katalogcmd.Lieferung{Ziel: dir, Artikel: 2000, Ab: "2026-11-15", Delta: "2026-12-01", Seed: 1}
	if out, err := run(l); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ges, upd := filepath.Join(dir, "GES151126"), filepath.Join(dir, "UPD011226")
	o := katalogcmd.Ordner{Daten: t.TempDir()}
	imp := func(datei, freigabe string) (string, error) {
		return runAt(&katalogcmd.Import{
			Ordner: o, Grenzen: katalogcmd.Grenzen{Freigabe: freigabe, Abweichung: 5}, Datei: datei, Vorlage: "eigene",
		}, 1)
	}
	for _, prepare := range []func() error{
		func() error { return nil },
		func() error { // another day
			_, err := run(&katalogcmd.Muster{Ordner: o, Artikel: 100, Ab: "2026-11-01", Seed: 1})
			return err
		},
		func() error { // the day, but not from ABDATA
			_, err := run(&katalogcmd.Muster{Ordner: o, Artikel: 100, Ab: "2026-11-15", Seed: 1})
			return err
		},
	} {
		if err := prepare(); err != nil {
			t.Fatal(err)
		}
		if _, err := imp(upd, ""); env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), "A-455") {
			t.Errorf("without its base: %v", err)
		}
	}
	if out, err := imp(ges, "2000 statt 100 zum Üben"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(o.Daten, "k2-4711.tmp"), nil, 0o600); err != nil { // of a program that was killed
		t.Fatal(err)
	}
	for range 2 { // the same twice is one
		out, err := imp(upd, "")
		if err != nil || !strings.Contains(out, "am Stand vom 15.11.2026, gültig ab 01.12.2026") ||
			!strings.Contains(out, "0 fehlerhaft") || !strings.Contains(out, "mit 1995 Artikeln") {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if list, err := filepath.Glob(filepath.Join(o.Daten, "*.tmp")); err != nil || len(list) > 0 || len(ids(t, o.Daten)) != 4 {
		t.Errorf("%v %v %v", list, ids(t, o.Daten), err)
	}
	if out, err := run(&katalogcmd.Verify{Ordner: o}); err != nil {
		t.Errorf("%v\n%s", err, out)
	}

	g, err := generation.OpenOrdner(filepath.Join(o.Daten, "katalog"))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	gen, err := g.Am(civil.Must(2026, 12, 1))
	if err != nil {
		t.Fatal(err)
	}
	i, gone, come := 0, 0, 0
	for z, err := range muster.Quelle(muster.Options{Seed: 1, Artikel: 2000, Ausgabe: 1}).Artikel {
		if err != nil {
			t.Fatal(err)
		}
		a, ok, err := gen.Artikel(t.Context(), z.Artikel.PZN)
		if i++; err != nil {
			t.Fatal(err)
		}
		if i > 30 && i%400 == 0 {
			if gone++; ok {
				t.Errorf("%s is still there", z.Artikel.PZN)
			}
			continue
		}
		if i%211 == 0 {
			come++
			hits, err := gen.Suche(t.Context(), catalogue.Anfrage{Text: string(z.Artikel.PZN)})
			if err != nil || len(hits) != 1 {
				t.Errorf("%s is not found: %v", z.Artikel.PZN, err)
			}
		}
		if !ok || a.AVP != z.Artikel.AVP || a.ApU != z.Artikel.ApU || a.Hersteller != z.Artikel.Hersteller {
			t.Errorf("got  %+v\nwant %+v", a, z.Artikel)
		}
	}
	if gone != 5 || come != 9 {
		t.Errorf("%d gone, %d new", gone, come)
	}

	// Damage of the base does not pass into the next generation.
	base := ids(t, o.Daten)
	for _, id := range base {
		if name := filepath.Join(o.Daten, "katalog", id, "quelle.k2"); strings.HasPrefix(id, "2026-11-15") {
			if b, err := os.ReadFile(name); err == nil {
				b[len(b)/2] ^= 1
				if err := os.WriteFile(name, b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if _, err := imp(upd, ""); err == nil || !strings.Contains(err.Error(), "A-416") {
		t.Errorf("damaged raw data: %v", err)
	}
	if out, err := run(&katalogcmd.Verify{Ordner: o}); env.CodeOf(err) != env.ExitDiffers {
		t.Errorf("%v\n%s", err, out)
	}
}

// Changes go through the gate as a whole list does: a pack that lies in the pharmacy and is
// gone with them holds the new catalogue back, and the one before goes on.
func TestK2AenderungenDurchDieGate(t *testing.T) {
	dir := t.TempDir()
	if out, err := run(&katalogcmd.Lieferung{
		Ziel: dir, Artikel: 2000, Ab: "2026-11-15", Delta: "2026-11-20", Seed: 1,
	}); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	o := katalogcmd.Ordner{Daten: t.TempDir()}
	imp := func(datei string) (string, error) {
		return run(&katalogcmd.Import{
			Ordner: o, Grenzen: katalogcmd.Grenzen{Abweichung: 5}, Datei: filepath.Join(dir, datei), Vorlage: "eigene",
		})
	}
	if out, err := imp("GES151126"); err != nil || !strings.Contains(out, "Geprüft: 0 Fehler") {
		t.Fatalf("%v\n%s", err, out)
	}
	before := ids(t, o.Daten)
	i := 0
	var gone string
	for z, err := range muster.Quelle(muster.Options{Seed: 1, Artikel: 2000}).Artikel {
		if err != nil {
			t.Fatal(err)
		}
		if i++; i == 400 {
			gone = string(z.Artikel.PZN)
		}
	}
	abzug := `{"format":1,"gezogen":"2026-11-23T08:00:00Z","bestand":[{"pzn":"` + gone + `","menge":2}]}`
	if err := os.WriteFile(filepath.Join(o.Daten, "katalog", "abzug.json"), []byte(abzug), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := imp("UPD201126")
	if env.CodeOf(err) != env.ExitDiffers || !strings.Contains(out, gone) || !strings.Contains(out, "A-611") ||
		!strings.HasSuffix(out, "bericht.txt. (A-621)\n") {
		t.Errorf("%v\n%s", err, out)
	}
	g, err := generation.OpenOrdner(filepath.Join(o.Daten, "katalog"))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if gen, err := g.Am(civil.Must(2026, 11, 23)); err != nil || gen.Manifest().ID != before[0] || len(g.Quarantaene()) != 1 {
		t.Errorf("%v, %v", err, g.Quarantaene())
	}
}

// A list that is let pass while it is read in is a choice like any other: it waits for the
// journal with who and why, and can be undone.
func TestFreigabeWartetAufDasJournal(t *testing.T) {
	o := katalogcmd.Ordner{Daten: t.TempDir()}
	file := filepath.Join(t.TempDir(), "k.csv")
	lines := "PZN;Name;Rx;AVP\n04877800;Testol;ja;12,34\n17001044;Ibutest;nein;5,95\n17012214;Ramitest;ja;13,00\n"
	for _, c := range []struct{ ab, lines string }{{"2026-11-01", lines}, {"2026-11-15", strings.TrimSuffix(lines, "17012214;Ramitest;ja;13,00\n")}} {
		if err := os.WriteFile(file, []byte(c.lines), 0o600); err != nil {
			t.Fatal(err)
		}
		imp := &katalogcmd.Import{
			Ordner: o, Grenzen: katalogcmd.Grenzen{Freigabe: "nur zwei", Wer: "CD", Abweichung: 5}, Datei: file, Ab: c.ab, Vorlage: "eigene",
		}
		if out, err := run(imp); err != nil || strings.Contains(out, "A-601") != (c.ab == "2026-11-15") {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	before := ids(t, o.Daten)[0]
	after := ids(t, o.Daten)[1]
	err := generation.Ansehen(filepath.Join(o.Daten, "katalog"), func(a *generation.Auswahl) error {
		list := a.Offen()
		if len(list) != 1 {
			t.Fatalf("%+v", list)
		}
		w := list[0]
		if w.Art != catalogue.Freigegeben || w.Katalog != after || w.Vorher != before || w.Nachher != after || w.Wer != "CD" || w.Grund != "nur zwei" {
			t.Errorf("%+v", w)
		}
		back, err := a.Plan(catalogue.Vorhaben{Art: catalogue.Rueckgaengig, Bezug: &w}, 20261123)
		if err != nil || back.Nachher != before {
			t.Errorf("%+v, %v", back, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
