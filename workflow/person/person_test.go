package person_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/workflowtest"
)

func open(t testing.TB) (*workflowtest.Stand, *person.Service) {
	t.Helper()
	x := workflowtest.New(t, nil)
	return x, person.New(x.Kern)
}

func erika() person.Person {
	return person.Person{
		Name: "Muster", Vorname: "Erika", Geburt: 19610503, KVNR: "A123456780", Traeger: zuzahlung.GKV, IK: "109900019",
		BefreitBis: 20261231, Ort: "Musterstadt",
	}
}

func TestOnFile(t *testing.T) {
	x, s := open(t)
	a := x.A()
	p, err := s.Anlegen(x.Ctx, a, erika())
	x.Must(err)
	again, err := s.Anlegen(x.Ctx, a, erika())
	x.Must(err)
	if p.ID != again.ID || !p.Stamm {
		t.Errorf("%+v, %+v", p, again)
	}
	p.Telefon = "01234 5678"
	x.Must(s.Aendern(x.Ctx, x.A(), p))
	got, ok, err := s.Find(x.Ctx, p.ID)
	x.Must(err)
	if diff := cmp.Diff(p, got); diff != "" || !ok {
		t.Error(diff)
	}
	p.ID = "p-unbekannt"
	x.Fails(s.Aendern(x.Ctx, x.A(), p), "N-101")
}

func TestSuche(t *testing.T) {
	x, s := open(t)
	_, err := s.Anlegen(x.Ctx, x.A(), erika())
	x.Must(err)
	_, err = s.Anlegen(x.Ctx, x.A(), person.Person{Name: "Änderung", Vorname: "Max", Geburt: 19700101})
	x.Must(err)
	e, err := s.Event(x.Ctx, person.Person{ID: "p-patient", Name: "Muster", KVNR: "B123456780"}) // patient only, not on file
	x.Must(err)
	x.Book(e)
	for text, want := range map[string]string{
		"":                "Muster Änderung",
		"must":            "Muster",
		"erika muster":    "Muster",
		"3.5.1961":        "Muster",
		"03051961":        "Muster",
		"1961-05-03":      "Muster",
		"a123456":         "Muster",
		"änd 01.01.1970":  "Änderung",
		"muster max":      "",
		"gibt es nicht":   "",
		"Muster  3.5.196": "",
	} {
		list, err := s.Suche(x.Ctx, text)
		x.Must(err)
		var names []string
		for _, p := range list {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	p, ok, err := s.FindKVNR(x.Ctx, "B123456780")
	if err != nil || !ok || p.ID != "p-patient" || p.Stamm {
		t.Errorf("%+v %v %v", p, ok, err)
	}
	if p, ok, err = s.FindKVNR(x.Ctx, "A123456780"); err != nil || !ok || !p.Stamm {
		t.Errorf("%+v %v %v", p, ok, err)
	}
	for _, kvnr := range []string{"", "C123456780"} {
		if _, ok, err := s.FindKVNR(x.Ctx, kvnr); ok || err != nil {
			t.Errorf("%q: %v %v", kvnr, ok, err)
		}
	}
}

func TestRefused(t *testing.T) {
	x, s := open(t)
	for code, change := range map[string]func(*person.Person){
		"N-201": func(p *person.Person) { p.Name = "  " },
		"N-202": func(p *person.Person) { p.Ort = strings.Repeat("x", 201) },
		"N-203": func(p *person.Person) { p.Geburt = 19610231 },
		"N-204": func(p *person.Person) { p.Geburt = 20261124 },
		"N-205": func(p *person.Person) { p.BefreitBis = 20261301 },
		"N-206": func(p *person.Person) { p.Geburt = 18950101 },
	} {
		p := erika()
		change(&p)
		_, err := s.Anlegen(x.Ctx, x.A(), p)
		x.Fails(err, code)
	}
	p, err := s.Anlegen(x.Ctx, x.A(), erika())
	x.Must(err)
	p.Geburt = 20300101
	x.Fails(s.Aendern(x.Ctx, x.A(), p), "N-204")
	if list, err := s.Suche(x.Ctx, ""); err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
	today := person.Person{Name: "Neugeboren", Geburt: 20261123}
	if _, err := s.Anlegen(x.Ctx, x.A(), today); err != nil {
		t.Error("born today:", err)
	}
}

// Numbers with a wrong form or check digit only warn.
func TestHinweise(t *testing.T) {
	p := erika()
	if got := person.Hinweise(p); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	p.KVNR, p.IK = "A123456781", "12"
	got := person.Hinweise(p)
	if len(got) != 2 || got[0].Code != "K-122" || got[1].Code != "K-111" || befund.Hindert(got) {
		t.Errorf("%+v", got)
	}
	if got := person.Hinweise(person.Person{Name: "Nur Name"}); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// After erasure nothing of a person can be read: not by the service, not in the journal.
func TestLoeschen(t *testing.T) {
	x, s := open(t)
	p, err := s.Anlegen(x.Ctx, x.A(), erika())
	x.Must(err)
	x.Must(s.Loeschen(x.Ctx, x.A(), p.ID, "auf Wunsch"))
	if _, ok, err := s.Find(x.Ctx, p.ID); ok || err != nil {
		t.Error("still there", err)
	}
	if list, err := s.Suche(x.Ctx, "muster"); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
	x.Fails(s.Loeschen(x.Ctx, x.A(), p.ID, "noch einmal"), "N-101")
	n := 0
	x.Must(x.Kern.Store.Records(x.Ctx, x.Kern.Store.Self(), 0, func(r journal.Record) (bool, error) {
		if strings.Contains(string(r.Payload), "Muster") {
			t.Errorf("%s holds the name", r.Type)
		}
		e, err := event.Decode(r.Type, r.Payload)
		if set, ok := e.(event.PersonGesetzt); ok {
			n++
			if _, err := x.Kern.Store.Open(x.Ctx, set.Daten); !errors.Is(err, journal.ErrErased) {
				t.Errorf("opened: %v", err)
			}
		}
		return true, err
	}))
	if n != 1 {
		t.Errorf("%d records of the person", n)
	}
}

// A search among 5,000 customers is a matter of milliseconds once they are open.
func TestFast(t *testing.T) {
	x, s := open(t)
	var events []journal.Event
	for i := range 5000 {
		e, err := s.Event(x.Ctx, person.Person{
			ID: fmt.Sprintf("p-%04d", i), Stamm: true, Name: fmt.Sprintf("Name%04d", i), Geburt: civil.Must(1930+i%90, 1+i%12, 1+i%28),
		})
		x.Must(err)
		if events = append(events, e); len(events) == 500 {
			x.Book(events...)
			events = nil
		}
	}
	_, err := s.Suche(x.Ctx, "name1")
	x.Must(err)
	start := time.Now()
	list, err := s.Suche(x.Ctx, "name4711")
	x.Must(err)
	if d := time.Since(start); len(list) != 1 || d > 500*time.Millisecond {
		t.Errorf("%d found after %v", len(list), d)
	} else {
		t.Logf("found in %v", d)
	}
}

// The error of a refused person is one the user may read.
func TestFaultKind(t *testing.T) {
	x, s := open(t)
	_, err := s.Event(x.Ctx, person.Person{})
	if fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
}
