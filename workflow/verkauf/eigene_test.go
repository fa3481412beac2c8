package verkauf_test

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/verkauf"
)

// badesalz is an article of the house, PZN 08000005 by its range and check digit.
func badesalz() event.EigenerArtikelGesetzt {
	return event.EigenerArtikelGesetzt{
		PZN: "08000005", Name: "Badesalz", Menge: "500", Einheit: "g", MwSt: artikel.MwStVoll, Preis: 1290, GTIN: "04006381333931",
	}
}

// An own article is sold by its PZN and by the code on its pack, and the Bon holds what it
// cost, whatever becomes of the article.
func TestEigenerArtikelWirdVerkauft(t *testing.T) {
	x := neu(t, mittags)
	x.schreibe(badesalz())
	id := x.beginne()
	x.scan(id, "08000005")
	v, e, err := x.Scan(x.ctx, x.a(), id, "2*4006381333931")
	if err != nil || e.Nr != 1 || len(e.Treffer) != 0 || v.Zeilen[0].Position.Menge != 3 || v.Summen.Patient != 3870 {
		t.Fatalf("%+v %+v %v", v.Summen, e, err)
	}
	b := x.zahle(id)
	dearer := badesalz()
	dearer.Preis, dearer.Name, dearer.Ausgelistet = 9999, "Anderes", true
	x.schreibe(dearer)
	old, err := x.Bon(x.ctx, b.Nummer)
	if p := old.Bon.Positionen[0]; err != nil || p.Preis != 1290 || p.Bezeichnung != "Badesalz" || p.MwSt != 190_000 {
		t.Errorf("%+v, %v", p, err)
	}
	back, err := x.Storno(x.ctx, x.a(), b.Nummer, "Probe")
	if err != nil || back.Art != bon.Storno || back.Summen().Patient != -3870 || x.bestand("08000005") != 0 {
		t.Errorf("%+v, %v", back.Summen(), err)
	}
}

// ABDATA: a number of the house ranges never goes to an insurer. A private patient pays it
// himself.
func TestEigenerArtikelNieAnKostentraeger(t *testing.T) {
	x := neu(t, mittags)
	x.schreibe(badesalz())
	for traeger, want := range map[zuzahlung.Traeger]bool{zuzahlung.GKV: true, zuzahlung.BG: true, zuzahlung.PKV: false} {
		id := x.beginne()
		r := x.muster("08000005")
		r.Kostentraeger = rezept.Kostentraeger{Art: traeger, IK: gkvIK}
		v := x.auf(id, "08000005", x.nimm(id, r), 0)
		if got := strings.Contains(codes(v), "A-678"); got != want {
			t.Errorf("%s: %s", traeger, codes(v))
		}
	}
}

// The own price holds where the price is free: over the counter and for a private patient.
// At the expense of the GKV an OTC drug keeps the price of § 129(5a) SGB V, here 8,00 €.
func TestEigenerPreis(t *testing.T) {
	x := neu(t, mittags)
	x.schreibe(event.EigenerPreisGesetzt{PZN: hustensaft, Ab: 20261101, Preis: 777})
	id := x.beginne()
	if v := x.scan(id, hustensaft); v.Summen.Patient != 777 {
		t.Errorf("over the counter: %d", v.Summen.Patient)
	}
	r := x.muster(hustensaft)
	if v := x.auf(id, hustensaft, x.nimm(id, r), 0); v.Zeilen[1].Rechnung.Preis != 800 {
		t.Errorf("at the expense of the GKV: %+v", v.Zeilen[1].Rechnung)
	}
	id = x.beginne()
	r.Kostentraeger = rezept.Kostentraeger{Art: zuzahlung.PKV}
	if v := x.auf(id, hustensaft, x.nimm(id, r), 0); v.Summen.Patient != 777 {
		t.Errorf("private: %d", v.Summen.Patient)
	}
}

// A price that changes beside an open cart is said and not booked; the cart goes on with
// the new one. One that begins at midnight changes the cart as the catalogue does.
func TestEigenerPreisNebenOffenemVorgang(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	x.scan(id, hustensaft)
	x.schreibe(event.EigenerPreisGesetzt{PZN: hustensaft, Ab: 20261123, Preis: 777})
	_, err := x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: 900})
	x.wants(err, "V-202")
	if b := x.zahle(id); b.Summen().Patient != 777 {
		t.Errorf("%+v", b.Summen())
	}
	x.schreibe(event.EigenerPreisGesetzt{PZN: hustensaft, Ab: 20261124, Preis: 666})
	id = x.beginne()
	x.scan(id, hustensaft)
	x.uhr.Set(zeit(t, "2026-11-24 00:00"))
	v, err := x.Ansicht(x.ctx, id)
	if x.must(err); v.Summen.Patient != 666 || !strings.Contains(codes(v), "V-211") {
		t.Errorf("%d %s", v.Summen.Patient, codes(v))
	}
}
