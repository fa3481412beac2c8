package apotheke_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/katalogwahl"
)

// wahlladen is a pharmacy on the 23.11.2026 with two generations, the second of today.
type wahlladen struct {
	*testing.T
	*apotheke.Apotheke
	dir, alt, neu string
	n             int
}

func waehler(t *testing.T) *wahlladen {
	t.Helper()
	dir := t.TempDir()
	l := &wahlladen{T: t, Apotheke: open(t, dir), dir: dir}
	l.alt, l.neu = liste(t, l.katalog(), 20261101, 398).ID, liste(t, l.katalog(), 20261115, 39_800).ID
	return l
}

func (l *wahlladen) katalog() string { return filepath.Join(l.dir, "katalog") }

func (l *wahlladen) a() workflow.Auftrag {
	l.n++
	return workflow.Auftrag{Key: "w-" + strconv.Itoa(l.n), Actor: "AB"}
}

// waehle looks at a choice and confirms what is shown.
func (l *wahlladen) waehle(e katalogwahl.Eingabe) (catalogue.Wahl, error) {
	l.Helper()
	v, err := l.Dienste.Katalogwahl.Vorschau(l.Context(), e)
	if err != nil {
		l.Fatal(err)
	}
	e.Digest = v.Digest()
	return l.Dienste.Katalogwahl.Waehlen(l.Context(), l.a(), e)
}

func (l *wahlladen) gilt(want string) {
	l.Helper()
	g, err := l.Katalog.Am(20261123)
	if err != nil || g.Manifest().ID != want {
		l.Errorf("%v holds, %v, want %s", g, err, want)
	}
}

