package alle_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/katalogwahl"
	"github.com/offizin/offizin/projection/monate"
	"github.com/offizin/offizin/projection/personen"
	"github.com/offizin/offizin/projection/rezepte"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/projection/vormerkungen"
)

// schreibe applies events of one machine, a minute after the other.
func schreibe(t *testing.T, list ...journal.Event) tafel {
	t.Helper()
	m := tafel{}
	for i, e := range list {
		n := uint64(i + 1)
		payload, err := journal.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		r := journal.Record{
			Origin: journal.Origin{Node: "platz-1", Incarnation: "a"}, Seq: n, Lamport: n, Wall: int64(i) * 60e9,
			Type: e.EventType(), Actor: "AB", Payload: payload,
		}
		for _, p := range alle.Projections() {
			if err := p.Apply(m, r, e); err != nil {
				t.Fatalf("%s: %v", p.Name(), err)
			}
		}
	}
	return m
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestBestandLesen(t *testing.T) {
	m := schreibe(
		t, event.BestandGeaendert{PZN: "01234562", Delta: 10, Art: "eroeffnung"},
		event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: "1-000001", Art: bon.Verkauf, Zeit: 7, Positionen: []bon.Position{
			{Art: vorgang.Artikel, PZN: "01234562", Menge: 2},
			{Art: vorgang.Artikel, PZN: "01234579", Menge: 1},
			{Art: vorgang.Gebuehr, SOK: "02567018", Menge: 1},
		}}},
		event.BestandGeaendert{PZN: "01234562", Delta: -1, Art: "korrektur", Grund: "Bruch"},
	)
	got := map[kennung.PZN]int{}
	err := bestand.Each(m, func(p kennung.PZN, n int) (bool, error) { got[p] = n; return true, nil })
	if d := cmp.Diff(map[kennung.PZN]int{"01234562": 7, "01234579": -1}, got); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
	moves := must(bestand.Bewegungen(m, "01234562", 2))(t)
	want := []bestand.Bewegung{
		{Delta: -1, Art: "korrektur", Grund: "Bruch", Zeit: 120e9, Wer: "AB"},
		{Delta: -2, Art: "verkauf", Beleg: "1-000001", Zeit: 7, Wer: "AB"},
	}
	if d := cmp.Diff(want, moves); d != "" {
		t.Error(d)
	}
}

func TestBonsLesen(t *testing.T) {
	m := schreibe(
		t, event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: "1-000001", Tag: 20261130}},
		event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: "1-000002", Tag: 20261201}},
		event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: "1-000003", Tag: 20261130, Bezug: "1-000001", Art: bon.Storno}},
		event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: "1-000003", Tag: 20261202}}, // a copied database: the first is found
	)
	var got []string
	err := bons.Each(m, 20261130, 20261201, func(b bon.Bon) (bool, error) { got = append(got, b.Nummer); return true, nil })
	if err != nil || !slices.Equal(got, []string{"1-000001", "1-000003", "1-000002"}) {
		t.Errorf("%v %v", got, err)
	}
	if b, ok, err := bons.Last(m, "1"); err != nil || !ok || b.Art != bon.Storno {
		t.Errorf("%+v %v", b, err)
	}
	if n := must(bons.Next(m, "1"))(t); n != "1-000004" {
		t.Errorf("next is %s", n)
	}
	if list := must(bons.OfDay(m, 20261202))(t); len(list) != 1 {
		t.Errorf("the other one of the number is in its day: %v", list)
	}
	if list := must(bons.Undoing(m, "1-000001"))(t); len(list) != 1 || list[0].Nummer != "1-000003" {
		t.Errorf("%v", list)
	}
	if _, ok, err := bons.Last(m, "2"); ok || err != nil {
		t.Errorf("a till without Bon: %v %v", ok, err)
	}
	if _, ok, err := bons.Find(m, "1-000003/0000000000000003"); ok || err != nil {
		t.Errorf("part of a key is no number: %v %v", ok, err)
	}
	m = schreibe(
		t, event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: "1-000001", Beleg: "7"}},
		event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: "1-000002", Beleg: "7/1"}},
		event.BelegGedruckt{Bon: "1-000001", Art: "muster-16", Rezept: "r1", Druck: 1},
		event.BelegNachgedruckt{Bon: "1-000002", Art: "muster-16"}, event.BelegNachgedruckt{Bon: "1-000001", Art: "bon"},
		event.BelegDigital{Bon: "1-000001"}, event.BelegDigital{Bon: "1-000001", Kopie: true},
	)
	if a, b := must(bons.Digital(m, "1-000001"))(t), must(bons.Digital(m, "1-000002"))(t); a != 2 || b != 0 {
		t.Errorf("given as code %d and %d times", a, b)
	}
	if list := must(bons.OfBeleg(m, "7"))(t); len(list) != 1 || list[0].Nummer != "1-000001" {
		t.Errorf("of the slip: %v", list)
	}
	for _, c := range []struct {
		nummer, rezept string
		want           int
	}{{"1-000001", "r1", 1}, {"1-000001", "r2", 0}, {"1-000002", "r1", 1}} {
		if n := must(bons.Gedruckt(m, c.nummer, c.rezept))(t); n != c.want {
			t.Errorf("%+v: %d", c, n)
		}
	}
	for _, bad := range []string{"", "417", "1-", "1-x", "1-7x"} {
		if _, _, err := bons.Split(bad); err == nil {
			t.Errorf("%q is taken for a number", bad)
		}
	}
}

