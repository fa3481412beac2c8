package browsertest_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/catalogue/muster"
)

// visible waits until an element can be read: nothing covers it and nothing cuts it off.
func (x *till) visible(selector string) {
	x.Helper()
	x.until(`(e => { const r = e.getBoundingClientRect(), m = document.elementFromPoint((r.left + r.right) / 2, r.bottom - 2);
		return r.height > 0 && (m === e || e.contains(m)); })(document.querySelector("` + selector + `"))`)
}

// The prescription just read is the one whose article is asked for, whatever else is
// open; and what stands on the counter without an article can be discarded.
func TestZweitesRezept(t *testing.T) {
	x := open(t)
	x.datei(x.demo("1-zuzahlung.xml"))
	x.sees(".kandidaten", "Ramipril")
	x.key("Escape")
	x.ready()
	x.datei(x.demo("2-festbetrag-mehrkosten.xml"))
	x.sees(".kandidaten", "Atovalan")
	x.key("Escape")
	x.ready()
	x.key("Umschalt+F9")
	x.sees(".panel", "verwerfen")
	x.key("Enter")
	x.sees(".seitlich", "keines")
	x.ready()
}

// On the smallest screen the amount, the change and the key to book are to be seen,
// however much stands above them.
func TestZahlenSichtbar(t *testing.T) {
	x := open(t)
	x.do(chromedp.EmulateViewport(1024, 768))
	x.datei(x.demo("1-zuzahlung.xml"))
	x.sees(".kandidaten", "Ramipril")
	x.key("Enter")
	x.lines(1)
	x.datei(x.demo("2-festbetrag-mehrkosten.xml"))
	x.sees(".kandidaten", "Atovalan")
	x.key("Enter")
	x.lines(2)
	x.ready()
	x.visible("#patient")
	x.key("F10")
	x.until(`document.activeElement?.name === "gegeben"`)
	x.write("50")
	x.sees("#rest-text", "Rückgeld")
	x.visible("#patient")
	x.visible("#rest")
	x.visible(".zahlen button.knopf")
	x.key("Escape")
	x.ready()
	x.key("F11")
	x.until(`document.activeElement?.name === "karte"`)
	x.write("1")
	x.sees("#rest-text", "noch bar zu zahlen")
	x.until(`parseFloat(document.querySelector("#rest").innerText) === ` +
		`parseFloat(document.querySelector("#patient").innerText) - 1`)
}

// A discount is named on the receipt, and its Storno has one sign.
func TestRabattAufStorno(t *testing.T) {
	x := open(t)
	x.scan(string(muster.OTCSchmerzmittel.PZN()))
	x.lines(1)
	x.ready()
	x.key("F7")
	x.until(`document.activeElement?.name === "rabatt"`)
	x.write("10")
	x.key("Enter")
	x.sees(".summe", "Rabatt")
	x.zahle()
	x.ready()
	x.key("F12")
	x.sees(".bon", "Rabatt -0,60 €")
	x.key("F9")
	x.write("Irrtum")
	x.key("Enter")
	x.sees(".bon", "STORNO 1-000002 zu Bon 1-000001", "Rabatt 0,60 €")
}
