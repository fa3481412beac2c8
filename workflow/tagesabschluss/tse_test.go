package tagesabschluss_test

import (
	"log/slog"
	"testing"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/integration/erezept"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/workflow/absicherung"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/tagesabschluss"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// With a TSE every movement is signed, also the difference. What was begun for a parked cart is
// ended as Bestellung-V1 before the closing, and stands in it (AEAO zu § 146a Nr. 2.2.3.6.2).
func TestMitTSE(t *testing.T) {
	pzn := workflowtest.PZN("1111111")
	s := workflowtest.New(t, []artikel.Artikel{{
		PZN: pzn, Name: "Salbeibonbons", Art: artikel.Freiwahl, Status: artikel.Verkehr, AVP: 398, UVP: 398, MwSt: artikel.MwStVoll,
	}})
	device, err := simulator.Open(simulator.Optionen{Ordner: t.TempDir()}, s.Uhr)
	s.Must(err)
	s.Must(absicherung.Einrichten(s.Ctx, s.Kern, s.A(), simulator.Name, device))
	p := person.New(s.Kern)
	till := verkauf.New(s.Kern, p, rezeptannahme.New(s.Kern, p, erezept.Parse))
	signs, set, err := absicherung.New(s.Ctx, s.Kern, device, absicherung.Options{
		Log: slog.New(slog.DiscardHandler), Inhalt: till.Inhalt,
	})
	s.Must(err)
	if !set {
		t.Fatal("no TSE is set up")
	}
	s.Kern.Absicherung = signs
	t.Cleanup(func() {
		signs.Close()
		_ = device.Close()
	})
	s.Must(haus.New(s.Kern).Setzen(s.Ctx, s.A(), daten()))
	x := &betrieb{Stand: s, eins: tagesabschluss.New(s.Kern, abschluss.Geraet{})}
	moved, err := x.eins.Bewegen(x.Ctx, x.A(), einlage(5000))
	x.Must(err)
	if moved.Serie == "" {
		t.Error("a movement without the serial number of the till")
	}
	v, err := till.Beginnen(x.Ctx, x.A())
	x.Must(err)
	if v, err = till.Hinzufuegen(x.Ctx, x.A(), v.Vorgang.ID, verkauf.Eingabe{PZN: pzn, Menge: 1}); err != nil {
		t.Fatal(err)
	}
	signs.Close() // what was begun in the background has been answered
	x.Must(till.Parken(x.Ctx, x.A(), v.Vorgang.ID, "morgen"))
	x.Book(event.VerkaufAbgeschlossen{Bon: bon.Bon{
		Nummer: "2-000001", Art: bon.Verkauf, Platz: "platz-2", Tag: 20261123, Zahlungen: []bon.Zahlung{{Art: bon.Bar, Betrag: 100}},
	}})
	if _, err := x.abschliessen(x.eins, "2", 100); err != nil || x.lage(x.eins, "").Belege != 1 {
		t.Errorf("closing another till has ended what is parked here: %v", err)
	}
	z, err := x.abschliessen(x.eins, "", 4990)
	x.Must(err)
	if z.Anzahl != 3 || len(z.Stamm.TSE) != 1 || z.Serie != moved.Serie || len(z.Geschaefte) != 2 {
		t.Errorf("%+v", z)
	}
	want := map[string]string{
		"1-000001": "Beleg^0.00_0.00_0.00_0.00_50.00^50.00:Bar",
		"1-000002": `1;"Salbeibonbons";3.98`,
		"1-000003": "Beleg^0.00_0.00_0.00_0.00_-0.10^-0.10:Bar",
	}
	x.Must(x.Kern.Store.View(x.Ctx, func(rows journal.Rows) error {
		for number, data := range want {
			g, ok, err := belege.Gesichert(rows, number)
			if err != nil || !ok || g.Signatur == nil || g.Daten != data {
				t.Errorf("%s: %+v, %v, %v", number, g, ok, err)
			}
		}
		b, _, err := belege.Find(rows, "1-000002")
		if b.Art != bon.Bestellung || kassenbeleg.Aus(b).Typ != kassenbeleg.AVBestellung {
			t.Errorf("%+v", b)
		}
		return err
	}))
}
