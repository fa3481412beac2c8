package recht_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/recht"
)

func fest(parameter string, ab civil.Day, wert string) recht.Festlegung {
	return recht.Festlegung{
		Parameter: parameter, Ab: ab, Wert: wert, Begruendung: "Schreiben des Verbandes vom 01.03.2027", Wer: "AN", Am: 20270302,
	}
}

// TestFestlegung: the value holds from its day to the next row, with origin and reason.
func TestFestlegung(t *testing.T) {
	s, err := load(t).Mit(recht.Festlegungen{fest("ampreisv/p3/fixum", 20270401, "9,50")})
	if err != nil {
		t.Fatal(err)
	}
	stand, _ := s.Am(20270401)
	want := fassung.Fassung[money.Cent]{
		Ab: 20270401, Was: 950, Norm: "AMPreisV § 3 Abs. 1 Satz 1",
		Quelle: "eigene Festlegung: Schreiben des Verbandes vom 01.03.2027", Art: fassung.Festlegung,
	}
	if diff := cmp.Diff(want, stand.Preis.Fixum); diff != "" {
		t.Error(diff)
	}
	p, _ := s.Suche("ampreisv/p3/fixum")
	if z, _ := p.Am(20270401); z.Ort != "festgelegt von AN am 02.03.2027" || z.Geprueft != 20270302 {
		t.Errorf("row %+v", z)
	}
	if got := geltend(t, s, "ampreisv/p3/fixum", 20270331); got != "8,35 €" {
		t.Errorf("the day before: %s", got)
	}
	// Until the next row: the release knows one of 2027-01-01.
	s, err = load(t).Mit(recht.Festlegungen{fest("sgb5/p61/mindest", 20261201, "6,00")})
	if err != nil {
		t.Fatal(err)
	}
	for day, value := range map[civil.Day]string{20261130: "5,00 €", 20261201: "6,00 €", 20261231: "6,00 €", 20270101: "7,50 €"} {
		if got := geltend(t, s, "sgb5/p61/mindest", day); got != value {
			t.Errorf("on %s: %s, want %s", day, got, value)
		}
	}
}

