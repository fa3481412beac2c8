package browsertest_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// On a small screen, in practice, what the Ampel says is read to its end, also when it says a lot; the
// name of the pharmacy gives way.
func TestUebungLaesstDieAmpelLesen(t *testing.T) {
	x := open(t)
	x.key("Alt+8")
	x.until(`location.pathname === "/einstellungen" && window.offizin`)
	x.key("Alt+b")
	x.ready()
	x.sees(".kopf", "ÜBUNG")
	x.do(chromedp.EmulateViewport(1024, 768))
	const ganz = `((e) => e.scrollWidth <= e.clientWidth && e.getBoundingClientRect().right < innerWidth)(document.querySelector(".ampel"))`
	x.until(ganz)
	x.tuEs(`document.querySelector(".ampel").lastChild.textContent = "E-Rezept gestört seit 8:12 (VSDM) – Ausdruck einlösen geht"`)
	if !x.holds(ganz) {
		t.Error("the Ampel is cut")
	}
	if !x.holds(`((e) => e.right <= innerWidth && e.width > 40)(document.querySelector("#benutzer").getBoundingClientRect())`) {
		t.Error("the user has no room")
	}
	x.shot("uebung")
	x.key("Escape")
	x.key("F9") // the last Bon of the till is a real one: nobody undoes it to practise
	x.sees(".panel", "Im Übungsbetrieb wird nichts storniert")
}
