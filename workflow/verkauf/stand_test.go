package verkauf_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/eigene"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/verkauf"
)

// The articles of the tests, with prices that can be followed by hand.
var (
	ibu        = pzn("0112611") // OTC, 3,98 €, from 2027 on 4,20 €
	lthyrox    = pzn("1234560") // Rx, AVP 15,16 €, Festbetrag 14,60 € (DAV example)
	ramipril   = pzn("1234562") // Rx, AVP 49,99 €
	teuer      = pzn("1234563") // Rx, AVP 120,00 €
	binden     = pzn("1234564") // Hilfsmittel zum Verbrauch, 80,00 €
	handschuh  = pzn("1234565") // Pflegehilfsmittel, 30,00 €
	bonbon     = pzn("1234566") // free, 7 %, 2,50 €
	morphin    = pzn("1234567") // BtM, AVP 25,00 €
	thalidomid = pzn("1234576") // T-Rezept, AVP 400,00 €
	rueckruf   = pzn("1234568") // recalled
	klein      = pzn("1234569") // Rx, AVP 14,00 €, the small pack of ramipril
	ohnePreis  = pzn("1234571") // free, no price in the catalogue
	nurApU     = pzn("1234572") // Rx, ApU 50,00 € only
	lifestyle  = pzn("1234574") // Rx, AVP 60,00 €, not at the cost of the GKV
	grippesaft = pzn("1234575") // OTC, not Anlage I, AVP 8,00 €, UVP 9,00 €
	hustensaft = pzn("1234573") // OTC, Anlage I, AVP 8,00 €, UVP 9,00 €
)

const gkvIK = "109900019"

func pzn(base string) kennung.PZN {
	check, ok := kennung.PZNCheck(base)
	if !ok {
		panic("no PZN: " + base)
	}
	return kennung.PZN(base + string(rune(check)))
}

func sortiment(ibuPreis money.Cent) []catalogue.Zeile {
	rx := func(p kennung.PZN, name string, avp, fb money.Cent) artikel.Artikel {
		return artikel.Artikel{
			PZN: p, Name: name, Art: artikel.Arzneimittel, Status: artikel.Verkehr, AVP: avp, Festbetrag: fb, Menge: "100",
			Einheit: "St", Normgroesse: "N3", MwSt: artikel.MwStVoll, Verschreibungspflichtig: true, Apothekenpflichtig: true,
		}
	}
	other := func(p kennung.PZN, name string, art artikel.Art, preis money.Cent, m artikel.MwSt) artikel.Artikel {
		return artikel.Artikel{
			PZN: p, Name: name, Art: art, Status: artikel.Verkehr, UVP: preis, AVP: preis, Menge: "20", Einheit: "St", MwSt: m,
		}
	}
	btm := rx(morphin, "MORPHIN Demo", 2500, 0)
	btm.BtM = true
	thal := rx(thalidomid, "THALIDOMID Demo", 40_000, 0)
	thal.TRezept = true
	back := other(rueckruf, "RUECKRUF Demo", artikel.Arzneimittel, 500, artikel.MwStVoll)
	back.Status = artikel.Rueckruf
	apu := rx(nurApU, "NURAPU Demo", 0, 0)
	apu.ApU = 5000
	saft := other(hustensaft, "HUSTENSAFT Demo", artikel.Arzneimittel, 900, artikel.MwStVoll)
	saft.AVP, saft.OTCAusnahme, saft.Apothekenpflichtig = 800, true, true
	grippe := saft
	grippe.PZN, grippe.Name, grippe.OTCAusnahme = grippesaft, "GRIPPESAFT Demo", false
	life := rx(lifestyle, "LIFESTYLE Demo", 6000, 0)
	life.Lifestyle = true
	var list []catalogue.Zeile
	for _, a := range []artikel.Artikel{
		other(ibu, "IBU 400 akut Demo", artikel.Arzneimittel, ibuPreis, artikel.MwStVoll),
		rx(lthyrox, "L-THYROX Demo", 1516, 1460), rx(ramipril, "RAMIPRIL Demo", 4999, 0), rx(teuer, "TEUER Demo", 12_000, 0),
		other(binden, "BINDEN Demo", artikel.HilfsmittelZumVerbrauch, 8000, artikel.MwStVoll),
		other(handschuh, "HANDSCHUH Demo", artikel.Pflegehilfsmittel, 3000, artikel.MwStVoll),
		other(bonbon, "BONBON Demo", artikel.Freiwahl, 250, artikel.MwStErmaessigt),
		life, grippe, btm, thal, back, rx(klein, "RAMIPRIL klein Demo", 1400, 0), apu, saft,
		other(ohnePreis, "OHNEPREIS Demo", artikel.Freiwahl, 0, artikel.MwStVoll),
	} {
		list = append(list, catalogue.Zeile{Artikel: a})
	}
	return list
}

// stand is a pharmacy with a clock that stands still.
type stand struct {
	t        testing.TB
	ctx      context.Context
	uhr      *clock.Manual
	kern     *workflow.Kern
	personen *person.Service
	rezepte  *rezeptannahme.Service
	*verkauf.Service
	keys int
}

// neu opens a pharmacy at a German time, "2026-11-23 10:00".
func neu(t testing.TB, at string) *stand {
	t.Helper()
	uhr := clock.NewManual(zeit(t, at))
	store := memory.New(memory.Options{Node: "platz-1", Clock: uhr, Projections: alle.Projections()})
	return auf(t, store, uhr, "platz-1", "1")
}

