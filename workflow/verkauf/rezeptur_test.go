package verkauf_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/verkauf"
)

// salbe is an ointment of EK 4,50 € and its jar of 1,00 € (apotheke-adhoc 2017):
// 8,55 + 1,90 + 6,00 + 8,35 = 24,80 € net, 29,51 € with 19 %.
func salbe() *preis.Zubereitung {
	return &preis.Zubereitung{Arbeit: preis.Salbe, Menge: 100, Bestandteile: []preis.Bestandteil{
		{Name: "Triamcinolon-Verreibung", EK: 1500, Teil: 30, Ganz: 100}, {Name: "Kruke", EK: 100},
	}}
}

// AMPreisV § 5(1) to (3): the line says every step with its norm; the Bon keeps what it
// was priced from.
func TestRezepturNachGesetz(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	v, err := x.Rezeptur(x.ctx, x.a(), id, verkauf.RezepturEingabe{Bezeichnung: "Salbe", Zubereitung: salbe()})
	x.must(err)
	z := v.Zeilen[0]
	if z.Rechnung.Privat != 2951 || z.Rechnung.SOK != "09999011" || len(z.Befunde) != 0 {
		t.Errorf("%+v", z)
	}
	var steps []string
	for _, s := range z.Rechnung.Schritte {
		steps = append(steps, strings.TrimSpace(s.Name+" "+s.Betrag.Decimal()+" "+s.Norm))
	}
	if diff := cmp.Diff([]string{
		"Triamcinolon-Verreibung 8.55 AMPreisV § 5 Abs. 1 Nr. 1", "Kruke 1.90 AMPreisV § 5 Abs. 1 Nr. 1",
		"Rezepturzuschlag 6.00 AMPreisV § 5 Abs. 3 Nr. 2", "Festbetrag der Rezeptur 8.35 AMPreisV § 5 Abs. 1 Nr. 3",
		"Preis netto 24.80", "Umsatzsteuer 4.71 UStG § 12 Abs. 1", "Verkaufspreis (AVP) 29.51",
	}, steps); diff != "" {
		t.Error(diff)
	}
	b := x.zahle(id)
	if diff := cmp.Diff(salbe(), b.Positionen[0].Zubereitung); diff != "" || b.Positionen[0].SOK != "09999011" {
		t.Error(diff)
	}
	s, err := x.Storno(x.ctx, x.a(), b.Nummer, "Probe")
	x.must(err)
	if s.Art != bon.Storno || s.Summen().Patient != -2951 || s.Positionen[0].Zubereitung == nil {
		t.Errorf("%+v", s)
	}
}

// AMPreisV § 4: unprocessed, 100 % on substance and vessel, another Sonderkennzeichen.
func TestUnverarbeitet(t *testing.T) {
	x := neu(t, mittags)
	z := salbe()
	z.Arbeit, z.Menge = preis.Unverarbeitet, 0
	v, err := x.Rezeptur(x.ctx, x.a(), x.beginne(), verkauf.RezepturEingabe{Bezeichnung: "Kamille", Zubereitung: z})
	x.must(err)
	if p := v.Zeilen[0].Rechnung; p.Privat != 1309 || p.SOK != "06460702" { // (4,50 + 1,00) × 2 + 19 %
		t.Errorf("%+v", p)
	}
}

// On a GKV prescription: 10 % of the gross price, at least 5,00 € (§ 61 SGB V), 7,50 €
// from 2027 on; Kassenabschlag as for Rx drugs (§ 130 SGB V).
func TestRezepturAufRezept(t *testing.T) {
	for day, share := range map[string]money.Cent{"2026-12-31 10:00": 500, "2027-01-04 10:00": 750} {
		x := neu(t, day)
		id := x.beginne()
		r := x.nimm(id, x.muster(ramipril))
		v, err := x.Rezeptur(x.ctx, x.a(), id, verkauf.RezepturEingabe{
			Bezeichnung: "Salbe", Rezept: r, Zubereitung: salbe(),
		})
		x.must(err)
		p := v.Zeilen[0].Rechnung
		if p.Traeger != zuzahlung.GKV || p.Gesamt != 2951 || p.Zuzahlung != share || p.TraegerZahlt != 2951-share {
			t.Errorf("%s: %+v", day, p)
		}
		if n := len(p.Schritte); n < 9 || p.Schritte[0].Name != "Triamcinolon-Verreibung" || p.Schritte[n-1].Norm == "" {
			t.Errorf("%s: %+v", day, p.Schritte)
		}
	}
}

// The law of the day of payment decides: 16 % VAT from 2020-07-01 on.
func TestRezepturUmMitternacht(t *testing.T) {
	x := neu(t, "2020-06-30 23:59")
	id := x.beginne()
	_, err := x.Rezeptur(x.ctx, x.a(), id, verkauf.RezepturEingabe{Bezeichnung: "Salbe", Zubereitung: salbe()})
	x.must(err)
	x.uhr.Advance(2 * time.Minute)
	_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: 2951})
	x.wants(err, "V-202")
	if b := x.zahle(id); b.Summen().Patient != 2877 || b.Positionen[0].MwSt != 16*money.Percent { // 24,80 + 3,97
		t.Errorf("%+v", b)
	}
}

