package eigene_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/eigene"
	"github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
)

func ware(pzn kennung.PZN, name string, uvp money.Cent) artikel.Artikel {
	return artikel.Artikel{PZN: pzn, Name: name, Menge: "1", Einheit: "St", Status: artikel.Verkehr, UVP: uvp}
}

func unten(t interface{ Fatal(args ...any) }, list ...artikel.Artikel) catalogue.Generation {
	var rows []catalogue.Zeile
	for _, a := range list {
		rows = append(rows, catalogue.Zeile{Artikel: a})
	}
	g, err := memory.New(catalogue.Manifest{ID: "unten", GueltigAb: 20260101}, catalogue.QuelleAus(rows, nil))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// With nothing of its own the pharmacy has the catalogue and no layer over it.
func TestNichtsEigenes(t *testing.T) {
	e, err := eigene.New(nil, nil)
	g := unten(t, ware("00000017", "A", 100))
	if err != nil || e.Ueber(g, 20260101) != g {
		t.Errorf("%v", err)
	}
	twice := []artikel.Artikel{ware("00000017", "A", 100), ware("00000017", "B", 100)}
	if _, err := eigene.New(twice, nil); err == nil {
		t.Error("one PZN twice")
	}
}

// Whatever is in the catalogue and of one's own: the walk, the lookup and the search tell
// the same, each PZN once and in order, the own article before the catalogue's, and only the
// price of the day on what is not Rx.
func TestEinKatalog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pzn := rapid.Map(rapid.IntRange(0, 12), func(n int) kennung.PZN { return kennung.PZN(fmt.Sprintf("%08d", n)) })
		draw := func(label, name string) map[kennung.PZN]artikel.Artikel {
			m := map[kennung.PZN]artikel.Artikel{}
			for _, p := range rapid.SliceOf(pzn).Draw(t, label) {
				a := ware(p, name, 100)
				a.Verschreibungspflichtig = name == "Unten" && p > "00000006"
				m[p] = a
			}
			return m
		}
		below, own := draw("catalogue", "Unten"), draw("own", "Eigen")
		prices := map[kennung.PZN][]eigene.Preis{}
		for _, p := range rapid.SliceOf(pzn).Draw(t, "prices") {
			ab := civil.Day(20260100 + rapid.IntRange(1, 5).Draw(t, "ab"))
			prices[p] = append(prices[p], eigene.Preis{Ab: ab, Bis: ab + 2, Preis: money.Cent(ab % 100)})
		}
		e, err := eigene.New(values(own), prices)
		if err != nil {
			t.Fatal(err)
		}
		day := civil.Day(20260100 + rapid.IntRange(1, 9).Draw(t, "day"))
		g := e.Ueber(unten(t, values(below)...), day)

		want := map[kennung.PZN]artikel.Artikel{}
		for _, m := range []map[kennung.PZN]artikel.Artikel{below, own} {
			for p, a := range m {
				if q, ok := e.Preis(p, day); ok && !a.Verschreibungspflichtig {
					a.EigenerPreis = q.Preis
				}
				want[p] = a
			}
		}
		got, last := map[kennung.PZN]artikel.Artikel{}, kennung.PZN("")
		for z, err := range g.Alle(t.Context()) {
			if err != nil || z.Artikel.PZN <= last {
				t.Fatalf("%s after %s: %v", z.Artikel.PZN, last, err)
			}
			last, got[z.Artikel.PZN] = z.Artikel.PZN, z.Artikel
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal("the walk: ", d)
		}
		hits, err := g.Suche(t.Context(), catalogue.Anfrage{Text: "1 St", Limit: 200})
		if err != nil || len(hits) != len(want) {
			t.Fatalf("found %d of %d, %v", len(hits), len(want), err)
		}
		for i, h := range hits {
			if d := cmp.Diff(want[h.Artikel.PZN], h.Artikel); d != "" || h.Rang != i {
				t.Fatalf("hit %d: %s", i, d)
			}
		}
		popular, err := g.Beliebteste(t.Context(), 200)
		if err != nil || len(popular) != len(want) {
			t.Fatalf("%d of %d in demand, %v", len(popular), len(want), err)
		}
		for _, a := range popular {
			if d := cmp.Diff(want[a.PZN], a); d != "" {
				t.Fatal("in demand: ", d)
			}
		}
		if two, err := g.Beliebteste(t.Context(), 2); err != nil || len(two) > 2 {
			t.Fatalf("%d in demand instead of 2, %v", len(two), err)
		}
		for p := range 13 {
			p := kennung.PZN(fmt.Sprintf("%08d", p))
			a, ok, err := g.Artikel(t.Context(), p)
			if _, known := want[p]; err != nil || ok != known || ok && a != want[p] {
				t.Fatalf("%s: %+v %v %v", p, a, ok, err)
			}
		}
	})
}

