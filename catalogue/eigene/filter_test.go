package eigene_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/eigene"
	"github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
)

const ik = "109900019"

// filtered is a catalogue with contracts below, and own articles over it, of which some
// cover one of the catalogue. Partner are those with a contract that are not covered.
func filtered(t *rapid.T) (g catalogue.Generation, partner []kennung.PZN) {
	pzn := rapid.Map(rapid.IntRange(0, 12), func(n int) kennung.PZN { return kennung.PZN(fmt.Sprintf("%08d", n)) })
	draw := func(label string) (list []artikel.Artikel) {
		for _, p := range rapid.SliceOfDistinct(pzn, func(p kennung.PZN) kennung.PZN { return p }).Draw(t, label) {
			name := rapid.SampledFrom([]string{"Badesalz", "Badesals", "Kamille"}).Draw(t, "name")
			a := ware(p, name, 100)
			a.Verschreibungspflichtig = label == "catalogue" && p > "00000006"
			list = append(list, a)
		}
		return list
	}
	var rows []catalogue.Zeile
	var contracts []catalogue.Vertragszeile
	for _, a := range draw("catalogue") {
		rows = append(rows, catalogue.Zeile{Artikel: a})
		if a.PZN > "00000004" {
			contracts = append(contracts, catalogue.Vertragszeile{IK: ik, PZN: a.PZN})
		}
	}
	below, err := memory.New(catalogue.Manifest{ID: "unten", GueltigAb: 20260101}, catalogue.QuelleAus(rows, contracts))
	if err != nil {
		t.Fatal(err)
	}
	own := draw("own")
	e, err := eigene.New(own, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range contracts {
		if !slices.ContainsFunc(own, func(a artikel.Artikel) bool { return a.PZN == v.PZN }) {
			partner = append(partner, v.PZN)
		}
	}
	return e.Ueber(below, 20260101), partner
}

// Filters take hits away and never add any, also among one's own, and what is counted is
// what is found.
func TestFilter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, contracts := filtered(t)
		a := catalogue.Anfrage{
			Text: rapid.SampledFrom([]string{"badesalz", "kamille", "bade", "badesalx", "1 st", "00000005"}).Draw(t, "text"), Limit: 200,
		}
		found := func(a catalogue.Anfrage) map[kennung.PZN]artikel.Artikel {
			hits, err := g.Suche(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			m := map[kennung.PZN]artikel.Artikel{}
			for _, h := range hits {
				m[h.Artikel.PZN] = h.Artikel
			}
			n, err := g.Anzahl(t.Context(), a)
			if err != nil || n != len(hits) || len(m) != n {
				t.Errorf("%+v: counted %d, found %d, %v", a, n, len(hits), err)
			}
			return m
		}
		all := found(a)
		a.NurRx, a.NurOTC = rapid.Bool().Draw(t, "rx"), rapid.Bool().Draw(t, "otc")
		a.NurPartner, a.IK = rapid.Bool().Draw(t, "partner"), ik
		if rapid.Bool().Draw(t, "stock") {
			a.Nur = []kennung.PZN{"00000001", "00000005", "00000008", "00000012"}
		}
		in := func(p kennung.PZN) bool {
			return a.Nur == nil || p == "00000001" || p == "00000005" || p == "00000008" || p == "00000012"
		}
		want := 0
		for p, x := range all {
			partner := slices.Contains(contracts, p) // an own article has no contract
			if in(p) && (!a.NurPartner || partner) && (!a.NurRx || x.Verschreibungspflichtig) && (!a.NurOTC || !x.Verschreibungspflichtig) {
				want++
			}
		}
		got := found(a)
		for p := range got {
			if _, ok := all[p]; !ok {
				t.Errorf("%+v: the filters add %s", a, p)
			}
		}
		if len(got) != want {
			t.Errorf("%+v: %d hits, want %d", a, len(got), want)
		}
	})
}

// What only the covered article of the catalogue matches as typed forbids no slip: the count
// went without the own article that the search finds.
func TestAnzahlUeberVerdecktem(t *testing.T) {
	e, err := eigene.New([]artikel.Artikel{ware("00000017", "Badesals", 100)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	g := e.Ueber(unten(t, ware("00000017", "Badesalz", 100)), 20260101)
	for _, a := range []catalogue.Anfrage{{Text: "badesalz"}, {Text: "badesalz", NurOTC: true}} {
		hits, err1 := g.Suche(t.Context(), a)
		n, err2 := g.Anzahl(t.Context(), a)
		if len(hits) != 1 || n != 1 || err1 != nil || err2 != nil {
			t.Errorf("%+v: found %d, counted %d, %v, %v", a, len(hits), n, err1, err2)
		}
	}
}
