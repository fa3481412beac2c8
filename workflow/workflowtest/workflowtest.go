// Package workflowtest builds a whole pharmacy in memory for the tests of workflows:
// journal, catalogue and law are the real ones, the clock stands still.
package workflowtest

import (
	"cmp"
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/eigene"
)

// Stand is a pharmacy in memory.
type Stand struct {
	T    testing.TB
	Ctx  context.Context
	Uhr  *clock.Manual
	Kern *workflow.Kern
	keys int
}

// New returns a pharmacy with these articles at noon of 2026-11-23, a Monday.
func New(t testing.TB, artikel []artikel.Artikel, vertraege ...catalogue.Vertragszeile) *Stand {
	t.Helper()
	return NewPlatz(t, "", "1", artikel, vertraege...)
}

// NewPlatz is New as the machine of a name, with a journal of its own and a prefix of its
// receipt numbers.
func NewPlatz(
	t testing.TB, platz, till string, artikel []artikel.Artikel, vertraege ...catalogue.Vertragszeile,
) *Stand {
	t.Helper()
	uhr := clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC))
	law, err := recht.Load()
	if err != nil {
		t.Fatal(err)
	}
	var rows []catalogue.Zeile
	for _, a := range artikel {
		rows = append(rows, catalogue.Zeile{Artikel: a})
	}
	gen, err := katalog.New(catalogue.Manifest{ID: "test", GueltigAb: civil.Must(2026, 1, 1)}, catalogue.QuelleAus(rows, vertraege))
	if err != nil {
		t.Fatal(err)
	}
	store := memory.New(memory.Options{Node: platz, Clock: uhr, Projections: alle.Projections()})
	return &Stand{T: t, Ctx: context.Background(), Uhr: uhr, Kern: &workflow.Kern{
		Store: store, Katalog: eigene.NewKatalog(store, katalog.NewCatalogue(gen)), Recht: law, Clock: uhr, Till: till,
		Platz: cmp.Or(platz, "platz-1"),
	}}
}

// A is the next act of the user "AB".
func (s *Stand) A() workflow.Auftrag {
	s.keys++
	return workflow.Auftrag{Key: "k-" + strconv.Itoa(s.keys), Actor: "AB"}
}

// Book writes events as one act.
func (s *Stand) Book(events ...journal.Event) {
	s.T.Helper()
	_, err := s.Kern.Do(s.Ctx, s.A(), "test", func(journal.Rows) ([]journal.Event, error) { return events, nil })
	s.Must(err)
}

// Must ends the test if there is an error.
func (s *Stand) Must(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

// Fails checks that the error is a fault or verdict with the code.
func (s *Stand) Fails(err error, code string) {
	s.T.Helper()
	f, ok := err.(*fault.Fault) //nolint:errorlint // the outermost error is what the user sees
	if !ok || f.Code != code {
		s.T.Errorf("got %v, want %s", err, code)
	}
}

// PZN completes seven digits with their check digit.
func PZN(base string) kennung.PZN {
	check, ok := kennung.PZNCheck(base)
	if !ok {
		panic("no PZN: " + base)
	}
	return kennung.PZN(base + string(rune(check)))
}

// Rx is a prescription drug with ingredient, 100 tablets.
func Rx(pzn kennung.PZN, name, wirkstoff string, aep, avp money.Cent) artikel.Artikel {
	return artikel.Artikel{
		PZN: pzn, Name: name, Hersteller: "Demo", Art: artikel.Arzneimittel, Status: artikel.Verkehr, AEP: aep, AVP: avp,
		Wirkstoff: wirkstoff, Wirkstaerke: "5 mg", Darreichungsform: "TAB", Menge: "100", Einheit: "St", Normgroesse: "N3",
		MwSt: artikel.MwStVoll, Verschreibungspflichtig: true, Apothekenpflichtig: true,
	}
}
