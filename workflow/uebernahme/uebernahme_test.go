package uebernahme_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/node/shipping"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/uebernahme"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// frei is an article of 2,50 €.
func frei() artikel.Artikel {
	return artikel.Artikel{
		PZN: workflowtest.PZN("1234566"), Name: "BONBON Demo", Art: artikel.Freiwahl, Status: artikel.Verkehr,
		UVP: 250, MwSt: artikel.MwStVoll, Menge: "50", Einheit: "g",
	}
}

// sortiment is frei and articles like it, for every step of the property one.
func sortiment() []artikel.Artikel {
	list := []artikel.Artikel{frei()}
	for i := 0; len(list) <= 20; i++ {
		a := frei()
		base := fmt.Sprintf("12346%02d", i)
		if _, ok := kennung.PZNCheck(base); !ok {
			continue
		}
		a.PZN = workflowtest.PZN(base)
		list = append(list, a)
	}
	return list
}

// platz is a machine with a journal of its own; no other answers unless said.
type platz struct {
	*workflowtest.Stand
	*verkauf.Service
	u    *uebernahme.Service
	name string
	n    int
}

func neu(t testing.TB, name, till string) *platz {
	t.Helper()
	s := workflowtest.NewPlatz(t, name, till, sortiment())
	p := person.New(s.Kern)
	return &platz{
		Stand: s, Service: verkauf.New(s.Kern, p, rezeptannahme.New(s.Kern, p, nil)), u: uebernahme.New(s.Kern), name: name,
	}
}

func (p *platz) a() workflow.Auftrag {
	p.n++
	return workflow.Auftrag{Key: fmt.Sprint(p.name, "-", p.n), Actor: "AB"}
}

// ja says that the machines of these names answer.
type ja []string

func (j ja) Antwortet(platz string) bool {
	return slices.Contains(j, platz)
}

// direkt hands requests to the handler of another machine.
type direkt struct{ h http.Handler }

func (d direkt) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	return w.Result(), nil
}

// trifft makes the journals of two machines equal.
func (p *platz) trifft(o *platz) {
	p.T.Helper()
	h := shipping.NewServer(o.Kern.Store, slog.New(slog.DiscardHandler))
	child := shipping.NewChild(p.Kern.Store, &shipping.Parent{URL: "http://" + o.name, HTTP: &http.Client{Transport: direkt{h}}})
	_, err := child.Sync(p.Ctx)
	p.Must(err)
}

// fuelle scans n packs on a cart; without an id it begins one.
func (p *platz) fuelle(id string, n int) string {
	p.T.Helper()
	if id == "" {
		v, err := p.Beginnen(p.Ctx, p.a())
		p.Must(err)
		id = v.Vorgang.ID
	}
	p.lege(id, frei().PZN, n)
	return id
}

func (p *platz) lege(id string, pzn kennung.PZN, n int) {
	p.T.Helper()
	_, err := p.Hinzufuegen(p.Ctx, p.a(), id, verkauf.Eingabe{PZN: pzn, Menge: n})
	p.Must(err)
}

func (p *platz) zahle(id string) string {
	p.T.Helper()
	v, err := p.Ansicht(p.Ctx, id)
	p.Must(err)
	b, err := p.Bezahlen(p.Ctx, p.a(), id, verkauf.Zahlung{Erwartet: v.Summen.Patient})
	p.Must(err)
	return b.Nummer
}

func (p *platz) aufgaben() uebernahme.Aufgaben {
	p.T.Helper()
	a, err := p.u.Aufgaben(p.Ctx)
	p.Must(err)
	return a
}