func TestHausLesen(t *testing.T) {
	m := schreibe(
		t, event.EinstellungGesetzt{Schluessel: "name", Wert: "Adler"}, event.EinstellungGesetzt{Schluessel: "name", Wert: "Löwen"},
		event.BenutzerGesetzt{Kuerzel: "CD", Name: "Clara Dorn", Aktiv: true}, event.BenutzerGesetzt{Kuerzel: "AB", Name: "Anna Berg"},
		event.RechtFestgelegt{Parameter: "sgb5/p61/mindest", Ab: 20270101, Wert: "7,50 €"},
	)
	if s := must(haus.Einstellungen(m))(t); s["name"] != "Löwen" {
		t.Errorf("%v", s)
	}
	if v := must(haus.Einstellung(m, "ort"))(t); v != "" {
		t.Errorf("a setting never made: %q", v)
	}
	if list := must(haus.Benutzer(m))(t); len(list) != 2 || list[0].Kuerzel != "AB" {
		t.Errorf("%v", list)
	}
	if must(haus.Name(m, "CD"))(t) != "Clara Dorn" || must(haus.Name(m, "XY"))(t) != "XY" {
		t.Error("name of the staff")
	}
	if list := must(haus.Festlegungen(m))(t); len(list) != 1 || list[0].Wer != "AB" || list[0].Zeit != 240e9 {
		t.Errorf("%v", list)
	}
}

// The latest choice is that of the latest record, not of the latest clock; all are found.
func TestKatalogwahlLesen(t *testing.T) {
	if _, ok, err := katalogwahl.Last(tafel{}); ok || err != nil {
		t.Errorf("without one: %v %v", ok, err)
	}
	m := schreibe(
		t, event.KatalogGewaehlt{ID: "a", Zeit: 9, Ausgelassen: []string{"g1"}}, event.EinstellungGesetzt{Schluessel: "name"},
		event.KatalogGewaehlt{ID: "b", Zeit: 3},
	)
	if w, ok, err := katalogwahl.Last(m); err != nil || !ok || w.ID != "b" || w.Wer != "AB" {
		t.Errorf("%+v %v", w, err)
	}
	if list := must(katalogwahl.List(m, 10))(t); len(list) != 2 || list[1].ID != "a" || list[1].Ausgelassen[0] != "g1" {
		t.Errorf("%+v", list)
	}
	if list := must(katalogwahl.List(m, 1))(t); len(list) != 1 {
		t.Errorf("%+v", list)
	}
	if w, ok, err := katalogwahl.Find(m, "a"); err != nil || !ok || w.Zeit != 9 {
		t.Errorf("%+v %v", w, err)
	}
	if _, ok, err := katalogwahl.Find(m, "c"); ok || err != nil {
		t.Errorf("%v %v", ok, err)
	}
}

