package artikelsuche_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/artikelsuche"
	"github.com/offizin/offizin/workflow/workflowtest"
)

const ik = "109900019"

func pzn(base string) kennung.PZN { return workflowtest.PZN(base) }

// ibu is a pack of a pain killer that anybody may buy.
func ibu(base, maker, menge string) artikel.Artikel {
	return artikel.Artikel{
		PZN: pzn(base), Name: "Ibuprofen " + maker + " 400 mg", Hersteller: maker, Menge: menge, Einheit: "St", Darreichungsform: "FTA",
		Wirkstoff: "Ibuprofen", Wirkstaerke: "400 mg", UVP: 500, MwSt: artikel.MwStVoll, Art: artikel.Arzneimittel,
		Apothekenpflichtig: true, Status: artikel.Verkehr,
	}
}

func apotheke(t *testing.T, vertraege ...catalogue.Vertragszeile) (*workflowtest.Stand, *artikelsuche.Service) {
	t.Helper()
	rx := workflowtest.Rx(pzn("1000005"), "Ibuprofen Rezept 800 mg", "Ibuprofen", 800, 1300)
	s := workflowtest.New(t, []artikel.Artikel{
		ibu("1000001", "Alpha", "20"), ibu("1000002", "Beta", "20"), ibu("1000003", "Gamma", "200"), ibu("1000004", "Delta", "50"), rx,
	}, vertraege...)
	return s, artikelsuche.New(s.Kern)
}

func lager(s *workflowtest.Stand, bases ...string) {
	var events []journal.Event
	for _, b := range bases {
		events = append(events, event.BestandGeaendert{PZN: pzn(b), Delta: 3, Art: "zugang"})
	}
	s.Book(events...)
}

func namen(list []artikelsuche.Treffer) string {
	var out []string
	for _, t := range list {
		out = append(out, strings.TrimPrefix(t.Artikel.Hersteller, "Ibuprofen ")+" "+t.Artikel.Menge)
	}
	return strings.Join(out, ", ")
}

func namenVon(list []artikelsuche.Gleicher) string {
	var out []artikelsuche.Treffer
	for _, g := range list {
		out = append(out, g.Treffer)
	}
	return namen(out)
}

// Stock comes first, but no pack of 200 before one of 20 when 20 is typed; an exact
// PZN stays on top.
func TestReihenfolge(t *testing.T) {
	s, such := apotheke(t, catalogue.Vertragszeile{IK: ik, PZN: pzn("1000004"), Vertrag: zuzahlung.Vertrag{Faktor: 100}})
	lager(s, "1000002", "1000003")
	for _, c := range []struct {
		anfrage catalogue.Anfrage
		want    string
	}{
		{catalogue.Anfrage{Text: "ibu 400"}, "Beta 20, Gamma 200, Alpha 20, Delta 50"},
		{catalogue.Anfrage{Text: "ibu 400 20"}, "Beta 20, Alpha 20, Gamma 200"},
		{catalogue.Anfrage{Text: "20 st ibu"}, "Beta 20, Alpha 20"},
		{catalogue.Anfrage{Text: string(pzn("1000001"))}, "Alpha 20"},
		{catalogue.Anfrage{Text: "ibu", Limit: 2}, "Beta 20, Gamma 200"},
		{catalogue.Anfrage{Text: "ibu", NurLager: true}, "Beta 20, Gamma 200"},
		{catalogue.Anfrage{Text: "ibu", NurRx: true}, "Demo 100"},
		{catalogue.Anfrage{Text: "ibu 400", NurOTC: true, IK: ik}, "Beta 20, Gamma 200, Delta 50, Alpha 20"},
		{catalogue.Anfrage{Text: "xqzwv"}, ""},
		{catalogue.Anfrage{Text: ""}, ""},
	} {
		e, err := such.Suche(s.Ctx, c.anfrage)
		s.Must(err)
		if got := namen(e.Treffer); got != c.want {
			t.Errorf("%+v: %s, want %s", c.anfrage, got, c.want)
		}
	}
}

