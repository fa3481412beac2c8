package memory_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
)

func zeile(pzn kennung.PZN, size string, avp money.Cent) catalogue.Zeile {
	return catalogue.Zeile{Artikel: artikel.Artikel{
		PZN: pzn, Name: "Testol", Wirkstoff: "Testolin", Wirkstaerke: "5 mg", Darreichungsform: "TAB", Menge: size, Einheit: "St",
		Normgroesse: "N3", Verschreibungspflichtig: true, AVP: avp,
	}}
}

func generation(t *testing.T, id string, ab civil.Day, q catalogue.Quelle) catalogue.Generation {
	t.Helper()
	g, err := memory.New(catalogue.Manifest{ID: id, GueltigAb: ab}, q)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// What lies in memory answers like the generator's source says.
func TestGeneration(t *testing.T) {
	ctx := context.Background()
	g := generation(t, "g", 20261101, muster.Quelle(muster.Options{Seed: 1, Artikel: 300}))
	n := 0
	for z := range muster.Quelle(muster.Options{Seed: 1, Artikel: 300}).Artikel {
		n++
		a, ok, err := g.Artikel(ctx, z.Artikel.PZN)
		if d := cmp.Diff(z.Artikel, a); err != nil || !ok || d != "" {
			t.Fatalf("%v %v %s", ok, err, d)
		}
	}
	if m := g.Manifest(); m.Artikel != n || m.Vertraege == 0 {
		t.Errorf("%+v", m)
	}
	if _, ok, err := g.Artikel(ctx, "99999999"); ok || err != nil {
		t.Errorf("an unknown PZN: %v %v", ok, err)
	}
	hits, err := g.Suche(ctx, catalogue.Anfrage{Text: "ibu 400 20"})
	if err != nil || len(hits) == 0 || hits[0].Artikel.PZN != muster.OTCSchmerzmittel.PZN() || !hits[0].Woertlich || hits[0].Rang != 0 {
		t.Errorf("%+v %v", hits, err)
	}
	v, err := g.Vertrag(ctx, muster.DemoIK, muster.RxRabatt50.PZN())
	if err != nil || v == nil || v.Faktor != 50 {
		t.Errorf("%+v %v", v, err)
	}
	if v, err := g.Vertrag(ctx, "109900122", muster.OTCSchmerzmittel.PZN()); v != nil || err != nil {
		t.Errorf("no contract: %+v %v", v, err)
	}
}

// By demand, and what cannot be had comes last however much it is asked for.
func TestBeliebteste(t *testing.T) {
	row := func(r muster.Rolle, demand int, s artikel.Status) catalogue.Zeile {
		return catalogue.Zeile{Artikel: artikel.Artikel{PZN: r.PZN(), Name: string(r), Status: s}, Beliebtheit: demand}
	}
	g := generation(t, "g", 20261101, catalogue.QuelleAus([]catalogue.Zeile{
		row(muster.RxTeuer, 5, artikel.Verkehr), row(muster.Lifestyle, 99, artikel.AusserVertrieb),
		row(muster.OTCSchmerzmittel, 7, artikel.Verkehr), row(muster.OhneAVP, 0, artikel.Verkehr),
	}, nil))
	list, err := g.Beliebteste(t.Context(), 10)
	var got []kennung.PZN
	for _, a := range list {
		got = append(got, a.PZN)
	}
	want := []kennung.PZN{muster.OTCSchmerzmittel.PZN(), muster.RxTeuer.PZN(), muster.OhneAVP.PZN(), muster.Lifestyle.PZN()}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
	if two, err := g.Beliebteste(t.Context(), 2); len(two) != 2 || two[1].PZN != muster.RxTeuer.PZN() || err != nil {
		t.Errorf("%+v, %v", two, err)
	}
}

// Equal articles: the cheapest first, those without a price last (§ 129 Abs. 1 SGB V).
func TestGleiche(t *testing.T) {
	alone := zeile("17034552", "10", 1)
	alone.Artikel.Wirkstoff = ""
	g := generation(t, "g", 20261101, catalogue.QuelleAus([]catalogue.Zeile{
		zeile("17001044", "100", 300), zeile("17012214", "98", 200), zeile("17023382", "100", 0), alone,
	}, nil))
	for pzn, want := range map[kennung.PZN]string{
		"17001044": "17012214 17001044 17023382", "17023382": "17012214 17001044 17023382", "17034552": "17034552", "99999999": "",
	} {
		list, err := g.Gleiche(context.Background(), pzn)
		var got []string
		for _, a := range list {
			got = append(got, string(a.PZN))
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %v %v, want %s", pzn, got, err, want)
		}
	}
}

// A source that fails, repeats a PZN or carries none makes no generation.
func TestSchlechteQuelle(t *testing.T) {
	failing := errors.New("disk")
	good := zeile("17001044", "100", 300)
	for name, q := range map[string]catalogue.Quelle{
		"twice":    catalogue.QuelleAus([]catalogue.Zeile{good, good}, nil),
		"no PZN":   catalogue.QuelleAus([]catalogue.Zeile{zeile("170", "1", 1)}, nil),
		"failing":  {Artikel: func(yield func(catalogue.Zeile, error) bool) { yield(catalogue.Zeile{}, failing) }},
		"contract": catalogue.QuelleAus([]catalogue.Zeile{good}, []catalogue.Vertragszeile{{IK: "1", PZN: "x", Vertrag: zuzahlung.Vertrag{}}}),
	} {
		if _, err := memory.New(catalogue.Manifest{}, q); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The civil day chooses: the latest that has begun; before all, the earliest.
func TestCatalogue(t *testing.T) {
	q := catalogue.QuelleAus([]catalogue.Zeile{zeile("17001044", "100", 300)}, nil)
	c := memory.NewCatalogue(generation(t, "old", 20261101, q), generation(t, "new", 20261201, q), generation(t, "mid", 20261115, q))
	for day, want := range map[civil.Day]string{
		20260101: "old", 20261101: "old", 20261114: "old", 20261115: "mid", 20261130: "mid", 20261201: "new", 20300101: "new",
	} {
		if g, err := c.Am(day); err != nil || g.Manifest().ID != want {
			t.Errorf("%s: %v, want %s", day, err, want)
		}
	}
	if list := c.Generationen(); len(list) != 3 || list[0].ID != "new" || list[2].ID != "old" {
		t.Errorf("%+v", list)
	}
	if _, err := memory.NewCatalogue().Am(20261101); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("no generation: %v", err)
	}
}