func zeit(t testing.TB, at string) time.Time {
	t.Helper()
	z, err := time.ParseInLocation("2006-01-02 15:04", at, clock.Berlin())
	if err != nil {
		t.Fatal(err)
	}
	return z.UTC()
}

func auf(t testing.TB, store journal.Store, uhr *clock.Manual, platz, till string) *stand {
	t.Helper()
	contracts := []catalogue.Vertragszeile{{IK: gkvIK, PZN: teuer, Vertrag: zuzahlung.Vertrag{Faktor: 50}}}
	var gens []catalogue.Generation
	for ab, preis := range map[civil.Day]money.Cent{20200101: 398, 20270101: 420} {
		g, err := katalog.New(catalogue.Manifest{ID: "test-" + ab.String(), GueltigAb: ab}, catalogue.QuelleAus(sortiment(preis), contracts))
		if err != nil {
			t.Fatal(err)
		}
		gens = append(gens, g)
	}
	law, err := recht.Load()
	if err != nil {
		t.Fatal(err)
	}
	k := &workflow.Kern{Store: store, Katalog: eigene.NewKatalog(store, katalog.NewCatalogue(gens...)), Recht: law, Clock: uhr, Platz: platz, Till: till}
	p := person.New(k)
	r := rezeptannahme.New(k, p, nil)
	return &stand{t: t, ctx: t.Context(), uhr: uhr, kern: k, personen: p, rezepte: r, Service: verkauf.New(k, p, r)}
}

// a is an act of its own.
func (x *stand) a() workflow.Auftrag {
	x.keys++
	return workflow.Auftrag{Key: x.kern.Platz + "-" + strconv.Itoa(x.keys), Actor: "AB"}
}

func (x *stand) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// wants checks that an error has the code.
func (x *stand) wants(err error, code string) {
	x.t.Helper()
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || f.Code != code {
		x.t.Fatalf("want %s, got %v", code, err)
	}
}

func (x *stand) beginne() string {
	x.t.Helper()
	v, err := x.Beginnen(x.ctx, x.a())
	x.must(err)
	return v.Vorgang.ID
}

func (x *stand) scan(id string, p kennung.PZN) verkauf.Ansicht {
	x.t.Helper()
	v, e, err := x.Scan(x.ctx, x.a(), id, string(p))
	x.must(err)
	if e.Nr == 0 {
		x.t.Fatalf("scan of %s added nothing: %v", p, e.Befunde)
	}
	return v
}

// auf adds an article on a prescription.
func (x *stand) auf(id string, p kennung.PZN, r string, verordnung int) verkauf.Ansicht {
	x.t.Helper()
	v, err := x.Hinzufuegen(x.ctx, x.a(), id, verkauf.Eingabe{PZN: p, Rezept: r, Verordnung: verordnung})
	x.must(err)
	return v
}

// zahle pays in cash exactly, confirming everything that can be confirmed.
func (x *stand) zahle(id string) bon.Bon {
	x.t.Helper()
	b, err := x.Bezahlen(x.ctx, x.a(), id, x.genau(id))
	x.must(err)
	return b
}

func (x *stand) genau(id string) verkauf.Zahlung {
	x.t.Helper()
	v, err := x.Ansicht(x.ctx, id)
	x.must(err)
	z := verkauf.Zahlung{Erwartet: v.Summen.Patient}
	for _, b := range v.Befunde() {
		z.Bestaetigt = append(z.Bestaetigt, b.Code)
	}
	return z
}

// muster is a prescription of today for an adult GKV patient.
func (x *stand) muster(list ...kennung.PZN) rezept.Rezept {
	r := rezept.Rezept{
		Herkunft: rezept.Muster16, Ausgestellt: clock.Today(x.uhr),
		Patient: rezept.Patient{Name: "Muster", Vorname: "Erika", Geburt: 19700503, KVNR: "A123456780"},
		Kostentraeger: rezept.Kostentraeger{
			Art: zuzahlung.GKV, IK: gkvIK, Name: "Demo-Krankenkasse Nord",
		},
	}
	for _, p := range list {
		r.Verordnungen = append(r.Verordnungen, rezept.Verordnung{Art: rezept.PZNVerordnung, PZN: p, Text: "Demo", Packungen: 1})
	}
	return r
}

// nimm takes a prescription in and adds it to the cart.
func (x *stand) nimm(id string, r rezept.Rezept) string {
	x.t.Helper()
	e, err := x.rezepte.Annehmen(x.ctx, x.a(), r, false)
	x.must(err)
	_, err = x.RezeptHinzufuegen(x.ctx, x.a(), id, e.ID)
	x.must(err)
	return e.ID
}

func (x *stand) bestand(p kennung.PZN) int {
	x.t.Helper()
	n, err := workflow.View(x.ctx, x.kern, func(rows journal.Rows) (int, error) { return bestand.Menge(rows, p) })
	x.must(err)
	return n
}

// schreibe writes events past the workflows.
func (x *stand) schreibe(list ...journal.Event) {
	x.t.Helper()
	_, err := x.kern.Do(x.ctx, x.a(), "test", func(journal.Rows) ([]journal.Event, error) { return list, nil })
	x.must(err)
}

func (x *stand) lager(p kennung.PZN, n int) {
	x.t.Helper()
	x.schreibe(event.BestandGeaendert{PZN: p, Delta: n, Art: "eroeffnung"})
}

func codes(v verkauf.Ansicht) string {
	var s strings.Builder
	for _, b := range v.Befunde() {
		fmt.Fprintf(&s, "%s/%d ", b.Code, b.Schwere)
	}
	return s.String()
}
