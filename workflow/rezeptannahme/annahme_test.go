package rezeptannahme_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/integration/erezept"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
)

// haus is a pharmacy in memory on 23 November 2026.
type haus struct {
	*testing.T
	kern     *workflow.Kern
	personen *person.Service
	rezepte  *rezeptannahme.Service
	uhr      *clock.Manual
	n        int
}

func neu(t *testing.T) *haus {
	t.Helper()
	uhr := clock.NewManual(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	k := &workflow.Kern{
		Store: memory.New(memory.Options{Clock: uhr, Projections: alle.Projections()}), Clock: uhr, Platz: "platz-1", Till: "1",
	}
	p := person.New(k)
	return &haus{T: t, kern: k, personen: p, rezepte: rezeptannahme.New(k, p, erezept.Parse), uhr: uhr}
}

func (h *haus) auftrag() workflow.Auftrag {
	h.n++
	return workflow.Auftrag{Key: fmt.Sprintf("key-%d", h.n), Actor: "AB"}
}

// write puts events into the journal.
func (h *haus) write(events ...journal.Event) {
	h.Helper()
	if _, err := h.kern.Do(h.Context(), h.auftrag(), h.n, func(journal.Rows) ([]journal.Event, error) {
		return events, nil
	}); err != nil {
		h.Fatal(err)
	}
}

func (h *haus) erlaubt() { h.write(event.EinstellungGesetzt{Schluessel: "erezept_datei", Wert: "ja"}) }

func datei(t *testing.T) []byte {
	t.Helper()
	a := artikel.Artikel{PZN: "04773414", Name: "Demolol", Wirkstoff: "Demolol", Wirkstaerke: "400 mg", Menge: "20", Einheit: "St"}
	files, err := erezept.DemoDateien(erezept.Demo{
		Tag: civil.Must(2026, 11, 20), IK: "109500969", Name: "AOK", Pflicht: a, Mehr: a, Wirkstoff: a,
	})
	if err != nil {
		t.Fatal(err)
	}
	return files["1-zuzahlung.xml"]
}

func papier() rezept.Rezept {
	return rezept.Rezept{
		Herkunft: rezept.Muster16, Ausgestellt: civil.Must(2026, 11, 20),
		Patient:       rezept.Patient{Name: "Demir", Vorname: "Ali", GeburtText: "1961-05-03", KVNR: "A123456780"},
		Kostentraeger: rezept.Kostentraeger{Art: zuzahlung.GKV, IK: "109500969"},
		Verordner:     rezept.Verordner{Name: "Dr. X", LANR: "123456601"},
		Verordnungen: []rezept.Verordnung{
			{Art: rezept.PZNVerordnung, PZN: "04773414", Packungen: 1}, {Art: rezept.FreitextVerordnung, Text: "Salbe", Packungen: 1},
		},
	}
}

func (h *haus) want(err error, code string) {
	h.Helper()
	if err == nil || !strings.Contains(err.Error(), "("+code+")") {
		h.Errorf("got %v, want %s", err, code)
	}
}

// TestDatei: a file is taken in only where the Inhaber allows it, once, as practice.
func TestDatei(t *testing.T) {
	h := neu(t)
	_, err := h.rezepte.Datei(t.Context(), h.auftrag(), datei(t))
	h.want(err, "R-401")
	h.erlaubt()
	a := h.auftrag()
	e, err := h.rezepte.Datei(t.Context(), a, datei(t))
	if err != nil || !e.Uebung || e.Zustand != rezeptannahme.Offen || e.Rezept.Patient.Name != "Ahrens" || len(e.Befunde) != 0 {
		t.Fatalf("got %+v, %v", e, err)
	}
	for _, again := range []workflow.Auftrag{a, h.auftrag()} {
		second, err := h.rezepte.Datei(t.Context(), again, datei(t))
		if d := cmp.Diff(e, second); err != nil || d != "" {
			t.Errorf("second upload: %v %s", err, d)
		}
	}
	if list, err := h.rezepte.Liste(t.Context(), rezeptannahme.Filter{}); err != nil || len(list) != 1 {
		t.Errorf("list: %v %v", list, err)
	}
}

// TestDateiRefused: nothing is written of a file that cannot be handled.
func TestDateiRefused(t *testing.T) {
	h := neu(t)
	h.erlaubt()
	for _, c := range []struct{ data, code string }{
		{"", "R-101"},
		{string(datei(t)[:900]), "R-109"},
		{strings.Replace(string(datei(t)), "Medication_PZN|", "Medication_Neu|", 1), "R-129"},
	} {
		_, err := h.rezepte.Datei(t.Context(), h.auftrag(), []byte(c.data))
		h.want(err, c.code)
	}
	if list, _ := h.rezepte.Liste(t.Context(), rezeptannahme.Filter{}); len(list) != 0 {
		t.Errorf("list: %v", list)
	}
}

// TestDateiWarns: what the file leaves in doubt is shown at the upload and whenever the
// prescription is looked at.
func TestDateiWarns(t *testing.T) {
	h := neu(t)
	h.erlaubt()
	data := strings.Replace(string(datei(t)), `"109500969"`, `"10950096"`, 1)
	e, err := h.rezepte.Datei(t.Context(), h.auftrag(), []byte(data))
	if err != nil || len(e.Befunde) != 1 || e.Befunde[0].Code != "R-134" {
		t.Errorf("got %v %v", e.Befunde, err)
	}
	if e, _, err := h.rezepte.Find(t.Context(), e.ID); err != nil || len(e.Befunde) != 1 || e.Befunde[0].Code != "R-134" {
		t.Errorf("later: got %v %v", e.Befunde, err)
	}
}

// TestAnnehmen: what cannot be kept is refused, what is doubtful warns.
func TestAnnehmen(t *testing.T) {
	h := neu(t)
	for _, c := range []struct {
		code   string
		change func(*rezept.Rezept)
	}{
		{"R-403", func(r *rezept.Rezept) { r.Verordnungen = nil }},
		{"R-404", func(r *rezept.Rezept) { r.Verordnungen = make([]rezept.Verordnung, 10) }},
		{"R-405", func(r *rezept.Rezept) { r.Ausgestellt = 20261131 }},
		{"R-408", func(r *rezept.Rezept) { r.Verordnungen[0].Packungen = -1 }},
		{"R-409", func(r *rezept.Rezept) { r.Verordner.Name = strings.Repeat("x", 2001) }},
		{"R-410", func(r *rezept.Rezept) { r.Patient.GeburtText = "1961-02-30" }},
		{"N-201", func(r *rezept.Rezept) { r.Patient.Name = " " }},
	} {
		r := papier()
		c.change(&r)
		_, err := h.rezepte.Annehmen(t.Context(), h.auftrag(), r, false)
		h.want(err, c.code)
	}
	r := papier()
	r.Kostentraeger.IK, r.Patient.KVNR, r.Verordner.LANR = "109500968", "A123456781", "123456501"
	a := h.auftrag()
	e, err := h.rezepte.Annehmen(t.Context(), a, r, false)
	if err != nil || len(e.Befunde) != 3 || befund.Hindert(e.Befunde) || e.Uebung {
		t.Errorf("got %v %v", e.Befunde, err)
	}
	again, err := h.rezepte.Annehmen(t.Context(), a, r, false)
	if err != nil || again.ID != e.ID {
		t.Errorf("repeated: %v %v", again.ID, err)
	}
}

// TestSamePatient: a second prescription of one KVNR belongs to the same person.
func TestSamePatient(t *testing.T) {
	h := neu(t)
	one, _ := h.rezepte.Annehmen(t.Context(), h.auftrag(), papier(), false)
	two, err := h.rezepte.Annehmen(t.Context(), h.auftrag(), papier(), false)
	if err != nil || one.ID == two.ID || one.Person != two.Person {
		t.Errorf("got %+v and %+v, %v", one, two, err)
	}
	bedarf := papier()
	bedarf.Patient, bedarf.Sprechstundenbedarf = rezept.Patient{}, true
	if _, err := h.rezepte.Annehmen(t.Context(), h.auftrag(), bedarf, false); err != nil {
		t.Error(err)
	}
}

// TestZustand: lists follow what was dispensed and given back.
func TestZustand(t *testing.T) {
	h := neu(t)
	e, err := h.rezepte.Annehmen(t.Context(), h.auftrag(), papier(), false)
	if err != nil {
		t.Fatal(err)
	}
	sell := func(nummer string, line, n int) {
		h.write(event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: nummer, Positionen: []bon.Position{
			{Art: vorgang.Artikel, Rezept: e.ID, Verordnung: line, Menge: n},
		}}})
	}
	expect := func(want rezeptannahme.Zustand) {
		t.Helper()
		for _, z := range []rezeptannahme.Zustand{rezeptannahme.Offen, rezeptannahme.Teilweise, rezeptannahme.Beliefert, rezeptannahme.Zurueckgegeben} {
			list, err := h.rezepte.Liste(t.Context(), rezeptannahme.Filter{Zustand: z})
			if err != nil || (len(list) == 1) != (z == want) {
				t.Errorf("%s: %d entries, %v; want %s", z, len(list), err, want)
			}
		}
	}
	expect(rezeptannahme.Offen)
	sell("1-1", 0, 1)
	expect(rezeptannahme.Teilweise)
	h.want(h.rezepte.Zurueckgeben(t.Context(), h.auftrag(), e.ID, "x"), "R-402")
	sell("1-2", 1, 1)
	expect(rezeptannahme.Beliefert)
	sell("1-3", 0, -1)
	sell("1-4", 1, -1)
	expect(rezeptannahme.Offen)
	h.want(h.rezepte.Zurueckgeben(t.Context(), h.auftrag(), e.ID, " "), "R-411")
	if err := h.rezepte.Zurueckgeben(t.Context(), h.auftrag(), e.ID, "Patient will es anderswo einlösen"); err != nil {
		t.Fatal(err)
	}
	expect(rezeptannahme.Zurueckgegeben)
	h.want(h.rezepte.Zurueckgeben(t.Context(), h.auftrag(), "gibt-es-nicht", "x"), "R-406")
}

