package rechner_test

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechner"
	"github.com/offizin/offizin/workflow/workflowtest"
)

func neu(t *testing.T) (*workflowtest.Stand, *rechner.Service) {
	t.Helper()
	s := workflowtest.New(t, nil)
	return s, rechner.New(s.Kern, func(epoche int) (rechner.Aussteller, error) {
		return rechner.Aussteller{Epoche: epoche, Zertifikat: []byte{byte(epoche)}, Schluessel: []byte("geheim")}, nil
	})
}

// schluessel is the fingerprint of a machine.
func schluessel(c string) string { return strings.Repeat(c, 64) }

// The first machine founds the pharmacy once; later ones get the next free name, prefix and rank.
func TestAufnehmen(t *testing.T) {
	s, r := neu(t)
	if _, ok, err := r.Aussteller(s.Ctx); err != nil || ok {
		t.Errorf("an authority before anything: %v %v", ok, err)
	}
	first := rechner.Rechner{Fingerabdruck: schluessel("a"), Platz: "platz-1", Till: "1", Rang: 1, Adresse: "h:1"}
	s.Must(r.Gruenden(s.Ctx, s.A(), first))
	again := first
	again.Fingerabdruck = schluessel("f")
	s.Must(r.Gruenden(s.Ctx, s.A(), again)) // it is there already
	for _, c := range []struct{ in, want rechner.Rechner }{
		{
			rechner.Rechner{Fingerabdruck: schluessel("b"), Adresse: "h:2"},
			rechner.Rechner{Fingerabdruck: schluessel("b"), Platz: "platz-2", Till: "2", Rang: 2, Adresse: "h:2"},
		},
		{
			rechner.Rechner{Fingerabdruck: schluessel("c"), Platz: "buero", Rang: 9, Adresse: "h:3"},
			rechner.Rechner{Fingerabdruck: schluessel("c"), Platz: "buero", Till: "3", Rang: 9, Adresse: "h:3"},
		},
		{ // the same machine with another rank and address
			rechner.Rechner{Fingerabdruck: schluessel("b"), Rang: 5, Adresse: "h:4"},
			rechner.Rechner{Fingerabdruck: schluessel("b"), Platz: "platz-2", Till: "2", Rang: 5, Adresse: "h:4"},
		},
		{ // another machine for a place that is there: with receipt numbers of its own
			rechner.Rechner{Fingerabdruck: schluessel("d"), Platz: "platz-2", Rang: 2, Adresse: "h:5"},
			rechner.Rechner{Fingerabdruck: schluessel("d"), Platz: "platz-2", Till: "4", Rang: 2, Adresse: "h:5"},
		},
		{
			rechner.Rechner{Fingerabdruck: schluessel("e")},
			rechner.Rechner{Fingerabdruck: schluessel("e"), Platz: "platz-5", Till: "5", Rang: 10},
		},
	} {
		a := s.A()
		for range 2 { // the second time as a repetition
			got, err := r.Aufnehmen(s.Ctx, a, c.in)
			s.Must(err)
			if got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		}
	}
	list, err := r.Alle(s.Ctx)
	s.Must(err)
	var names []string
	for _, m := range list {
		names = append(names, m.Fingerabdruck[:1]+m.Platz+map[bool]string{true: " weg"}[m.Entfernt])
	}
	if got := strings.Join(names, ", "); got != "aplatz-1, dplatz-2, cbuero, eplatz-5, bplatz-2 weg" {
		t.Error(got)
	}
	a, _, err := r.Aussteller(s.Ctx)
	if s.Must(err); a.Epoche != 2 { // the one that was replaced knows the key of the first
		t.Errorf("the authority of epoch %d vouches after a replacement", a.Epoche)
	}
}

// A removal is for ever and makes a new authority; a machine cannot remove itself.
func TestEntfernen(t *testing.T) {
	s, r := neu(t)
	s.Must(r.Gruenden(s.Ctx, s.A(), rechner.Rechner{Fingerabdruck: schluessel("a"), Platz: "platz-1", Till: "1", Rang: 1}))
	_, err := r.Aufnehmen(s.Ctx, s.A(), rechner.Rechner{Fingerabdruck: schluessel("b")})
	s.Must(err)
	s.Fails(r.Entfernen(s.Ctx, s.A(), schluessel("c"), "weg"), "M-202")
	s.Fails(r.Entfernen(s.Ctx, s.A(), schluessel("a"), "weg"), "M-203")
	s.Must(r.Entfernen(s.Ctx, s.A(), schluessel("b"), "verkauft"))
	a, ok, err := r.Aussteller(s.Ctx)
	if err != nil || !ok || a.Epoche != 2 || string(a.Schluessel) != "geheim" {
		t.Errorf("%+v %v %v", a, ok, err)
	}
	_, err = r.Aufnehmen(s.Ctx, s.A(), rechner.Rechner{Fingerabdruck: schluessel("b")})
	s.Fails(err, "M-204")
}

