package stoerung_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/stoerung"
)

func booking(key string) (workflow.Auftrag, func(journal.Rows) ([]journal.Event, error)) {
	return workflow.Auftrag{Key: key, Actor: "AB"}, func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{event.BestandGeaendert{PZN: "01234562", Delta: 1, Art: "zugang"}}, nil
	}
}

// A clock that was set back while the program did not run has not jumped since the start,
// and is named all the same, also after something was booked with it.
func TestClockBehindTheJournalIsNamed(t *testing.T) {
	x, m, _ := open(t)
	a, decide := booking("1")
	if _, err := x.Kern.Do(x.Ctx, a, 1, decide); err != nil {
		t.Fatal(err)
	}
	x.Uhr.Set(x.Uhr.Now().Add(-72 * time.Hour))
	s := stoerung.New(x.Kern, stoerung.Options{Probe: m})
	for i := range 2 {
		g := glied(t, s.Zustand(x.Ctx), "uhr")
		if g.Code != "S-203" || g.Zustand != stoerung.Warnung {
			t.Errorf("look %d: %+v", i, g)
		}
		a, decide := booking("2")
		if _, err := x.Kern.Do(x.Ctx, a, 2, decide); err != nil {
			t.Fatal(err)
		}
	}
}

// Just after the start the check of the journal is on its way: nobody is sent to do it.
func TestFirstCheckOfTheJournalGoesOn(t *testing.T) {
	x, m, s := open(t)
	m.check = stoerung.Journalpruefung{Running: true}
	if g := glied(t, s.Zustand(x.Ctx), "journal"); g.Zustand != stoerung.Gut || g.Code != "" {
		t.Errorf("%+v", g)
	}
}

// A damaged generation that is passed over is said: prices are those of another one.
func TestDamagedCatalogueIsNamed(t *testing.T) {
	x, m, _ := open(t)
	s := stoerung.New(x.Kern, stoerung.Options{
		Probe: m, Damaged: func() []error { return []error{errors.New("damaged")} },
	})
	g := glied(t, s.Zustand(x.Ctx), "katalog")
	if g.Code != "S-405" || g.Zustand != stoerung.Warnung || !strings.Contains(g.Text, "15.11.2026") {
		t.Errorf("%+v", g)
	}
}

// Why a generation was refused stands beside it, also if it was the only one; a key that
// cannot be read is no damaged catalogue.
func TestRefusedCatalogueSaysWhy(t *testing.T) {
	x, m, _ := open(t)
	refused := fault.New(fault.Corrupt, "A-641", "Der Katalog „x“ ist nicht unterschrieben.", nil)
	key := fault.New(fault.Unavailable, "A-646", "Der Schlüssel ist nicht lesbar.", catalogue.ErrSchluessel)
	var list []error
	s := stoerung.New(x.Kern, stoerung.Options{Probe: m, Damaged: func() []error { return list }})
	for _, c := range []struct {
		list         []error
		code, ausweg string
	}{
		{[]error{refused}, "S-405", refused.Error()},
		{[]error{key, refused}, "S-405", refused.Error()},
		{[]error{key}, "A-646", "Verkauft wird weiter"},
		{nil, "", ""},
	} {
		list = c.list
		if g := glied(t, s.Zustand(x.Ctx), "katalog"); g.Code != c.code || !strings.Contains(g.Ausweg, c.ausweg) {
			t.Errorf("%v: %+v", c.list, g)
		}
	}
	list, x.Kern.Katalog = []error{refused}, katalog.NewCatalogue()
	if g := glied(t, s.Zustand(x.Ctx), "katalog"); g.Code != "S-401" || g.Ausweg != refused.Error() {
		t.Errorf("%+v", g)
	}
}

// A selection that cannot be read is no damaged catalogue: to read one in again would not help.
func TestUnreadableSelectionIsNamed(t *testing.T) {
	x, m, _ := open(t)
	s := stoerung.New(x.Kern, stoerung.Options{
		Probe: m, Damaged: func() []error { return []error{fmt.Errorf("read: %w", catalogue.ErrAuswahl)} },
	})
	g := glied(t, s.Zustand(x.Ctx), "katalog")
	if g.Code != "S-406" || g.Zustand != stoerung.Warnung || !strings.Contains(g.Text, "15.11.2026") {
		t.Errorf("%+v", g)
	}
}
