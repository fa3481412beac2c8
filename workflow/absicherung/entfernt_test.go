package absicherung_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/integration/erezept"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/workflow/absicherung"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// packungen is how many packs are in a cart.
func packungen(v verkauf.Ansicht) (n int) {
	for _, z := range v.Zeilen {
		n += z.Position.Menge
	}
	return n
}

func weg(list []bon.Position) (n int, sum money.Cent) {
	for _, p := range list {
		n, sum = n+p.Menge, sum+p.Gesamt
	}
	return n, sum
}

// entfernt is what is on record of a cart.
func (x *till) entfernt(id string) []bon.Position {
	x.T.Helper()
	b, err := x.Inhalt(x.Ctx, id)
	x.Must(err)
	return b.Entfernt
}

func (x *till) beleg(nummer string) bon.Bon {
	x.T.Helper()
	b, found, err := workflowView(x.Kern, func(rows journal.Rows) (bon.Bon, bool, error) { return belege.Find(rows, nummer) })
	x.Must(err)
	if !found {
		x.T.Fatalf("no record %s", nummer)
	}
	return b
}

// DSFinV-K 4.2.3: what is taken out of a cart by F9, a lower quantity or undo stands on its Bon, as it
// was priced, and counts towards nothing; undoing the removal does not undo its trace.
func TestEntfernt(t *testing.T) {
	x := newTill(t)
	id := x.wagen()
	bonbons := verkauf.Eingabe{PZN: workflowtest.PZN(bonbon), Menge: 4}
	_, err := x.Hinzufuegen(x.Ctx, x.A(), id, bonbons)
	x.Must(err)
	_, err = x.Menge(x.Ctx, x.A(), id, 1, 3) // two fewer
	x.Must(err)
	_, err = x.Entfernen(x.Ctx, x.A(), id, 1) // three
	x.Must(err)
	_, err = x.Zurueck(x.Ctx, x.A(), id) // there again
	x.Must(err)
	_, err = x.Menge(x.Ctx, x.A(), id, 1, 1) // two
	x.Must(err)
	b := x.bezahlen(id)
	if n, sum := weg(b.Entfernt); len(b.Entfernt) != 3 || n != 7 || sum != 7*398 {
		t.Errorf("%+v", b.Entfernt)
	}
	if p := b.Entfernt[1]; p.Bezeichnung != "Salbeibonbons" || p.Menge != 3 || p.Preis != 398 || p.MwSt != 19*money.Percent {
		t.Errorf("%+v", p)
	}
	if s := b.Summen(); s.Gesamt != 398 || len(b.Positionen) != 1 {
		t.Errorf("%+v", b)
	}
	if g := x.gesichert(b.Nummer); g.Daten != "Beleg^3.98_0.00_0.00_0.00_0.00^3.98:Bar" {
		t.Errorf("%s", g.Daten)
	}
}

// A cart that was emptied line by line and then dropped is an abandoned record with what was in it.
func TestEntferntUndVerworfen(t *testing.T) {
	x := newTill(t)
	id := x.wagen()
	_, err := x.Entfernen(x.Ctx, x.A(), id, 1)
	x.Must(err)
	x.Must(x.Verwerfen(x.Ctx, x.A(), id))
	b := x.beleg("1-000001")
	if n, _ := weg(b.Entfernt); b.Art != bon.Abbruch || len(b.Positionen) != 0 || n != 1 {
		t.Errorf("%+v", b)
	}
	if g := x.gesichert("1-000001"); g.Signatur == nil || x.offen() != 0 {
		t.Errorf("%+v, %d open", g, x.offen())
	}
}

// A cart that was emptied and is left lying is an abandoned record; goes it on, its Bon does not have
// the same lines again.
func TestEntferntUndLiegengelassen(t *testing.T) {
	x := newTill(t)
	id := x.wagen()
	x.wartenAufBeginn(1)
	_, err := x.Entfernen(x.Ctx, x.A(), id, 1)
	x.Must(err)
	x.Must(x.Kern.Absicherung.(*absicherung.Service).Ordnen(x.Ctx))
	x.gesichert("1-000001")
	if b := x.beleg("1-000001"); b.Art != bon.Abbruch || len(b.Entfernt) != 1 {
		t.Errorf("%+v", b)
	}
	_, err = x.Hinzufuegen(x.Ctx, x.A(), id, verkauf.Eingabe{PZN: workflowtest.PZN(bonbon), Menge: 2})
	x.Must(err)
	_, err = x.Menge(x.Ctx, x.A(), id, 1, 1)
	x.Must(err)
	if b := x.bezahlen(id); len(b.Entfernt) != 1 || b.Entfernt[0].Menge != 1 {
		t.Errorf("%+v", b.Entfernt)
	}
}

// Without a TSE nothing is kept.
func TestEntferntOhneTSE(t *testing.T) {
	x := newTill(t)
	x.Kern.Absicherung = nil
	id := x.wagen()
	_, err := x.Hinzufuegen(x.Ctx, x.A(), id, verkauf.Eingabe{PZN: workflowtest.PZN(bonbon)})
	x.Must(err)
	_, err = x.Menge(x.Ctx, x.A(), id, 1, 1)
	x.Must(err)
	if b := x.bezahlen(id); len(b.Entfernt) != 0 {
		t.Errorf("%+v", b.Entfernt)
	}
}

