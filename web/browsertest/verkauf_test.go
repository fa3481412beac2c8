package browsertest_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/catalogue/muster"
)

// An OTC sale is a scan, F10 and Enter: three strokes with twelve people in the queue.
func TestOTC(t *testing.T) {
	x := open(t)
	x.scan(string(muster.OTCSchmerzmittel.PZN()))
	x.lines(1)
	x.sees(".zeile", "HV", "Ibuprofen Nordhaus", "PZN 17001044", "Lager")
	x.ready()
	x.shot("wagen-otc")
	x.key("F10")
	x.until(`document.activeElement?.name === "gegeben"`)
	x.shot("zahlen-bar")
	x.key("Enter")
	x.sees(".bezahlt", "Gebucht", "1-000001")
	x.sees(".schild", "noch nicht gesichert")
	x.ready()
	x.shot("bezahlt")
}

// Words in any order, the second hit by arrow, a quantity by "3 F2", and change.
func TestSearch(t *testing.T) {
	x := open(t)
	eval[bool](x, `(() => {
		addEventListener("keydown", () => { window.gedrueckt = performance.now(); }, true);
		new MutationObserver(() => { window.gezeigt = performance.now(); }).observe(treffer, { childList: true });
		return true;
	})()`)
	x.write("nasenspray")
	x.until(`document.querySelectorAll("#treffer tr button").length > 1 && window.gezeigt > window.gedrueckt`)
	t.Logf("from the key to the hits: %.0f ms", eval[float64](x, `window.gezeigt - window.gedrueckt`))
	x.shot("treffer")
	x.key("Down")
	x.key("Enter")
	x.lines(1)
	x.ready()
	x.write("3")
	x.key("F2")
	x.until(`document.querySelector(".zeile td:nth-child(3)")?.innerText === "3"`)
	x.ready()
	x.key("F10")
	x.until(`document.activeElement?.name === "gegeben"`)
	x.write("100")
	x.sees("#rest-text", "Rückgeld")
	x.shot("zahlen-rueckgeld")
	x.key("Enter")
	x.sees(".bezahlt", "Rückgeld")
	x.ready()
}

// A quantity before a star counts for the number typed or scanned after it.
func TestMengeVorStern(t *testing.T) {
	x := open(t)
	pzn := string(muster.OTCSchmerzmittel.PZN())
	menge := func(n string) string {
		return `document.querySelector(".zeile td:nth-child(3)")?.innerText === "` + n + `"`
	}
	x.write("3*" + pzn)
	x.key("Enter")
	x.until(menge("3"))
	x.ready()
	x.write("2*")
	time.Sleep(300 * time.Millisecond) // the hand takes the scanner
	x.scan(pzn)
	x.until(menge("5"))
	x.lines(1)
	x.ready()
}

// Every panel opens by its key with the focus in its first field; Esc gives the focus
// back to the input line, whatever was open.
func TestPanels(t *testing.T) {
	x := open(t)
	x.scan(string(muster.RxRabatt0.PZN())) // not in stock, and without a prescription
	x.lines(1)
	x.ready()
	x.shot("hindernis")
	x.scan(string(muster.Betaeubungsmittel.PZN()))
	x.lines(2)
	x.ready()
	x.scan(string(muster.Kuehlkette.PZN()))
	x.lines(3)
	x.ready()
	x.key("Up")
	x.shot("warnungen")
	for _, p := range []struct{ key, name, focus string }{
		{"F2", "menge", "menge"},
		{"F3", "preis", "preis"},
		{"F7", "rabatt", "rabatt"},
		{"F4", "kunde", "q"},
		{"Alt+g", "gebuehr", "sok"},
		{"Umschalt+F9", "verwerfen", ""},
		{"F10", "zahlen-hindernis", ""},
	} {
		x.key(p.key)
		if p.focus == "" {
			x.until(`document.querySelector('[data-taste="Escape"]')`)
		} else {
			x.until(`document.activeElement?.name === "` + p.focus + `"`)
		}
		x.shot("panel-" + p.name)
		x.key("Escape")
		x.until(`!document.querySelector('[data-taste="Escape"]')`)
		x.ready()
	}
	for _, p := range []struct{ first, second, name, focus string }{
		{"F4", "Alt+u", "person", "name"},
		{"F6", "Alt+m", "muster16", "name"},
		{"F6", "Alt+r", "rezeptur", "bezeichnung"},
	} {
		x.key(p.first)
		x.until(`document.querySelector('.panel [data-taste="` + p.second + `"]')`)
		x.key(p.second)
		x.until(`document.activeElement?.name === "` + p.focus + `"`)
		x.shot("panel-" + p.name)
		x.key("Escape")
		x.until(`!document.querySelector('[data-taste="Escape"]')`)
		x.ready()
	}
}

// What is not there is reserved from its line; the slip has a number.
func TestVormerken(t *testing.T) {
	x := open(t)
	x.scan(string(muster.RxRabatt0.PZN()))
	x.lines(1)
	x.sees(".zeile", "nicht am Lager")
	x.ready()
	x.key("Alt+v")
	x.until(`document.activeElement?.name === "name"`)
	x.write("Kurz")
	x.shot("panel-vormerken")
	x.do(chromedp.EmulateViewport(1024, 768)) // the button does not lie on the field
	x.until(`(f => f.name.getBoundingClientRect().right < f.querySelector("button").getBoundingClientRect().left)` +
		`(document.querySelector("form.panel"))`)
	x.do(chromedp.EmulateViewport(1280, 800))
	x.key("Enter")
	x.sees(".meldung.gut", "Abholnummer 1", "Zettel", "Pantoprazol", "Kurz")
	x.sees(".zeile", "vorgemerkt 1")
	x.ready()
	x.shot("vorgemerkt")
}

// A customer on file pays as the file says: exempt until the end of the year.
func TestKunde(t *testing.T) {
	x := open(t)
	x.key("F4")
	x.until(`document.activeElement?.name === "q"`)
	x.write("somm")
	x.until(`document.querySelectorAll("#nachtreffer .wahl").length === 1`)
	x.shot("kunde-gefunden")
	x.key("Enter")
	x.sees(".seitlich", "Sommer, Ursula", "17.04.1948", "befreit bis")
	x.ready()
}
