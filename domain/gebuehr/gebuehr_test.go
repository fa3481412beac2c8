package gebuehr_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/recht"
)

func law(t interface{ Fatal(...any) }, day civil.Day) gebuehr.Recht {
	s, err := recht.Load()
	if err != nil {
		t.Fatal(err)
	}
	stand, err := s.Am(day)
	if err != nil {
		t.Fatal(err)
	}
	return stand.Gebuehr
}

// table calls run for every row of a text table with n columns.
func table(t *testing.T, file string, n int, run func(where string, col []string)) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' || strings.HasPrefix(line, "day\t") {
			continue
		}
		col := strings.Split(line, "\t")
		if len(col) != n {
			t.Fatalf("%s:%d: %d columns, want %d", file, i+1, len(col), n)
		}
		rows++
		run(fmt.Sprintf("%s:%d", file, i+1), col)
	}
	if rows == 0 {
		t.Fatalf("%s: no rows", file)
	}
}

func day(t *testing.T, s string) civil.Day {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return d
}

func hourMinute(t *testing.T, s string) (hour, minute int) {
	t.Helper()
	if _, err := fmt.Sscanf(s, "%d:%d", &hour, &minute); err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return hour, minute
}

func TestNotdienst(t *testing.T) {
	table(t, "testdata/notdienst.tsv", 5, func(where string, col []string) {
		h, m := hourMinute(t, col[1])
		ok, why := gebuehr.IstNotdienst(day(t, col[0]), h, m, gebuehr.Land(col[2]))
		if want := strings.TrimPrefix(col[3], "-"); why != want || ok != (want != "") {
			t.Errorf("%s: %s %s %s: %v %q, want %q (%s)", where, col[0], col[1], col[2], ok, why, want, col[4])
		}
	})
	if ok, _ := gebuehr.IstNotdienst(0, 22, 0, "BE"); ok {
		t.Error("no day, but Notdienst")
	}
	if _, ok := gebuehr.Feiertag(0, "BE"); ok {
		t.Error("no day, but a holiday")
	}
}

// Easter Sundays as the Physikalisch-Technische Bundesanstalt lists them.
func TestOstersonntag(t *testing.T) {
	for year, want := range map[int]string{
		2004: "2004-04-11", 2008: "2008-03-23", 2011: "2011-04-24", 2019: "2019-04-21", 2024: "2024-03-31",
		2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2038: "2038-04-25", 2076: "2076-04-19",
		1981: "1981-04-19", 1954: "1954-04-18",
	} {
		if got := gebuehr.Ostersonntag(year); got.String() != want {
			t.Errorf("%d: %s, want %s", year, got, want)
		}
	}
}

func TestEasterIsASunday(t *testing.T) {
	for year := 1900; year < 2199; year++ {
		d := gebuehr.Ostersonntag(year)
		if d.Weekday() != 0 || d < civil.Must(year, 3, 22) || d > civil.Must(year, 4, 25) {
			t.Errorf("%d: %s", year, d)
		}
	}
}

func parse(t *testing.T, col []string) gebuehr.Fall {
	t.Helper()
	f := gebuehr.Fall{Tag: day(t, col[0]), Stunde: 22, Land: "BE", Traeger: zuzahlung.GKV, Rx: true}
	for word := range strings.FieldsSeq(col[1]) {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "sok":
			f.SOK = value
		case "noctu":
			f.NoctuVermerk = true
		case "otc":
			f.Rx = false
		case "schon":
			f.SchonBerechnet = true
		case "dringend":
			f.Dringlichkeit = true
		case "traeger":
			f.Traeger = zuzahlung.Traeger(value)
		case "land":
			f.Land = gebuehr.Land(value)
		case "um":
			f.Stunde, f.Minute = hourMinute(t, value)
		case "ziffer":
			n, err := strconv.Atoi(value)
			if err != nil {
				t.Fatal(err)
			}
			f.Abweichung = n
		case "betrag":
			c, err := money.ParseDecimal(value)
			if err != nil {
				t.Fatal(err)
			}
			f.Betrag = c
		default:
			t.Fatalf("unknown input %q", word)
		}
	}
	return f
}

