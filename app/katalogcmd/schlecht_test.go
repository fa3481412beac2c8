package katalogcmd_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/katalogcmd"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/sqlite/generation"
)

// schlecht is a pharmacy with a catalogue of the 15.11., and a delivery of the 20.11. that a
// case spoils; what changes from the first to the second lies in upd.
type schlecht struct {
	*testing.T
	o             katalogcmd.Ordner
	ges, upd, alt string
	vorher        string // the first generation, byte by byte
}

// vorlage is what every case begins with; the cases copy it.
func vorlage(t *testing.T) *schlecht {
	t.Helper()
	src := t.TempDir()
	for _, l := range []*katalogcmd.Lieferung{
		{Ziel: src, Artikel: 300, Ab: "2026-11-15", Delta: "2026-11-20", Seed: 1},
		{Ziel: src, Artikel: 300, Ab: "2026-11-20", Seed: 1},
	} {
		if out, err := run(l); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	s := &schlecht{
		T: t, o: katalogcmd.Ordner{Daten: t.TempDir()},
		ges: filepath.Join(src, "GES201126"), upd: filepath.Join(src, "UPD201126"),
	}
	if out, err := s.einspielen(filepath.Join(src, "GES151126")); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s.alt = ids(t, s.o.Daten)[0]
	s.vorher = inhalt(t, filepath.Join(s.o.Daten, "katalog", s.alt))
	return s
}

// kopie is the same pharmacy and delivery in folders of their own.
func (s *schlecht) kopie(t *testing.T) *schlecht {
	t.Helper()
	k, dir := *s, t.TempDir()
	k.T, k.o.Daten, k.ges, k.upd = t, filepath.Join(dir, "daten"), filepath.Join(dir, "GES201126"), filepath.Join(dir, "UPD201126")
	for from, to := range map[string]string{s.o.Daten: k.o.Daten, s.ges: k.ges, s.upd: k.upd} {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	return &k
}

func (s *schlecht) einspielen(ordner string) (string, error) {
	return run(&katalogcmd.Import{
		Ordner: s.o, Grenzen: katalogcmd.Grenzen{Abweichung: 5}, Datei: ordner, Vorlage: "eigene",
	})
}

// aendere changes a file of a delivery; the pattern must be there.
func (s *schlecht) aendere(name, pattern, now string) {
	s.Helper()
	b, err := os.ReadFile(name)
	re := regexp.MustCompile(pattern)
	at := re.FindSubmatchIndex(b)
	if err != nil || at == nil {
		s.Fatalf("%s: nothing like %q: %v", name, pattern, err)
	}
	out := append([]byte{}, b[:at[0]]...)
	out = append(re.Expand(out, []byte(now), b, at), b[at[1]:]...)
	if err := os.WriteFile(name, out, 0o600); err != nil {
		s.Fatal(err)
	}
}

// inhalt is a sum over every name and byte of a folder.
func inhalt(t *testing.T, dir string) string {
	t.Helper()
	sum := sha256.New()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		fmt.Fprintf(sum, "%s %x\n", strings.TrimPrefix(name, dir), sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// unberuehrt holds that the first generation is as it was and holds, and that nothing lies
// beside it but what the gate keeps.
func (s *schlecht) unberuehrt(name string) {
	s.Helper()
	katalog := filepath.Join(s.o.Daten, "katalog")
	if inhalt(s.T, filepath.Join(katalog, s.alt)) != s.vorher {
		s.Errorf("%s: the old generation is another", name)
	}
	o, err := generation.OpenOrdner(katalog)
	if err != nil {
		s.Fatal(err)
	}
	defer o.Close()
	g, err := o.Am(civil.Must(2026, 11, 23))
	if err != nil || g.Manifest().ID != s.alt || len(o.Stoerungen()) > 0 || len(o.Generationen()) != 1 {
		s.Errorf("%s: %v, %v, %v", name, err, o.Stoerungen(), o.Generationen())
	}
	if left, _ := filepath.Glob(filepath.Join(katalog, "bau-*")); len(left) > 0 {
		s.Errorf("%s: left behind: %v", name, left)
	}
	if left, _ := filepath.Glob(filepath.Join(s.o.Daten, "k2-*")); len(left) > 0 {
		s.Errorf("%s: left behind: %v", name, left)
	}
}

// pzn is a pack that has prices in the delivery.
const pzn = "17012214"

// What is wrong with a delivery is found before a till sees it: one report with the code
// once, the exit code of a wrong file or, if the gate held it, of a difference, and the old
// generation as it was.
func TestSchlechteLieferung(t *testing.T) {
	first := vorlage(t)
	const satz = `(?s)(00I\r\n01` + pzn + `\r\n.*?)`
	for _, c := range []struct {
		name, code string
		exit       int
		tun        func(s *schlecht)
		upd        bool
	}{
		{"cut between two records", "A-481", env.ExitUsage, func(s *schlecht) {
			s.aendere(s.ges+"/PAC_APO.GES", satz+`\r\n00I(.*)$`, "$1\r\n")
		}, false},
		{"cut in a line", "A-492", env.ExitUsage, func(s *schlecht) { s.aendere(s.ges+"/PAC_APO.GES", satz+`04.*$`, "${1}0") }, false},
		{"cut before its end", "A-481", env.ExitUsage, func(s *schlecht) { s.aendere(s.ges+"/PZG_APO.GES", `00E\r\n$`, "") }, false},
		{"empty file", "A-480", env.ExitUsage, func(s *schlecht) { s.aendere(s.ges+"/ADR_APO.GES", `(?s)^.*$`, "") }, false},
		{"changes, cut", "A-481", env.ExitUsage, func(s *schlecht) { s.aendere(s.upd+"/PAC_APO.UPD", `00E\r\n$`, "") }, true},
		{"a field twice in a record", "A-493", env.ExitUsage, func(s *schlecht) {
			s.aendere(s.ges+"/PAC_APO.GES", satz+`\r\n(04\d+)`, "$1\r\n$2\r\n$2")
		}, false},
		{"a PZN twice", "A-514", env.ExitUsage, func(s *schlecht) {
			s.aendere(s.ges+"/PAC_APO.GES", satz+`(00[IE])`, "$1$1$2")
		}, false},
		{"a wrong check digit", "A-512", env.ExitUsage, func(s *schlecht) { s.aendere(s.ges+"/PAC_APO.GES", "01"+pzn, "0117012215") }, false},
		{"08 is not the number of fields", "A-484", env.ExitUsage, func(s *schlecht) { s.aendere(s.ges+"/PAC_APO.GES", `\n08\d+`, "\n0812") }, false},
		{"half of the packs", "A-467", env.ExitUsage, func(s *schlecht) {
			s.aendere(s.ges+"/PAC_APO.GES", satz+`00I.*00E`, "${1}00E")
		}, false},
		{"no contracts", "A-602", env.ExitDiffers, func(s *schlecht) { s.aendere(s.ges+"/PZG_APO.GES", `(?s)00I.*00E`, "00E") }, false},
		{"price zero", "A-606", env.ExitDiffers, func(s *schlecht) {
			s.aendere(s.ges+"/PAC_APO.GES", satz+`\r\n02\d+(.*?)\r\n04\d+(.*?)\r\n18\d+`, "$1\r\n020$2\r\n040$3\r\n180")
		}, false},
		{"price ×100", "A-605", env.ExitDiffers, func(s *schlecht) {
			s.aendere(s.ges+"/PAC_APO.GES", satz+`\r\n04(\d+)`, "$1\r\n04${2}00")
		}, false},
		{"a price that is no number", "A-513", env.ExitUsage, func(s *schlecht) { s.aendere(s.ges+"/PAC_APO.GES", satz+`\r\n04\d+`, "$1\r\n0412,50") }, false},
		{"changes of another base", "A-455", env.ExitUsage, func(s *schlecht) {
			for _, f := range dateien(s.T, s.upd) {
				s.aendere(f, "\r\n0420261115", "\r\n0420261101")
			}
		}, true},
		{"a change of what is not there", "A-525", env.ExitUsage, func(s *schlecht) {
			s.aendere(s.upd+"/PAC_APO.UPD", `00U\r\n01\d{8}`, "00U\r\n0127580899")
		}, true},
		{"changes in the folder of the whole", "A-652", env.ExitUsage, func(s *schlecht) {
			if err := os.Rename(s.upd+"/PAC_APO.UPD", s.ges+"/PAC_APO.UPD"); err != nil {
				s.Fatal(err)
			}
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := first.kopie(t)
			c.tun(s)
			folder := s.ges
			if c.upd {
				folder = s.upd
			}
			out, err := s.einspielen(folder)
			said := out
			if err != nil && c.exit != env.ExitDiffers {
				said += err.Error()
			}
			if env.CodeOf(err) != c.exit || strings.Count(said, c.code) != 1 {
				t.Errorf("want %s once, exit code %d; got %d\n%s", c.code, c.exit, env.CodeOf(err), said)
			}
			s.unberuehrt(c.name)
		})
	}
}

func dateien(t *testing.T, dir string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	return list
}

// What a file has that is not known is kept visible and said once; it stops nothing: facts,
// ABDATA K2, "keep it visible and log, never drop", "keep unknown identifiers".
func TestUnbekanntesInDerLieferung(t *testing.T) {
	s := vorlage(t)
	s.aendere(s.ges+"/PAC_APO.GES", `(01`+pzn+`\r\n(?s:.*?)\r\n67)`, `${1}\q99 \a2 `)
	s.aendere(s.ges+"/PAC_APO.GES", `(01`+pzn+`\r\n)`, "${1}Z9etwas\r\n")
	out, err := s.einspielen(s.ges)
	if err != nil || strings.Count(out, "A-532") != 1 || strings.Count(out, "A-536") != 1 || strings.Count(out, "Warnung:") != 2 {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = run(&katalogcmd.Show{Ordner: s.o, Was: pzn})
	if err != nil || !strings.Contains(out, `\q99 \a2 Ramipril`) {
		t.Errorf("%v\n%s", err, out)
	}
}

// Changes on a base that is out of use: refused with its reason, and the one in use stays.
func TestAenderungenOhneBasis(t *testing.T) {
	s := vorlage(t)
	if _, err := run(&katalogcmd.Muster{Ordner: s.o, Artikel: len(muster.Bekannt()), Ab: "2026-11-01", Seed: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := run(&katalogcmd.Rollback{Ordner: s.o}); err != nil {
		t.Fatal(err)
	}
	before := inhalt(t, filepath.Join(s.o.Daten, "katalog"))
	if out, err := s.einspielen(s.upd); env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), "A-650") {
		t.Errorf("%v\n%s", err, out)
	}
	if inhalt(t, filepath.Join(s.o.Daten, "katalog")) != before {
		t.Error("something is another")
	}
}
