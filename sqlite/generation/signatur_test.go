package generation_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/catalogue/signatur"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
)

// laden is a data folder of its own with two generations, the second in force on the day
// heute; both signed by the key of the folder.
func laden(t *testing.T) (dir, alt, neu string) {
	t.Helper()
	dir = katalog(t)
	return dir, build(t, dir, 20261001, 100).ID, build(t, dir, 20261115, 110).ID
}

func katalog(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), "katalog") }

func keyOf(dir string) string { return filepath.Join(filepath.Dir(dir), vertrauen.KeyFile) }
func pubOf(dir string) string { return filepath.Join(filepath.Dir(dir), vertrauen.PubFile) }

// ohneSignatur are the last two fields of a manifest.
var ohneSignatur = regexp.MustCompile(`,\n  "schluessel": "[^"]*",\n  "signatur": "[^"]*"`)

// aendere changes a file of a generation, as a person with an editor does.
func aendere(t *testing.T, name string, f func(string) string) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := f(string(b))
	if text == string(b) {
		t.Fatalf("%s: nothing to change in\n%s", name, b)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func unsigniert(t *testing.T, dir, id string) {
	t.Helper()
	aendere(t, filepath.Join(dir, id, "manifest.json"), func(s string) string { return ohneSignatur.ReplaceAllString(s, "") })
}

// kopiere copies a folder as it is.
func kopiere(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// gilt holds that one generation is in force and so many errors are named, the first with
// the code.
func gilt(t *testing.T, o *generation.Ordner, want string, stoerungen ...string) {
	t.Helper()
	if got := am(t, o, heute); got != want {
		t.Errorf("%s is in force, want %s", got, want)
	}
	var list []string
	for _, err := range o.Stoerungen() {
		list = append(list, code(err))
	}
	if strings.Join(list, " ") != strings.Join(stoerungen, " ") {
		t.Errorf("named: %v, want %v", list, stoerungen)
	}
}

// What is built is signed over every byte of its manifest; the key lies beside the folder,
// for its owner only, and never in it.
func TestManifestIstUnterschrieben(t *testing.T) {
	dir, _, neu := laden(t)
	text, err := os.ReadFile(filepath.Join(dir, neu, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := signatur.Oeffne(text)
	line, others, err2 := generation.Schluessel(dir)
	if err != nil || err2 != nil || line != signatur.Allein(key).Zeilen()[0] || len(others) != 0 {
		t.Errorf("%v, %v: %s, %v", err, err2, line, others)
	}
	if fi, err := os.Stat(keyOf(dir)); err != nil || runtime.GOOS != "windows" && fi.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", fi.Mode(), err)
	}
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if b, err := os.ReadFile(name); err != nil || bytes.Contains(b, []byte("PRIVATE KEY")) {
			t.Errorf("%s: %v", name, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if gone, err := os.ReadFile(pubOf(dir)); err != nil || string(gone) != line+"\n" {
		t.Errorf("%q, %v", gone, err)
	}
}

// A wrong signature, none, a strange one, and a manifest that was altered: refused with one
// report, and the one before goes on; so for the loader, verify, activate and the command
// that removes it.
func TestSignaturAbgelehnt(t *testing.T) {
	for _, c := range []struct {
		name, code string
		tun        func(dir, id string)
	}{
		{"keine", "A-641", func(dir, id string) { unsigniert(t, dir, id) }},
		{"fremder Schlüssel", "A-642", func(dir, id string) {
			other, _, theirs := laden(t)
			if theirs != id {
				t.Fatal("the same articles give the same ID")
			}
			if err := os.RemoveAll(filepath.Join(dir, id)); err != nil {
				t.Fatal(err)
			}
			kopiere(t, filepath.Join(other, id), filepath.Join(dir, id))
		}},
		{"Inhalt verändert", "A-643", func(dir, id string) {
			aendere(t, filepath.Join(dir, id, "manifest.json"), func(s string) string {
				return strings.Replace(s, `"artikel": 110`, `"artikel": 111`, 1)
			})
		}},
		{"Tag verändert", "A-643", func(dir, id string) {
			aendere(t, filepath.Join(dir, id, "manifest.json"), func(s string) string {
				return strings.Replace(s, `"gebaut": "`, `"gebaut": "2027`, 1)
			})
		}},
		{"Signatur verändert", "A-643", func(dir, id string) {
			aendere(t, filepath.Join(dir, id, "manifest.json"), func(s string) string {
				at := strings.Index(s, `"signatur": "`) + len(`"signatur": "`)
				return s[:at] + strings.Map(func(r rune) rune {
					if r == 'A' {
						return 'B'
					}
					return 'A'
				}, s[at:at+1]) + s[at+1:]
			})
		}},
		{"Signatur eines anderen Katalogs", "A-643", func(dir, id string) {
			other, err := os.ReadFile(filepath.Join(dir, alter(t, dir), "manifest.json"))
			if err != nil {
				t.Fatal(err)
			}
			aendere(t, filepath.Join(dir, id, "manifest.json"), func(s string) string {
				return ohneSignatur.ReplaceAllString(s, ohneSignatur.FindString(string(other)))
			})
		}},
		{"angehängt", "A-643", func(dir, id string) {
			aendere(t, filepath.Join(dir, id, "manifest.json"), func(s string) string { return s + "\n" })
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, alt, neu := laden(t)
			c.tun(dir, neu)
			o := open(t, dir)
			gilt(t, o, alt, c.code)
			if err := o.Verify(neu); code(err) != c.code {
				t.Errorf("verify: %v", err)
			}
			if _, err := generation.Activate(dir, neu, heute, vermerk); code(err) != "A-416" && code(err) != c.code {
				t.Errorf("activate: %v", err)
			}
			gilt(t, open(t, dir), alt, c.code)
			if err := generation.Remove(dir, neu, heute); err != nil {
				t.Errorf("remove: %v", err)
			}
			gilt(t, o, alt)
			build(t, dir, 20261115, 110)
			gilt(t, o, neu)
		})
	}
}

// alter is the ID of the older generation.
func alter(t *testing.T, dir string) string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "2026-10-01-*"))
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	return filepath.Base(list[0])
}

// Built once more, what was refused is whole again, also for a program that runs.
func TestNeubauHeilt(t *testing.T) {
	dir, alt, neu := laden(t)
	unsigniert(t, dir, neu)
	till := open(t, dir)
	gilt(t, till, alt, "A-641")
	build(t, dir, 20261115, 110)
	gilt(t, till, neu)
}

// Generations of a program that did not sign are taken over once, also the one in
// quarantine: an update stops no sale. One that comes later is not, nor one that was altered.
func TestUebernahme(t *testing.T) {
	dir, alt, neu := laden(t)
	held, err := geprueft(t, dir, 20261120, 120, generation.Urteil{Bericht: "x\n", Hindert: true}, nil)
	if code(err) != "A-621" {
		t.Fatal(err)
	}
	late := build(t, dir, 20261119, 130)
	for _, name := range []string{alt, neu, "quarantaene-" + held.ID, late.ID} {
		unsigniert(t, dir, name)
	}
	aside := filepath.Join(t.TempDir(), late.ID)
	if err := os.Rename(filepath.Join(dir, late.ID), aside); err != nil {
		t.Fatal(err)
	}
	ohneKey(t, dir)
	till := open(t, dir)
	gilt(t, till, neu)
	for range 2 {
		gilt(t, open(t, dir), neu)
	}
	for _, id := range []string{alt, neu} {
		if err := till.Verify(id); err != nil {
			t.Error(err)
		}
	}
	if _, err := generation.Activate(dir, held.ID, heute, vermerk); err != nil {
		t.Errorf("what was held when the key was made: %v", err)
	}
	gilt(t, till, held.ID)
	kopiere(t, aside, filepath.Join(dir, late.ID))
	gilt(t, till, held.ID, "A-641")
	gilt(t, open(t, dir), held.ID, "A-641")
}

func ohneKey(t *testing.T, dir string) {
	t.Helper()
	if err := errors.Join(os.Remove(keyOf(dir)), os.Remove(pubOf(dir))); err != nil {
		t.Fatal(err)
	}
}

// An altered manifest is not taken over with the rest when the key is made.
func TestUebernahmeNichtVeraendert(t *testing.T) {
	dir, alt, neu := laden(t)
	aendere(t, filepath.Join(dir, neu, "manifest.json"), func(s string) string {
		return strings.Replace(s, `"artikel": 110`, `"artikel": 111`, 1)
	})
	ohneKey(t, dir)
	gilt(t, open(t, dir), alt, "A-643")
}

// Killed anywhere while the key is made, everything goes on and comes to its end: no step
// of it is the last one.
func TestUebernahmeGetoetet(t *testing.T) {
	for _, c := range []struct {
		name string
		tun  func(dir, alt, neu string)
	}{
		{"nothing was signed", func(dir, alt, neu string) { unsigniert(t, dir, alt); unsigniert(t, dir, neu); ohneKey(t, dir) }},
		{"one was signed", func(dir, alt, _ string) { unsigniert(t, dir, alt); ohneKey(t, dir) }},
		{"all were signed", func(dir, _, _ string) { ohneKey(t, dir) }},
		{"the private key is there", func(dir, _, _ string) {
			if err := os.Remove(pubOf(dir)); err != nil {
				t.Fatal(err)
			}
		}},
		{"files of the killed one", func(dir, alt, _ string) {
			unsigniert(t, dir, alt)
			ohneKey(t, dir)
			for _, name := range []string{
				filepath.Join(filepath.Dir(dir), ".katalog.key-1"), filepath.Join(dir, alt, ".manifest.json-77"),
			} {
				if err := os.WriteFile(name, []byte("-----BEGIN PRIVATE KEY"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}},
	} {
		dir, alt, neu := laden(t)
		c.tun(dir, alt, neu)
		o := open(t, dir)
		gilt(t, o, neu)
		for _, id := range []string{alt, neu} {
			if err := o.Verify(id); err != nil {
				t.Errorf("%s: %s: %v", c.name, id, err)
			}
		}
		unsigniert(t, dir, alt)
		gilt(t, open(t, dir), neu, "A-641")
		left, err := filepath.Glob(filepath.Join(filepath.Dir(dir), ".*"))
		more, err2 := filepath.Glob(filepath.Join(dir, "*", ".*"))
		if err != nil || err2 != nil || len(left)+len(more) != 0 {
			t.Errorf("%s: left behind: %v %v", c.name, left, more)
		}
	}
}

// A lost key is replaced by the next build, and what the old one has signed goes on; so if
// the public part is lost, or both.
func TestSchluesselVerloren(t *testing.T) {
	for _, lost := range [][]string{{vertrauen.KeyFile}, {vertrauen.PubFile}, {vertrauen.KeyFile, vertrauen.PubFile}} {
		dir, _, neu := laden(t)
		before, _, err := generation.Schluessel(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range lost {
			if err := os.Remove(filepath.Join(filepath.Dir(dir), name)); err != nil {
				t.Fatal(err)
			}
		}
		gilt(t, open(t, dir), neu)
		next := build(t, dir, 20261116, 120).ID
		gilt(t, open(t, dir), next)
		if _, _, err := generation.Rollback(dir, heute, vermerk); err != nil {
			t.Fatal(err)
		}
		gilt(t, open(t, dir), neu)
		after, _, err := generation.Schluessel(dir)
		if err != nil || (before == after) != (lost[0] == vertrauen.PubFile) {
			t.Errorf("%v: %v", lost, err)
		}
	}
}

// With the public parts lost only what is signed is signed anew: a key was made here once.
func TestPubVerlorenUebernimmtNichtsOhne(t *testing.T) {
	dir, alt, neu := laden(t)
	unsigniert(t, dir, neu)
	if err := os.Remove(pubOf(dir)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		gilt(t, open(t, dir), alt, "A-641")
	}
}

// With the private part replaced once and the public parts lost then, what the first key has
// signed goes on.
func TestZweiterSchluesselUndPubVerloren(t *testing.T) {
	dir, _, neu := laden(t)
	if err := os.Remove(keyOf(dir)); err != nil {
		t.Fatal(err)
	}
	build(t, dir, 20261201, 120)
	if err := os.Remove(pubOf(dir)); err != nil {
		t.Fatal(err)
	}
	gilt(t, open(t, dir), neu)
	gilt(t, open(t, dir), neu)
}

// Keys that cannot be read take no catalogue away: it is said, building is refused as long
// as it cannot sign, and an altered manifest is refused all the same.
func TestSchluesselUnlesbar(t *testing.T) {
	dir, _, neu := laden(t)
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	private, err := os.ReadFile(keyOf(dir))
	if err != nil {
		t.Fatal(err)
	}
	write(keyOf(dir), "\x00\x00")
	gilt(t, open(t, dir), neu)
	_, err = generation.Build(t.Context(), dir, catalogue.Manifest{GueltigAb: 20261201}, quelle(100), nil)
	if code(err) != "A-645" || !errors.Is(err, catalogue.ErrSchluessel) || strings.Contains(err.Error(), "\x00") {
		t.Errorf("build: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "bau-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	public, err := os.ReadFile(pubOf(dir))
	if err != nil {
		t.Fatal(err)
	}
	write(pubOf(dir), "?")
	o := open(t, dir)
	gilt(t, o, neu, "A-646")
	if !errors.Is(o.Stoerungen()[0], catalogue.ErrSchluessel) {
		t.Error("no catalogue is damaged")
	}
	unsigniert(t, dir, alter(t, dir))
	gilt(t, open(t, dir), neu, "A-641", "A-646")
	write(keyOf(dir), string(private))
	gilt(t, open(t, dir), neu, "A-641", "A-646")
	write(pubOf(dir), string(public))
	gilt(t, open(t, dir), neu, "A-641")
}

// Another machine builds: its catalogue is refused until a person trusts its key, and then
// counts at once; a bad file of keys stops nothing.
func TestVertrauen(t *testing.T) {
	hub, _, _ := laden(t)
	theirs := build(t, hub, 20261118, 140)
	line, _, err := generation.Schluessel(hub)
	if err != nil {
		t.Fatal(err)
	}
	dir, _, neu := laden(t)
	till := open(t, dir)
	kopiere(t, filepath.Join(hub, theirs.ID), filepath.Join(dir, theirs.ID))
	gilt(t, till, neu, "A-642")
	if !strings.Contains(till.Stoerungen()[0].Error(), strings.Fields(line)[0]) {
		t.Errorf("whose key: %v", till.Stoerungen()[0])
	}
	for _, bad := range []string{"", "# nothing", "x", line + "x", string(mustRead(t, keyOf(dir)))} {
		if _, err := vertrauen.Vertraue(dir, []byte(bad)); code(err) != "A-647" {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	gilt(t, till, neu, "A-642")
	for i := range 2 {
		added, err := vertrauen.Vertraue(dir, []byte("# hub\n"+line+"\n"))
		if err != nil || (len(added) == 1) != (i == 0) {
			t.Errorf("%v, %v", added, err)
		}
		gilt(t, till, theirs.ID)
	}
	own, others, err := generation.Schluessel(dir)
	if err != nil || len(others) != 1 || others[0] != line || own == line {
		t.Errorf("%s, %v, %v", own, others, err)
	}
	if added, err := vertrauen.Vertraue(dir, []byte(own)); err != nil || len(added) != 0 {
		t.Errorf("the own one: %v, %v", added, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "schluessel", "x.pub"), []byte("?"), 0o600); err != nil {
		t.Fatal(err)
	}
	gilt(t, till, theirs.ID, "A-648")
	if err := os.RemoveAll(filepath.Join(dir, "schluessel")); err != nil {
		t.Fatal(err)
	}
	gilt(t, till, neu, "A-642")
}

// What lies in quarantine with a strange signature is not released.
func TestFreigabeFremd(t *testing.T) {
	hub := katalog(t)
	held, err := geprueft(t, hub, 20261118, 140, generation.Urteil{Bericht: "x\n", Hindert: true}, nil)
	if code(err) != "A-621" {
		t.Fatal(err)
	}
	dir, _, neu := laden(t)
	kopiere(t, filepath.Join(hub, "quarantaene-"+held.ID), filepath.Join(dir, "quarantaene-"+held.ID))
	if _, err := generation.Activate(dir, held.ID, heute, vermerk); code(err) != "A-642" {
		t.Errorf("%v", err)
	}
	gilt(t, open(t, dir), neu)
}

// Where no key can be made, the catalogues that are there hold, and it is said.
func TestKeinSchluesselMoeglich(t *testing.T) {
	dir, alt, neu := laden(t)
	unsigniert(t, dir, alt)
	unsigniert(t, dir, neu)
	ohneKey(t, dir)
	if err := os.Remove(filepath.Join(filepath.Dir(dir), vertrauen.KeySperre)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(filepath.Dir(dir), vertrauen.KeySperre), 0o700); err != nil {
		t.Fatal(err)
	}
	gilt(t, open(t, dir), neu, "A-644")
	if _, err := generation.Build(t.Context(), dir, catalogue.Manifest{GueltigAb: 20261201}, quelle(100), nil); err == nil {
		t.Error("built without a key")
	}
}

// Two programs that start at once make one key.
func TestZweiMachenEinenSchluessel(t *testing.T) {
	dir, alt, neu := laden(t)
	unsigniert(t, dir, alt)
	ohneKey(t, dir)
	done := make(chan error)
	for range 4 {
		go func() {
			o, err := generation.OpenOrdner(dir)
			if err == nil {
				err = errors.Join(append(o.Stoerungen(), o.Close())...)
			}
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	gilt(t, open(t, dir), neu)
	if b := mustRead(t, pubOf(dir)); bytes.Count(b, []byte("\n")) != 1 {
		t.Errorf("%s", b)
	}
}

// A manifest whose fields were signed by a key that was trusted once and is no more: the
// build that comes after signs with the own one.
func TestFremdGebautNeuSigniert(t *testing.T) {
	dir, alt, neu := laden(t)
	stranger := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	name := filepath.Join(dir, neu, "manifest.json")
	bare := ohneSignatur.ReplaceAll(mustRead(t, name), nil)
	if err := platte.Replace(name, signatur.Signiere(bare, stranger)); err != nil {
		t.Fatal(err)
	}
	till := open(t, dir)
	gilt(t, till, alt, "A-642")
	build(t, dir, 20261115, 110)
	gilt(t, till, neu)
}

func mustRead(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func quelle(n int) catalogue.Quelle { return muster.Quelle(muster.Options{Seed: 1, Artikel: n}) }