func values(m map[kennung.PZN]artikel.Artikel) []artikel.Artikel {
	var list []artikel.Artikel
	for _, a := range m {
		list = append(list, a)
	}
	return list
}

// Of two prices the one that began later holds, after its last day the other one again.
func TestPreisAm(t *testing.T) {
	e, err := eigene.New(nil, map[kennung.PZN][]eigene.Preis{"00000017": {
		{Ab: 20261101, Preis: 745}, {Ab: 20261201, Bis: 20261215, Preis: 595},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[civil.Day]money.Cent{
		20261031: 0, 20261101: 745, 20261130: 745, 20261201: 595, 20261215: 595, 20261216: 745,
	} {
		if p, ok := e.Preis("00000017", day); p.Preis != want || ok != (want != 0) {
			t.Errorf("%s: %d, want %d", day, p.Preis, want)
		}
	}
}

// The cheapest of what may be exchanged is the cheapest with the own prices.
func TestGleiche(t *testing.T) {
	a, b := ware("00000017", "Demol A", 500), ware("00000023", "Demol B", 400)
	for _, x := range []*artikel.Artikel{&a, &b} {
		x.Wirkstoff, x.Wirkstaerke, x.Darreichungsform = "Demolol", "5 mg", "TAB"
	}
	e, err := eigene.New([]artikel.Artikel{ware("08000005", "Tee", 300)}, map[kennung.PZN][]eigene.Preis{"00000017": {{Ab: 20260101, Preis: 300}}})
	if err != nil {
		t.Fatal(err)
	}
	g := e.Ueber(unten(t, a, b), 20260101)
	for p, want := range map[kennung.PZN][]kennung.PZN{"00000017": {"00000017", "00000023"}, "08000005": {"08000005"}, "00000046": nil} {
		list, err := g.Gleiche(t.Context(), p)
		var got []kennung.PZN
		for _, x := range list {
			got = append(got, x.PZN)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v, want %v", p, got, err, want)
		}
	}
}

// A slip of the finger finds an own article only where the catalogue has nothing that
// matches as typed.
func TestTippfehler(t *testing.T) {
	e, err := eigene.New([]artikel.Artikel{ware("08000005", "Ibuprofin Tee", 300)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	g := e.Ueber(unten(t, ware("00000017", "Ibuprofen", 500)), 20260101)
	for text, want := range map[string]int{"ibuprofen": 1, "ibuprofin": 1, "ibuprofxn": 2, "ibu": 2} {
		hits, err := g.Suche(t.Context(), catalogue.Anfrage{Text: text})
		if err != nil || len(hits) < want {
			t.Errorf("%q: %+v, %v", text, hits, err)
		}
		if text == "ibuprofen" && (len(hits) != 1 || hits[0].Artikel.Name != "Ibuprofen") {
			t.Errorf("%q: %+v", text, hits)
		}
	}
}

func BenchmarkSuche(b *testing.B) {
	g := viele(b)
	for b.Loop() {
		if _, err := g.Suche(b.Context(), catalogue.Anfrage{Text: "eigener 47"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkArtikel(b *testing.B) {
	g := viele(b)
	for b.Loop() {
		if _, _, err := g.Artikel(b.Context(), "00000017"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	list, prices := fuenftausend()
	for b.Loop() {
		if _, err := eigene.New(list, prices); err != nil {
			b.Fatal(err)
		}
	}
}

func fuenftausend() (list []artikel.Artikel, prices map[kennung.PZN][]eigene.Preis) {
	prices = map[kennung.PZN][]eigene.Preis{}
	for p := range kennung.HausPZNs() {
		if n := len(list); n < 5000 {
			list = append(list, ware(p, fmt.Sprintf("Eigener Artikel %d Sorte %d", n, n%97), 500))
			prices[p] = []eigene.Preis{{Ab: 20260101, Preis: 400}}
			continue
		}
		break
	}
	return list, prices
}

func viele(b *testing.B) catalogue.Generation {
	b.Helper()
	e, err := eigene.New(fuenftausend())
	if err != nil {
		b.Fatal(err)
	}
	return e.Ueber(unten(b, ware("00000017", "Ibuprofen", 500)), 20260101)
}
