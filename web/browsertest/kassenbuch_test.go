package browsertest_test

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The day is closed with the keys alone: change is put in, counted coin by coin with Enter, the
// difference is confirmed, and the report is there to be printed.
func TestTagesabschluss(t *testing.T) {
	x := open(t)
	x.key("Alt+9")
	x.until(`location.pathname === "/kassenbuch" && window.offizin`)
	x.key("Alt+e")
	x.until(`document.activeElement?.name === "betrag" && window.offizin`)
	x.write("100")
	x.tuEs(`document.querySelector("select[name=art]").value = "Anfangsbestand"`)
	x.key("Tab")
	x.write("Wechselgeld")
	x.key("Enter")
	x.until(`location.pathname === "/kassenbuch" && window.offizin`)
	x.sees("#stand", "100,00 €")
	x.shot("kassenbuch")
	x.key("Alt+t")
	x.until(`document.activeElement?.name === "n50000" && document.querySelector("#summe").textContent`)
	for range 3 {
		x.weiter()
	}
	x.until(`document.activeElement?.name === "n5000"`)
	x.write("2")
	x.until(`document.querySelector("#summe").textContent === "100,00 €"`)
	x.key("Down")
	x.until(`document.activeElement?.name === "n2000"`)
	x.tuEs(`document.querySelector("#n100").focus()`)
	x.write("1")
	x.until(`document.querySelector("#summe").textContent === "101,00 €"`)
	x.shot("zaehlung")
	x.key("F10")
	x.until(`location.pathname === "/tagesabschluss/pruefen" && window.offizin`)
	x.sees(".frage", "101,00 €", "1,00 €")
	x.key("Escape")
	x.until(`location.pathname === "/tagesabschluss" && document.querySelector("#n5000").value === "2" && document.querySelector("#summe").textContent`)
	x.key("F10")
	x.until(`location.pathname === "/tagesabschluss/pruefen" && window.offizin`)
	x.key("Enter") // pressed once too often, it closes nothing
	if !x.holds(`location.pathname === "/tagesabschluss/pruefen"`) {
		t.Error("Enter has closed the day")
	}
	x.key("F9")
	x.until(`location.pathname === "/tagesabschluss/1/1" && window.offizin`)
	x.sees(".zbericht", "Z 1", "Kassendifferenz", "2 × 50,00 €")
	x.shot("abschluss")
}

// weiter presses Enter as a keyboard sends it: what the page refuses does nothing more.
func (x *till) weiter() {
	x.Helper()
	time.Sleep(typing)
	x.do(chromedp.KeyEvent(kb.Enter, func(p *input.DispatchKeyEventParams) {
		if p.Type == input.DispatchKeyEventTypeKeyDown {
			p.Type = input.DispatchKeyEventTypeRawKeyDown
		}
	}))
}
