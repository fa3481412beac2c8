package browsertest_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/catalogue/muster"
)

// The keys written on the buttons work on every page, not only at the till: Esc goes
// back, page down turns the page, F10 puts the article into the sale.
func TestTastenDerWaren(t *testing.T) {
	x := open(t)
	x.key("Alt+3")
	x.sees("h1", "Artikel")
	x.write("ibuprofen")
	x.key("Enter")
	x.until(`document.querySelector("td a[href^='/artikel/']")`)
	x.holds(`document.querySelector("td a[href^='/artikel/']").click() ?? true`)
	x.sees(".blatt", "In den Verkauf")
	x.key("Escape")
	x.until(`location.pathname === "/artikel"`)
	x.key("Alt+4")
	x.until(`document.querySelector("[data-taste=PageDown]")`)
	x.key("PageDown")
	x.until(`new URLSearchParams(location.search).get("nach")`)
	x.do(chromedp.Navigate(x.process.URL + "/artikel/" + string(muster.OTCSchmerzmittel.PZN())))
	x.sees(".blatt", "In den Verkauf")
	x.key("F10")
	x.lines(1)
}