// Whose cart may be gone on with where.
func TestWer(t *testing.T) {
	x, y := neu(t, "platz-1", "1"), neu(t, "platz-2", "2")
	id := x.fuelle("", 1)
	y.trifft(x)
	y.Kern.Sicht = ja{"platz-1"}
	_, err := y.u.Frage(y.Ctx, id) // it is open there, and platz-1 runs
	y.Fails(err, "V-420")
	_, err = y.Fortsetzen(y.Ctx, y.a(), id)
	y.Fails(err, "V-420")
	if frage, err := x.u.Frage(x.Ctx, id); err != nil || frage != "" {
		t.Errorf("own cart: %q %v", frage, err)
	}
	y.Kern.Sicht = ja{}
	if frage, err := y.u.Frage(y.Ctx, id); err != nil || frage != "platz-1" { // one question
		t.Errorf("cart of a machine that is off: %q %v", frage, err)
	}
	v, err := y.Fortsetzen(y.Ctx, y.a(), id)
	if err != nil || v.Vorgang.Platz != "platz-2" || v.Vorgang.Epoche != 2 {
		t.Fatalf("%+v %v", v.Vorgang, err)
	}
	y.Must(y.Parken(y.Ctx, y.a(), id, ""))
	x.trifft(y)
	x.Kern.Sicht = ja{"platz-2"}
	if frage, err := x.u.Frage(x.Ctx, id); err != nil || frage != "" { // parked: free for all
		t.Errorf("parked cart: %q %v", frage, err)
	}
	if v, err = x.Fortsetzen(x.Ctx, x.a(), id); err != nil || v.Vorgang.Epoche != 3 || v.Zeilen[0].Position.Menge != 1 {
		t.Errorf("%+v %v", v.Vorgang, err)
	}
}

// Both machines finish the cart: both Bons stand on both, with a task, until one is cancelled.
func TestBeideBezahlen(t *testing.T) {
	for _, weg := range []string{"Storno", "beide"} {
		t.Run(weg, func(t *testing.T) {
			x, y := neu(t, "platz-1", "1"), neu(t, "platz-2", "2")
			id := x.fuelle("", 2)
			y.trifft(x)
			_, err := y.Fortsetzen(y.Ctx, y.a(), id)
			y.Must(err)
			one, two := x.zahle(id), y.zahle(id)
			if one != "1-000001" || two != "2-000001" || x.aufgaben().Anzahl()+y.aufgaben().Anzahl() != 0 {
				t.Fatalf("%s %s", one, two)
			}
			x.trifft(y)
			for _, p := range []*platz{x, y} {
				a := p.aufgaben()
				if len(a.Doppelt) != 1 || len(a.Doppelt[0].Bons) != 2 || a.Anzahl() != 1 || a.Doppelt[0].Vorgang != id {
					t.Fatalf("%s: %+v", p.name, a)
				}
				if list, err := p.Offene(p.Ctx); err != nil || len(list) != 0 {
					t.Errorf("%s: still open: %v %v", p.name, list, err)
				}
			}
			if weg == "Storno" {
				_, err = y.Storno(y.Ctx, y.a(), one, "doppelt verkauft")
			} else {
				err = y.u.Beide(y.Ctx, y.a(), id)
			}
			y.Must(err)
			x.trifft(y)
			if n := x.aufgaben().Anzahl() + y.aufgaben().Anzahl(); n != 0 {
				t.Errorf("%d tasks are left", n)
			}
		})
	}
}

// The old machine was only cut off and somebody went on typing: what he typed is in nobody's
// cart and not lost, whether the cart was paid meanwhile or not.
func TestWeitergetippt(t *testing.T) {
	for _, c := range []struct {
		paid bool
		wie  string
	}{{false, "parken"}, {true, "parken"}, {true, "verwerfen"}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			x, y := neu(t, "platz-1", "1"), neu(t, "platz-2", "2")
			id := x.fuelle("", 1)
			y.trifft(x)
			_, err := y.Fortsetzen(y.Ctx, y.a(), id)
			y.Must(err)
			x.fuelle(id, 7) // unseen by platz-2
			if c.paid {
				y.zahle(id)
			}
			x.trifft(y)
			for _, p := range []*platz{x, y} {
				a := p.aufgaben()
				if len(a.Reste) != 1 || a.Reste[0].Platz != "platz-1" || len(a.Reste[0].Zeilen) != 1 || len(a.Doppelt) != 0 {
					t.Fatalf("%s: %+v", p.name, a)
				}
				if v, err := p.Ansicht(p.Ctx, id); !c.paid && (err != nil || v.Vorgang.Platz != "platz-2" || v.Vorgang.Positionen[0].Menge != 1) {
					t.Errorf("%s: %+v %v", p.name, v.Vorgang, err)
				}
			}
			act := x.u.Parken
			if c.wie == "verwerfen" {
				act = x.u.Verwerfen
			}
			x.Must(act(x.Ctx, x.a(), id, "platz-1", 1))
			x.Fails(act(x.Ctx, x.a(), id, "platz-1", 1), "V-422")
			x.trifft(y)
			if x.aufgaben().Anzahl()+y.aufgaben().Anzahl() != 0 {
				t.Error("the task is left")
			}
			list, err := y.Offene(y.Ctx)
			y.Must(err)
			parked := 0
			for _, k := range list {
				if k.Zustand == vorgang.Geparkt {
					parked++
				}
			}
			if want := map[string]int{"parken": 1, "verwerfen": 0}[c.wie]; parked != want {
				t.Errorf("%d parked, want %d: %+v", parked, want, list)
			}
		})
	}
}

