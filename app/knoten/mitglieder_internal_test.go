package knoten

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/offizin/offizin/workflow/rechner"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// A new machine goes on talking to the one that took it in while the journal names others only:
// those may be the ones that are broken.
func TestErsterSatzNenntNurDenErsten(t *testing.T) {
	first := rechner.Rechner{Fingerabdruck: "a", Platz: "platz-1", Adresse: "h:1", Rang: 1}
	second := rechner.Rechner{Fingerabdruck: "b", Platz: "platz-2", Adresse: "h:2", Rang: 2}
	m := &mitglieder{self: "c", fremd: []rechner.Rechner{first, second}}
	names := func() (list []string) {
		for _, r := range m.andere() {
			list = append(list, r.Platz+" "+r.Adresse)
		}
		slices.Sort(list)
		return list
	}
	both := []string{"platz-1 h:1", "platz-2 h:2"}
	if got := names(); !slices.Equal(got, both) {
		t.Errorf("no journal: %v", got)
	}
	m.known = map[string]rechner.Rechner{"a": first}
	if got := names(); !slices.Equal(got, both) {
		t.Errorf("the beginning of the journal: %v", got)
	}
	gone := second
	gone.Entfernt = true
	m.known["b"] = gone
	if got := names(); !slices.Equal(got, both[:1]) {
		t.Errorf("removed: %v", got)
	}
	m.known["d"] = rechner.Rechner{Fingerabdruck: "d", Platz: "platz-2", Adresse: "h:4", Rang: 2}
	delete(m.known, "b")
	if got := names(); !slices.Equal(got, []string{"platz-1 h:1", "platz-2 h:4"}) {
		t.Errorf("replaced: %v", got)
	}
}

// Two machines have one name: the same one of them is called each time, and none by one of them.
func TestGleichnamige(t *testing.T) {
	m := &mitglieder{self: "c", known: map[string]rechner.Rechner{
		"a": {Fingerabdruck: "a", Platz: "buero", Adresse: "h:1"}, "b": {Fingerabdruck: "b", Platz: "buero", Adresse: "h:2"},
		"c": {Fingerabdruck: "c", Platz: "platz-1", Adresse: "h:3"},
	}}
	for range 50 {
		if list := m.andere(); len(list) != 1 || list[0].Adresse != "h:1" {
			t.Fatalf("%+v", list)
		}
	}
	m.self = "b"
	if list := m.andere(); len(list) != 1 || list[0].Platz != "platz-1" {
		t.Errorf("%+v", list)
	}
	if got := m.gleichnamig(); !slices.Equal(got, []string{"buero"}) {
		t.Errorf("%v", got)
	}
}

// What the pairing said of the others counts no more two minutes after the journal has come, and an
// hour after the start if it does not come: else a machine that the journal never names, or of whose
// removal only the fingerprint has come, were trusted for ever.
func TestPaarungGiltNichtEwig(t *testing.T) {
	partner := rechner.Rechner{Fingerabdruck: "a", Platz: "platz-1", Adresse: "h:1", Rang: 1}
	for _, comes := range []bool{true, false} {
		s := workflowtest.New(t, nil)
		service := rechner.New(s.Kern, func(e int) (rechner.Aussteller, error) {
			return rechner.Aussteller{Epoche: e, Zertifikat: []byte("z"), Schluessel: []byte("s")}, nil
		})
		self := strings.Repeat("c", 64)
		m := &mitglieder{self: self, fremd: []rechner.Rechner{partner}}
		m.begrenze(s.Uhr)
		counts := func() bool {
			_, known, _ := m.Mitglied("a")
			if listed := len(m.andere()) == 1; listed != known {
				t.Errorf("let in %v, called %v", known, listed)
			}
			return known
		}
		s.Uhr.Advance(30 * time.Minute)
		end := 30 * time.Minute
		if comes {
			s.Must(service.Gruenden(s.Ctx, s.A(), rechner.Rechner{Fingerabdruck: self, Platz: "platz-3", Till: "3", Rang: 3}))
			end = 2 * time.Minute
		}
		s.Must(m.lies(s.Ctx, service))
		s.Uhr.Advance(end - time.Second)
		s.Must(m.lies(s.Ctx, service)) // more news put nothing off
		if !counts() {
			t.Errorf("journal comes %v: counts no more too early", comes)
		}
		s.Uhr.Advance(time.Second)
		if counts() {
			t.Errorf("journal comes %v: counts after %s", comes, end)
		}
	}
}

// What could not be read, or written, is tried again also if nobody writes anything more.
func TestListeNochEinmal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := workflowtest.New(t, nil)
		m, service := &mitglieder{self: strings.Repeat("c", 64)}, rechner.New(s.Kern, nil)
		calls := 0
		then := func() error {
			if calls++; calls == 1 {
				return errors.New("full disk")
			}
			return nil
		}
		ctx, stop := context.WithCancel(t.Context())
		go m.folge(ctx, func() <-chan struct{} { return nil }, service, then, slog.New(slog.DiscardHandler))
		time.Sleep(time.Minute)
		stop()
		synctest.Wait()
		if calls != 2 {
			t.Errorf("%d times", calls)
		}
	})
}