// What cannot be a machine is refused.
func TestUnmoeglich(t *testing.T) {
	s, r := neu(t)
	for _, c := range []struct {
		m    rechner.Rechner
		code string
	}{
		{rechner.Rechner{Fingerabdruck: "kurz"}, "M-201"},
		{rechner.Rechner{Fingerabdruck: schluessel("ü")}, "M-201"},
		{rechner.Rechner{Fingerabdruck: schluessel("a"), Platz: "Platz 2"}, "M-205"},
		{rechner.Rechner{Fingerabdruck: schluessel("a"), Platz: "../x"}, "M-205"},
		{rechner.Rechner{Fingerabdruck: schluessel("a"), Platz: "x", Till: "1/2"}, "M-206"},
		{rechner.Rechner{Fingerabdruck: schluessel("a"), Rang: -1}, "M-207"},
		{rechner.Rechner{Fingerabdruck: schluessel("a"), Rang: rechner.MaxRang + 1}, "M-207"},
		{rechner.Rechner{Fingerabdruck: schluessel("a"), Adresse: strings.Repeat("x", 201)}, "M-208"},
	} {
		_, err := r.Aufnehmen(s.Ctx, s.A(), c.m)
		s.Fails(err, c.code)
	}
}

// As soon as rights hold, only who may manage gives ranks and opens the door.
func TestVerwalten(t *testing.T) {
	s, r := neu(t)
	s.Must(r.Gruenden(s.Ctx, s.A(), rechner.Rechner{Fingerabdruck: schluessel("a"), Platz: "platz-1", Till: "1", Rang: 1}))
	s.Must(r.Darf(s.Ctx, "EF")) // nobody has a PIN yet
	s.Must(r.RangSetzen(s.Ctx, s.A(), schluessel("a"), 4))
	list, err := r.Alle(s.Ctx)
	s.Must(err)
	if list[0].Rang != 4 {
		t.Errorf("%+v", list)
	}
	s.Book(
		event.BenutzerGesetzt{Kuerzel: "AB", Rolle: "Inhaber", Aktiv: true}, event.PinGesetzt{Kuerzel: "AB", Hash: "h"},
		event.BenutzerGesetzt{Kuerzel: "EF", Rolle: "PTA", Aktiv: true}, event.PinGesetzt{Kuerzel: "EF", Hash: "h"},
	)
	s.Must(r.Darf(s.Ctx, "AB"))
	s.Fails(r.Darf(s.Ctx, "EF"), "G-107")
	s.Fails(r.RangSetzen(s.Ctx, workflow.Auftrag{Key: "x", Actor: "EF"}, schluessel("a"), 2), "G-107")
	s.Fails(r.RangSetzen(s.Ctx, s.A(), schluessel("b"), 2), "M-202")
}

// A machine that is removed gets its key no more, from that moment on, however it asks.
func TestEntfernterBekommtKeinenSchluessel(t *testing.T) {
	s, r := neu(t)
	s.Must(r.Gruenden(s.Ctx, s.A(), rechner.Rechner{Fingerabdruck: schluessel("a"), Platz: "platz-1", Till: "1", Rang: 1}))
	_, err := r.Aufnehmen(s.Ctx, s.A(), rechner.Rechner{Fingerabdruck: schluessel("b")})
	s.Must(err)
	s.Must(r.Hinterlegen(s.Ctx, s.A(), schluessel("b"), []byte("key of b")))
	if key, found, err := r.Hinterlegt(s.Ctx, schluessel("b")); err != nil || !found || string(key) != "key of b" {
		t.Errorf("a member: %q %v %v", key, found, err)
	}
	s.Must(r.Entfernen(s.Ctx, s.A(), schluessel("b"), "gestohlen"))
	if key, found, err := r.Hinterlegt(s.Ctx, schluessel("b")); err != nil || found || key != nil {
		t.Errorf("removed: %q %v %v", key, found, err)
	}
}

// A machine that takes its own place with a new key makes a new authority with that: whoever has its old disk
// can make a key, too, and the authority before would vouch for it. It does not do so twice.
func TestEigenerPlatzNeu(t *testing.T) {
	s, r := neu(t)
	own := s.Kern.Platz
	s.Must(r.Gruenden(s.Ctx, s.A(), rechner.Rechner{Fingerabdruck: schluessel("a"), Platz: own, Till: "1", Rang: 1}))
	for range 2 {
		_, err := r.Aufnehmen(s.Ctx, s.A(), rechner.Rechner{Fingerabdruck: schluessel("b"), Platz: own, Till: "1abc", Rang: 1})
		s.Must(err)
		if a, _, err := r.Aussteller(s.Ctx); err != nil || a.Epoche != 2 {
			t.Errorf("the authority of epoch %d vouches: %v", a.Epoche, err)
		}
	}
}
