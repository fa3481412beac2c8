package geraete_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/anmeldung"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/geraete"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// ein is a machine that serves its pages to devices, with an Inhaber and a PTA.
func ein(t *testing.T) (*workflowtest.Stand, *geraete.Service) {
	t.Helper()
	s := workflowtest.New(t, nil)
	s.Book(
		event.BenutzerGesetzt{Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber", Aktiv: true},
		event.BenutzerGesetzt{Kuerzel: "EF", Name: "Elif Falk", Rolle: "PTA", Aktiv: true},
		event.PinGesetzt{Kuerzel: "AB", Hash: "h"}, event.PinGesetzt{Kuerzel: "EF", Hash: "h"},
	)
	g := geraete.New(s.Kern, "f1")
	s.Must(g.Schalten(s.Ctx, s.A(), geraete.Seiten{An: true, Port: 9443}))
	return s, g
}

// A code holds ten minutes, for one device; what the device keeps holds on this machine only, until it
// is revoked or the pages are switched off, and again when they are on.
func TestKoppeln(t *testing.T) {
	s, g := ein(t)
	other := geraete.New(s.Kern, "f2")
	s.Must(other.Schalten(s.Ctx, s.A(), geraete.Seiten{An: true, Port: 9443}))
	s.Must(g.Oeffnen(s.Ctx, "AB", "Laptop"))
	late := g.Offen().Code
	s.Uhr.Advance(geraete.Dauer)
	_, err := g.Koppeln(s.Ctx, late)
	s.Fails(err, "M-290")
	s.Must(g.Oeffnen(s.Ctx, "AB", "Laptop"))
	token, err := g.Koppeln(s.Ctx, g.Offen().Code)
	s.Must(err)
	knows := func(x *geraete.Service, token string) bool {
		d, ok, err := x.Wer(s.Ctx, token)
		s.Must(err)
		return ok && d.Name == "Laptop"
	}
	if !knows(g, token) || knows(other, token) || knows(g, "") || knows(g, token+"x") || knows(g, strings.ToLower(token)) {
		t.Error("the permission is not of this device on this machine")
	}
	s.Must(g.Schalten(s.Ctx, s.A(), geraete.Seiten{}))
	if knows(g, token) {
		t.Error("switched off, and still in")
	}
	s.Must(g.Schalten(s.Ctx, s.A(), geraete.Seiten{An: true, Port: 9443}))
	if !knows(g, token) {
		t.Error("switched on again, and not in")
	}
	list, err := g.Liste(s.Ctx)
	s.Must(err)
	s.Fails(g.Entziehen(s.Ctx, workflow.Auftrag{Key: "e", Actor: "EF"}, list[0].ID), "G-107")
	s.Fails(g.Entziehen(s.Ctx, s.A(), "fremd"), "M-297")
	s.Must(g.Entziehen(s.Ctx, s.A(), list[0].ID))
	if knows(g, token) {
		t.Error("revoked, and still in")
	}
}

// Two devices have two names; fifty is enough. Who opened a code and may no more lets nobody in with it.
func TestGrenzen(t *testing.T) {
	s, g := ein(t)
	for i := range 50 {
		s.Must(g.Oeffnen(s.Ctx, "AB", fmt.Sprintf("Gerät %d", i)))
		if i == 1 {
			s.Fails(g.Oeffnen(s.Ctx, "AB", "gerät 0"), "M-288")
		}
		_, err := g.Koppeln(s.Ctx, g.Offen().Code)
		s.Must(err)
	}
	s.Fails(g.Oeffnen(s.Ctx, "AB", "Gerät 50"), "M-289")
	s.Fails(g.Oeffnen(s.Ctx, "AB", strings.Repeat("x", 41)), "M-294")
	s.Fails(g.Oeffnen(s.Ctx, "AB", "a\nb"), "M-294")

	s, g = ein(t)
	s.Must(g.Oeffnen(s.Ctx, "AB", "Laptop"))
	s.Book(event.BenutzerGesetzt{Kuerzel: "CD", Name: "Carl", Rolle: "Inhaber", Aktiv: true}, event.PinGesetzt{Kuerzel: "CD", Hash: "h"},
		event.BenutzerGesetzt{Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber"})
	_, err := g.Koppeln(s.Ctx, g.Offen().Code)
	s.Fails(err, "G-110")
	if g.Offen() != nil {
		t.Error("the code is still open")
	}
}

// What is done from a device says so in the same act; a cart that is not paid yet does not.
func TestVermerkt(t *testing.T) {
	s, _ := ein(t)
	ctx := workflow.MitGeraet(s.Ctx, workflow.Geraet{ID: "g1", Name: "Laptop"})
	do := func(ctx context.Context, events ...journal.Event) journal.Result {
		res, err := s.Kern.Do(ctx, s.A(), "test", func(journal.Rows) ([]journal.Event, error) { return events, nil })
		s.Must(err)
		return res
	}
	s.Uhr.Advance(time.Minute)
	cart := event.VorgangGeaendert{ID: "v1", Version: 1}
	sold := event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: "1-000001", Art: bon.Verkauf, Vorgang: "v2"}}
	for _, c := range []struct {
		ctx  context.Context
		in   []journal.Event
		want int
	}{
		{ctx, []journal.Event{cart}, 1},
		{ctx, []journal.Event{sold, event.BestandGeaendert{PZN: "01126111", Delta: -1, Art: "verkauf"}}, 3},
		{s.Ctx, []journal.Event{event.BestandGeaendert{PZN: "01126111", Delta: 1, Art: "zugang"}}, 1},
	} {
		if res := do(c.ctx, c.in...); len(res.Records) != c.want {
			t.Errorf("%T: %d records, want %d", c.in[0], len(res.Records), c.want)
		}
	}
	lines, err := workflow.View(s.Ctx, s.Kern, func(rows journal.Rows) ([]anmeldung.Vermerk, error) {
		return anmeldung.Vermerke(rows, 0, "AB", 1)
	})
	s.Must(err)
	if len(lines) != 1 || lines[0].Detail != "Laptop · Bon 1-000001" || lines[0].Platz != "platz-1" {
		t.Errorf("%+v", lines)
	}
}
