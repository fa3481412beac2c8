package tagesabschluss_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

// programm is that the till goes on with another version.
func (x *betrieb) programm(fassung string) {
	x.Kern.Programm = fassung
	x.eins = tagesabschluss.New(x.Kern, abschluss.Geraet{Marke: "Offizin", Software: "Offizin", Fassung: fassung})
}

// abschluesse are the closings of the till, the first one first.
func (x *betrieb) abschluesse(till string) (list []abschluss.Abschluss) {
	x.T.Helper()
	x.Must(x.Kern.Store.View(x.Ctx, func(rows journal.Rows) error {
		return kassenbuch.EachAbschluss(rows, till, func(a abschluss.Abschluss) (bool, error) {
			list = append([]abschluss.Abschluss{a}, list...)
			return true, nil
		})
	}))
	return list
}

// kurz is what a version change is about.
type kurz struct {
	nummer, mit            int
	fassung, von, bis      string
	anfang, ende, gezaehlt money.Cent
}

func kuerze(list []abschluss.Abschluss) (out []kurz) {
	for _, a := range list {
		out = append(out, kurz{a.Nummer, a.GezaehltMit, a.Stamm.Geraet.Fassung, a.Von, a.Bis, a.Anfang, a.Barbestand, a.Zaehlung.Summe()})
	}
	return out
}

// Another version of the program while the day goes on (DSFinV-K 2.4 Nr. 3.2): no sale waits and cash is
// counted once; records before and after it stand in closings of their own, each with the version
// that booked them. The record of the difference is of the version that books it.
func TestProgrammwechsel(t *testing.T) {
	for _, c := range []struct {
		name  string
		nach  int // sales after the change
		ist   money.Cent
		want  []kurz
		grund string
	}{
		{"counted right", 1, 2000, []kurz{
			{1, 2, "1", "1-000001", "1-000001", 0, 1000, 0}, {2, 0, "2", "1-000002", "1-000002", 1000, 2000, 2000},
		}, ""},
		{"a coin too little", 1, 1990, []kurz{
			{1, 2, "1", "1-000001", "1-000001", 0, 1000, 0}, {2, 0, "2", "1-000002", "1-000003", 1000, 1990, 1990},
		}, "Kassendifferenz bei Z 2"},
		{"nothing after the change", 0, 1000, []kurz{{1, 0, "1", "1-000001", "1-000001", 0, 1000, 1000}}, ""},
		{"nothing after it but the difference", 0, 1010, []kurz{
			{1, 2, "1", "1-000001", "1-000001", 0, 1000, 0}, {2, 0, "2", "1-000002", "1-000002", 1000, 1010, 1010},
		}, "Kassendifferenz bei Z 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := neu(t)
			x.programm("1")
			x.verkauft(x.Kern, 1000, 0)
			x.programm("2")
			for range c.nach {
				x.verkauft(x.Kern, 1000, 0)
			}
			e, err := x.eins.Pruefen(x.Ctx, "", gezaehlt(c.ist))
			x.Must(err)
			a := x.A()
			z, err := x.eins.Abschliessen(x.Ctx, a, e.Zaehlung)
			x.Must(err)
			again, err := x.eins.Abschliessen(x.Ctx, a, e.Zaehlung)
			x.Must(err)
			if d := cmp.Diff(z, again); d != "" || z.Barbestand != c.ist {
				t.Errorf("%v %s", z.Barbestand, d)
			}
			if d := cmp.Diff(c.want, kuerze(x.abschluesse("1")), cmp.AllowUnexported(kurz{})); d != "" {
				t.Error(d)
			}
			if l := x.lage(x.eins, ""); l.Bar != c.ist || l.Belege != 0 || l.Nummer != len(c.want)+1 {
				t.Errorf("%+v", l)
			}
			x.Must(x.Kern.Store.View(x.Ctx, func(rows journal.Rows) error {
				last, _, err := belege.Find(rows, z.Bis)
				if last.Grund != c.grund {
					t.Errorf("the difference is %q, want %q", last.Grund, c.grund)
				}
				return err
			}))
		})
	}
}

// Records of versions that did not name themselves are of the version of the last closing; another
// machine closes with the version of who booked, not with its own.
func TestFassungAnderer(t *testing.T) {
	x := neu(t)
	x.verkauft(x.Kern, 1000, 0)
	_, err := x.abschliessen(x.eins, "", 1000)
	x.Must(err)
	x.verkauft(x.Kern, 500, 0)
	x.programm("2")
	x.verkauft(x.Kern, 200, 0)
	x.lebt["platz-1"] = false
	_, err = x.abschliessen(x.zwei, "1", 1700)
	x.Must(err)
	want := []kurz{
		{1, 0, "1", "1-000001", "1-000001", 0, 1000, 1000},
		{2, 3, "1", "1-000002", "1-000002", 1000, 1500, 0},
		{3, 0, "2", "1-000003", "1-000003", 1500, 1700, 1700},
	}
	if d := cmp.Diff(want, kuerze(x.abschluesse("1")), cmp.AllowUnexported(kurz{})); d != "" {
		t.Error(d)
	}
}

// However often the program changes, forward and back, every closing has records of one version, they
// follow each other without a gap, and cash goes on from one to the next.
func TestFassungen(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		x := neu(t)
		var sum money.Cent
		fassung := map[string]string{}
		for range rapid.IntRange(1, 3).Draw(r, "days") {
			for range rapid.IntRange(1, 6).Draw(r, "records") {
				if rapid.Bool().Draw(r, "changes") {
					x.programm(rapid.SampledFrom([]string{"1", "2", "3"}).Draw(r, "version"))
				}
				c := money.Cent(rapid.IntRange(1, 5000).Draw(r, "amount"))
				fassung[x.verkauft(x.Kern, c, 0).Nummer] = x.Kern.Programm
				sum += c
			}
			sum += money.Cent(rapid.IntRange(0, 2).Draw(r, "difference"))
			_, err := x.abschliessen(x.eins, "", sum)
			x.Must(err)
		}
		next, begin := 1, money.Cent(0)
		for i, a := range x.abschluesse("1") {
			if a.Nummer != i+1 || a.Anfang != begin {
				r.Fatalf("%+v after %v", a, begin)
			}
			begin = a.Barbestand
			for range a.Anzahl {
				nr := fmt.Sprintf("1-%06d", next)
				if f, known := fassung[nr]; known && f != "" && f != a.Stamm.Geraet.Fassung {
					r.Fatalf("%s of version %s stands in a closing of %s", nr, f, a.Stamm.Geraet.Fassung)
				}
				next++
			}
			if a.Bis != fmt.Sprintf("1-%06d", next-1) {
				r.Fatalf("%+v ends before %d", a, next)
			}
		}
		if begin != sum {
			r.Fatalf("%v, want %v", begin, sum)
		}
	})
}