func TestBestandSteht(t *testing.T) {
	s, such := apotheke(t)
	lager(s, "1000002")
	e, err := such.Suche(s.Ctx, catalogue.Anfrage{Text: "beta"})
	s.Must(err)
	if len(e.Treffer) != 1 || e.Treffer[0].Bestand != 3 || e.Treffer[0].Vorgemerkt != 0 || e.Dauer < 0 {
		t.Errorf("%+v", e)
	}
}

func betraege(alt, neu money.Cent) artikelsuche.Betraege {
	return artikelsuche.Betraege{Alt: alt, Neu: neu}
}

// A pack at 40,00 whose price rises to 60,00 on 1 December: the patient pays 5,00
// (§ 61 S. 1 SGB V: at least 5), then 6,00 (10 %), and from 2027 at least 7,50.
func TestPreiseUndZuzahlung(t *testing.T) {
	s, _ := apotheke(t)
	var gens []catalogue.Generation
	for _, g := range []struct {
		ab  civil.Day
		avp money.Cent
	}{{20261001, 3900}, {20261115, 4000}, {20261201, 6000}} {
		a := workflowtest.Rx(pzn("2000001"), "Testol", "Testolin", 2000, g.avp)
		gen, err := memory.New(catalogue.Manifest{ID: g.ab.String(), GueltigAb: g.ab}, catalogue.QuelleAus([]catalogue.Zeile{{Artikel: a}}, nil))
		s.Must(err)
		gens = append(gens, gen)
	}
	s.Kern.Katalog = memory.NewCatalogue(gens...)
	x, err := artikelsuche.New(s.Kern).Artikel(s.Ctx, pzn("2000001"), "")
	s.Must(err)
	price := func(avp money.Cent) artikelsuche.Preis { return artikelsuche.Preis{AVP: avp, AEP: 2000, Rx: true} }
	want := artikelsuche.Verlauf{Gelesen: 3, Zeilen: []artikelsuche.Preisstand{
		{Generation: "2026-12-01", Ab: 20261201, Preis: price(6000), Kommt: true},
		{Generation: "2026-11-15", Ab: 20261115, Preis: price(4000), Gilt: true},
		{Generation: "2026-10-01", Ab: 20261001, Preis: price(3900)},
	}}
	if d := cmp.Diff(want, artikelsuche.New(s.Kern).Verlauf(s.Ctx, pzn("2000001"))); d != "" {
		t.Error(d)
	}
	changes := []artikelsuche.Wechsel{
		{Ab: 20261201, Generation: "2026-12-01", Preis: betraege(4000, 6000), AEP: betraege(2000, 2000), Patient: betraege(500, 600)},
		{Ab: 20270101, Preis: betraege(6000, 6000), AEP: betraege(2000, 2000), Patient: betraege(600, 750)},
	}
	if d := cmp.Diff(changes, x.Wechsel); d != "" {
		t.Error(d)
	}
	type tag struct {
		Ab      civil.Day
		Patient money.Cent
	}
	var got []tag
	for _, z := range x.Zuzahlung {
		got = append(got, tag{z.Ab, z.Ergebnis.Patient()})
	}
	if d := cmp.Diff([]tag{{20261123, 500}, {20261201, 600}, {20270101, 750}}, got); d != "" {
		t.Error(d)
	}
	if x.Artikel.AVP != 4000 || len(x.Schritte) == 0 || len(x.Gleiche) != 1 {
		t.Errorf("%+v", x)
	}
}

// What the GKV does not pay has no Zuzahlung; what is not there is said.
func TestOhneZuzahlung(t *testing.T) {
	s, such := apotheke(t)
	x, err := such.Artikel(s.Ctx, pzn("1000001"), "")
	s.Must(err)
	if len(x.Zuzahlung) != 0 || len(x.Schritte) != 0 || namenVon(x.Gleiche) != "Alpha 20, Beta 20" {
		t.Errorf("%+v", x)
	}
	_, err = such.Artikel(s.Ctx, "99999999", "")
	s.Fails(err, "A-101")
	s.Kern.Katalog = memory.NewCatalogue()
	_, err = such.Suche(s.Ctx, catalogue.Anfrage{Text: "ibu"})
	s.Fails(err, "A-103")
	_, err = such.Artikel(s.Ctx, pzn("1000001"), "")
	s.Fails(err, "A-103")
}