// verlauf is the history as text, the latest first.
func (l *wahlladen) verlauf() string {
	l.Helper()
	list, err := l.Dienste.Katalogwahl.Verlauf(l.Context())
	if err != nil {
		l.Fatal(err)
	}
	var out []string
	for _, e := range list {
		s := string(e.Art) + " " + e.Wer + " " + e.Grund
		if e.Rueckgaengig {
			s += " ↶"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func code(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Code
	}
	return ""
}

// neustart ends the program and opens the folder again.
func (l *wahlladen) neustart() {
	l.Helper()
	if err := l.Close(); err != nil {
		l.Fatal(err)
	}
	l.Apotheke = open(l.T, l.dir)
}

// Back with a reason and forth again: each is in the journal with who and why, and the
// tills have it with the next lookup.
func TestWahlUndUmkehr(t *testing.T) {
	l := waehler(t)
	back, err := l.waehle(katalogwahl.Eingabe{Art: catalogue.Zurueckgenommen, Grund: " falscher \t Preis "})
	if err != nil || back.Vorher != l.neu || back.Nachher != l.alt {
		t.Fatalf("%+v, %v", back, err)
	}
	l.gilt(l.alt)
	if got, want := l.verlauf(), "zurueckgenommen AB falscher Preis ↶"; got != want {
		t.Errorf("%s", got)
	}
	if _, err := l.waehle(katalogwahl.Eingabe{Art: catalogue.Rueckgaengig, Bezug: back.ID, Grund: "doch richtig"}); err != nil {
		t.Fatal(err)
	}
	l.gilt(l.neu)
	if got, want := l.verlauf(), "rueckgaengig AB doch richtig ↶, zurueckgenommen AB falscher Preis"; got != want {
		t.Errorf("%s", got)
	}
	l.neustart()
	l.gilt(l.neu)
}

// Nothing is chosen without a reason, by nobody, or other than it was shown; the same act
// twice is one.
func TestWahlAbgelehnt(t *testing.T) {
	l := waehler(t)
	s := l.Dienste.Katalogwahl
	e := katalogwahl.Eingabe{Art: catalogue.Zurueckgenommen, Grund: "falsch"}
	v, err := s.Vorschau(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	e.Digest = v.Digest()
	blank, other := e, e
	blank.Grund, other.Digest = " ", "0"
	if _, err := s.Waehlen(t.Context(), l.a(), blank); code(err) != "A-735" {
		t.Error(err)
	}
	if _, err := s.Waehlen(t.Context(), l.a(), other); code(err) != "A-734" {
		t.Error(err)
	}
	if _, err := s.Waehlen(t.Context(), workflow.Auftrag{Key: "x"}, e); code(err) != "V-001" {
		t.Error(err)
	}
	if _, err := s.Vorschau(t.Context(), katalogwahl.Eingabe{Art: catalogue.Aktiviert, Katalog: l.neu}); code(err) != "A-732" {
		t.Error(err)
	}
	if _, err := s.Vorschau(t.Context(), katalogwahl.Eingabe{Art: catalogue.Rueckgaengig, Bezug: "x"}); code(err) != "A-733" {
		t.Error(err)
	}
	if _, err := s.Vorschau(t.Context(), katalogwahl.Eingabe{Art: catalogue.Aktiviert, Katalog: "../x"}); code(err) != "A-418" {
		t.Error(err)
	}
	if l.verlauf() != "" {
		t.Error(l.verlauf())
	}
	a := l.a()
	for range 2 {
		if w, err := s.Waehlen(t.Context(), a, e); err != nil || w.Nachher != l.alt {
			t.Errorf("%+v, %v", w, err)
		}
	}
	if got := l.verlauf(); got != "zurueckgenommen AB falsch ↶" {
		t.Error(got)
	}
	l.gilt(l.alt)
}

// A kill between journal and file: the choice is journalled and not effective, and the next
// start makes it so. The same if the file was lost or damaged since.
func TestWahlNachKill(t *testing.T) {
	l := waehler(t)
	plan := event.KatalogGewaehlt{
		ID: "1", Art: "zurueckgenommen", Katalog: l.neu, Tag: 20261123, Vorher: l.neu, Nachher: l.alt, Hinaus: []string{l.neu},
		Ausgelassen: []string{l.neu}, Grund: "falsch", Zeit: 1,
	}
	_, err := l.Kern.Do(t.Context(), l.a(), "", func(journal.Rows) ([]journal.Event, error) { return []journal.Event{plan}, nil })
	if err != nil {
		t.Fatal(err)
	}
	l.gilt(l.neu)
	l.neustart()
	l.gilt(l.alt)
	name := filepath.Join(l.katalog(), "auswahl.json")
	for _, damage := range []func() error{
		func() error { return os.Remove(name) },
		func() error { return os.WriteFile(name, []byte("{"), 0o600) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if err := l.Dienste.Katalogwahl.Abgleich(t.Context()); err != nil {
			t.Error(err)
		}
		l.gilt(l.alt)
		l.neustart()
		l.gilt(l.alt)
	}
}

// A release that was broken off before the folder had its name is made good.
func TestFreigabeNachKill(t *testing.T) {
	l := waehler(t)
	held := gehalten(t, l.katalog(), 20261120)
	v, err := l.Dienste.Katalogwahl.Vorschau(t.Context(), katalogwahl.Eingabe{Art: catalogue.Aktiviert, Katalog: held})
	if err != nil || v.Art != catalogue.Freigegeben || v.Neu == nil || v.Neu.ID != held || v.Alt.ID != l.neu || !v.Heute {
		t.Fatalf("%+v, %v", v, err)
	}
	plan := event.KatalogGewaehlt{ID: "1", Art: string(v.Art), Katalog: held, Tag: v.Tag, Hinein: v.Hinein, Grund: "stimmt", Zeit: 1}
	_, err = l.Kern.Do(t.Context(), l.a(), "", func(journal.Rows) ([]journal.Event, error) { return []journal.Event{plan}, nil })
	if err != nil {
		t.Fatal(err)
	}
	l.neustart()
	l.gilt(held)
	if text, _, err := l.Katalog.Bericht(held); err != nil || strings.Count(text, "stimmt") != 1 {
		t.Errorf("%q, %v", text, err)
	}
}

// gehalten builds a generation that the gate holds.
func gehalten(t *testing.T, dir string, ab civil.Day) string {
	t.Helper()
	m, err := generation.Build(t.Context(), dir, catalogue.Manifest{Quelle: "test", GueltigAb: ab}, ware(500), nil,
		generation.Geprueft(func(context.Context, *generation.Generation) (generation.Urteil, error) {
			return generation.Urteil{Bericht: "zu wenig\n", Hindert: true}, nil
		}))
	if !errors.Is(err, generation.ErrQuarantaene) {
		t.Fatal(err)
	}
	return m.ID
}

// A command chooses beside the running program, or while it does not run: effective at
// once, journalled as soon as a program looks. What the command chose last wins over what a
// kill left undone before it.
func TestWahlDurchBefehl(t *testing.T) {
	l := waehler(t)
	v := generation.Vermerk{Zeit: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), Grund: "am Rechner"}
	if _, _, err := generation.Rollback(l.katalog(), 20261123, v); err != nil {
		t.Fatal(err)
	}
	l.gilt(l.alt)
	for range 2 {
		if err := l.Dienste.Katalogwahl.Abgleich(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := l.verlauf(); got != "zurueckgenommen SYSTEM am Rechner ↶" {
		t.Error(got)
	}
	undone := event.KatalogGewaehlt{ID: "1", Art: "aktiviert", Katalog: l.neu, Grund: "untergegangen", Zeit: 1}
	_, err := l.Kern.Do(t.Context(), l.a(), "", func(journal.Rows) ([]journal.Event, error) { return []journal.Event{undone}, nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	v.Wer, v.Grund = "CD", "noch einmal"
	third := liste(t, l.katalog(), 20261120, 500).ID
	if _, err := generation.Activate(l.katalog(), l.alt, 20261123, v); err != nil {
		t.Fatal(err)
	}
	l.Apotheke = open(t, l.dir)
	l.gilt(l.alt)
	if got := l.verlauf(); !strings.HasPrefix(got, "aktiviert CD noch einmal ↶, aktiviert AB untergegangen") {
		t.Error(got)
	}
	if out := l.Katalog.Ausgelassen(); len(out) != 2 || out[0].ID != third {
		t.Errorf("%v", out)
	}
}

// A disk that refuses the file: the choice is in the journal, says that it is not effective
// yet, and is made so as soon as the disk lets it.
func TestWahlOhnePlatte(t *testing.T) {
	l := waehler(t)
	block := filepath.Join(l.katalog(), "auswahl.json")
	if err := os.MkdirAll(filepath.Join(block, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := l.waehle(katalogwahl.Eingabe{Art: catalogue.Zurueckgenommen, Grund: "falsch"}); code(err) != "A-736" {
		t.Errorf("%v, want A-736", err)
	}
	l.gilt(l.neu)
	if err := l.Dienste.Katalogwahl.Abgleich(t.Context()); code(err) != "A-736" {
		t.Errorf("%v, want A-736", err)
	}
	if err := os.RemoveAll(block); err != nil {
		t.Fatal(err)
	}
	if err := l.Dienste.Katalogwahl.Abgleich(t.Context()); err != nil {
		t.Error(err)
	}
	l.gilt(l.alt)
}
