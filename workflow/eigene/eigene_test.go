package eigene_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/packcode"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/eigene"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// The catalogue of the tests: an Rx drug, an OTC drug that the GKV pays for by AVP, and a cream.
const (
	rx    = kennung.PZN("01126111")
	otc   = kennung.PZN("02345677")
	creme = kennung.PZN("03456781")
)

func waren() []artikel.Artikel {
	o := workflowtest.Rx(otc, "Nasendemo Spray", "Xylodemo", 300, 512)
	o.Verschreibungspflichtig, o.UVP = false, 698
	return []artikel.Artikel{
		workflowtest.Rx(rx, "Demolol", "Demolol", 1000, 1516), o,
		{PZN: creme, Name: "Handcreme Rose", Menge: "75", Einheit: "ml", Art: artikel.Freiwahl, Status: artikel.Verkehr, AEP: 400, UVP: 795, MwSt: artikel.MwStVoll},
	}
}

type haus struct {
	*workflowtest.Stand

	s     *eigene.Service
	basis catalogue.Catalogue
}

func oeffne(t testing.TB) *haus {
	t.Helper()
	s := workflowtest.New(t, waren())
	over, ok := s.Kern.Katalog.(*eigene.Katalog)
	if !ok {
		t.Fatalf("%T", s.Kern.Katalog)
	}
	return &haus{s, eigene.New(s.Kern, over.Catalogue), over.Catalogue}
}

// tee is an article as it is typed.
func tee() event.EigenerArtikelGesetzt {
	return event.EigenerArtikelGesetzt{
		Name: "Hustentee nach Art des Hauses", Menge: "100", Einheit: "g", Darreichungsform: "Tee", MwSt: artikel.MwStErmaessigt,
		Preis: 690, Einkauf: 310,
	}
}

// am is an article as the till sees it on a day.
func (h *haus) am(day civil.Day, pzn kennung.PZN) (artikel.Artikel, bool) {
	h.T.Helper()
	gen, err := h.Kern.Katalog.Am(day)
	h.Must(err)
	a, ok, err := gen.Artikel(h.Ctx, pzn)
	h.Must(err)
	return a, ok
}

// An article is made, changed, ended and taken back; each step can be taken back, and every
// one stays in the history.
func TestArtikel(t *testing.T) {
	h := oeffne(t)
	next, err := h.s.Vorschlag(h.Ctx)
	h.Must(err)
	a := h.A()
	pzn, err := h.s.Anlegen(h.Ctx, a, tee())
	h.Must(err)
	if pzn != "08000005" || next != pzn { // ABDATA: the first base is 0800000, check digit 5
		t.Errorf("got %s, proposed %s", pzn, next)
	}
	if again, err := h.s.Anlegen(h.Ctx, a, tee()); err != nil || again != pzn {
		t.Errorf("the same act makes %s, %v", again, err)
	}
	got, ok := h.am(20261123, pzn)
	if !ok || got.Verkaufspreis() != 690 || got.Darreichungsform != "TEE" || got.Status != artikel.Verkehr || got.Verschreibungspflichtig {
		t.Errorf("%+v", got)
	}
	dearer := tee()
	dearer.Preis = 750
	h.Must(h.s.Aendern(h.Ctx, h.A(), pzn, dearer))
	h.Must(h.s.Auslisten(h.Ctx, h.A(), pzn))
	if got, _ := h.am(20261123, pzn); got.Verkaufspreis() != 750 || got.Status != artikel.AusserVertrieb {
		t.Errorf("ended: %+v", got)
	}
	h.Must(h.s.Aufnehmen(h.Ctx, h.A(), pzn))
	h.Must(h.s.Zurueck(h.Ctx, h.A(), pzn))
	if got, _ := h.am(20261123, pzn); got.Status != artikel.AusserVertrieb {
		t.Errorf("taking back was taken back: %+v", got)
	}
	info, err := h.s.Artikel(h.Ctx, pzn)
	h.Must(err)
	if len(info.Verlauf) != 5 || info.Verlauf[4].Artikel.Preis != 690 || info.Verlauf[0].Wer != "AB" || info.Katalog != nil {
		t.Errorf("%+v", info)
	}
	second, err := h.s.Anlegen(h.Ctx, h.A(), tee())
	h.Must(err)
	if second == pzn {
		t.Error("the number of an ended article was given out again")
	}
}

