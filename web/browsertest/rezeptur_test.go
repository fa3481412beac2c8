package browsertest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/integration/erezept"
)

// verordneteSalbe is an E-Rezept file of the demo's first patient with an ointment.
func (x *till) verordneteSalbe() string {
	x.Helper()
	data, err := os.ReadFile(x.demo("1-zuzahlung.xml"))
	if err != nil {
		x.Fatal(err)
	}
	r, _, err := erezept.Parse(data)
	if err != nil {
		x.Fatal(err)
	}
	r.Verordnungen = []rezept.Verordnung{{
		Art: rezept.RezepturVerordnung, Text: "Triamcinolon-Salbe 0,1 %", Darreichungsform: "Salbe", Menge: "250", Einheit: "g",
		Packungen: 1, Dosierung: "abends dünn auftragen", Herstellung: "nach NRF 11.38",
		Bestandteile: []rezept.Bestandteil{
			{Name: "Triamcinolonacetonid", Menge: "0,25 g"}, {Name: "Basiscreme DAC", Menge: "ad 250 g"},
		},
	}}
	if data, err = erezept.Write(r); err != nil {
		x.Fatal(err)
	}
	file := filepath.Join(x.dir, "salbe.xml")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		x.Fatal(err)
	}
	return file
}

// field writes into the field that has the focus, which must be the named one, and
// leaves it.
func (x *till) field(name, text string) {
	x.Helper()
	x.until(`document.activeElement?.name === "` + name + `"`)
	x.write(text)
	x.key("Tab")
}

// An E-Rezept with a Rezeptur, by keys: the ingredients are those of the prescription,
// the price is that of AMPreisV § 5: 0,25 of 5 g at 12,00 € × 1,9 = 1,14; 9,00 × 1,9 =
// 17,10; 1,00 × 1,9 = 1,90; 250 g is more than 200 g: 6,00 × 1,5 = 9,00; 8,35. Net
// 37,49 €, 44,61 € with 19 %; Zuzahlung 5,00 € (§ 61 SGB V).
func TestRezeptur(t *testing.T) {
	x := open(t)
	x.datei(x.verordneteSalbe())
	x.until(`document.activeElement?.name === "arbeit"`)
	x.sees(".panel", "Triamcinolon-Salbe 0,1 %", "nach NRF 11.38", "ad 250 g")
	x.shot("panel-rezeptur-verordnet")
	x.field("arbeit", "S")
	x.field("menge", "")
	x.field("name1", "")
	x.field("ek1", "12")
	x.field("teil1", "0,25")
	x.field("von1", "5")
	x.field("name2", "")
	x.field("ek2", "9,00")
	x.field("teil2", "")
	x.field("von2", "")
	x.field("name3", "Kruke")
	x.until(`document.activeElement?.name === "ek3"`)
	x.key("Enter")
	x.sees(".meldung", "V-146", "Bestandteil 3") // nothing of what was typed is lost
	x.shot("panel-rezeptur-fehler")
	x.field("ek3", "1")
	x.shot("panel-rezeptur")
	x.key("Enter")
	x.lines(1)
	x.ready()
	x.sees(".zeile", "Rez", "Triamcinolon-Salbe 0,1 %", "SOK 09999011", "auf Rezept", "44,61 €", "5,00 €")
	x.key("?")
	x.sees("#warum", "Triamcinolonacetonid", "Basiscreme DAC", "Kruke", "Rezepturzuschlag", "9,00 €", "8,35 €",
		"AMPreisV § 5 Abs. 3 Nr. 2", "SGB V § 61 Satz 1")
	x.do(chromedp.EmulateViewport(1024, 768)) // no word of it is cut off on the smallest screen
	x.until(`[...document.querySelectorAll("#warum td")].every((e) => e.scrollWidth <= e.clientWidth)`)
	x.do(chromedp.EmulateViewport(1280, 800))
	x.shot("warum-rezeptur")
	x.ready()
	x.zahle()
	b := x.bon("Triamcinolon-Salbe 0,1 %", "5,00 €")
	p := b.Positionen[0]
	if diff := cmp.Diff(&preis.Zubereitung{Arbeit: preis.Salbe, Menge: 250, Bestandteile: []preis.Bestandteil{
		{Name: "Triamcinolonacetonid", EK: 1200, Teil: 25, Ganz: 500}, {Name: "Basiscreme DAC", EK: 900}, {Name: "Kruke", EK: 100},
	}}, p.Zubereitung); diff != "" || p.Gesamt != 4461 || p.Zuzahlung != 500 || p.Rezept == "" {
		t.Errorf("%+v\n%s", p, diff)
	}
}

// What the law does not compute is typed with its price, here without prescription.
func TestRezepturFesterPreis(t *testing.T) {
	x := open(t)
	x.key("F6")
	x.until(`document.querySelector('.panel [data-taste="Alt+r"]')`)
	x.key("Alt+r")
	x.field("bezeichnung", "Infusion")
	for range 26 { // Arbeit, Menge, six rows of four
		x.key("Tab")
	}
	x.field("betrag", "357,04")
	x.field("sok", "09999092")
	x.key("Enter")
	x.lines(1)
	x.sees(".zeile", "Infusion", "SOK 09999092", "357,04 €")
	x.ready()
}
