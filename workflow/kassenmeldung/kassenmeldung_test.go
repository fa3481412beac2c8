package kassenmeldung_test

import (
	"testing"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/kassenmeldung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

const day = 24 * time.Hour

func gesetzt(till, serial string) event.TSEGesetzt {
	return event.TSEGesetzt{Till: till, Serie: "OF-" + till, Geraet: tse.Geraet{Seriennummer: serial, Zertifizierung: "BSI-K-TR-0412-2020"}}
}

func offen(t *testing.T, x *workflowtest.Stand, s *kassenmeldung.Service, want ...string) kassenmeldung.Lage {
	t.Helper()
	l, err := s.Lage(x.Ctx)
	x.Must(err)
	if len(l.Offen) != len(want) {
		t.Fatalf("open %+v, want %v", l.Offen, want)
	}
	for i, w := range want {
		if l.Offen[i].Was != w {
			t.Errorf("open %+v, want %v", l.Offen, want)
		}
	}
	return l
}

// § 146a (4) AO: set up, notified, the TSE is swapped, notified again, taken out of use.
func TestVonDerAnschaffungBisZumEnde(t *testing.T) {
	x := workflowtest.New(t, nil)
	s := kassenmeldung.New(x.Kern, "Offizin 1")
	today := civil.Must(2026, 11, 23)
	offen(t, x, s)
	x.Fails(s.Gesendet(x.Ctx, x.A(), today, "Mein ELSTER"), "T-712")
	practice := gesetzt("2", "ff")
	practice.Geraet.Uebung = true
	x.Book(gesetzt("1", "aa"), practice)
	l := offen(t, x, s, "Kassenplatz eingerichtet")
	if l.Anzahl != 1 || len(l.Uebung) != 1 || l.Offen[0].Frist != civil.Must(2026, 12, 23) || l.Systeme[0].Beginn != today {
		t.Errorf("%+v", l)
	}
	x.Fails(s.Gesendet(x.Ctx, x.A(), today.AddDays(1), "Mein ELSTER"), "T-711")
	x.Fails(s.Gesendet(x.Ctx, x.A(), today, " "), "T-711")
	x.Must(s.Gesendet(x.Ctx, x.A(), today, "Mein ELSTER"))
	if l = offen(t, x, s); l.Letzte == nil || l.Letzte.Weg != "Mein ELSTER" || l.Letzte.Wer != "AB" {
		t.Errorf("%+v", l.Letzte)
	}
	x.Uhr.Advance(day)
	x.Book(gesetzt("1", "aa"))
	offen(t, x, s) // the same TSE, plugged in again
	x.Book(gesetzt("1", "bb"))
	l = offen(t, x, s, "TSE eingesetzt oder gewechselt")
	if list := l.Systeme[0].TSE; len(list) != 2 || list[0].Ende != today.AddDays(1) || list[1].Ende != 0 {
		t.Errorf("%+v", list)
	}
	x.Must(s.Gesendet(x.Ctx, x.A(), today.AddDays(1), "Mein ELSTER"))
	x.Must(s.Beenden(x.Ctx, x.A(), "1", today.AddDays(1), "ersetzt"))
	if l = offen(t, x, s, "Kassenplatz außer Betrieb"); l.Anzahl != 0 || l.Systeme[0].TSE[1].Ende != today.AddDays(1) {
		t.Errorf("%+v", l)
	}
	x.Fails(s.Beenden(x.Ctx, x.A(), "1", today, "noch einmal"), "T-714")
	x.Must(s.Gesendet(x.Ctx, x.A(), today.AddDays(1), "Mein ELSTER"))
	x.Uhr.Advance(day)
	x.Book(gesetzt("1", "bb"))
	offen(t, x, s, "Kassenplatz wieder in Betrieb")
}

// A till with cash in its drawer or an open day is not ended.
func TestBeendenNurLeer(t *testing.T) {
	x := workflowtest.New(t, nil)
	s := kassenmeldung.New(x.Kern, "Offizin 1")
	today := civil.Must(2026, 11, 23)
	x.Book(gesetzt("1", "aa"), event.BelegGebucht{Bon: bon.Bon{
		Nummer: "1-000001", Art: bon.Bewegung, Platz: "platz-1", Tag: today,
		Positionen: []bon.Position{{Nr: 1, Menge: 1, Geschaeft: bon.Anfangsbestand, Gesamt: 100, Privat: 100}},
		Zahlungen:  []bon.Zahlung{{Art: bon.Bar, Betrag: 100}},
	}})
	x.Fails(s.Beenden(x.Ctx, x.A(), "1", today, "ersetzt"), "T-715")
	x.Fails(s.Beenden(x.Ctx, x.A(), "1", today, ""), "T-713")
}

// A till that was ended by mistake comes back by one act, which the tax office is told, too.
func TestWiederInBetrieb(t *testing.T) {
	x := workflowtest.New(t, nil)
	s := kassenmeldung.New(x.Kern, "Offizin 1")
	today := civil.Must(2026, 11, 23)
	x.Book(gesetzt("1", "aa"))
	x.Fails(s.Wieder(x.Ctx, x.A(), "1"), "S-683")
	x.Must(s.Beenden(x.Ctx, x.A(), "1", today, "vertan"))
	x.Must(s.Gesendet(x.Ctx, x.A(), today, "Mein ELSTER"))
	x.Uhr.Advance(day)
	x.Must(s.Wieder(x.Ctx, x.A(), "1"))
	x.Fails(s.Wieder(x.Ctx, x.A(), "1"), "S-683")
	l := offen(t, x, s, "Kassenplatz wieder in Betrieb")
	if l.Anzahl != 1 || l.Systeme[0].Ende != 0 || l.Wieder["1"] != today.AddDays(1) || l.Offen[0].Tag != today.AddDays(1) {
		t.Errorf("%+v", l)
	}
	x.Must(s.Gesendet(x.Ctx, x.A(), today.AddDays(1), "Mein ELSTER"))
	offen(t, x, s)
	x.Uhr.Advance(day)
	x.Must(s.Beenden(x.Ctx, x.A(), "1", today.AddDays(2), "ersetzt"))
	offen(t, x, s, "Kassenplatz außer Betrieb")
}
