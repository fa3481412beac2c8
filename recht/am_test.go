package recht_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/recht"
)

// bindung is a field of the Stand with the parameter that fills it. An empty end is
// "for ever"; an empty begin is the first day.
type bindung struct {
	id, von, bis string
	feld         func(recht.Stand) any
}

func bindungen() []bindung {
	return []bindung{
		{"ustg/p12/voll", "", "", func(s recht.Stand) any { return s.Preis.MwStVoll }},
		{"ustg/p12/voll", "", "", func(s recht.Stand) any { return s.Gebuehr.MwStVoll }},
		{"ustg/p12/ermaessigt", "", "", func(s recht.Stand) any { return s.Preis.MwStErmaessigt }},
		{"ampreisv/p2/gh-anteil", "2012-01-01", "", func(s recht.Stand) any { return s.Preis.GHAnteil }},
		{"ampreisv/p2/gh-hoechst", "2012-01-01", "", func(s recht.Stand) any { return s.Preis.GHHoechst }},
		{"ampreisv/p2/gh-fest", "2012-01-01", "", func(s recht.Stand) any { return s.Preis.GHFest }},
		{"ampreisv/p2/gh-stufen-2004", "", "2011-12-31", func(s recht.Stand) any { return s.Preis.GHStufen2004 }},
		{"ampreisv/p3/apotheke-anteil", "", "", func(s recht.Stand) any { return s.Preis.ApothekeAnteil }},
		{"ampreisv/p3/fixum", "", "", func(s recht.Stand) any { return s.Preis.Fixum }},
		{"ampreisv/p3/notdienst", "2013-08-01", "", func(s recht.Stand) any { return s.Preis.Notdienst }},
		{"ampreisv/p3/pdl", "2021-12-15", "", func(s recht.Stand) any { return s.Preis.PDL }},
		{"ampreisv/p3/tier-fixum", "", "", func(s recht.Stand) any { return s.Preis.TierFixum }},
		{"sgb5/p129/abs5a-gh-stufen", "", "", func(s recht.Stand) any { return s.Preis.GHStufen2003 }},
		{"sgb5/p129/abs5a-apotheke-stufen", "", "", func(s recht.Stand) any { return s.Preis.ApothekeStufen2003 }},
		{"ampreisv/p5/aufschlag", "", "", func(s recht.Stand) any { return s.Preis.RezepturAufschlag }},
		{"ampreisv/p5/fixum", "2017-05-13", "", func(s recht.Stand) any { return s.Preis.RezepturFixum }},
		{"ampreisv/p5/arbeitspreis-1", "", "", func(s recht.Stand) any { return s.Preis.Arbeitspreis1 }},
		{"ampreisv/p5/arbeitspreis-2", "", "", func(s recht.Stand) any { return s.Preis.Arbeitspreis2 }},
		{"ampreisv/p5/arbeitspreis-3", "", "", func(s recht.Stand) any { return s.Preis.Arbeitspreis3 }},
		{"ampreisv/p5/mehrmenge-anteil", "", "", func(s recht.Stand) any { return s.Preis.ArbeitspreisMehrmenge }},
		{"ampreisv/p4/aufschlag", "", "", func(s recht.Stand) any { return s.Preis.UnverarbeitetAufschlag }},
		{"ampreisv/p5/grundmenge-einfach", "", "", func(s recht.Stand) any { return s.Preis.Grundmengen[0] }},
		{"ampreisv/p5/grundmenge-tee-loesung", "", "", func(s recht.Stand) any { return s.Preis.Grundmengen[1] }},
		{"ampreisv/p5/grundmenge-salbe-pulver", "", "", func(s recht.Stand) any { return s.Preis.Grundmengen[2] }},
		{"ampreisv/p5/grundmenge-loesung-waerme", "", "", func(s recht.Stand) any { return s.Preis.Grundmengen[3] }},
		{"ampreisv/p5/grundmenge-pillen", "", "", func(s recht.Stand) any { return s.Preis.Grundmengen[4] }},
		{"ampreisv/p5/grundmenge-kapseln", "", "", func(s recht.Stand) any { return s.Preis.Grundmengen[5] }},
		{"ampreisv/p5/grundmenge-steril", "", "", func(s recht.Stand) any { return s.Preis.Grundmengen[6] }},
		{"ampreisv/p5/grundmenge-ampullen", "", "", func(s recht.Stand) any { return s.Preis.Grundmengen[7] }},
		{"ampreisv/p5/parenteral-1", "2017-05-13", "", func(s recht.Stand) any { return s.Preis.Parenteral[0] }},
		{"ampreisv/p5/parenteral-2", "2017-05-13", "", func(s recht.Stand) any { return s.Preis.Parenteral[1] }},
		{"ampreisv/p5/parenteral-3", "2017-05-13", "", func(s recht.Stand) any { return s.Preis.Parenteral[2] }},
		{"ampreisv/p5/parenteral-4", "2017-05-13", "", func(s recht.Stand) any { return s.Preis.Parenteral[3] }},
		{"ampreisv/p5/parenteral-5", "2017-05-13", "", func(s recht.Stand) any { return s.Preis.Parenteral[4] }},
		{"ampreisv/p5/parenteral-6", "2017-05-13", "", func(s recht.Stand) any { return s.Preis.Parenteral[5] }},
		{"ampreisv/p5/parenteral-7", "2017-05-13", "", func(s recht.Stand) any { return s.Preis.Parenteral[6] }},
		{"hilfstaxe/anlage3/zytostatika", "2025-01-01", "", func(s recht.Stand) any { return s.Preis.HilfstaxeParenteral }},
		{"ampreisv/p3/teilmenge-kleinste-packung", "2023-07-27", "", func(s recht.Stand) any { return s.Preis.TeilmengeKleinstePackung }},
		{"sgb5/p61/anteil", "", "", func(s recht.Stand) any { return s.Zuzahlung.Anteil }},
		{"sgb5/p61/mindest", "", "", func(s recht.Stand) any { return s.Zuzahlung.Mindest }},
		{"sgb5/p61/hoechst", "", "", func(s recht.Stand) any { return s.Zuzahlung.Hoechst }},
		{"sgb5/p33/verbrauch-hoechst", "", "", func(s recht.Stand) any { return s.Zuzahlung.VerbrauchHoechst }},
		{"sgb5/p61/einmal-bei-nichtverfuegbarkeit", "", "", func(s recht.Stand) any { return s.Zuzahlung.EinmalBeiEngpass }},
		{"sgb5/p27a/eigenanteil", "", "", func(s recht.Stand) any { return s.Zuzahlung.BefruchtungAnteil }},
		{"sgb11/p40/pg54-pauschale", "", "", func(s recht.Stand) any { return s.Zuzahlung.PG54Pauschale }},
		{"sgb11/p40/pg51-hoechst", "", "", func(s recht.Stand) any { return s.Zuzahlung.PG51Hoechst }},
		{"sgb5/p130b/geheimpreis", "2024-10-30", "", func(s recht.Stand) any { return s.Zuzahlung.Geheimpreis }},
		{"sgb5/p31/altersgrenze", "", "", func(s recht.Stand) any { return s.Zuzahlung.Altersgrenze }},
		{"sgb5/p31/ohne-homoeopathie", "", "", func(s recht.Stand) any { return s.Zuzahlung.OhneHomoeopathie }},
		{"sgb5/p31/ohne-cannabisblueten", "", "", func(s recht.Stand) any { return s.Zuzahlung.OhneCannabisblueten }},
		{"sgb5/p130/abschlag-rx", "", "", func(s recht.Stand) any { return s.Zuzahlung.AbschlagRx }},
		{"sgb5/p130/abschlag-sonst", "", "", func(s recht.Stand) any { return s.Zuzahlung.AbschlagSonst }},
		{"vertrag/preisguenstigste", "2008-04-01", "", func(s recht.Stand) any { return s.Abgabe.Preisguenstigste }},
		{"sgb5/p129/import-grenze-unten", "2019-08-16", "", func(s recht.Stand) any { return s.Abgabe.ImportUnten }},
		{"sgb5/p129/import-grenze-oben", "2019-08-16", "", func(s recht.Stand) any { return s.Abgabe.ImportOben }},
		{"sgb5/p129/import-anteil-unten", "2019-08-16", "", func(s recht.Stand) any { return s.Abgabe.ImportAnteilUnten }},
		{"sgb5/p129/import-betrag", "2019-08-16", "", func(s recht.Stand) any { return s.Abgabe.ImportBetrag }},
		{"sgb5/p129/import-anteil-oben", "2019-08-16", "", func(s recht.Stand) any { return s.Abgabe.ImportAnteilOben }},
		{"ampreisv/p6/noctu", "", "", func(s recht.Stand) any { return s.Gebuehr.Noctu }},
		{"ampreisv/p7/btm", "", "", func(s recht.Stand) any { return s.Gebuehr.BtM }},
		{"ampreisv/p7/t-rezept", "2017-05-13", "", func(s recht.Stand) any { return s.Gebuehr.TRezept }},
		{"sgb5/p129/botendienst", "2020-04-01", "", func(s recht.Stand) any { return s.Gebuehr.BotendienstNetto }},
		{"ampreisv/p3/engpass", "2023-07-27", "", func(s recht.Stand) any { return s.Gebuehr.EngpassNetto }},
	}
}

