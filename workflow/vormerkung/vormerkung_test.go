package vormerkung_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/vormerkung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

var (
	ramipril = workflowtest.PZN("1234560")
	ibu      = workflowtest.PZN("1234562")
	alt      = workflowtest.PZN("1234563")
)

func open(t *testing.T) (*workflowtest.Stand, *vormerkung.Service, *person.Service) {
	old := workflowtest.Rx(alt, "ALT Demo", "Altin", 100, 200)
	old.Status = artikel.AusserVertrieb
	x := workflowtest.New(t, []artikel.Artikel{
		workflowtest.Rx(ramipril, "RAMIPRIL Demo", "Ramipril", 200, 1300), workflowtest.Rx(ibu, "IBU Demo", "Ibuprofen", 100, 1400), old,
	})
	p := person.New(x.Kern)
	return x, vormerkung.New(x.Kern, p), p
}

func TestSlipAndOrderList(t *testing.T) {
	x, s, p := open(t)
	kunde, err := p.Anlegen(x.Ctx, x.A(), person.Person{Name: "Muster", Vorname: "Erika"})
	x.Must(err)
	a := x.A()
	first, err := s.Anlegen(x.Ctx, a, vormerkung.Eingabe{PZN: ramipril, Menge: 2, Kunde: kunde.ID, Rezept: "m-1"})
	x.Must(err)
	again, err := s.Anlegen(x.Ctx, a, vormerkung.Eingabe{PZN: ramipril, Menge: 2, Kunde: kunde.ID, Rezept: "m-1"})
	x.Must(err)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the same act made another slip: %s", diff)
	}
	if first.Nummer != 1 || first.Name != "Erika Muster" || first.Abholbar || first.Tag != 20261123 || first.Rezept != "m-1" {
		t.Errorf("%+v", first)
	}
	second, err := s.Anlegen(x.Ctx, x.A(), vormerkung.Eingabe{PZN: ramipril, Menge: 1, Name: "Herr Fremd"})
	x.Must(err)
	_, err = s.Anlegen(x.Ctx, x.A(), vormerkung.Eingabe{PZN: ibu, Menge: 1})
	x.Must(err)
	x.Book(event.BestandGeaendert{PZN: ramipril, Delta: 1, Art: "zugang"}, event.BestandGeaendert{PZN: ibu, Delta: 5, Art: "zugang"})

	orders, err := s.Bestellliste(x.Ctx)
	x.Must(err)
	if len(orders) != 1 || orders[0].Artikel.PZN != ramipril || orders[0].Menge != 2 || orders[0].Vorgemerkt != 3 {
		t.Fatalf("%+v", orders)
	}
	if diff := cmp.Diff([]int{1, 2}, orders[0].Nummern); diff != "" {
		t.Error(diff)
	}
	list, err := s.Liste(x.Ctx)
	x.Must(err)
	if len(list) != 3 || list[1].Name != "Herr Fremd" || !list[1].Abholbar || !list[2].Abholbar {
		t.Errorf("%+v", list)
	}

	x.Must(s.Erledigen(x.Ctx, x.A(), second.ID, vormerkung.Abgeholt))
	x.Must(s.Erledigen(x.Ctx, x.A(), first.ID, vormerkung.Verworfen))
	if orders, err = s.Bestellliste(x.Ctx); err != nil || len(orders) != 0 {
		t.Errorf("%v %v", orders, err)
	}
	x.Fails(s.Erledigen(x.Ctx, x.A(), first.ID, vormerkung.Abgeholt), "B-307")
	_, err = s.Find(x.Ctx, second.ID)
	x.Fails(err, "B-307")
}

// The name of who is not on file stands sealed in the journal and can never be read
// again once the reservation is closed.
func TestNameIsErased(t *testing.T) {
	x, s, _ := open(t)
	v, err := s.Anlegen(x.Ctx, x.A(), vormerkung.Eingabe{PZN: ibu, Menge: 1, Name: "Herr Geheim"})
	x.Must(err)
	x.Must(s.Erledigen(x.Ctx, x.A(), v.ID, vormerkung.Abgeholt))
	n := 0
	x.Must(x.Kern.Store.Records(x.Ctx, x.Kern.Store.Self(), 0, func(r journal.Record) (bool, error) {
		if strings.Contains(string(r.Payload), "Geheim") {
			t.Errorf("%s holds the name", r.Type)
		}
		e, err := event.Decode(r.Type, r.Payload)
		if m, ok := e.(event.VormerkungAngelegt); ok {
			n++
			if _, err := x.Kern.Store.Open(x.Ctx, *m.Name); err == nil {
				t.Error("the name can still be opened")
			}
		}
		return true, err
	}))
	if n != 1 {
		t.Errorf("%d reservations", n)
	}
}

func TestRefused(t *testing.T) {
	x, s, p := open(t)
	for code, e := range map[string]vormerkung.Eingabe{
		"B-301": {PZN: ibu, Menge: 1, Kunde: "p-unbekannt"},
		"B-302": {PZN: ibu, Menge: 0},
		"B-303": {PZN: ibu, Menge: 1, Name: strings.Repeat("x", 101)},
		"B-304": {PZN: kennung.PZN("00000000"), Menge: 1},
		"B-305": {PZN: alt, Menge: 1},
	} {
		_, err := s.Anlegen(x.Ctx, x.A(), e)
		x.Fails(err, code)
	}
	x.Fails(s.Erledigen(x.Ctx, x.A(), "r-1", "vergessen"), "B-306")
	kunde, err := p.Anlegen(x.Ctx, x.A(), person.Person{Name: "Weg"})
	x.Must(err)
	_, err = s.Anlegen(x.Ctx, x.A(), vormerkung.Eingabe{PZN: ibu, Menge: 1, Kunde: kunde.ID})
	x.Must(err)
	x.Must(p.Loeschen(x.Ctx, x.A(), kunde.ID, "auf Wunsch"))
	list, err := s.Liste(x.Ctx)
	x.Must(err)
	if len(list) != 1 || list[0].Name != "" {
		t.Errorf("%+v", list)
	}
}
