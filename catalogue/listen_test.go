package catalogue_test

import (
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

const packung = kennung.PZN("17023382")

func fb(c money.Cent) artikel.Artikel { return artikel.Artikel{PZN: packung, Festbetrag: c} }

func ab(day int) civil.Day { return civil.Day(20261200 + day) }

// aufgelegt lays a list of one pack (none: 0 cents) on a catalogue of one article.
func aufgelegt(l *catalogue.Listen, a artikel.Artikel, says money.Cent, teil bool, day int) artikel.Artikel {
	x := l.Auflegen(catalogue.Liste{Art: catalogue.Festbetragsliste, Datei: "fb.csv", Ab: ab(day)}, teil)
	if says != 0 {
		x.Append(packung, int64(says))
	}
	a = x.Artikel(a)
	x.Unbekannte()
	return a
}

// The list holds until the source says something else than it did when the list came: the
// newer word holds.
func TestWasGiltNachDerListe(t *testing.T) {
	for _, c := range []struct {
		name              string
		before, list, now money.Cent // source, list, source of the next catalogue
		teil, silent      bool
		want              money.Cent
		aus               string
		newer             int
	}{
		{"the source says what it said", 2150, 2040, 2150, false, false, 2040, "Festbetragsliste ab 01.12.2026", 0},
		{"the source has changed", 2150, 2040, 1990, false, false, 1990, "", 1},
		{"the source says what the list said", 2150, 2040, 2040, false, false, 2040, "Festbetragsliste ab 01.12.2026", 0},
		{"the source has dropped it", 2150, 2040, 0, false, false, 0, "", 1},
		{"the source has no word on it at all", 2150, 2040, 0, false, true, 2040, "Festbetragsliste ab 01.12.2026", 0},
		{"the source never had one", 0, 2040, 0, false, false, 2040, "Festbetragsliste ab 01.12.2026", 0},
		{"the list ended it", 2150, 0, 2150, false, false, 0, "Festbetragsliste ab 01.12.2026", 0},
		{"the list ended it, and the source has a new one", 2150, 0, 2200, false, false, 2200, "", 1},
		{"the list says nothing of it", 2150, 0, 2150, true, false, 2150, "", 0},
	} {
		l := catalogue.NewListen()
		a := aufgelegt(l, fb(c.before), c.list, c.teil, 1)
		if want := c.list; !c.teil && a.Festbetrag != want {
			t.Errorf("%s: %v with the list", c.name, a.Festbetrag)
		}
		if c.silent {
			l.Silent(catalogue.Festbetragsliste)
		}
		got := l.Apply(fb(c.now))
		if got.Festbetrag != c.want || got.FestbetragAus != c.aus || l.Abgeloest(catalogue.Festbetragsliste).Zahl != c.newer {
			t.Errorf("%s: %v %q, newer %+v", c.name, got.Festbetrag, got.FestbetragAus, l.Abgeloest(catalogue.Festbetragsliste))
		}
	}
}

// A second list takes the place of the first, and what the source said stays known: not what
// the first list made of it.
func TestZweiteListe(t *testing.T) {
	l := catalogue.NewListen()
	a := aufgelegt(l, fb(2150), 2040, false, 1)
	a = aufgelegt(l, a, 1999, false, 15)
	want := []catalogue.Listenwert{{Art: catalogue.Festbetragsliste, PZN: packung, Liste: 1, Wert: 1999, Quelle: 2150}}
	if d := cmp.Diff(want, l.Werte()); d != "" || a.Festbetrag != 1999 || a.FestbetragAus != "Festbetragsliste ab 15.12.2026" {
		t.Errorf("%+v\n%s", a, d)
	}
	if got := l.Apply(fb(2150)); got.Festbetrag != 1999 {
		t.Errorf("%v", got.Festbetrag)
	}
	if a = aufgelegt(l, fb(0), 0, false, 20); a.Festbetrag != 0 {
		t.Errorf("%v", a.Festbetrag)
	}
}

// A pack that comes later is named by the list already; the word of its source is newer if
// it has one.
func TestPackungKommtSpaeter(t *testing.T) {
	for says, want := range map[money.Cent]money.Cent{0: 2040, 1800: 1800} {
		l := catalogue.NewListen()
		x := l.Auflegen(catalogue.Liste{Art: catalogue.Festbetragsliste, Ab: ab(1)}, false)
		x.Append(packung, 2040)
		x.Artikel(artikel.Artikel{PZN: "17001044"})
		x.Unbekannte()
		if x.Genannt != 1 || x.Bekannt != 0 {
			t.Errorf("%d of %d known", x.Bekannt, x.Genannt)
		}
		if got := l.Apply(fb(says)); got.Festbetrag != want {
			t.Errorf("source %v: %v, want %v", says, got.Festbetrag, want)
		}
	}
}

// § 31(3) S. 4 SGB V: the list of the packs without Zuzahlung is whole; what is no longer on
// it costs Zuzahlung again.
func TestZuzahlungsfrei(t *testing.T) {
	l := catalogue.NewListen()
	x := l.Auflegen(catalogue.Liste{Art: catalogue.Befreiungsliste, Ab: ab(1)}, false)
	x.Append(packung, 1)
	frei := x.Artikel(artikel.Artikel{PZN: packung})
	gone := x.Artikel(artikel.Artikel{PZN: "17090409", Zuzahlungsfrei: true})
	other := artikel.Artikel{PZN: "17001044"}
	if !frei.Zuzahlungsfrei || frei.ZuzahlungsfreiAus == "" || gone.Zuzahlungsfrei || gone.ZuzahlungsfreiAus == "" || x.Artikel(other) != other {
		t.Errorf("%+v\n%+v", frei, gone)
	}
	if x.Vorher != 1 || x.Entzogen != 1 || x.Geaendert != 2 || x.Bekannt != 1 {
		t.Errorf("%+v", x)
	}
}

func vertragszeilen(s ...string) iter.Seq2[catalogue.Vertragszeile, error] {
	return func(yield func(catalogue.Vertragszeile, error) bool) {
		for _, line := range s {
			var v catalogue.Vertragszeile
			if _, err := fmt.Sscan(line, &v.IK, &v.PZN, &v.Vertrag.Faktor); !yield(v, err) {
				return
			}
		}
	}
}

func sammle(t *testing.T, list iter.Seq2[catalogue.Vertragszeile, error]) (out []string) {
	t.Helper()
	for v, err := range list {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(v.IK, " ", v.PZN, " ", v.Vertrag.Faktor))
	}
	slices.Sort(out)
	return out
}

