package artikelsuche_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/artikelsuche"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// A stocked article is found by the filter whatever its rank: here it is the last of 400 that
// match, twice as many as a search may deliver.
func TestLagerHinterDenErsten(t *testing.T) {
	var list []artikel.Artikel
	bases := basen(3000000, 400)
	for _, b := range bases {
		list = append(list, ibu(b, "Maker", "20"))
	}
	s := workflowtest.New(t, list)
	such := artikelsuche.New(s.Kern)
	last := pzn(bases[399])
	lager(s, bases[399])
	e, err := such.Suche(s.Ctx, catalogue.Anfrage{Text: "ibu 400 20", NurLager: true})
	s.Must(err)
	if len(e.Treffer) != 1 || e.Treffer[0].Artikel.PZN != last || e.Treffer[0].Bestand != 3 {
		t.Errorf("%+v", e.Treffer)
	}
	hits, err := such.Suche(s.Ctx, catalogue.Anfrage{Text: "ibu 400 20", Limit: 200})
	s.Must(err)
	if slices.ContainsFunc(hits.Treffer, func(x artikelsuche.Treffer) bool { return x.Artikel.PZN == last }) {
		t.Error("this test needs an article that ranks below the first 200")
	}
}

// basen are the next bases of a PZN that have a check digit.
func basen(from, n int) (list []string) {
	for ; len(list) < n; from++ {
		b := strconv.Itoa(from)
		if _, ok := kennung.PZNCheck(b); ok {
			list = append(list, b)
		}
	}
	return list
}

// What comes in or goes out between two searches is seen by the next.
func TestLagerAendertSich(t *testing.T) {
	s, such := apotheke(t)
	for _, c := range []struct {
		delta int
		want  string
	}{{0, ""}, {2, "Beta 20"}, {-2, ""}, {1, "Beta 20"}} {
		if c.delta != 0 {
			s.Book(event.BestandGeaendert{PZN: pzn("1000002"), Delta: c.delta, Art: "korrektur"})
		}
		for range 2 {
			e, err := such.Suche(s.Ctx, catalogue.Anfrage{Text: "ibu", NurLager: true})
			s.Must(err)
			if got := namen(e.Treffer); got != c.want {
				t.Errorf("after %+d: %q, want %q", c.delta, got, c.want)
			}
		}
	}
}

// viele is a pharmacy with articles of a few kinds, equal ones among them.
func viele(t *testing.T) (*workflowtest.Stand, *artikelsuche.Service, []artikel.Artikel) {
	t.Helper()
	var list []artikel.Artikel
	var contracts []catalogue.Vertragszeile
	bases := basen(4000000, 300)
	for i, base := range bases {
		a := ibu(base, []string{"Alpha", "Beta", "Gamma"}[i%3], []string{"20", "50"}[i/3%2])
		a.UVP = money.Cent(i * 7 % 900)
		if a.Verschreibungspflichtig = i%5 == 0; a.Verschreibungspflichtig {
			a.AVP = money.Cent(1000 + i)
		}
		if i%11 == 0 {
			a.Status = artikel.Rueckruf
		}
		if i%4 == 0 {
			contracts = append(contracts, catalogue.Vertragszeile{IK: ik, PZN: a.PZN})
		}
		list = append(list, a)
	}
	s := workflowtest.New(t, list, contracts...)
	var stocked []string
	for i, base := range bases {
		if i%6 == 1 || i == 299 {
			stocked = append(stocked, base)
		}
	}
	lager(s, stocked...)
	return s, artikelsuche.New(s.Kern), list
}

