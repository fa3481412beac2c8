package browsertest_test

import (
	"testing"

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
	x.write("nasenspray")
	x.until(`document.querySelectorAll("#treffer tr button").length > 1`)
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
