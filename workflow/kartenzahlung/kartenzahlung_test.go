package kartenzahlung_test

import (
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/karte"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/integration/kartenterminal"
	"github.com/offizin/offizin/workflow/kartenzahlung"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// laden is a pharmacy with a terminal and articles of the sums that choose its faults.
type laden struct {
	*workflowtest.Stand
	*verkauf.Service
	karten *kartenzahlung.Service
}

func oeffne(t *testing.T) *laden {
	t.Helper()
	x := workflowtest.New(t, nil)
	p := person.New(x.Kern)
	l := &laden{Stand: x, Service: verkauf.New(x.Kern, p, rezeptannahme.New(x.Kern, p, nil))}
	l.neustart()
	return l
}

// neustart is a program that starts anew, and a terminal that has forgotten everything.
func (l *laden) neustart() { l.karten = kartenzahlung.New(l.Kern, kartenterminal.NewSimulator()) }

// wagen is a cart of a sum.
func (l *laden) wagen(summe money.Cent) string {
	l.T.Helper()
	v, err := l.Beginnen(l.Ctx, l.A())
	l.Must(err)
	_, err = l.Gutschein(l.Ctx, l.A(), v.Vorgang.ID, summe) // of any worth
	l.Must(err)
	return v.Vorgang.ID
}

func (l *laden) bezahle(id string, summe money.Cent) (bon.Bon, error) {
	return l.Bezahlen(l.Ctx, l.A(), id, verkauf.Zahlung{Erwartet: summe, Karte: summe})
}

// What the terminal takes stands on the Bon with its receipt and the kind of the card
// (ZAHLART_TYP, DSFinV-K 2.4 Anhang D); the same act takes it once.
func TestZahlen(t *testing.T) {
	for _, c := range []struct {
		summe money.Cent
		art   karte.Art
		want  kassenbeleg.Zahlart
	}{{1200, karte.Girocard, kassenbeleg.ECKarte}, {10_000, karte.Kredit, kassenbeleg.Kreditkarte}} {
		l := oeffne(t)
		id, a := l.wagen(c.summe), l.A()
		l.Must(l.karten.Zahlen(l.Ctx, a, id, c.summe))
		l.Must(l.karten.Zahlen(l.Ctx, a, id, c.summe))
		l.Must(l.karten.Zahlen(l.Ctx, l.A(), id, c.summe)) // it has been taken
		l.Fails(l.karten.Zahlen(l.Ctx, l.A(), id, c.summe-1), "V-542")
		l.Fails(l.Verwerfen(l.Ctx, l.A(), id), "V-548")
		_, err := l.Bezahlen(l.Ctx, l.A(), id, verkauf.Zahlung{Erwartet: c.summe})
		l.Fails(err, "V-547") // in cash, too?
		b, err := l.bezahle(id, c.summe)
		l.Must(err)
		z := b.Zahlungen[0]
		if len(b.Zahlungen) != 1 || z.Beleg == nil || z.Beleg.Karte != c.art || len(z.Beleg.Zeilen) == 0 {
			t.Fatalf("%+v", b.Zahlungen)
		}
		if k := kassenbeleg.Aus(b).Zahlungen[0]; k.Art != c.want {
			t.Errorf("%+v", k)
		}
		s, err := l.Storno(l.Ctx, l.A(), b.Nummer, "falsch")
		l.Must(err)
		if k := kassenbeleg.Aus(s).Zahlungen[0]; k.Art != c.want || k.Betrag != -c.summe {
			t.Errorf("undone: %+v", k)
		}
	}
}

// A card that is declined leaves the cart as it was.
func TestAbgelehnt(t *testing.T) {
	l := oeffne(t)
	id := l.wagen(1291)
	a := l.A()
	l.Fails(l.karten.Zahlen(l.Ctx, a, id, 1291), "V-544")
	l.Fails(l.karten.Zahlen(l.Ctx, a, id, 1291), "V-544")
	_, err := l.Bezahlen(l.Ctx, l.A(), id, verkauf.Zahlung{Erwartet: 1291})
	l.Must(err)
}

// A line that breaks leaves a payment unclear: nothing goes on before it is settled, by the
// terminal or by its receipt, also after a restart.
func TestUnklar(t *testing.T) {
	for _, c := range []struct {
		name     string
		summe    money.Cent
		restart  bool
		klaeren  string // code of asking; empty: it was taken
		hand     bool   // settled by hand
		genommen bool
	}{
		{"broke after the money was taken", 1292, false, "", false, true},
		{"broke before", 1293, false, "V-544", false, false},
		{"never knows, the receipt says yes", 1294, false, "V-541", true, true},
		{"never knows, the receipt says no", 1294, false, "V-541", true, false},
		{"a restart, and the terminal knows nothing", 1292, true, "V-544", false, false},
	} {
		l := oeffne(t)
		id, a := l.wagen(c.summe), l.A()
		l.Fails(l.karten.Zahlen(l.Ctx, a, id, c.summe), "V-541")
		if c.restart {
			l.neustart()
		}
		open, err := l.karten.Offen(l.Ctx)
		l.Must(err)
		if len(open) != 1 || open[0].Betrag != c.summe {
			t.Fatalf("%s: %+v", c.name, open)
		}
		l.Fails(l.karten.Zahlen(l.Ctx, l.A(), l.wagen(500), 500), "V-541")
		_, err = l.bezahle(id, c.summe)
		l.Fails(err, "V-546")
		if err := l.karten.Klaeren(l.Ctx, l.A(), open[0].ID); c.klaeren == "" {
			l.Must(err)
		} else {
			l.Fails(err, c.klaeren)
		}
		if c.hand {
			l.Must(l.karten.Entscheiden(l.Ctx, l.A(), open[0].ID, c.genommen))
		}
		b, err := l.bezahle(id, c.summe)
		l.Must(err)
		if got := b.Zahlungen[0].Beleg != nil; got != c.genommen {
			t.Errorf("%s: on the Bon %v, want %v", c.name, got, c.genommen)
		}
		if open, err = l.karten.Offen(l.Ctx); err != nil || len(open) != 0 {
			t.Errorf("%s: still open: %+v, %v", c.name, open, err)
		}
	}
	l := oeffne(t)
	l.Fails(l.karten.Klaeren(l.Ctx, l.A(), "k-nie"), "V-545")
}
