package generation_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/sqlite/generation"
)

// plane asks what a choice would do on the 20.11.2026.
func plane(t *testing.T, dir string, x catalogue.Vorhaben) (w catalogue.Wahl, err error) {
	t.Helper()
	err = generation.Ansehen(dir, func(a *generation.Auswahl) error {
		w, err = a.Plan(x, heute)
		return err
	})
	return w, err
}

// waehle makes a choice of the journal effective.
func waehle(t *testing.T, dir string, w catalogue.Wahl) {
	t.Helper()
	err := generation.Waehlend(dir, func(a *generation.Auswahl) error {
		if err := a.Wirke(w); err != nil || a.Stand() != w.ID {
			t.Errorf("%q, %v", a.Stand(), err)
		}
		return a.Wirke(w) // once more changes nothing
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A plan says what would change and changes nothing; made effective, it is what happened.
// Every choice can be undone, an undoing too.
func TestPlanUndRueckgaengig(t *testing.T) {
	dir := t.TempDir()
	oct, nov, dec := build(t, dir, 20261001, 100).ID, build(t, dir, 20261115, 101).ID, build(t, dir, 20261201, 102).ID
	till := open(t, dir)
	back, err := plane(t, dir, catalogue.Vorhaben{Art: catalogue.Zurueckgenommen})
	if err != nil || back.Vorher != nov || back.Nachher != oct || back.Tag != heute || !slices.Equal(back.Hinaus, []string{nov}) {
		t.Fatalf("%+v, %v", back, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "auswahl.json")); err == nil || am(t, till, heute) != nov {
		t.Error("a plan has changed something")
	}
	back.ID = "1"
	waehle(t, dir, back)
	if am(t, till, heute) != oct || am(t, till, 20261201) != dec {
		t.Error("going back")
	}
	forth, err := plane(t, dir, catalogue.Vorhaben{Art: catalogue.Rueckgaengig, Bezug: &back})
	if err != nil || forth.Vorher != oct || forth.Nachher != nov || forth.Bezug != "1" || len(forth.Ausgelassen) != 0 {
		t.Fatalf("%+v, %v", forth, err)
	}
	forth.ID = "2"
	waehle(t, dir, forth)
	if am(t, till, heute) != nov {
		t.Error("undone")
	}
	if _, err := plane(t, dir, catalogue.Vorhaben{Art: catalogue.Rueckgaengig, Bezug: &back}); code(err) != "A-731" {
		t.Errorf("there is nothing left of it: %v", err)
	}
	again, err := plane(t, dir, catalogue.Vorhaben{Art: catalogue.Rueckgaengig, Bezug: &forth})
	if err != nil || again.Nachher != oct {
		t.Errorf("%+v, %v", again, err)
	}
}

// A choice that begins later says so; one that changes nothing is empty. Undoing never
// leaves a day without a generation.
func TestPlanGrenzen(t *testing.T) {
	dir := t.TempDir()
	oct, dec := build(t, dir, 20261001, 100).ID, build(t, dir, 20261201, 102).ID
	w, err := plane(t, dir, catalogue.Vorhaben{Art: catalogue.Aktiviert, Katalog: dec})
	if err != nil || !w.Leer() || w.Tag != civil.Day(20261201) || w.Vorher != dec || w.Nachher != dec {
		t.Errorf("%+v, %v", w, err)
	}
	b := catalogue.Wahl{ID: "1", Katalog: oct, Hinein: []string{oct}}
	if w, err := plane(t, dir, catalogue.Vorhaben{Art: catalogue.Rueckgaengig, Bezug: &b}); code(err) != "A-626" {
		t.Errorf("%+v, %v", w, err)
	}
}

// What a command has chosen is effective at once and waits in the file for the journal,
// oldest first; a removal keeps it waiting.
func TestOffen(t *testing.T) {
	dir := t.TempDir()
	oct, nov := build(t, dir, 20261001, 100).ID, build(t, dir, 20261115, 101).ID
	third := build(t, dir, 20261116, 102).ID
	v := vermerk
	v.Wer = "CD"
	if _, _, err := generation.Rollback(dir, heute, v); err != nil {
		t.Fatal(err)
	}
	if _, err := generation.Activate(dir, oct, heute, vermerk); err != nil {
		t.Fatal(err)
	}
	if err := generation.Remove(dir, third, heute); err != nil {
		t.Fatal(err)
	}
	err := generation.Waehlend(dir, func(a *generation.Auswahl) error {
		list := a.Offen()
		if len(list) != 2 || list[0].Katalog != third || list[0].Wer != "CD" || list[0].Nachher != nov ||
			list[1].Katalog != oct || list[1].Grund != "falsche Preise" || !list[1].Zeit.Equal(vermerk.Zeit) {
			t.Errorf("%+v", list)
		}
		if err := a.Gebucht(); err != nil || a.Stand() != list[0].ID {
			t.Errorf("%q, %v", a.Stand(), err)
		}
		if err := a.Gebucht(); err != nil || a.Stand() != list[1].ID || len(a.Offen()) != 0 {
			t.Errorf("%q, %v", a.Stand(), err)
		}
		return nil
	})
	if err != nil || am(t, open(t, dir), heute) != oct {
		t.Error(err)
	}
}

// A release is planned and made effective like any choice; broken off after the folder has
// its name, it goes on. What was removed since is no reason to stop.
func TestFreigabeAusDemJournal(t *testing.T) {
	dir := t.TempDir()
	oct := build(t, dir, 20261001, 100).ID
	m, err := geprueft(t, dir, 20261115, 110, generation.Urteil{Bericht: "schlecht\n", Hindert: true}, nil)
	if code(err) != "A-621" {
		t.Fatal(err)
	}
	w, err := plane(t, dir, catalogue.Vorhaben{Art: catalogue.Aktiviert, Katalog: m.ID})
	if err != nil || w.Art != catalogue.Freigegeben || w.Vorher != oct || w.Nachher != m.ID || !slices.Equal(w.Hinein, []string{m.ID}) {
		t.Fatalf("%+v, %v", w, err)
	}
	w.ID, w.Grund = "1", "geprüft"
	held := filepath.Join(dir, "quarantaene-"+m.ID)
	if err := os.Rename(held, filepath.Join(dir, m.ID)); err != nil {
		t.Fatal(err)
	}
	waehle(t, dir, w)
	till := open(t, dir)
	if am(t, till, heute) != m.ID {
		t.Error("not released")
	}
	w2, err := plane(t, dir, catalogue.Vorhaben{Art: catalogue.Rueckgaengig, Bezug: &w})
	if err != nil || w2.Nachher != oct {
		t.Errorf("%+v, %v", w2, err)
	}
	if err := os.RemoveAll(filepath.Join(dir, m.ID)); err != nil {
		t.Fatal(err)
	}
	waehle(t, dir, w)
	if am(t, till, heute) != oct {
		t.Error("what is gone is valid")
	}
}

// Two who choose at once do it one after the other: a command beside a program that settles
// the selection is late, and not refused.
func TestZweiWaehlenZugleich(t *testing.T) {
	dir := t.TempDir()
	oct, nov := build(t, dir, 20261001, 100).ID, build(t, dir, 20261115, 101).ID
	inside, done := make(chan struct{}), make(chan error)
	go func() {
		<-inside
		_, _, err := generation.Rollback(dir, heute, generation.Vermerk{Grund: "zweiter"})
		done <- err
	}()
	err := generation.Waehlend(dir, func(*generation.Auswahl) error {
		close(inside)
		select {
		case err := <-done:
			t.Errorf("chose while another one does: %v", err)
			go func() { done <- err }()
		case <-time.After(200 * time.Millisecond):
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil || am(t, open(t, dir), heute) != oct {
		t.Errorf("the second, instead of %s: %v", nov, err)
	}
}