// § 130a(8) SGB V: a list says everything of the insurers that it names and nothing of the
// others; the next delivery changes only where it says something new.
func TestVertraege(t *testing.T) {
	const nord, sued = "109900019", "109900122"
	before := vertragszeilen(nord+" 17023382 100", nord+" 17034552 50", sued+" 17023382 0")
	for _, c := range []struct {
		teil       bool
		want, next []string
	}{
		{false, []string{nord + " 17023382 50", nord + " 17056890 0", sued + " 17023382 0"}, []string{
			nord + " 17023382 50", nord + " 17045722 100", nord + " 17056890 100", sued + " 17023382 50",
		}},
		{true, []string{nord + " 17023382 50", nord + " 17034552 50", nord + " 17056890 0", sued + " 17023382 0"}, []string{
			nord + " 17023382 50", nord + " 17034552 50", nord + " 17045722 100", nord + " 17056890 100", sued + " 17023382 50",
		}},
	} {
		l := catalogue.NewListen()
		x := l.Auflegen(catalogue.Liste{Art: catalogue.Vertragsliste, Ab: ab(1)}, c.teil)
		x.AppendVertrag(catalogue.Vertragszeile{IK: nord, PZN: "17023382", Vertrag: zuzahlung.Vertrag{Faktor: 50}})
		x.AppendVertrag(catalogue.Vertragszeile{IK: nord, PZN: "17056890"})
		for range 2 { // it may be read again
			if d := cmp.Diff(c.want, sammle(t, x.Vertraege(before))); d != "" {
				t.Errorf("teil %v: %s", c.teil, d)
			}
		}
		if x.Geaendert != map[bool]int{false: 3, true: 2}[c.teil] || x.Entzogen != map[bool]int{false: 1, true: 0}[c.teil] {
			t.Errorf("teil %v: %+v", c.teil, x)
		}
		next := vertragszeilen(nord+" 17023382 100", nord+" 17034552 50", nord+" 17045722 100", nord+" 17056890 100", sued+" 17023382 50")
		if d := cmp.Diff(c.next, sammle(t, l.Clone().ApplyVertraege(next))); d != "" {
			t.Errorf("teil %v, next: %s", c.teil, d)
		}
		if got := sammle(t, l.Clone().ApplyVertraege(nil)); len(got) != 2 {
			t.Errorf("teil %v: a source without contracts: %v", c.teil, got)
		}
	}
}

// Whatever lists and deliveries come in which order: the last one that said something new of
// the pack holds, as a plain account of who said what shows.
func TestImmerDasNeuesteWort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := catalogue.NewListen()
		cents := rapid.SampledFrom([]money.Cent{0, 1000, 2000, 3000})
		source := cents.Draw(t, "source")
		a, holds := fb(source), source
		for day := range rapid.IntRange(1, 8).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "list") {
				says, teil := cents.Draw(t, "says"), rapid.Bool().Draw(t, "teil")
				a = aufgelegt(l, a, says, teil, day+1)
				if says != 0 || !teil {
					holds = says
				}
			} else {
				now := cents.Draw(t, "now")
				a = l.Apply(fb(now))
				if now != source {
					holds = now
				}
				source = now
			}
			if a.Festbetrag != holds {
				t.Fatalf("%v, want %v", a.Festbetrag, holds)
			}
		}
	})
}