// What is refused, each with its code.
func TestArtikelAbgelehnt(t *testing.T) {
	h := oeffne(t)
	scanned := tee()
	scanned.GTIN = "4006381333931"
	_, err := h.s.Anlegen(h.Ctx, h.A(), scanned)
	h.Must(err)
	for _, c := range []struct {
		code   string
		change func(*event.EigenerArtikelGesetzt)
	}{
		{"A-661", func(e *event.EigenerArtikelGesetzt) { e.Name = " " }},
		{"A-661", func(e *event.EigenerArtikelGesetzt) { e.Name = strings.Repeat("ä", 101) }},
		{"A-661", func(e *event.EigenerArtikelGesetzt) { e.Name = "Tee\u0007Tee" }},
		{"A-662", func(e *event.EigenerArtikelGesetzt) { e.Menge = "" }},
		{"A-662", func(e *event.EigenerArtikelGesetzt) { e.Menge = "viel" }},
		{"A-662", func(e *event.EigenerArtikelGesetzt) { e.Einheit = "" }},
		{"A-663", func(e *event.EigenerArtikelGesetzt) { e.Hersteller = strings.Repeat("x", 61) }},
		{"A-664", func(e *event.EigenerArtikelGesetzt) { e.PZN = rx }},         // a number of the market
		{"A-664", func(e *event.EigenerArtikelGesetzt) { e.PZN = "08000006" }}, // check digit
		{"A-665", func(e *event.EigenerArtikelGesetzt) { e.PZN = "08000005" }}, // given out above
		{"A-666", func(e *event.EigenerArtikelGesetzt) { e.Preis = 0 }},
		{"A-666", func(e *event.EigenerArtikelGesetzt) { e.Preis = 10_000_001 }},
		{"A-666", func(e *event.EigenerArtikelGesetzt) { e.Einkauf = -1 }},
		{"A-667", func(e *event.EigenerArtikelGesetzt) { e.Darreichungsform = "Kugeln" }},
		{"A-668", func(e *event.EigenerArtikelGesetzt) { e.MwSt = 0 }},
		{"A-677", func(e *event.EigenerArtikelGesetzt) { e.GTIN = "4006381333932" }}, // check digit
		{"A-677", func(e *event.EigenerArtikelGesetzt) { e.GTIN = "4006381333931" }}, // another's
		{"A-677", func(e *event.EigenerArtikelGesetzt) { e.GTIN = rx.NTIN() }},       // a pack of the market
	} {
		e := tee()
		c.change(&e)
		_, err := h.s.Anlegen(h.Ctx, h.A(), e)
		h.Fails(err, c.code)
	}
	h.Fails(h.s.Aendern(h.Ctx, h.A(), "08000011", tee()), "A-669")
	h.Fails(h.s.Auslisten(h.Ctx, h.A(), rx), "A-669")
	h.Fails(h.s.Zurueck(h.Ctx, h.A(), rx), "A-679")
}