// A composition the law has no answer to stops paying with its verdict.
func TestRezepturBefund(t *testing.T) {
	x := neu(t, mittags)
	for code, z := range map[string]*preis.Zubereitung{
		"P-104": {Arbeit: "kochen", Menge: 1, Bestandteile: salbe().Bestandteile},
		"P-101": {Arbeit: preis.Salbe, Menge: 1, Bestandteile: []preis.Bestandteil{{Name: "Gold", EK: 90_000_000}}},
		"V-316": {Arbeit: preis.Unverarbeitet, Bestandteile: []preis.Bestandteil{{Name: "Luft"}}},
	} {
		id := x.beginne()
		x.schreibe(event.VorgangGeaendert{ID: id, Version: 2, Gesetzt: []vorgang.Position{
			{Nr: 1, Art: vorgang.Rezeptur, Menge: 1, SOK: "09999011", Bezeichnung: "Salbe", Zubereitung: z},
		}})
		v, err := x.Ansicht(x.ctx, id)
		x.must(err)
		if codes(v) != fmt.Sprintf("%s/%d ", code, befund.Hindernis) {
			t.Errorf("%s: %s", code, codes(v))
		}
		_, err = x.Bezahlen(x.ctx, x.a(), id, x.genau(id))
		x.wants(err, code)
	}
}

// What is no preparation is refused before it is a line.
func TestRezepturVerweigert(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	check := func(code string, change func(*verkauf.RezepturEingabe)) {
		t.Helper()
		in := verkauf.RezepturEingabe{Bezeichnung: "Salbe", Zubereitung: salbe()}
		change(&in)
		_, err := x.Rezeptur(x.ctx, x.a(), id, in)
		x.wants(err, code)
	}
	of := func(b preis.Bestandteil) func(*verkauf.RezepturEingabe) {
		return func(in *verkauf.RezepturEingabe) { in.Zubereitung.Bestandteile[1] = b }
	}
	check("V-114", func(in *verkauf.RezepturEingabe) { in.Bezeichnung = "" })
	check("V-114", func(in *verkauf.RezepturEingabe) { in.Zubereitung = nil })
	check("V-142", func(in *verkauf.RezepturEingabe) { in.Betrag = 1840 })
	check("V-142", func(in *verkauf.RezepturEingabe) { in.SOK = "09999092" })
	check("V-143", func(in *verkauf.RezepturEingabe) { in.Zubereitung.Arbeit = "" })
	check("V-144", func(in *verkauf.RezepturEingabe) { in.Zubereitung.Menge = 0 })
	check("V-144", func(in *verkauf.RezepturEingabe) { in.Zubereitung.Menge = 1_000_001 })
	check("V-144", func(in *verkauf.RezepturEingabe) { in.Zubereitung.Menge = -1 })
	check("V-145", func(in *verkauf.RezepturEingabe) { in.Zubereitung.Bestandteile = nil })
	check("V-145", func(in *verkauf.RezepturEingabe) { in.Zubereitung.Bestandteile = make([]preis.Bestandteil, 13) })
	check("V-146", of(preis.Bestandteil{EK: 100}))
	check("V-146", of(preis.Bestandteil{Name: strings.Repeat("ä", 101), EK: 100}))
	check("V-146", of(preis.Bestandteil{Name: "Kruke", EK: -1}))
	check("V-146", of(preis.Bestandteil{Name: "Kruke", EK: 10_000_000}))
	check("V-146", of(preis.Bestandteil{Name: "Kruke", EK: 100, Teil: 2, Ganz: 1}))
	check("V-146", of(preis.Bestandteil{Name: "Kruke", EK: 100, Teil: 1}))
	check("V-146", of(preis.Bestandteil{Name: "Kruke", EK: 100, Ganz: 5}))
	check("V-146", of(preis.Bestandteil{Name: "Kruke", EK: 100, Teil: 1, Ganz: 1_000_001}))

	_, err := x.Rezeptur(x.ctx, x.a(), id, verkauf.RezepturEingabe{Bezeichnung: "Salbe", Zubereitung: salbe()})
	x.must(err)
	_, err = x.Preis(x.ctx, x.a(), id, 1, 100) // the law has set it
	x.wants(err, "V-147")
	list, err := x.Arbeiten()
	x.must(err)
	if len(list) != 9 || list[2].Grundmenge.Was != 200 || list[2].Nummer != 2 {
		t.Errorf("%+v", list)
	}
}

// Undoing what came after leaves the composition alone.
func TestRezepturZurueck(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	_, err := x.Rezeptur(x.ctx, x.a(), id, verkauf.RezepturEingabe{Bezeichnung: "Salbe", Zubereitung: salbe()})
	x.must(err)
	x.scan(id, ibu)
	v, err := x.Zurueck(x.ctx, x.a(), id)
	x.must(err)
	if len(v.Zeilen) != 1 || !v.Zeilen[0].Position.Zubereitung.Equal(salbe()) || v.Summen.Patient != 2951 {
		t.Errorf("%+v", v.Zeilen)
	}
	v, err = x.Menge(x.ctx, x.a(), id, 1, 2) // two jars of the same, each with its work
	x.must(err)
	if v.Summen.Patient != 5902 {
		t.Errorf("%s", v.Summen.Patient)
	}
}