// TestLaterFestlegung: for the same parameter and day the later one stays; one that is
// taken back leaves the law as it was, also where it had covered a row of it.
func TestLaterFestlegung(t *testing.T) {
	const id = "sgb5/p61/mindest"
	for _, c := range []struct {
		werte []string
		want  string
	}{
		{[]string{"8,00"}, "8,00 €"},
		{[]string{"8,00", "9,00"}, "9,00 €"},
		{[]string{"8,00", "aufgehoben"}, "-"},
		{[]string{"aufgehoben", "8,00"}, "8,00 €"},
		{[]string{"8,00", recht.Zurueckgenommen}, "7,50 €"},
		{[]string{recht.Zurueckgenommen, "8,00"}, "8,00 €"},
		{[]string{"8,00", recht.Zurueckgenommen, "9,00"}, "9,00 €"},
	} {
		var list recht.Festlegungen
		for _, w := range c.werte {
			list = append(list, fest(id, 20270101, w))
		}
		s, err := load(t).Mit(list)
		if err != nil {
			t.Fatal(err)
		}
		if got := geltend(t, s, id, 20270101); got != c.want {
			t.Errorf("%v: %s, want %s", c.werte, got, c.want)
		}
		if got := geltend(t, s, id, 20261231); got != "5,00 €" {
			t.Errorf("%v: %s the day before", c.werte, got)
		}
	}
	// Days in any order, over a Nachtrag of the same day.
	s, err := load(t).Mit(oeffne(t, signiert(t, 1, fixum950)), recht.Festlegungen{
		fest("ampreisv/p3/fixum", 20280101, "10,00"), fest("ampreisv/p3/fixum", 20270401, "9,55"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for day, value := range map[civil.Day]string{20270401: "9,55 €", 20271231: "9,55 €", 20280101: "10,00 €"} {
		if got := geltend(t, s, "ampreisv/p3/fixum", day); got != value {
			t.Errorf("on %s: %s, want %s", day, got, value)
		}
	}
}

// TestFestlegungRefused: each field has its code.
func TestFestlegungRefused(t *testing.T) {
	good := fest("ampreisv/p3/fixum", 20270401, "9,50")
	with := func(change func(*recht.Festlegung)) recht.Festlegung {
		f := good
		change(&f)
		return f
	}
	for _, c := range []struct {
		f          recht.Festlegung
		code, part string
	}{
		{with(func(f *recht.Festlegung) { f.Parameter = "a/b\n" }), "L-121", "Den Parameter „a/b?“ gibt es nicht"},
		{with(func(f *recht.Festlegung) { f.Parameter = strings.Repeat("ä", 99) }), "L-121", strings.Repeat("ä", 60) + "…“"},
		{with(func(f *recht.Festlegung) { f.Ab = 20031231 }), "L-122", "Tag ab dem 01.01.2004"},
		{with(func(f *recht.Festlegung) { f.Ab = 20270229 }), "L-122", "braucht einen Tag"},
		{with(func(f *recht.Festlegung) { f.Wert = "9,501" }), "L-123", "erwartet wird ein Betrag wie „8,35“ oder „aufgehoben“"},
		{with(func(f *recht.Festlegung) { f.Wert = "" }), "L-123", "erwartet wird ein Betrag"},
		{with(func(f *recht.Festlegung) { f.Wert = "-1,00" }), "L-123", "erwartet wird ein Betrag"},
		{with(func(f *recht.Festlegung) { f.Begruendung = " ja " }), "L-124", "von 5 bis 500 Zeichen"},
		{with(func(f *recht.Festlegung) { f.Begruendung = strings.Repeat("x", 501) }), "L-124", "von 5 bis 500 Zeichen"},
		{with(func(f *recht.Festlegung) { f.Begruendung = "zwei\nZeilen" }), "L-124", "von 5 bis 500 Zeichen"},
		{with(func(f *recht.Festlegung) { f.Begruendung, f.Wert = "", recht.Zurueckgenommen }), "L-124", "Begründung"},
		{fest("sgb5/p61/anteil", 20270401, "10"), "L-123", "ein Anteil wie „3,15 %“"},
		{fest("sgb5/p31/altersgrenze", 20270401, "achtzehn"), "L-123", "eine ganze Zahl"},
		{fest("sgb5/p31/ohne-homoeopathie", 20270401, "vielleicht"), "L-123", "„ja“ oder „nein“"},
		{fest("sgb5/p130a/moratorium-3a-ende", 20270401, "31.2.2030"), "L-123", "ein Tag wie „31.12.2030“"},
		{fest("ampreisv/p2/gh-stufen-2004", 20270401, "bis 3,00 = 15 %"), "L-123", "eine Staffel wie"},
		{fest("ta1/sok/rezeptur", 20270401, ""), "L-123", "ein Text"},
		{fest("ta1/sok/rezeptur", 20270401, "a\tb"), "L-123", "ein Text"},
	} {
		_, err := load(t).Pruefe(c.f)
		wantFault(t, err, c.code, c.part)
		if c.f.Wert == recht.Zurueckgenommen {
			continue
		}
		if s, err := load(t).Mit(recht.Festlegungen{good, c.f}); err == nil || s != nil {
			t.Errorf("%+v was taken", c.f)
		}
	}
	if _, err := load(t).Pruefe(fest("ampreisv/p3/fixum", 20270401, recht.Zurueckgenommen)); err != nil {
		t.Error(err)
	}
}

// TestWhatIsShownCanBeLaidDown: the text of every value of the law, laid down on
// another day, is the same value: tables, days and texts too.
func TestWhatIsShownCanBeLaidDown(t *testing.T) {
	s := load(t)
	for _, p := range s.Parameter() {
		for _, z := range p.Zeilen {
			got, err := s.Pruefe(fest(p.ID, 20400101, z.WertText()))
			if err != nil || !got.Wert.Gleich(z.Wert) || got.Aufgehoben != z.Aufgehoben {
				t.Errorf("%s: %q became %q, %v", p.ID, z.WertText(), got.WertText(), err)
			}
		}
	}
	z, err := s.Pruefe(fest("ampreisv/p5/fixum", 20040101, "1,00"))
	if err != nil || z.Norm != "AMPreisV § 5 Abs. 1 Nr. 3" {
		t.Errorf("before the first row: %+v, %v", z, err)
	}
}

// TestFestlegungenAnyOrder: whatever is laid down, Am agrees with the rows.
func TestFestlegungenAnyOrder(t *testing.T) {
	basis := load(t)
	rapid.Check(t, func(rt *rapid.T) {
		var list recht.Festlegungen
		for range rapid.IntRange(1, 6).Draw(rt, "n") {
			list = append(list, fest(
				rapid.SampledFrom([]string{"sgb5/p61/mindest", "ampreisv/p3/fixum", "sgb5/p130/abschlag-rx"}).Draw(rt, "p"),
				recht.Beginn.AddDays(rapid.IntRange(0, 9000).Draw(rt, "ab")),
				rapid.SampledFrom([]string{"1,00", "2,50", "aufgehoben", recht.Zurueckgenommen}).Draw(rt, "w")))
		}
		s, err := basis.Mit(list)
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range list {
			vergleiche(t, s, f.Ab)
		}
	})
}