// A price holds from its first to its last day, an offer within an open price goes before,
// and the catalogue's price is still there to be seen.
func TestPreis(t *testing.T) {
	h := oeffne(t)
	h.Must(h.s.Preis(h.Ctx, h.A(), event.EigenerPreisGesetzt{PZN: creme, Preis: 745}))
	h.Must(h.s.Preis(h.Ctx, h.A(), event.EigenerPreisGesetzt{PZN: creme, Ab: 20261201, Bis: 20261215, Preis: 595}))
	for day, want := range map[civil.Day]money.Cent{
		20261122: 795, 20261123: 745, 20261130: 745, 20261201: 595, 20261215: 595, 20261216: 745, 20270601: 745,
	} {
		if a, _ := h.am(day, creme); a.Verkaufspreis() != want || a.UVP != 795 {
			t.Errorf("%s: %d and UVP %d, want %d", day, a.Verkaufspreis(), a.UVP, want)
		}
	}
	h.Must(h.s.Beenden(h.Ctx, h.A(), creme, 20261201))
	if a, _ := h.am(20261201, creme); a.Verkaufspreis() != 745 {
		t.Errorf("the offer was taken back, and costs %d", a.Verkaufspreis())
	}
	h.Must(h.s.Zurueck(h.Ctx, h.A(), creme))
	if a, _ := h.am(20261201, creme); a.Verkaufspreis() != 595 {
		t.Errorf("undone, and costs %d", a.Verkaufspreis())
	}
	h.Uhr.Advance(3 * 24 * 60 * 60 * 1e9) // 2026-11-26
	h.Must(h.s.Beenden(h.Ctx, h.A(), creme, 20261123))
	for day, want := range map[civil.Day]money.Cent{20261125: 745, 20261126: 795, 20261205: 595, 20261220: 795} {
		if a, _ := h.am(day, creme); a.Verkaufspreis() != want {
			t.Errorf("ended on 26 November: %s costs %d, want %d", day, a.Verkaufspreis(), want)
		}
	}
	h.Fails(h.s.Beenden(h.Ctx, h.A(), creme, 20261123), "A-671")
}

// § 78 AMG, AMPreisV: the price of an Rx drug is that of the law. A price is not changed
// backwards, and not for what nobody knows.
func TestPreisAbgelehnt(t *testing.T) {
	h := oeffne(t)
	h.Must(h.s.Preis(h.Ctx, h.A(), event.EigenerPreisGesetzt{PZN: creme, Preis: 745}))
	for _, c := range []struct {
		code string
		e    event.EigenerPreisGesetzt
	}{
		{"A-670", event.EigenerPreisGesetzt{PZN: rx, Preis: 999}},
		{"A-671", event.EigenerPreisGesetzt{PZN: "08000005", Preis: 999}},
		{"A-666", event.EigenerPreisGesetzt{PZN: creme}},
		{"A-666", event.EigenerPreisGesetzt{PZN: creme, Preis: -1}},
		{"A-672", event.EigenerPreisGesetzt{PZN: creme, Preis: 700, Ab: 20261122}},
		{"A-672", event.EigenerPreisGesetzt{PZN: creme, Preis: 700, Ab: 20301123}},
		{"A-672", event.EigenerPreisGesetzt{PZN: creme, Preis: 700, Ab: 20261201, Bis: 20261130}},
	} {
		h.Fails(h.s.Preis(h.Ctx, h.A(), c.e), c.code)
	}
	h.Uhr.Advance(24 * 60 * 60 * 1e9)
	h.Fails(h.s.Preis(h.Ctx, h.A(), event.EigenerPreisGesetzt{PZN: creme, Preis: 700, Ab: 20261123}), "A-673")
	h.Must(h.s.Preis(h.Ctx, h.A(), event.EigenerPreisGesetzt{PZN: creme, Preis: 745, Ab: 20261123, Bis: 20261224}))
}

// A drug that a new catalogue makes Rx has the price of the law, and the own one rests.
func TestPreisRuht(t *testing.T) {
	h := oeffne(t)
	h.Must(h.s.Preis(h.Ctx, h.A(), event.EigenerPreisGesetzt{PZN: otc, Preis: 599}))
	a := waren()[1]
	a.Verschreibungspflichtig = true
	h.wechsle(a)
	if got, _ := h.am(20261123, otc); got.Verkaufspreis() != 512 || got.EigenerPreis != 0 {
		t.Errorf("%+v", got)
	}
	l, err := h.s.Liste(h.Ctx, "")
	h.Must(err)
	if len(l.Preise) != 1 || l.Preise[0].Zustand != eigene.Ruht {
		t.Errorf("%+v", l.Preise)
	}
}