// Whatever three machines do with one cart while they are cut off from each other, and in
// whatever order they meet: in the end all show the same, every Bon stands on all of them,
// more than one Bon is a task, and every article that was put on the cart is in a Bon, on
// the cart, or in a task.
func TestNichtsVerloren(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		list := []*platz{neu(t, "platz-1", "1"), neu(t, "platz-2", "2"), neu(t, "platz-3", "3")}
		id := list[0].fuelle("", 1)
		for _, p := range list[1:] {
			p.trifft(list[0])
		}
		sold, put := map[string]bool{}, map[kennung.PZN]bool{}
		for i := range rapid.IntRange(1, 20).Draw(rt, "steps") {
			p := list[rapid.IntRange(0, 2).Draw(rt, "machine")]
			v, err := p.Ansicht(p.Ctx, id)
			if open := err == nil && v.Vorgang.Platz == p.name && v.Vorgang.Zustand == vorgang.Offen; !open {
				if rapid.Bool().Draw(rt, "take") {
					_, _ = p.Fortsetzen(p.Ctx, p.a(), id) // may be finished
				} else {
					p.trifft(list[rapid.IntRange(0, 2).Draw(rt, "other")])
				}
				continue
			}
			switch rapid.IntRange(0, 6).Draw(rt, "act") {
			case 0:
				sold[p.zahle(id)] = true
			case 1:
				p.Must(p.Parken(p.Ctx, p.a(), id, ""))
			case 2, 3:
				p.trifft(list[rapid.IntRange(0, 2).Draw(rt, "other")])
			default:
				pzn := sortiment()[1+i].PZN
				p.lege(id, pzn, 1)
				put[pzn] = true
			}
		}
		for _, w := range [][2]int{{1, 0}, {2, 0}, {1, 0}} {
			list[w[0]].trifft(list[w[1]])
		}
		want := fmt.Sprintf("%+v", list[0].aufgaben())
		for _, p := range list {
			if got := fmt.Sprintf("%+v", p.aufgaben()); got != want {
				rt.Fatalf("%s: %s, platz-1: %s", p.name, got, want)
			}
			for n := range sold {
				if _, err := p.Bon(p.Ctx, n); err != nil {
					rt.Fatalf("%s: %s: %v", p.name, n, err)
				}
			}
		}
		if n := len(list[0].aufgaben().Doppelt); n != map[bool]int{true: 1}[len(sold) > 1] {
			rt.Fatalf("%d Bons, %d tasks", len(sold), n)
		}
		v, err := list[0].Ansicht(list[0].Ctx, id)
		found := map[kennung.PZN]bool{}
		for _, p := range v.Vorgang.Positionen {
			found[p.PZN] = true
		}
		for _, r := range list[0].aufgaben().Reste {
			for _, p := range r.Positionen {
				found[p.PZN] = true
			}
		}
		for n := range sold {
			b, err := list[0].Bon(list[0].Ctx, n)
			list[0].Must(err)
			for _, p := range b.Bon.Positionen {
				found[p.PZN] = true
			}
		}
		for pzn := range put {
			if !found[pzn] {
				rt.Fatalf("%s is lost", pzn)
			}
		}
		if open := err == nil; open == (len(sold) > 0) {
			rt.Fatalf("%d Bons, and the cart: %v", len(sold), err)
		}
	})
}