func TestRezepteUndVormerkungenLesen(t *testing.T) {
	m := schreibe(
		t, event.PersonGesetzt{ID: "p1"}, event.RezeptAngenommen{ID: "r1", Person: "p1", Zeilen: 2},
		event.RezeptAngenommen{ID: "r2", Person: "p1", Zeilen: 1}, event.RezeptZurueckgegeben{ID: "r2", Grund: "unleserlich"},
		event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: "1-000001", Tag: 20261123, Positionen: []bon.Position{
			{Art: vorgang.Artikel, PZN: "01234562", Menge: 2, Rezept: "r1", Verordnung: 1, Person: "p1", Regel: "verbrauch", Zuzahlung: 800},
		}}},
		event.VormerkungAngelegt{ID: "w1", Nummer: 4, PZN: "01234562", Menge: 3},
		event.VormerkungAngelegt{ID: "w2", Nummer: 5, PZN: "01234562", Menge: 1}, event.VormerkungErledigt{ID: "w1"},
	)
	var ids []string
	err := rezepte.Each(m, func(x rezepte.Eintrag) (bool, error) { ids = append(ids, x.ID+x.Zurueckgegeben); return true, nil })
	if err != nil || !slices.Equal(ids, []string{"r2unleserlich", "r1"}) {
		t.Errorf("%v %v", ids, err)
	}
	if x, ok, err := rezepte.Find(m, "r1"); err != nil || !ok || x.Abgegeben[1] != 2 || !slices.Equal(x.Bons, []string{"1-000001"}) {
		t.Errorf("%+v %v", x, err)
	}
	if s := must(monate.Find(m, "p1", 20261101))(t); s.Verbrauch != 800 {
		t.Errorf("%+v", s)
	}
	if s := must(monate.Find(m, "p1", 20261201))(t); s.Verbrauch != 0 {
		t.Errorf("%+v", s)
	}
	if must(vormerkungen.Menge(m, "01234562"))(t) != 1 || must(vormerkungen.NextNummer(m))(t) != 6 {
		t.Error("reserved packs or next number")
	}
	if list := must(vormerkungen.List(m))(t); len(list) != 1 || list[0].ID != "w2" {
		t.Errorf("%v", list)
	}
	n := 0
	err = personen.Each(m, func(personen.Eintrag) (bool, error) { n++; return true, nil })
	if err != nil || n != 1 {
		t.Errorf("%d persons, %v", n, err)
	}
}

// Undo goes back at most Undo changes, over parking, and never before the beginning.
func TestVorgaengeLesen(t *testing.T) {
	open := vorgang.Kopf{Platz: "platz-1", Epoche: 1, Zustand: vorgang.Offen}
	list := []journal.Event{event.VorgangGeaendert{ID: "v1", Version: 1, Kopf: &open}}
	for i := range 30 {
		list = append(list, event.VorgangGeaendert{ID: "v1", Version: i + 2, Gesetzt: []vorgang.Position{{Nr: 1, Menge: i + 1}}})
	}
	parked := open
	parked.Zustand = vorgang.Geparkt
	list = append(list, event.VorgangGeaendert{ID: "v1", Version: 32, Kopf: &parked}, event.VorgangGeaendert{ID: "v1", Version: 33, Kopf: &open})
	m := schreibe(t, list...)
	v, ok, err := vorgaenge.Current(m, "platz-1")
	if err != nil || !ok || v.Version != 33 || len(v.Stapel) != vorgaenge.Undo+1 {
		t.Fatalf("%+v %v", v, err)
	}
	if before, ok, err := vorgaenge.Before(m, v); err != nil || !ok || before.Positionen[0].Menge != 29 {
		t.Errorf("%+v %v", before, err)
	}
	if all := must(vorgaenge.List(m))(t); len(all) != 1 {
		t.Errorf("%v", all)
	}
	if _, ok, err := vorgaenge.Current(m, "platz-2"); ok || err != nil {
		t.Errorf("%v %v", ok, err)
	}
}
