package kartenzahlung_test

import (
	"context"
	"testing"

	"github.com/offizin/offizin/domain/karte"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/integration/kartenterminal"
	"github.com/offizin/offizin/workflow/kartenzahlung"
)

// unterwegs is a terminal on a slow line: something happens before it is reached.
type unterwegs struct {
	*kartenterminal.Simulator
	davor func(id string)
}

func (u unterwegs) Zahlen(ctx context.Context, id string, betrag money.Cent) (karte.Antwort, error) {
	u.davor(id)
	return u.Simulator.Zahlen(ctx, id, betrag)
}

func (u unterwegs) Erstatten(ctx context.Context, id, was string, betrag money.Cent) (karte.Antwort, error) {
	u.davor(id)
	return u.Simulator.Erstatten(ctx, id, was, betrag)
}

// A key pressed twice, and a second window that settles the payment, before the terminal has heard of it: it
// would say that it knows nothing of it, that would count, and then it would take the money.
func TestNichtKlaerenSolangeGefragtWird(t *testing.T) {
	l := oeffne(t)
	asked := 0
	var again func() error
	l.karten = kartenzahlung.New(l.Kern, unterwegs{kartenterminal.NewSimulator(), func(id string) {
		asked++
		code := "V-541"
		if asked == 2 {
			code = "V-603"
		}
		l.Fails(again(), code)
		l.Fails(l.karten.Klaeren(l.Ctx, l.A(), id), "V-541")
		l.Fails(l.karten.Entscheiden(l.Ctx, l.A(), id, false), "V-541")
	}})
	id, a := l.wagen(1200), l.A()
	again = func() error { return l.karten.Zahlen(l.Ctx, a, id, 1200) }
	l.Must(again())
	sold, err := l.bezahle(id, 1200)
	l.Must(err)
	if sold.Zahlungen[0].Beleg == nil {
		t.Errorf("the payment stands on no Bon: %+v", sold.Zahlungen)
	}
	back := l.A()
	again = func() error { _, err := l.storno(back, sold.Nummer, aufKarte()); return err }
	l.Must(again())
	if asked != 2 {
		t.Errorf("the terminal was asked %d times", asked)
	}
}

// What a till asks its terminal for, only that terminal knows: that of another till, asked for it, would say
// that there is no such payment.
func TestKlaerenNurAmEigenenTerminal(t *testing.T) {
	l := oeffne(t)
	id := l.wagen(1292)
	l.Fails(l.karten.Zahlen(l.Ctx, l.A(), id, 1292), "V-541") // taken, and the line broke
	open, err := l.karten.Offen(l.Ctx)
	l.Must(err)
	other := *l.Kern
	other.Till = "2"
	two := kartenzahlung.New(&other, kartenterminal.NewSimulator())
	l.Fails(two.Klaeren(l.Ctx, l.A(), open[0].ID), "V-541")
	l.Fails(two.Entscheiden(l.Ctx, l.A(), open[0].ID, false), "V-541") // elsewhere it takes a reason
	l.Must(l.karten.Klaeren(l.Ctx, l.A(), open[0].ID))
}