// wechsle puts another catalogue under what is the pharmacy's own.
func (h *haus) wechsle(list ...artikel.Artikel) {
	h.T.Helper()
	var rows []catalogue.Zeile
	for _, a := range list {
		rows = append(rows, catalogue.Zeile{Artikel: a})
	}
	gen, err := katalog.New(catalogue.Manifest{ID: "neu", GueltigAb: 20260101}, catalogue.QuelleAus(rows, nil))
	h.Must(err)
	basis := katalog.NewCatalogue(gen)
	h.Kern.Katalog = eigene.NewKatalog(h.Kern.Store, basis)
	h.s = eigene.New(h.Kern, basis)
}

// Below what it costs the pharmacy – 4,00 € net are 4,76 € with 19 % – a price is warned of
// and holds; at cost it is not. A PZN that the catalogue brings, too, is said.
func TestWarnungen(t *testing.T) {
	h := oeffne(t)
	for price, want := range map[money.Cent]string{475: "A-674", 476: ""} {
		h.Must(h.s.Preis(h.Ctx, h.A(), event.EigenerPreisGesetzt{PZN: creme, Preis: price}))
		l, err := h.s.Liste(h.Ctx, "rose")
		h.Must(err)
		got := ""
		if len(l.Preise[0].Befunde) > 0 {
			got = l.Preise[0].Befunde[0].Code
		}
		if got != want || l.Preise[0].Zustand != eigene.Gilt {
			t.Errorf("%d: %q (%s), want %q", price, got, l.Preise[0].Zustand, want)
		}
	}
	pzn, err := h.s.Anlegen(h.Ctx, h.A(), tee())
	h.Must(err)
	h.wechsle(artikel.Artikel{PZN: pzn, Name: "Fremder Tee", Menge: "1", Einheit: "St", Status: artikel.Verkehr, UVP: 100})
	if a, _ := h.am(20261123, pzn); a.Verkaufspreis() != 690 {
		t.Errorf("of two with one PZN %q is sold", a.Name)
	}
	info, err := h.s.Artikel(h.Ctx, pzn)
	h.Must(err)
	if len(info.Eigener.Befunde) != 1 || info.Eigener.Befunde[0].Code != "A-675" || info.Katalog.Name != "Fremder Tee" {
		t.Errorf("%+v", info)
	}
}

// Search finds own articles by any word, folded as all others, and before those of the
// catalogue; what is ended comes last, and a scan code is found too.
func TestSuche(t *testing.T) {
	h := oeffne(t)
	e := tee()
	e.Name, e.GTIN = "Handcrème Überzart", "4006381333931"
	pzn, err := h.s.Anlegen(h.Ctx, h.A(), e)
	h.Must(err)
	find := func(text string) []kennung.PZN {
		gen, err := h.Kern.Katalog.Am(20261123)
		h.Must(err)
		hits, err := gen.Suche(h.Ctx, catalogue.Anfrage{Text: text})
		h.Must(err)
		var list []kennung.PZN
		for _, x := range hits {
			list = append(list, x.Artikel.PZN)
		}
		return list
	}
	for text, want := range map[string][]kennung.PZN{
		"handcreme": {pzn, creme}, "ueberz": {pzn}, "tee überzart": {pzn}, string(pzn): {pzn}, "rose": {creme},
		"4006381333931": {pzn}, "überzrat": {pzn}, // a slip
		"demolol": {rx}, "handcreme 75": {creme}, "zzz": nil,
	} {
		if got := find(text); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	h.Must(h.s.Auslisten(h.Ctx, h.A(), pzn))
	if got := find("handcreme"); !slices.Equal(got, []kennung.PZN{creme, pzn}) {
		t.Errorf("ended: %v", got)
	}
}

// A number that is given out is never an EAN-8, too: a scan of it is certain.
func TestNummernSindKeineEAN(t *testing.T) {
	h := oeffne(t)
	for range 30 {
		pzn, err := h.s.Anlegen(h.Ctx, h.A(), tee())
		h.Must(err)
		if c := packcode.Parse(string(pzn)); c.Urteil != packcode.Gueltig || c.PZN != pzn {
			t.Errorf("%s is read as %+v", pzn, c)
		}
	}
}
