package abzug_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/catalogue/gate"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/schritt"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/abzug"
	"github.com/offizin/offizin/workflow/workflowtest"
)

var (
	ibu      = workflowtest.PZN("0112611")
	ramipril = workflowtest.PZN("1234562")
)

func verkauf(nummer string, positionen ...bon.Position) event.VerkaufAbgeschlossen {
	return event.VerkaufAbgeschlossen{Bon: bon.Bon{
		Nummer: nummer, Art: bon.Verkauf, Tag: 20261123, Benutzer: "AB", Kunde: "person-4711", Positionen: positionen,
	}}
}

func zeile(pzn kennung.PZN, menge int) bon.Position {
	return bon.Position{Art: vorgang.Artikel, PZN: pzn, Menge: menge, Bezeichnung: "egal"}
}

// The snapshot holds the stock and what pricing needs of the sales, and nothing of who
// bought: no person, no prescription, no Bon, no day, and not the reason of an exemption.
func TestAbzug(t *testing.T) {
	s := workflowtest.New(t, nil)
	rx := zeile(ramipril, 2)
	rx.Rx, rx.Traeger, rx.IK, rx.Regel = true, zuzahlung.GKV, "109900019", zuzahlung.RegelSchwanger
	rx.Person, rx.Rezept, rx.Charge, rx.Serie = "person-4711", "rezept-815", "CH1", "SN1"
	otc := zeile(ibu, 1)
	gebuehr := bon.Position{Art: vorgang.Gebuehr, SOK: "02567018", Menge: 1}
	practice := verkauf("1-000003", zeile(ibu, 5))
	practice.Bon.Uebung = true
	back := verkauf("1-000004", zeile(ibu, -1))
	back.Bon.Art = bon.Retoure
	s.Book(event.BestandGeaendert{PZN: ibu, Delta: 12, Art: "zugang"}, event.BestandGeaendert{PZN: ramipril, Delta: 2, Art: "zugang"})
	s.Book(verkauf("1-000001", rx, otc, gebuehr), verkauf("1-000002", otc), practice, back)

	a, err := abzug.New(s.Kern).Abzug(s.Ctx)
	s.Must(err)
	want := gate.Abzug{
		Format: gate.AbzugFormat, Gezogen: s.Uhr.Now(),
		Bestand: []gate.Bestand{{PZN: ibu, Menge: 12 - 1 - 1 - 5 + 1}},
		Zeilen: []gate.Zeile{
			{Anzahl: 2, PZN: ibu, Menge: 1},
			{Anzahl: 1, PZN: ramipril, Menge: 2, Traeger: zuzahlung.GKV, IK: "109900019", Frei: true},
		},
	}
	if d := cmp.Diff(want, a); d != "" {
		t.Error(d)
	}
	b, err := json.Marshal(a)
	s.Must(err)
	for _, secret := range []string{"person", "rezept", "4711", "815", "1-0000", "schwanger", "CH1", "SN1", "AB", "2026112"} {
		if strings.Contains(string(b), secret) {
			t.Errorf("%q stands in the snapshot: %s", secret, b)
		}
	}
}

// Only the last thousand lines, those of the last Bons.
func TestNurDieLetzten(t *testing.T) {
	s := workflowtest.New(t, nil)
	s.Book(verkauf("1-000001", zeile(ramipril, 1)))
	lines := make([]bon.Position, gate.MaxZeilen-1)
	for i := range lines {
		lines[i] = zeile(ibu, 1)
	}
	s.Book(verkauf("1-000002", lines...))
	for range 2 {
		a, err := abzug.New(s.Kern).Abzug(s.Ctx)
		s.Must(err)
		n := 0
		for _, z := range a.Zeilen {
			n += z.Anzahl
		}
		if n != gate.MaxZeilen {
			t.Errorf("%d lines", n)
		}
		s.Book(verkauf("1-000003", zeile(ibu, 1)))
	}
}

// What lies in the patient is one flag; what lies in the case keeps its own, because it
// decides differently.
func TestZeile(t *testing.T) {
	for rule, want := range map[string]gate.Zeile{
		zuzahlung.RegelBefreit:      {Frei: true},
		zuzahlung.RegelMinderjaehr:  {Frei: true},
		zuzahlung.RegelSchwanger:    {Frei: true},
		zuzahlung.RegelEntschaedig:  {Frei: true},
		zuzahlung.RegelErsatz:       {Frei: true},
		zuzahlung.RegelListe:        {}, // lies in the article
		zuzahlung.RegelVertrag:      {},
		zuzahlung.RegelBefruchtung:  {Befruchtung: true},
		zuzahlung.RegelUnfall:       {Arbeitsunfall: true, AutIdemKreuz: true},
		zuzahlung.RegelSprechstunde: {Sprechstundenbedarf: true},
	} {
		p := zeile(ramipril, 1)
		p.Rx, p.Traeger, p.Regel = true, zuzahlung.GKV, rule
		if want.AutIdemKreuz {
			p.Schritte = []schritt.Schritt{{Regel: "zuzahlung." + zuzahlung.RegelMehrUnfall}}
		}
		want.Anzahl, want.PZN, want.Menge, want.Traeger = 1, ramipril, 1, zuzahlung.GKV
		if got, ok := abzug.Zeile(p); !ok || got != want {
			t.Errorf("%s: %+v", rule, got)
		}
	}
}

// Own articles stand in no catalogue and are none of its business: that one is missing must
// not be said with every new list.
func TestAbzugOhneEigene(t *testing.T) {
	s := workflowtest.New(t, nil)
	s.Book(event.EigenerArtikelGesetzt{PZN: "08000005", Name: "Badesalz", Menge: "500", Einheit: "g", MwSt: 1, Preis: 1290},
		event.BestandGeaendert{PZN: "08000005", Delta: 3, Art: "zugang"}, event.BestandGeaendert{PZN: ibu, Delta: 3, Art: "zugang"},
		verkauf("1-000001", zeile("08000005", 1), zeile(ibu, 1)))
	a, err := abzug.New(s.Kern).Abzug(s.Ctx)
	s.Must(err)
	if len(a.Bestand) != 1 || a.Bestand[0].PZN != ibu || len(a.Zeilen) != 1 || a.Zeilen[0].PZN != ibu {
		t.Errorf("%+v", a)
	}
}
