package stoerung_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// machine answers what the test wants it to.
type machine struct {
	platte stoerung.Platte
	check  stoerung.Journalpruefung
	err    error
}

func (m *machine) Platte(context.Context) (stoerung.Platte, error) { return m.platte, m.err }

func (m *machine) Journal(context.Context) (stoerung.Journalpruefung, error) { return m.check, m.err }

func open(t *testing.T) (*workflowtest.Stand, *machine, *stoerung.Service) {
	x := workflowtest.New(t, nil)
	m := &machine{
		platte: stoerung.Platte{Frei: 100 << 30, Gesamt: 200 << 30, Schreibtest: time.Millisecond, Geprueft: x.Uhr.Now()},
		check:  stoerung.Journalpruefung{Zeit: x.Uhr.Now()},
	}
	x.Kern.Katalog = katalog.NewCatalogue(gen(t, 20261115))
	return x, m, stoerung.New(x.Kern, stoerung.Options{Probe: m, RechtOffen: func() int { return 7 }})
}

func gen(t *testing.T, ab civil.Day) catalogue.Generation {
	g, err := katalog.New(catalogue.Manifest{ID: ab.String(), GueltigAb: ab}, catalogue.QuelleAus(nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func glied(t *testing.T, l stoerung.Lage, id string) stoerung.Glied {
	t.Helper()
	for _, g := range l.Glieder {
		if g.ID == id {
			return g
		}
	}
	t.Fatalf("no link %q", id)
	return stoerung.Glied{}
}

func TestAllWell(t *testing.T) {
	x, _, s := open(t)
	x.Book(event.EinstellungGesetzt{Schluessel: "name", Wert: "Demo"})
	l := s.Zustand(x.Ctx)
	if l.Ampel != (stoerung.Ampel{Farbe: stoerung.Gruen, Text: "alles läuft"}) {
		t.Errorf("%+v", l.Ampel)
	}
	for id, want := range map[string]string{
		"platte":    "100 GB frei, der letzte Schreibtest ist gelungen.",
		"uhr":       "Die Uhr geht seit dem Start gleichmäßig.",
		"journal":   "Eintrag 1 ist der letzte, gebucht am 23.11.2026 um 12:00; die Kette ist geprüft.",
		"sicherung": "Allein: die Verkäufe liegen nur auf diesem Rechner.",
		"katalog":   "Stand 15.11.2026 mit 0 Artikeln.",
		"recht":     "Für heute ist Recht hinterlegt; 7 Werte sind noch am Original zu prüfen („offizin recht open“).",
	} {
		if g := glied(t, l, id); g.Text != want || g.Zustand != stoerung.Gut || g.Code != "" || g.Seit != x.Uhr.Now() {
			t.Errorf("%+v, want %q", g, want)
		}
	}
}

func TestLinks(t *testing.T) {
	broken := errors.New("broken")
	for code, c := range map[string]struct {
		id   string
		want stoerung.Zustand
		do   func(*workflowtest.Stand, *machine)
	}{
		"S-102": {"platte", stoerung.Gestoert, func(_ *workflowtest.Stand, m *machine) { m.platte.Fehler = broken }},
		"S-103": {"platte", stoerung.Gestoert, func(_ *workflowtest.Stand, m *machine) { m.platte.Frei = 400 << 20 }},
		"S-104": {"platte", stoerung.Warnung, func(_ *workflowtest.Stand, m *machine) { m.platte.Frei = 4 << 30 }},
		"S-105": {"platte", stoerung.Warnung, func(x *workflowtest.Stand, _ *machine) { x.Uhr.Advance(time.Hour) }},
		"S-106": {"platte", stoerung.Warnung, func(_ *workflowtest.Stand, m *machine) { m.platte.Schreibtest = 2 * time.Second }},
		"S-201": {"uhr", stoerung.Gestoert, func(x *workflowtest.Stand, _ *machine) { x.Uhr.Set(x.Uhr.Now().Add(-time.Hour)) }},
		"S-202": {"uhr", stoerung.Warnung, func(x *workflowtest.Stand, _ *machine) { x.Uhr.Set(x.Uhr.Now().Add(time.Minute)) }},
		"S-301": {"journal", stoerung.Gestoert, func(x *workflowtest.Stand, _ *machine) { x.Kern.Store = unreadable{x.Kern.Store} }},
		"S-303": {"journal", stoerung.Gestoert, func(_ *workflowtest.Stand, m *machine) { m.check.Fehler = broken }},
		"S-304": {"journal", stoerung.Warnung, func(_ *workflowtest.Stand, m *machine) { m.check.Zeit = time.Time{} }},
		"J-306": {"journal", stoerung.Warnung, func(_ *workflowtest.Stand, m *machine) {
			m.check.Neubau = stoerung.Neubau{Laeuft: true, Prozent: 40}
		}},
		"J-305": {"journal", stoerung.Warnung, func(_ *workflowtest.Stand, m *machine) {
			m.check.Neubau = stoerung.Neubau{Laeuft: true, Fehler: fault.New(fault.Corrupt, "J-305", "Steht, weil.", broken)}
		}},
		"S-401": {"katalog", stoerung.Gestoert, func(x *workflowtest.Stand, _ *machine) { x.Kern.Katalog = katalog.NewCatalogue() }},
		"S-402": {"katalog", stoerung.Warnung, func(x *workflowtest.Stand, _ *machine) {
			x.Kern.Katalog = katalog.NewCatalogue(gen(t, 20261201))
		}},
		"S-403": {"katalog", stoerung.Gestoert, func(x *workflowtest.Stand, _ *machine) {
			x.Kern.Katalog = katalog.NewCatalogue(gen(t, 20260901))
		}},
		"S-404": {"katalog", stoerung.Warnung, func(x *workflowtest.Stand, _ *machine) {
			x.Kern.Katalog = katalog.NewCatalogue(gen(t, 20261101))
		}},
		"S-501": {"recht", stoerung.Gestoert, func(x *workflowtest.Stand, _ *machine) {
			x.Uhr.Set(time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC))
		}},
	} {
		t.Run(code, func(t *testing.T) {
			x, m, s := open(t)
			s.Zustand(x.Ctx)
			c.do(x, m)
			l := s.Zustand(x.Ctx)
			g := glied(t, l, c.id)
			if g.Code != code || g.Zustand != c.want || !strings.HasSuffix(g.Text, ".") {
				t.Errorf("%+v", g)
			}
			if l.Ampel.Farbe == stoerung.Gruen {
				t.Error("the Ampel is green")
			}
			if strings.Contains(g.Text+g.Ausweg, "anderen Platz") {
				t.Errorf("there is one machine only: %+v", g)
			}
		})
	}
}

// Since when a link is in its state survives further looks.
func TestSince(t *testing.T) {
	x, m, s := open(t)
	m.err = errors.New("gone")
	x.Uhr.Advance(time.Minute)
	began := x.Uhr.Now()
	first := s.Zustand(x.Ctx)
	x.Uhr.Advance(time.Minute)
	second := glied(t, s.Zustand(x.Ctx), "platte")
	if second.Seit != began || second.Code != "S-102" || first.Ampel != (stoerung.Ampel{Farbe: stoerung.Rot, Text: "Festplatte gestört"}) {
		t.Errorf("%+v, %+v", second, first.Ampel)
	}
	m.err = nil
	if g := glied(t, s.Zustand(x.Ctx), "platte"); g.Seit != x.Uhr.Now() || g.Zustand != stoerung.Gut {
		t.Errorf("%+v", g)
	}
}

func TestWithoutProbe(t *testing.T) {
	x := workflowtest.New(t, nil)
	x.Kern.Katalog = katalog.NewCatalogue(gen(t, 20261101), gen(t, 20261201))
	l := stoerung.New(x.Kern, stoerung.Options{}).Zustand(x.Ctx)
	for id, want := range map[string]string{"platte": "S-101", "journal": "S-302", "katalog": "", "recht": ""} {
		if g := glied(t, l, id); g.Code != want {
			t.Errorf("%+v, want %q", g, want)
		}
	}
	if got := fmt.Sprint(l.Ampel); got != "{gelb Festplatte: bitte ansehen}" {
		t.Error(got)
	}
	if g := glied(t, l, "katalog"); !strings.Contains(g.Text, "ab 01.12.2026") {
		t.Error(g.Text)
	}
}

// unreadable is a store whose heads cannot be read.
type unreadable struct{ journal.Store }

func (unreadable) Heads(context.Context) ([]journal.Head, error) {
	return nil, errors.New("unreadable")
}

// A list that the gate holds is said, with where to look, until a later one for its day or
// a later day has passed.
func TestHeldCatalogueIsNamed(t *testing.T) {
	held := catalogue.Manifest{ID: "h", GueltigAb: 20261201, Gebaut: "2026-11-20T08:00:00Z"}
	passed := func(ab civil.Day, built string) catalogue.Generation {
		g, err := katalog.New(catalogue.Manifest{ID: built, GueltigAb: ab, Gebaut: built}, catalogue.QuelleAus(nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	for _, c := range []struct {
		name, code string
		list       []catalogue.Generation
	}{
		{"alone", "S-407", []catalogue.Generation{gen(t, 20261115)}},
		{"overdue", "S-407", []catalogue.Generation{gen(t, 20261101)}},
		{"one before it for its day", "S-407", []catalogue.Generation{gen(t, 20261115), passed(20261201, "2026-11-19T08:00:00Z")}},
		{"one after it for an earlier day", "S-407", []catalogue.Generation{gen(t, 20261115), passed(20261116, "2026-11-21T08:00:00Z")}},
		{"corrected", "", []catalogue.Generation{gen(t, 20261115), passed(20261201, "2026-11-20T09:00:00Z")}},
		{"the next one", "", []catalogue.Generation{gen(t, 20261115), passed(20261215, "2026-11-21T08:00:00Z")}},
		{"far too old", "S-403", []catalogue.Generation{gen(t, 20260901)}},
		{"none", "S-401", nil},
	} {
		x, m, _ := open(t)
		x.Kern.Katalog = katalog.NewCatalogue(c.list...)
		s := stoerung.New(x.Kern, stoerung.Options{Probe: m, Quarantaene: func() []catalogue.Manifest { return []catalogue.Manifest{held} }})
		g := glied(t, s.Zustand(x.Ctx), "katalog")
		if g.Code != c.code || c.code != "" && (!strings.Contains(g.Ausweg, "Prüfbericht") || !strings.Contains(g.Ausweg, "01.12.2026")) {
			t.Errorf("%s: %+v", c.name, g)
		}
	}
}