// naiv is the Fassung that a walk over the rows finds, in the shape of the field.
func naiv(tb testing.TB, s *recht.Sammlung, id string, day civil.Day) any {
	tb.Helper()
	p, ok := s.Suche(id)
	if !ok {
		tb.Fatalf("%s: no such parameter", id)
	}
	var found *recht.Zeile
	for _, z := range p.Zeilen {
		if z.Ab <= day {
			found = &z
		}
	}
	switch p.Typ {
	case recht.Betrag:
		return form(p, found, recht.Wert.Cent)
	case recht.Anteil:
		return form(p, found, recht.Wert.PPM)
	case recht.Schalter:
		return form(p, found, func(w recht.Wert) bool { return w.Zahl != 0 })
	case recht.Zahl:
		return form(p, found, func(w recht.Wert) int { return int(w.Zahl) })
	default:
		return form(p, found, func(w recht.Wert) []preis.Stufe { return w.Stufen })
	}
}

func form[T any](p recht.Parameter, z *recht.Zeile, was func(recht.Wert) T) fassung.Fassung[T] {
	if z == nil {
		return fassung.Fassung[T]{Norm: p.Zeilen[0].Norm, Repealed: true}
	}
	f := fassung.Fassung[T]{
		Ab: z.Ab, Norm: z.Norm, Quelle: z.Quelle, Art: z.Art, Pruefen: z.Pruefen, Repealed: z.Aufgehoben,
	}
	if !z.Aufgehoben {
		f.Was = was(z.Wert)
	}
	return f
}

