package artikelsuche_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow/artikelsuche"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// archiv is a list of generations, newest first, and the time that reading one takes.
type archiv struct {
	zeilen []catalogue.Verlaufszeile
	uhr    *clock.Manual
	dauer  time.Duration
	kaputt string // the ID that cannot be read
}

func (a archiv) Verlauf(context.Context, kennung.PZN) iter.Seq2[catalogue.Verlaufszeile, error] {
	return func(yield func(catalogue.Verlaufszeile, error) bool) {
		for _, z := range a.zeilen {
			a.uhr.Advance(a.dauer)
			var err error
			if z.ID == a.kaputt {
				err = errors.New("damaged")
			}
			if !yield(z, err) {
				return
			}
		}
	}
}

func zeile(id string, ab civil.Day, avp, festbetrag money.Cent) catalogue.Verlaufszeile {
	a := workflowtest.Rx(pzn("2000001"), "Testol", "Testolin", 2000, avp)
	a.Festbetrag = festbetrag
	return catalogue.Verlaufszeile{Manifest: catalogue.Manifest{ID: id, Quelle: "Test", GueltigAb: ab}, Artikel: a, Da: avp > 0}
}

// The history has a line only where something changes; of what a person has left out it
// says so, and goes on from what held before. Of two lists for one day the later holds.
func TestVerlauf(t *testing.T) {
	s, _ := apotheke(t)
	out := zeile("g5", 20261115, 9999, 0)
	out.Ausgelassen = true
	same := zeile("g4", 20261110, 4000, 3000)
	same.Ausgelassen = true
	free := zeile("g7", 20261220, 5000, 3000)
	free.Artikel.Zuzahlungsfrei = true
	list := []catalogue.Verlaufszeile{
		free, zeile("g6", 20261201, 5000, 3000), out, same, zeile("g3b", 20261101, 4000, 3000), zeile("g3a", 20261101, 1, 0),
		zeile("g2", 20261015, 4000, 3500), zeile("kaputt", 20261010, 7, 0), zeile("g1", 20261001, 4000, 3500),
		zeile("g0", 20260915, 0, 0), zeile("g-1", 20260901, 3900, 3500), zeile("g-2", 20260801, 0, 0),
	}
	v := artikelsuche.New(s.Kern).Mit(archiv{zeilen: list, uhr: s.Uhr, kaputt: "kaputt"}).Verlauf(s.Ctx, pzn("2000001"))
	type z struct {
		ID          string
		AVP         money.Cent
		Ausgelassen bool
		Fehlt       bool
		Zeit        string
	}
	var got []z
	for _, x := range v.Zeilen {
		when := ""
		if x.Gilt {
			when = "gilt"
		}
		if x.Kommt {
			when = "kommt"
		}
		got = append(got, z{x.Generation, x.AVP, x.Ausgelassen, x.Fehlt, when})
	}
	want := []z{
		{"g7", 5000, false, false, "kommt"},
		{"g6", 5000, false, false, "kommt"},
		{"g5", 9999, true, false, ""},
		{"g3b", 4000, false, false, "gilt"},
		{"g1", 4000, false, false, ""},
		{"g0", 0, false, true, ""},
		{"g-1", 3900, false, false, ""},
	}
	if d := cmp.Diff(want, got); d != "" || v.Gelesen != 12 || v.Unlesbar != 1 || v.Unbekannt {
		t.Errorf("%+v %s", v, d)
	}
}

// The past is read up to a number of lists and up to a time; then it says that there is more.
func TestVerlaufBegrenzt(t *testing.T) {
	s, _ := apotheke(t)
	var list []catalogue.Verlaufszeile
	for i := range 60 {
		list = append(list, zeile("g", civil.Day(20261101).AddDays(-i), money.Cent(100+i), 0))
	}
	such := artikelsuche.New(s.Kern)
	v := such.Mit(archiv{zeilen: list, uhr: s.Uhr}).Verlauf(s.Ctx, pzn("2000001"))
	if v.Gelesen != 24 || len(v.Zeilen) != 24 || !v.Unbekannt {
		t.Errorf("%d of 60 read, %d lines, more: %v", v.Gelesen, len(v.Zeilen), v.Unbekannt)
	}
	v = such.Mit(archiv{zeilen: list[:24], uhr: s.Uhr}).Verlauf(s.Ctx, pzn("2000001"))
	if v.Gelesen != 24 || v.Unbekannt {
		t.Errorf("%d of 24 read, more: %v", v.Gelesen, v.Unbekannt)
	}
	v = such.Mit(archiv{zeilen: list, uhr: s.Uhr, dauer: 200 * time.Millisecond}).Verlauf(s.Ctx, pzn("2000001"))
	if v.Gelesen != 2 || !v.Unbekannt {
		t.Errorf("slow disk: %d read, more: %v", v.Gelesen, v.Unbekannt)
	}
}

