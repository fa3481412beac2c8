package kartenzahlung_test

import (
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/kartenzahlung"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/rueckzahlung"
	"github.com/offizin/offizin/workflow/verkauf"
)

// sicht are the machines that answer.
type sicht map[string]bool

func (s sicht) Antwortet(platz string) bool { return s[platz] }

// daneben is a second till of the pharmacy, without a terminal, and which machines it sees.
func (l *laden) daneben() (*verkauf.Service, *kartenzahlung.Klaerung, sicht) {
	other, seen := *l.Kern, sicht{l.Kern.Platz: true}
	other.Till, other.Platz, other.Sicht = "2", "platz-2", seen
	p := person.New(&other)
	return verkauf.New(&other, p, rezeptannahme.New(&other, p, nil)), kartenzahlung.NewKlaerung(&other, nil), seen
}

// zurueckInBar undoes a Bon at a till that was cut off, and did not know of the terminal.
func (l *laden) zurueckInBar(sold bon.Bon) {
	l.T.Helper()
	sum := sold.Summen().Patient
	l.Book(event.VerkaufAbgeschlossen{Bon: bon.Bon{
		Nummer: "2-000001", Art: bon.Storno, Bezug: sold.Nummer, Platz: "platz-2", Tag: sold.Tag, Zeit: sold.Zeit + 1,
		Positionen: []bon.Position{{Nr: 1, Menge: -1, Gesamt: -sum, Privat: -sum}},
		Zahlungen:  []bon.Zahlung{{Art: bon.Bar, Betrag: -sum}},
	}})
}

// einer is the one case that is open.
func (l *laden) einer(k *kartenzahlung.Klaerung) kartenzahlung.Fall {
	l.T.Helper()
	list, err := k.Offen(l.Ctx)
	l.Must(err)
	if len(list) != 1 {
		l.T.Fatalf("%+v", list)
	}
	return list[0]
}

// A till asked its terminal and died. Every machine shows it; as long as the machine answers it is settled
// there, where the terminal can be asked, and then by somebody elsewhere, who says how he knows.
func TestKlaerungAnderswo(t *testing.T) {
	for _, bewilligt := range []bool{true, false} {
		l := oeffne(t)
		sold := l.verkauft(1294)
		_, err := l.storno(l.A(), sold.Nummer, aufKarte())
		l.Fails(err, "V-603")
		two, k, seen := l.daneben()
		f := l.einer(k)
		if f.Till != "1" || f.Platz != l.Kern.Platz || !f.Laeuft || f.Hier || f.Erstattung != sold.Nummer || f.Betrag != 1294 {
			t.Errorf("%+v", f)
		}
		l.Fails(k.Entscheiden(l.Ctx, l.A(), f.ID, bewilligt, "Händlerbeleg"), "T-971")
		delete(seen, l.Kern.Platz)
		if f := l.einer(k); f.Laeuft {
			t.Error("the machine is off")
		}
		l.Fails(k.Entscheiden(l.Ctx, l.A(), f.ID, bewilligt, " \n"), "T-972")
		l.Fails(k.Entscheiden(l.Ctx, l.A(), "k-0", bewilligt, "Händlerbeleg"), "V-545")
		l.Fails(k.Entscheiden(l.Ctx, workflow.Auftrag{Key: "n"}, f.ID, bewilligt, "Händlerbeleg"), "V-001")
		l.Fails(k.Abhaken(l.Ctx, l.A(), f.ID, "Händlerbeleg"), "T-973")
		l.Must(k.Entscheiden(l.Ctx, l.A(), f.ID, bewilligt, "Händlerbeleg  von 12:43"))
		l.Must(k.Entscheiden(l.Ctx, l.A(), f.ID, !bewilligt, "zweites Fenster")) // the first to say so counts
		back, err := two.StornoMit(l.Ctx, l.A(), sold.Nummer, "falsch", rueckzahlung.Wunsch{Weg: rueckzahlung.AufKarte})
		l.Must(err)
		if z := back.Zahlungen[0]; (z.Beleg != nil && z.Beleg.ID == f.ID) != bewilligt {
			t.Errorf("given back %v: %+v", bewilligt, z)
		}
		if list, err := k.Offen(l.Ctx); err != nil || len(list) > 0 {
			t.Errorf("%+v, %v", list, err)
		}
	}
}

// The terminal of a till gave the money back while another till undid the Bon: no Bon can take it any more.
// Somebody settles it with a reason, and nothing asks for it again; as long as it can be booked that is refused.
func TestRueckgabeOhneBon(t *testing.T) {
	l := oeffne(t)
	sold := l.verkauft(1292)
	_, err := l.storno(l.A(), sold.Nummer, aufKarte())
	l.Fails(err, "V-603")
	_, k, seen := l.daneben()
	f := l.einer(k)
	l.Must(l.karten.Klaeren(l.Ctx, l.A(), f.ID)) // it went back
	l.Fails(k.Abhaken(l.Ctx, l.A(), f.ID, "doppelt"), "T-973")
	l.zurueckInBar(sold)
	if f = l.einer(k); len(f.Undoing) != 1 || f.Ende == nil {
		t.Errorf("%+v", f)
	}
	l.Fails(k.Abhaken(l.Ctx, l.A(), f.ID, ""), "T-972")
	seen[l.Kern.Platz] = true // whether its machine answers does not matter: the terminal has said all
	a := l.A()
	for range 2 {
		l.Must(k.Abhaken(l.Ctx, a, f.ID, "doppelt erstattet, Kunde bringt das Bargeld"))
	}
	l.Must(k.Abhaken(l.Ctx, l.A(), f.ID, "zweites Fenster"))
	if list, err := k.Offen(l.Ctx); err != nil || len(list) > 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if z, err := l.karten.Erstattet(l.Ctx, sold.Nummer); z != nil || err != nil {
		t.Errorf("%+v, %v", z, err)
	}
}
