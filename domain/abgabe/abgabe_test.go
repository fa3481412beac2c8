package abgabe_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/abgabe"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/recht"
)

// law is the law of 2026-11-23.
func law(t testing.TB) abgabe.Recht {
	t.Helper()
	return lawOn(t, civil.Must(2026, 11, 23))
}

func lawOn(t testing.TB, day civil.Day) abgabe.Recht {
	t.Helper()
	s, err := recht.Load()
	if err != nil {
		t.Fatal(err)
	}
	stand, err := s.Am(day)
	if err != nil {
		t.Fatal(err)
	}
	return stand.Abgabe
}

// fall is one case of the table.
type fall struct {
	name string
	fall abgabe.Fall
	want []string
}

func TestFaelle(t *testing.T) {
	r := law(t)
	for _, f := range read(t) {
		t.Run(f.name, func(t *testing.T) {
			if diff := cmp.Diff(f.want, show(abgabe.Waehle(f.fall, r))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func show(e abgabe.Ergebnis) []string {
	var out []string
	for _, v := range e.Vorschlaege {
		line := fmt.Sprintf("= %s %s %d", v.Artikel.PZN, v.Urteil, v.Ziffer)
		for _, b := range v.Gruende {
			line += " " + b.Code
		}
		out = append(out, line)
	}
	if len(e.Befunde) > 0 {
		line := "!"
		for _, b := range e.Befunde {
			line += " " + b.Code
		}
		out = append(out, line)
	}
	return out
}

func read(t *testing.T) []fall {
	t.Helper()
	file, err := os.Open("testdata/faelle.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var list []fall
	for sc := bufio.NewScanner(file); sc.Scan(); {
		key, rest, _ := strings.Cut(strings.TrimSpace(sc.Text()), " ")
		switch key {
		case "", "#":
			continue
		case "fall":
			list = append(list, fall{name: rest})
			continue
		}
		f := &list[len(list)-1]
		switch key {
		case "traeger":
			f.fall.Traeger = zuzahlung.Traeger(rest)
		case "verordnet":
			f.fall.Verordnet = kennung.PZN(rest)
		case "kreuz":
			f.fall.Kreuz = true
		case "grund":
			f.fall.Grund = abgabe.Grund(rest)
		case "k":
			f.fall.Kandidaten = append(f.fall.Kandidaten, kandidat(t, rest))
		case "=", "!":
			f.want = append(f.want, key+" "+rest)
		default:
			t.Fatalf("unknown line %q", sc.Text())
		}
	}
	if len(list) < 30 {
		t.Fatalf("only %d cases", len(list))
	}
	return list
}

func kandidat(t *testing.T, line string) abgabe.Kandidat {
	t.Helper()
	w := strings.Fields(line)
	avp, err := money.Parse(w[1])
	if err != nil {
		t.Fatal(line, err)
	}
	k := abgabe.Kandidat{Artikel: artikel.Artikel{
		PZN: kennung.PZN(w[0]), AVP: avp, Status: artikel.Verkehr, Art: artikel.Arzneimittel,
	}}
	for i := 2; i < len(w); i++ {
		switch w[i] {
		case "vertrag":
			k.Vertrag = &zuzahlung.Vertrag{Faktor: 100}
		case "lager":
			i++
			fmt.Sscan(w[i], &k.Bestand)
		case "import":
			i++
			k.Artikel.Import, k.Artikel.ImportVon = true, kennung.PZN(w[i])
		case "fehlt":
			k.NichtVerfuegbar = true
		case "rueckruf":
			k.Artikel.Status = artikel.Rueckruf
		case "ausser-vertrieb":
			k.Artikel.Status = artikel.AusserVertrieb
		case "btm":
			k.Artikel.BtM = true
		case "art":
			i++
			k.Artikel.Art = artikel.Art(w[i])
		case "wirkstoff":
			k.Artikel.Wirkstoff, k.Artikel.Darreichungsform, k.Artikel.Wirkstaerke = w[i+1], w[i+2], w[i+3]
			i += 3
		default:
			t.Fatalf("unknown word %q in %q", w[i], line)
		}
	}
	return k
}

// The older Rahmenvertrag named three: the fourth is then not allowed.
func TestThreeBefore2019(t *testing.T) {
	f := abgabe.Fall{Traeger: zuzahlung.GKV}
	for i, pzn := range []kennung.PZN{"A", "B", "C", "D"} {
		f.Kandidaten = append(f.Kandidaten, abgabe.Kandidat{Artikel: artikel.Artikel{
			PZN: pzn, AVP: money.Cent(1000 + i), Status: artikel.Verkehr, Art: artikel.Arzneimittel,
		}})
	}
	got := show(abgabe.Waehle(f, lawOn(t, civil.Must(2018, 1, 1))))
	want := []string{
		"= A bevorzugt 1 R-534", "= B bevorzugt 1 R-534", "= C bevorzugt 1 R-534", "= D nicht erlaubt 1 R-536", "! R-503 R-505",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TA1 4.10.1: one digit for each Taxzeile.
func TestFaktor(t *testing.T) {
	for _, c := range []struct {
		ziffern []int
		want    string
		says    bool
	}{
		{nil, "111", false}, {[]int{1}, "111", false}, {[]int{2}, "211", true}, {[]int{1, 4, 9}, "149", true}, {[]int{0, 12}, "111", false},
	} {
		got := abgabe.Faktor(c.ziffern...)
		if got != c.want || abgabe.Gebraucht(got) != c.says {
			t.Errorf("Faktor(%v) = %s, %v", c.ziffern, got, abgabe.Gebraucht(got))
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("four Taxzeilen must panic")
		}
	}()
	abgabe.Faktor(1, 1, 1, 2)
}

func TestZiffer(t *testing.T) {
	for _, c := range []struct {
		grund         abgabe.Grund
		rabatt, preis bool
		want          int
	}{
		{abgabe.KeinGrund, false, false, 1},
		{abgabe.KeinGrund, true, false, 2},
		{abgabe.KeinGrund, false, true, 3},
		{abgabe.KeinGrund, true, true, 4},
		{abgabe.Dringend, true, false, 5},
		{abgabe.Dringend, true, true, 6},
		{abgabe.Bedenken, true, false, 8},
		{abgabe.Bedenken, true, true, 9},
		{abgabe.Bedenken, false, true, 9},
		{abgabe.Dringend, false, false, 1},
	} {
		if got := abgabe.Ziffer(c.grund, c.rabatt, c.preis); got != c.want {
			t.Errorf("%q rabatt %v preis %v: %d, want %d", c.grund, c.rabatt, c.preis, got, c.want)
		}
	}
}

func TestAustauschverbot(t *testing.T) {
	for _, c := range []struct {
		wirkstoff, form, staerke string
		want                     bool
	}{
		{"Levothyroxin-Natrium", "TAB", "100 µg", true},
		{"Phenprocoumon", "TAB", "3 mg", true},
		{"Tacrolimus", "HVW", "1 mg", true},
		{"Tacrolimus", "SAL", "0,1 %", false},
		{"Everolimus", "TAB", "0,75 mg", true},
		{"Everolimus", "TAB", "10 mg", false},
		{"Ibuprofen", "FTA", "400 mg", false},
		{"Carbamazepin", "TAB", "200 mg", false},
	} {
		a := artikel.Artikel{Wirkstoff: c.wirkstoff, Darreichungsform: c.form, Wirkstaerke: c.staerke}
		if got := abgabe.Austauschverbot(a); got != c.want {
			t.Errorf("%s %s %s: %v", c.wirkstoff, c.form, c.staerke, got)
		}
	}
}

// Whatever comes in: a recall is never allowed, a GKV Rabattartikel that can be had
// shuts everything else out, and a digit stands only beside what may be handed over.
func TestAlways(t *testing.T) {
	r := law(t)
	rapid.Check(t, func(t *rapid.T) {
		f := abgabe.Fall{
			Traeger: rapid.SampledFrom([]zuzahlung.Traeger{zuzahlung.GKV, zuzahlung.PKV, zuzahlung.BG}).Draw(t, "traeger"),
			Kreuz:   rapid.Bool().Draw(t, "kreuz"),
		}
		n := rapid.IntRange(1, 9).Draw(t, "n")
		for i := range n {
			k := abgabe.Kandidat{Artikel: artikel.Artikel{
				PZN: kennung.PZN(rune('A' + i)), AVP: money.Cent(rapid.IntRange(0, 9).Draw(t, "avp") * 1000), Art: artikel.Arzneimittel,
				Status: rapid.SampledFrom([]artikel.Status{artikel.Verkehr, artikel.Verkehr, artikel.Rueckruf, artikel.AusserVertrieb}).
					Draw(t, "status"),
			}, NichtVerfuegbar: rapid.Bool().Draw(t, "fehlt"), Bestand: rapid.IntRange(0, 2).Draw(t, "bestand")}
			if rapid.IntRange(0, 3).Draw(t, "vertrag") == 0 {
				k.Vertrag = &zuzahlung.Vertrag{}
			}
			f.Kandidaten = append(f.Kandidaten, k)
		}
		if rapid.Bool().Draw(t, "nach PZN") {
			f.Verordnet = f.Kandidaten[0].Artikel.PZN
		}
		e := abgabe.Waehle(f, r)
		if len(e.Vorschlaege) != n {
			t.Fatalf("%d candidates became %d", n, len(e.Vorschlaege))
		}
		allowedContract := false
		for _, v := range e.Vorschlaege {
			allowedContract = allowedContract || v.Vertrag != nil && v.Urteil == abgabe.Bevorzugt
		}
		for _, v := range e.Vorschlaege {
			switch {
			case v.Urteil == abgabe.NichtErlaubt && (v.Ziffer != 1 || len(v.Gruende) == 0):
				t.Fatalf("%s: digit %d, reasons %v", v.Artikel.PZN, v.Ziffer, v.Gruende)
			case v.Urteil == abgabe.NichtErlaubt:
			case v.Artikel.Status == artikel.Rueckruf, v.NichtVerfuegbar:
				t.Fatalf("%s must not be handed over", v.Artikel.PZN)
			case f.Traeger == zuzahlung.GKV && allowedContract && v.Vertrag == nil:
				t.Fatalf("%s despite a Rabattvertrag", v.Artikel.PZN)
			}
		}
		if w, ok := e.Wahl(); ok && w.Artikel.PZN != e.Vorschlaege[0].Artikel.PZN {
			t.Fatal("the choice is not the first")
		}
	})
}