// Which insurers have a contract for the article, what may replace it with its Zuzahlung,
// and the mark of the insurer that is asked for.
func TestVertraegeUndGleiche(t *testing.T) {
	dear, cheap := workflowtest.Rx(pzn("2000001"), "Teurol", "Testolin", 5000, 8000), workflowtest.Rx(pzn("2000002"), "Billol", "Testolin", 1000, 2000)
	dear.Festbetrag, cheap.Festbetrag = 5000, 5000
	half := zuzahlung.Vertrag{Faktor: 50, MehrkostenErlassen: true}
	s := workflowtest.New(t, []artikel.Artikel{dear, cheap},
		catalogue.Vertragszeile{IK: ik, PZN: dear.PZN, Vertrag: half}, catalogue.Vertragszeile{IK: "100000000", PZN: dear.PZN, Vertrag: zuzahlung.Vertrag{Faktor: 100}},
		catalogue.Vertragszeile{IK: ik, PZN: cheap.PZN, Vertrag: zuzahlung.Vertrag{}})
	x, err := artikelsuche.New(s.Kern).Artikel(s.Ctx, dear.PZN, ik)
	s.Must(err)
	contracts := []catalogue.Vertragszeile{
		{IK: "100000000", PZN: dear.PZN, Vertrag: zuzahlung.Vertrag{Faktor: 100}}, {IK: ik, PZN: dear.PZN, Vertrag: half},
	}
	if d := cmp.Diff(contracts, x.Vertraege); d != "" {
		t.Error(d)
	}
	// § 61 SGB V: 10 % of the Festbetrag 50,00 = 5,00, and 30,00 above it; 10 % of 20,00, at least 5,00.
	if len(x.Gleiche) != 2 || x.Gleiche[0].Artikel.Name != "Billol" || x.Gleiche[0].Patient != 500 || x.Gleiche[1].Patient != 3500 ||
		x.Gleiche[0].Vertrag == nil || x.Vertrag == nil || x.Vertrag.Faktor != 50 {
		t.Errorf("%+v", x.Gleiche)
	}
	x, err = artikelsuche.New(s.Kern).Artikel(s.Ctx, cheap.PZN, "")
	s.Must(err)
	if x.Vertrag != nil || x.Gleiche[0].Vertrag != nil || len(x.Vertraege) != 1 {
		t.Errorf("%+v", x)
	}
}

// The price of an article that its next list does not have any more.
func TestEntfaellt(t *testing.T) {
	s, _ := apotheke(t)
	s.Kern.Katalog = katalog(t, []artikel.Artikel{ibu("1000001", "Alpha", "20"), ibu("1000002", "Beta", "20")}, []artikel.Artikel{ibu("1000002", "Beta", "20")})
	x, err := artikelsuche.New(s.Kern).Artikel(s.Ctx, pzn("1000001"), "")
	s.Must(err)
	want := []artikelsuche.Wechsel{{Ab: 20261201, Generation: "2026-12-01", Gone: true, Preis: betraege(500, 0)}}
	if d := cmp.Diff(want, x.Wechsel); d != "" {
		t.Error(d)
	}
}

// What the patient pays when the GKV begins or ends to pay: the price on the side where it
// does not; free of Zuzahlung is 0,00 €, and no price is no amount.
func TestPatientWechselt(t *testing.T) {
	rx := workflowtest.Rx(pzn("2000001"), "Testol", "Testolin", 2000, 4000)
	free, lifestyle, priceless := rx, rx, rx
	free.Zuzahlungsfrei, lifestyle.Lifestyle, priceless.AVP = true, true, 0
	for name, c := range map[string]struct {
		today, december artikel.Artikel
		want            artikelsuche.Betraege
	}{
		"free from December": {rx, free, betraege(500, 0)}, "not paid from December": {rx, lifestyle, betraege(500, 4000)},
		"paid from December": {lifestyle, rx, betraege(4000, 500)}, "no price from December": {rx, priceless, betraege(0, 0)},
	} {
		s, _ := apotheke(t)
		s.Kern.Katalog = katalog(t, []artikel.Artikel{c.today}, []artikel.Artikel{c.december})
		x, err := artikelsuche.New(s.Kern).Artikel(s.Ctx, rx.PZN, "")
		s.Must(err)
		if len(x.Wechsel) == 0 || x.Wechsel[0].Ab != 20261201 || x.Wechsel[0].Patient != c.want {
			t.Errorf("%s: %+v", name, x.Wechsel)
		}
	}
}

// katalog is today's list and that of 1 December.
func katalog(t *testing.T, today, december []artikel.Artikel) catalogue.Catalogue {
	t.Helper()
	var gens []catalogue.Generation
	for ab, list := range map[civil.Day][]artikel.Artikel{20261101: today, 20261201: december} {
		var rows []catalogue.Zeile
		for _, a := range list {
			rows = append(rows, catalogue.Zeile{Artikel: a})
		}
		g, err := memory.New(catalogue.Manifest{ID: ab.String(), GueltigAb: ab}, catalogue.QuelleAus(rows, nil))
		if err != nil {
			t.Fatal(err)
		}
		gens = append(gens, g)
	}
	return memory.NewCatalogue(gens...)
}