// What was taken out stays with a cart that another machine fetches, and stands on the Bon of that.
func TestEntferntUndUebernommen(t *testing.T) {
	x := newTill(t)
	id := x.wagen()
	_, err := x.Menge(x.Ctx, x.A(), id, 1, 3)
	x.Must(err)
	_, err = x.Menge(x.Ctx, x.A(), id, 1, 1)
	x.Must(err)
	x.Must(x.Parken(x.Ctx, x.A(), id, "drüben"))
	k := *x.Kern
	k.Platz, k.Till, k.Absicherung = "platz-2", "2", nil
	p := person.New(&k)
	other := verkauf.New(&k, p, rezeptannahme.New(&k, p, erezept.Parse))
	_, err = other.Fortsetzen(x.Ctx, x.A(), id)
	x.Must(err)
	b, err := other.Bezahlen(x.Ctx, x.A(), id, verkauf.Zahlung{Erwartet: 398})
	x.Must(err)
	if n, _ := weg(b.Entfernt); b.Nummer != "2-000001" || n != 2 {
		t.Errorf("%s %+v", b.Nummer, b.Entfernt)
	}
}

// What cannot be priced is removed all the same and leaves no trace: here no law is known of the day
// that the clock shows.
func TestEntferntOhnePreis(t *testing.T) {
	x := newTill(t)
	id := x.wagen()
	now := x.Uhr.Now()
	x.Uhr.Set(time.Date(1999, 1, 4, 10, 0, 0, 0, time.UTC))
	_, err := x.Entfernen(x.Ctx, x.A(), id, 1)
	x.Fails(err, "V-160") // the view after it
	x.Uhr.Set(now)
	v, err := x.Ansicht(x.Ctx, id)
	x.Must(err)
	if list := x.entfernt(id); len(v.Zeilen) != 0 || len(list) != 0 {
		t.Errorf("%+v, %+v", v, list)
	}
}

// A cart keeps 200 removed lines and can be changed for ever.
func TestEntferntGrenze(t *testing.T) {
	x := newTill(t)
	id := x.wagen()
	for range bon.MaxEntfernt + 5 {
		_, err := x.Menge(x.Ctx, x.A(), id, 1, 2)
		x.Must(err)
		_, err = x.Menge(x.Ctx, x.A(), id, 1, 1)
		x.Must(err)
	}
	if b := x.bezahlen(id); len(b.Entfernt) != bon.MaxEntfernt {
		t.Errorf("%d", len(b.Entfernt))
	}
}

// Whatever is done to a cart: what was taken out is what it got and does not have, and its Bon is that
// of a cart which never had it.
func TestEntferntZufaellig(t *testing.T) {
	x := newTill(t)
	rapid.Check(t, func(rt *rapid.T) {
		v, err := x.Beginnen(x.Ctx, x.A())
		x.Must(err)
		id, gone := v.Vorgang.ID, 0
		for range rapid.IntRange(1, 12).Draw(rt, "acts") {
			before := packungen(v)
			next, err := x.irgendwas(rt, v)
			if err != nil {
				continue // nothing to undo
			}
			gone += max(before-packungen(next), 0)
			v = next
		}
		if n, sum := weg(x.entfernt(id)); n != gone || sum != money.Cent(gone)*398 {
			rt.Fatalf("%d packs for %s on record, %d were taken out", n, sum, gone)
		}
		if packungen(v) == 0 {
			x.Must(x.Verwerfen(x.Ctx, x.A(), id))
			return
		}
		b, err := x.Bezahlen(x.Ctx, x.A(), id, verkauf.Zahlung{Erwartet: v.Summen.Patient})
		x.Must(err)
		plain := b
		plain.Entfernt = nil
		if n, _ := weg(b.Entfernt); n != gone || b.Summen() != plain.Summen() || fmt.Sprint(b.Steuern()) != fmt.Sprint(plain.Steuern()) ||
			kassenbeleg.Aus(b).Daten() != kassenbeleg.Aus(plain).Daten() || b.Summen().Gesamt != money.Cent(packungen(v))*398 {
			rt.Fatalf("%+v", b)
		}
	})
}

// irgendwas does something to a cart.
func (x *till) irgendwas(t *rapid.T, v verkauf.Ansicht) (verkauf.Ansicht, error) {
	id, what := v.Vorgang.ID, rapid.IntRange(0, 3).Draw(t, "act")
	if len(v.Zeilen) == 0 && what != 3 {
		what = 0
	}
	switch what {
	case 1:
		return x.Menge(x.Ctx, x.A(), id, 1, rapid.IntRange(1, 5).Draw(t, "packs"))
	case 2:
		return x.Entfernen(x.Ctx, x.A(), id, 1)
	case 3:
		return x.Zurueck(x.Ctx, x.A(), id)
	}
	n := rapid.IntRange(1, 3).Draw(t, "packs")
	return x.Hinzufuegen(x.Ctx, x.A(), id, verkauf.Eingabe{PZN: workflowtest.PZN(bonbon), Menge: n})
}