// TestErased: with the patient the content goes, from memory too.
func TestErased(t *testing.T) {
	h := neu(t)
	r := papier()
	r.ID = "160.000.000.000.000.00"
	e, err := h.rezepte.Annehmen(t.Context(), h.auftrag(), r, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.personen.Loeschen(t.Context(), h.auftrag(), e.Person, "auf Wunsch"); err != nil {
		t.Fatal(err)
	}
	got, ok, err := h.rezepte.Find(t.Context(), e.ID)
	if err != nil || !ok || !got.Geloescht || got.Rezept.Patient.Name != "" || got.ID != e.ID {
		t.Errorf("got %+v %v %v", got, ok, err)
	}
	_, err = h.rezepte.Annehmen(t.Context(), h.auftrag(), r, false)
	h.want(err, "R-407")
}

// TestDeadlinesFollowTheClock: the verdicts are of today, though the content is kept.
func TestDeadlinesFollowTheClock(t *testing.T) {
	h := neu(t)
	e, err := h.rezepte.Annehmen(t.Context(), h.auftrag(), papier(), false)
	if err != nil || len(e.Befunde) != 0 {
		t.Fatalf("got %v %v", e.Befunde, err)
	}
	h.uhr.Set(time.Date(2026, 12, 19, 9, 0, 0, 0, time.UTC))
	e, _, err = h.rezepte.Find(t.Context(), e.ID)
	if err != nil || len(e.Befunde) != 1 || e.Befunde[0].Code != "R-203" {
		t.Errorf("after 29 days: got %v %v", e.Befunde, err)
	}
}

// kaputt is a store whose rows cannot be read while an act is decided.
type kaputt struct{ journal.Store }

type kaputteZeilen struct{ journal.Rows }

var errKaputt = errors.New("disk is broken")

func (kaputteZeilen) Get(string, string) ([]byte, error) { return nil, errKaputt }

func (s kaputt) Append(ctx context.Context, a journal.Act) (journal.Result, error) {
	decide := a.Decide
	a.Decide = func(rows journal.Rows) ([]journal.Event, error) { return decide(kaputteZeilen{rows}) }
	return s.Store.Append(ctx, a)
}

// TestLesefehlerIstKeinUrteil: rows that cannot be read are not a prescription that was
// taken in, nor one that does not exist.
func TestLesefehlerIstKeinUrteil(t *testing.T) {
	h := neu(t)
	e, err := h.rezepte.Annehmen(t.Context(), h.auftrag(), papier(), false)
	if err != nil {
		t.Fatal(err)
	}
	h.kern.Store = kaputt{h.kern.Store}
	if _, err := h.rezepte.Annehmen(t.Context(), h.auftrag(), papier(), false); !errors.Is(err, errKaputt) {
		t.Errorf("taken in: %v", err)
	}
	err = h.rezepte.Zurueckgeben(t.Context(), h.auftrag(), e.ID, "falsch")
	if f, ok := errors.AsType[*fault.Fault](err); ok || !errors.Is(err, errKaputt) {
		t.Errorf("given back: %v %v", f, err)
	}
}