func vergleiche(tb testing.TB, s *recht.Sammlung, day civil.Day) {
	tb.Helper()
	stand, err := s.Am(day)
	if err != nil || stand.Tag != day {
		tb.Fatalf("Am(%s): Tag %s, %v", day, stand.Tag, err)
	}
	for _, b := range bindungen() {
		if diff := cmp.Diff(naiv(tb, s, b.id, day), b.feld(stand)); diff != "" {
			tb.Errorf("%s on %s (-row +Stand):\n%s", b.id, day, diff)
		}
	}
}

// TestAmOnEveryDayOfChange: the prepared Stand says what the rows say, the day before,
// on the day and the day after.
func TestAmOnEveryDayOfChange(t *testing.T) {
	s := load(t)
	for _, day := range s.Aenderungen() {
		for _, d := range []civil.Day{day.AddDays(-1), day, day.AddDays(1)} {
			if d >= recht.Beginn {
				vergleiche(t, s, d)
			}
		}
	}
}

func TestAmOnAnyDay(t *testing.T) {
	s := load(t)
	rapid.Check(t, func(rt *rapid.T) {
		vergleiche(t, s, recht.Beginn.AddDays(rapid.IntRange(0, 365*40).Draw(rt, "days")))
	})
}

// TestNothingRepealedThatTheFactsKnow: 2004 to 2027, a field is empty only where the
// facts have no value.
func TestNothingRepealedThatTheFactsKnow(t *testing.T) {
	s := load(t)
	for day := recht.Beginn; day <= 20271231; day = day.AddDays(1) {
		stand, err := s.Am(day)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range bindungen() {
			want := b.von != "" && day < tag(t, b.von) || b.bis != "" && day > tag(t, b.bis)
			if got := leer(b.feld(stand)); got != want {
				t.Fatalf("%s on %s: repealed is %v, want %v", b.id, day, got, want)
			}
		}
	}
}