// Filters, alone and together, leave what a walk over all articles leaves.
func TestFilterWieEinDurchgang(t *testing.T) {
	s, such, list := viele(t)
	place := func(a artikel.Artikel) int {
		return slices.IndexFunc(list, func(x artikel.Artikel) bool { return x.PZN == a.PZN })
	}
	stocked := func(a artikel.Artikel) bool { return place(a)%6 == 1 || place(a) == 299 }
	partner := func(a artikel.Artikel) bool { return place(a)%4 == 0 }
	rapid.Check(t, func(t *rapid.T) {
		a := catalogue.Anfrage{
			Text: rapid.SampledFrom([]string{"ibu", "alpha ibu", "ibu 50", "400 gamma"}).Draw(t, "text"), IK: ik, Limit: catalogue.LimitHoechst,
			NurRx: rapid.Bool().Draw(t, "rx"), NurOTC: rapid.Bool().Draw(t, "otc"), NurLager: rapid.Bool().Draw(t, "stock"),
			NurPartner: rapid.Bool().Draw(t, "partner"),
		}
		v := rapid.SampledFrom(list).Draw(t, "article")
		if rapid.Bool().Draw(t, "cheaper") {
			a.Guenstiger = v.PZN
		}
		var want []kennung.PZN
		for _, x := range list {
			matches := strings.Contains(a.Text, "ibu") && a.Text != "alpha ibu" || a.Text == "alpha ibu" && x.Hersteller == "Alpha" ||
				a.Text == "400 gamma" && x.Hersteller == "Gamma"
			if a.Text == "ibu 50" {
				matches = x.Menge == "50"
			}
			cheaper := x.Gruppe() == v.Gruppe() && x.Verkaufspreis() > 0 && x.Verkaufspreis() < v.Verkaufspreis() && x.Status != artikel.Rueckruf
			if matches && (!a.NurRx || x.Verschreibungspflichtig) && (!a.NurOTC || !x.Verschreibungspflichtig) &&
				(!a.NurLager || stocked(x)) && (!a.NurPartner || partner(x)) && (a.Guenstiger == "" || cheaper) {
				want = append(want, x.PZN)
			}
		}
		e, err := such.Suche(s.Ctx, a)
		if err != nil {
			t.Fatal(err)
		}
		var got []kennung.PZN
		for _, h := range e.Treffer {
			got = append(got, h.Artikel.PZN)
			if (h.Vertrag != nil) != partner(h.Artikel) {
				t.Errorf("%s: contract %v", h.Artikel.PZN, h.Vertrag)
			}
		}
		slices.Sort(got)
		if len(want) > catalogue.LimitHoechst {
			if len(got) != catalogue.LimitHoechst {
				t.Errorf("%+v: %d hits", a, len(got))
			}
			return
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%+v: %s", a, d)
		}
	})
}

// What may replace an article and costs less, the cheapest first; of what is recalled or out of trade none.
func TestGuenstiger(t *testing.T) {
	price := func(a artikel.Artikel, uvp money.Cent, s artikel.Status) artikel.Artikel {
		a.UVP, a.Status = uvp, s
		return a
	}
	s := workflowtest.New(t, []artikel.Artikel{
		price(ibu("1000001", "Alpha", "20"), 900, artikel.Verkehr), price(ibu("1000002", "Beta", "20"), 500, artikel.Verkehr),
		price(ibu("1000003", "Gamma", "20"), 300, artikel.Verkehr), price(ibu("1000004", "Delta", "20"), 200, artikel.Rueckruf),
		price(ibu("1000005", "Omega", "20"), 0, artikel.Verkehr), price(ibu("1000016", "Kappa", "50"), 100, artikel.Verkehr),
		price(ibu("1000017", "Sigma", "20"), 900, artikel.Verkehr), price(ibu("1000018", "Theta", "20"), 250, artikel.AusserVertrieb),
	})
	such := artikelsuche.New(s.Kern)
	lager(s, "1000002")
	for _, c := range []struct {
		a    catalogue.Anfrage
		want string
	}{
		{catalogue.Anfrage{Guenstiger: pzn("1000001")}, "Gamma 20, Beta 20"}, // by price, not by stock
		{catalogue.Anfrage{Guenstiger: pzn("1000001"), Limit: 1}, "Gamma 20"},
		{catalogue.Anfrage{Guenstiger: pzn("1000001"), NurLager: true}, "Beta 20"},
		{catalogue.Anfrage{Guenstiger: pzn("1000001"), Text: "beta"}, "Beta 20"},
		{catalogue.Anfrage{Guenstiger: pzn("1000003")}, ""},
		{catalogue.Anfrage{Guenstiger: pzn("1000005")}, ""}, // without a price nothing costs less
		{catalogue.Anfrage{Guenstiger: "99999999"}, ""},
		{catalogue.Anfrage{NurLager: true}, ""}, // nothing is typed
	} {
		e, err := such.Suche(s.Ctx, c.a)
		s.Must(err)
		if got := namen(e.Treffer); got != c.want {
			t.Errorf("%+v: %q, want %q", c.a, got, c.want)
		}
		if known := c.a.Guenstiger != "" && c.a.Guenstiger != "99999999"; known != (e.Vorlage != nil) {
			t.Errorf("%+v: %v", c.a, e.Vorlage)
		}
	}
}

