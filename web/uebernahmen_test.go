package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/uebernahme"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// antworten says which machines answer.
type antworten map[string]bool

func (a antworten) Antwortet(platz string) bool { return a[platz] }

// schicke gives one journal what another has written.
func (l *laden) schicke(from, to journal.Store) {
	l.T.Helper()
	var records []journal.Record
	l.Must(from.Records(l.Ctx, from.Self(), 0, func(r journal.Record) (bool, error) {
		records = append(records, r)
		return true, nil
	}))
	_, err := to.Receive(l.Ctx, records)
	l.Must(err)
}

// Two machines have sold the same cart, and the one that was cut off has typed another line: the
// till and the Ampel say so, the page has the Storno ready, and what was typed can be parked.
func TestUebernahmeKlaeren(t *testing.T) {
	pzn := workflowtest.PZN("1234566")
	l := oeffneMit(t, artikel.Artikel{
		PZN: pzn, Name: "BONBON Demo", Art: artikel.Freiwahl, Status: artikel.Verkehr, UVP: 250, MwSt: artikel.MwStVoll,
	})
	put := func(id string) {
		_, err := l.d.Verkauf.Hinzufuegen(l.Ctx, l.A(), id, verkauf.Eingabe{PZN: pzn, Menge: 2})
		l.Must(err)
	}
	l.d.Uebernahme = uebernahme.New(l.Kern)
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	here := l.Kern.Store.Self().Node // a machine is its journal
	l.Kern.Platz = here
	there := *l.Kern
	there.Platz, there.Till = "platz-2", "2"
	there.Store = memory.New(memory.Options{Node: "platz-2", Clock: l.Uhr, Projections: alle.Projections()})
	other := verkauf.New(&there, l.d.Personen, l.d.Rezepte)
	n := 0
	a := func() workflow.Auftrag {
		n++
		return workflow.Auftrag{Key: "p2-" + strconv.Itoa(n), Actor: "AB"}
	}
	var carts []string
	for range 2 {
		v, err := l.d.Verkauf.Beginnen(l.Ctx, l.A())
		l.Must(err)
		carts = append(carts, v.Vorgang.ID)
		put(v.Vorgang.ID)
	}
	l.schicke(l.Kern.Store, there.Store)
	for i, id := range carts {
		v, err := other.Fortsetzen(l.Ctx, a(), id)
		l.Must(err)
		_, err = other.Bezahlen(l.Ctx, a(), id, verkauf.Zahlung{Erwartet: v.Summen.Patient})
		l.Must(err)
		if i == 0 {
			_, err = l.d.Verkauf.Bezahlen(l.Ctx, l.A(), id, verkauf.Zahlung{Erwartet: 500})
		} else {
			put(id)
		}
		l.Must(err)
	}
	l.schicke(there.Store, l.Kern.Store)
	if body := l.page(t, "/verkauf"); !strings.Contains(body, "2 zu klären") || !strings.Contains(body, "ist etwas zu klären") {
		t.Error("the till does not say so")
	}
	body := l.page(t, "/stoerungen/uebernahmen")
	for _, want := range []string{"zweimal bezahlt", "1-000001", "2-000001", "Noch getippt an " + here, "parken"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	l.geht(t, "/bon/2-000001/storno", "grund", "Doppelt verkauft nach Übernahme")
	l.geht(t, "/stoerungen/uebernahmen", "vorgang", carts[1], "platz", here, "epoche", "1", "wie", "parken")
	if body := l.page(t, "/stoerungen/uebernahmen"); !strings.Contains(body, "nichts zu klären") {
		t.Error("a task is left")
	}
	if body := l.page(t, "/verkauf"); !strings.Contains(body, "Rest von "+here) {
		t.Error("what was typed is not parked")
	}
}

// A cart that is open on another machine: refused while that one answers, asked for once when
// it does not, and then it is here. Beside it stands whose it is.
func TestUebernahmeFragt(t *testing.T) {
	l := oeffne(t)
	sees := antworten{"platz-2": true}
	l.Kern.Sicht, l.d.Uebernahme = sees, uebernahme.New(l.Kern)
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	there := *l.Kern
	there.Platz, there.Store = "platz-2", memory.New(memory.Options{Node: "platz-2", Clock: l.Uhr, Projections: alle.Projections()})
	other := verkauf.New(&there, l.d.Personen, l.d.Rezepte)
	v, err := other.Beginnen(l.Ctx, workflow.Auftrag{Key: "p2-1", Actor: "AB"})
	l.Must(err)
	_, _, err = other.Scan(l.Ctx, workflow.Auftrag{Key: "p2-2", Actor: "AB"}, v.Vorgang.ID, "01126111")
	l.Must(err)
	l.schicke(there.Store, l.Kern.Store)
	if body := l.page(t, "/verkauf?panel=geparkt"); !strings.Contains(body, "offen an platz-2") {
		t.Error("the list does not say whose it is")
	}
	take := []string{"vorgang", v.Vorgang.ID, "panel", "geparkt"}
	if status, body, _ := l.post("/verkauf/fortsetzen", take...); status != http.StatusConflict || !strings.Contains(alert(body), "platz-2 läuft") {
		t.Errorf("%d %s", status, alert(body))
	}
	sees["platz-2"] = false
	status, body, _ := l.post("/verkauf/fortsetzen", take...)
	for _, want := range []string{"Ist platz-2 wirklich aus?", `name="sicher"`, `name="vorgang" value="` + v.Vorgang.ID} {
		if status != http.StatusConflict || !strings.Contains(body, want) {
			t.Errorf("%d, no %q", status, want)
		}
	}
	l.geht(t, "/verkauf/fortsetzen", "vorgang", v.Vorgang.ID, "sicher", "ja")
	if got, err := l.d.Verkauf.Aktuell(l.Ctx); err != nil || got.Vorgang.ID != v.Vorgang.ID || got.Vorgang.Epoche != 2 {
		t.Errorf("%+v %v", got.Vorgang, err)
	}
	if body := l.page(t, "/stoerungen/uebernahmen"); !strings.Contains(body, "nichts zu klären") {
		t.Error("no text for the empty list")
	}
	if status, body, _ := l.post("/stoerungen/uebernahmen", "vorgang", "v-1", "platz", "platz-2", "epoche", "1", "wie", "parken"); status != http.StatusNotFound ||
		!strings.Contains(body, "V-422") {
		t.Errorf("%d %s", status, alert(body))
	}
}
