package browsertest_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// A Bon is found and opened with the keys alone: ↓ goes from the field into the list, ↑ back, Enter
// opens. On the narrow screen of a till the field is still wide enough to read what was typed.
func TestBonsSuchen(t *testing.T) {
	x := open(t)
	x.key("Alt+h")
	x.until(`document.activeElement?.name === "wert"`)
	x.write("50")
	x.key("Enter")
	x.lines(1)
	x.key("F10")
	x.until(`document.activeElement?.name === "gegeben"`)
	x.key("Enter")
	x.sees(".bezahlt", "1-000001")
	x.do(chromedp.EmulateViewport(1024, 768))
	x.key("Alt+6")
	x.until(`location.pathname === "/berichte" && window.offizin`)
	x.key("Alt+b")
	x.until(`location.pathname === "/bons" && document.activeElement?.name === "q" && window.offizin`)
	x.until(`document.querySelector("input[name=q]").offsetWidth >= 200`)
	x.shot("bons-suchen")
	x.key("Down")
	x.until(`document.activeElement?.getAttribute("href") === "/bon/1-000001"`)
	x.key("Up")
	x.until(`document.activeElement?.name === "q"`)
	x.key("Down")
	x.key("Enter")
	x.until(`location.pathname === "/bon/1-000001"`)
}