func leer(f any) bool {
	switch f := f.(type) {
	case fassung.Fassung[money.Cent]:
		return f.Repealed
	case fassung.Fassung[money.PPM]:
		return f.Repealed
	case fassung.Fassung[bool]:
		return f.Repealed
	case fassung.Fassung[int]:
		return f.Repealed
	case fassung.Fassung[[]preis.Stufe]:
		return f.Repealed
	}
	panic("a kind of Fassung the test does not know")
}

// TestDaysWithoutLaw: before 2004 and on days that do not exist there is a fault, on
// leap days there is law.
func TestDaysWithoutLaw(t *testing.T) {
	s := load(t)
	for _, day := range []civil.Day{0, 20031231, 20230229, 20271301, 20040100, -1} {
		_, err := s.Am(day)
		wantFault(t, err, "L-120", "bitte einen Tag ab dem 01.01.2004 angeben")
	}
	for _, day := range []civil.Day{recht.Beginn, 20040229, 20240229, 20280229} {
		vergleiche(t, s, day)
	}
	stand, _ := s.Am(20240229) // § 61 S. 5/6 since 2024-02-01
	if stand.Zuzahlung.EinmalBeiEngpass.Ab != 20240201 || !stand.Zuzahlung.EinmalBeiEngpass.Was {
		t.Errorf("got %+v", stand.Zuzahlung.EinmalBeiEngpass)
	}
}

// TestUnterschied holds the law of 2026 to its day, both ways.
func TestUnterschied(t *testing.T) {
	s := load(t)
	same := map[string]bool{}
	for _, row := range zeilen(t, "aenderungen.tsv", 5) {
		if row[1] == "2027-01-01" {
			same[row[0]] = true
		}
	}
	list := s.Unterschied(20261231, 20270101)
	for _, a := range list {
		if !same[a.Parameter.ID] || a.Zeile.Ab != 20270101 {
			t.Errorf("%s: not in the table, or of %s", a.Parameter.ID, a.Zeile.Ab)
		}
		delete(same, a.Parameter.ID)
	}
	if len(same) > 0 {
		t.Errorf("missing: %v", same)
	}
	if back := s.Unterschied(20270101, 20261231); len(back) != len(list) {
		t.Errorf("%d changes back, %d there", len(back), len(list))
	}
	// The Abschlag of 1.77 fell and came back: between 2022 and 2026 nothing has changed.
	for _, a := range s.Unterschied(20220101, 20260101) {
		if a.Parameter.ID == "sgb5/p130/abschlag-rx" {
			t.Errorf("reported although equal: %+v", a)
		}
	}
	// Botendienst: the amount stayed, the norm moved.
	found := false
	for _, a := range s.Unterschied(20201231, 20210101) {
		found = found || a.Parameter.ID == "sgb5/p129/botendienst" && a.Alt.Wert.Gleich(a.Neu.Wert)
	}
	if !found {
		t.Error("the moved norm of the Botendienst is not reported")
	}
}

func TestInKraft(t *testing.T) {
	for _, x := range load(t).InKraft(20111231) {
		if x.Zeile.Aufgehoben || x.Zeile.Ab > 20111231 || x.Parameter.ID == "ampreisv/p2/gh-anteil" {
			t.Errorf("%s is not in force in 2011: %+v", x.Parameter.ID, x.Zeile)
		}
	}
}

func BenchmarkAm(b *testing.B) {
	s := load(b)
	for b.Loop() {
		if _, err := s.Am(civil.Day(20261123)); err != nil {
			b.Fatal(err)
		}
	}
}