// An empty search says which filter hides how many hits; where it takes more than one, how
// many all of them hide.
func TestVerborgen(t *testing.T) {
	s, such := apotheke(t, catalogue.Vertragszeile{IK: ik, PZN: pzn("1000004"), Vertrag: zuzahlung.Vertrag{Faktor: 100}})
	lager(s, "1000002")
	type v = artikelsuche.Verborgen
	type l = []artikelsuche.Anteil
	for _, c := range []struct {
		a    catalogue.Anfrage
		want v
	}{
		{catalogue.Anfrage{Text: "gamma", NurLager: true}, v{Einzeln: l{{artikelsuche.FilterLager, 1}}}},
		{catalogue.Anfrage{Text: "ibu 400", NurRx: true}, v{Einzeln: l{{artikelsuche.FilterRx, 4}}}},
		{catalogue.Anfrage{Text: "ibu 20", NurPartner: true, IK: ik, NurLager: true}, v{Einzeln: l{{artikelsuche.FilterPartner, 1}}}},
		{catalogue.Anfrage{Text: "gamma", NurPartner: true, IK: ik, NurLager: true}, v{Alle: 1}},
		{catalogue.Anfrage{Text: string(pzn("1000001")), NurRx: true}, v{Einzeln: l{{artikelsuche.FilterRx, 1}}}},
		{catalogue.Anfrage{Text: "xqzwv", NurLager: true, NurRx: true}, v{}},
		{catalogue.Anfrage{Text: "xqzwv"}, v{}},
		{catalogue.Anfrage{Guenstiger: pzn("1000001"), NurLager: true}, v{}},
	} {
		e, err := such.Suche(s.Ctx, c.a)
		s.Must(err)
		if d := cmp.Diff(c.want, e.Verborgen); d != "" || len(e.Treffer) > 0 {
			t.Errorf("%+v: %d hits, %s", c.a, len(e.Treffer), d)
		}
	}
}

// Also without a text the filter is named that hides what is cheaper.
func TestVerborgenOhneText(t *testing.T) {
	dear := ibu("1000001", "Alpha", "20")
	dear.UVP = 900
	s := workflowtest.New(t, []artikel.Artikel{dear, ibu("1000002", "Beta", "20")})
	e, err := artikelsuche.New(s.Kern).Suche(s.Ctx, catalogue.Anfrage{Guenstiger: dear.PZN, NurLager: true})
	s.Must(err)
	want := artikelsuche.Verborgen{Einzeln: []artikelsuche.Anteil{{Filter: artikelsuche.FilterLager, Treffer: 1}}}
	if d := cmp.Diff(want, e.Verborgen); d != "" || len(e.Treffer) > 0 {
		t.Errorf("%d hits, %s", len(e.Treffer), d)
	}
}