func TestFees(t *testing.T) {
	table(t, "testdata/gebuehren.tsv", 4, func(where string, col []string) {
		f := parse(t, col)
		g, list := gebuehr.Compute(f, law(t, f.Tag))
		var codes []string
		for _, b := range list {
			codes = append(codes, b.Code)
		}
		got := map[string]string{
			"brutto": g.Brutto.Decimal(), "mwst": g.MwSt.Decimal(), "traeger": g.TraegerZahlt.Decimal(),
			"patient": g.Patient.Decimal(), "befund": strings.Join(codes, ","),
		}
		want := map[string]string{"befund": ""}
		for word := range strings.FieldsSeq(col[2]) {
			key, value, _ := strings.Cut(word, "=")
			want[key] = value
		}
		for key, value := range want {
			if got[key] != value {
				t.Errorf("%s: %s %s: %s = %q, want %q (%s)", where, col[0], col[1], key, got[key], value, col[3])
			}
		}
	})
}

// The parts of a fee add up, somebody pays all of it, and every step that law made
// names its norm.
func TestFeesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := gebuehr.Fall{
			SOK: rapid.SampledFrom(gebuehr.Liste()).Draw(t, "art").SOK,
			Tag: civil.Must(2004, 1, 1).AddDays(rapid.IntRange(0, 9000).Draw(t, "day")),
			Rx:  true, Traeger: rapid.SampledFrom([]zuzahlung.Traeger{"GKV", "PKV", "BG", "SKT", "SEL"}).Draw(t, "traeger"),
			Stunde: rapid.IntRange(0, 23).Draw(t, "hour"), NoctuVermerk: rapid.Bool().Draw(t, "noctu"),
			Land:       rapid.SampledFrom(gebuehr.Laender()).Draw(t, "land"),
			Abweichung: rapid.IntRange(0, 9).Draw(t, "ziffer"),
		}
		if f.SOK == gebuehr.SOKBeschaffung {
			f.Betrag = money.Cent(rapid.IntRange(1, 999_999).Draw(t, "betrag"))
		}
		g, list := gebuehr.Compute(f, law(t, f.Tag))
		if g.Netto+g.MwSt != g.Brutto || g.Patient+g.TraegerZahlt != g.Brutto {
			t.Fatalf("%+v does not add up", g)
		}
		if g.Brutto == 0 && len(list) == 0 {
			t.Fatal("no fee, and no reason")
		}
		for _, s := range g.Schritte {
			if s.Norm == "" && s.Regel != "gebuehr.brutto" {
				t.Fatalf("step %q has no norm", s.Name)
			}
		}
	})
}

func TestVorschlag(t *testing.T) {
	night := gebuehr.Fall{Tag: civil.Must(2026, 11, 23), Stunde: 21, Land: "BE", Traeger: zuzahlung.GKV}
	noon := night
	noon.Stunde, noon.Abweichung = 12, 2
	listed := noon
	listed.Dringlichkeit = true
	private := noon
	private.Traeger = zuzahlung.PKV
	for _, c := range []struct {
		name   string
		f      gebuehr.Fall
		btm, t bool
		want   []string
	}{
		{"night", night, false, false, []string{gebuehr.SOKNoctu}},
		{"night, BtM", night, true, false, []string{gebuehr.SOKNoctu, gebuehr.SOKBtM}},
		{"noon, T, shortage", noon, false, true, []string{gebuehr.SOKTRezept, gebuehr.SOKEngpass}},
		{"Dringlichkeitsliste", listed, false, false, nil},
		{"private", private, false, false, nil},
	} {
		if got := gebuehr.Vorschlag(c.f, c.btm, c.t); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// The values of TA1 Nr. 4.10.1: 2 and 4 change the Taxe, 2 to 4 permit the fee.
func TestAbweichungen(t *testing.T) {
	list := gebuehr.Abweichungen()
	if len(list) != 9 {
		t.Fatalf("%d digits", len(list))
	}
	for i, a := range list {
		if a.Ziffer != i+1 || a.Grund == "" || a.Engpass != (a.Ziffer >= 2 && a.Ziffer <= 4) ||
			a.VollerPreis != (a.Ziffer == 2 || a.Ziffer == 4) {
			t.Errorf("%+v", a)
		}
		if got, ok := gebuehr.AbweichungVon(a.Ziffer); !ok || got != a {
			t.Errorf("%d: %+v", a.Ziffer, got)
		}
	}
	if _, ok := gebuehr.AbweichungVon(0); ok {
		t.Error("there is no digit 0")
	}
}
