package buchhaltung_test

import (
	"testing"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/buchung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/buchhaltung"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/tagesabschluss"
	"github.com/offizin/offizin/workflow/workflowtest"
)

func konten() buchhaltung.Einstellungen {
	k := buchung.Vorgabe(buchung.SKR04, 5)
	k[buchung.Karten] = "14611"
	return buchhaltung.Einstellungen{Berater: 1001, Mandant: 7, Rahmen: buchung.SKR04, Laenge: 5, Konten: k}
}

// A day that was sold, counted and closed, booked: each account moves by what the Z says.
func TestAuszug(t *testing.T) {
	x := workflowtest.New(t, nil)
	s, day := buchhaltung.New(x.Kern), civil.Must(2026, 11, 23)
	_, err := s.Auszug(x.Ctx, day, day)
	x.Fails(err, "T-701")
	x.Must(s.Setzen(x.Ctx, x.A(), konten()))
	_, err = s.Auszug(x.Ctx, day, day)
	x.Fails(err, "T-705")
	_, err = s.Auszug(x.Ctx, day, civil.Must(2027, 1, 1))
	x.Fails(err, "T-704")
	x.Must(haus.New(x.Kern).Setzen(x.Ctx, x.A(), haus.Einstellungen{
		Name: "Löwen-Apotheke", Strasse: "Markt 1", PLZ: "12345", Ort: "Stadt", Steuernummer: "12/345/67890",
	}))
	x.Book(event.VerkaufAbgeschlossen{Bon: bon.Bon{
		Nummer: "1-000001", Art: bon.Verkauf, Platz: "platz-1", Tag: day, Benutzer: "AB",
		Positionen: []bon.Position{{Nr: 1, Menge: 1, Gesamt: 1190, Privat: 1190, MwSt: 19 * money.Percent}},
		Zahlungen:  []bon.Zahlung{{Art: bon.Bar, Betrag: 190}, {Art: bon.Karte, Betrag: 1000}},
	}})
	cash := tagesabschluss.New(x.Kern, abschluss.Geraet{})
	e, err := cash.Pruefen(x.Ctx, "", abschluss.Zaehlung{{Wert: 100, Anzahl: 2}})
	x.Must(err)
	z, err := cash.Abschliessen(x.Ctx, x.A(), e.Zaehlung)
	x.Must(err)
	a, err := s.Auszug(x.Ctx, civil.Must(2026, 11, 1), civil.Must(2026, 11, 30))
	x.Must(err)
	sums := map[string]money.Cent{}
	for _, b := range a.Buchungen {
		sums[b.Soll] += b.Betrag
		sums[b.Haben] -= b.Betrag
	}
	if sums["16000"] != z.Bar() || sums["14611"] != 1000 || sums["44000"] != -1190 || sums["69690"] != -10 || len(sums) != 4 {
		t.Errorf("%v of %+v", sums, z)
	}
	if a.Abschluesse != 1 || a.Apotheke != "Löwen-Apotheke" {
		t.Errorf("%+v", a)
	}
}

// What differs from the usual accounts is kept, and another Kontenrahmen brings its own.
func TestEinstellungen(t *testing.T) {
	x := workflowtest.New(t, nil)
	s := buchhaltung.New(x.Kern)
	x.Must(s.Setzen(x.Ctx, x.A(), konten()))
	e, err := s.Einstellungen(x.Ctx)
	x.Must(err)
	if e.Konten[buchung.Karten] != "14611" || e.Konten[buchung.Bargeld] != "16000" || e.Mandant != 7 {
		t.Errorf("%+v", e)
	}
	for code, change := range map[string]func(*buchhaltung.Einstellungen){
		"T-701": func(e *buchhaltung.Einstellungen) { e.Berater = 7 },
		"T-702": func(e *buchhaltung.Einstellungen) { e.Rahmen = "99" },
		"T-703": func(e *buchhaltung.Einstellungen) { e.Konten[buchung.Karten] = e.Konten[buchung.Bargeld] },
	} {
		bad := konten()
		change(&bad)
		x.Fails(s.Setzen(x.Ctx, x.A(), bad), code)
	}
}
