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

// A scan is heard on every page: in the stock it opens the article, pack after pack; in
// the lists it is the search; where a field waits for a PZN it is filled in. A Bon wants
// no scan: there it begins the next sale.
func TestScanUeberall(t *testing.T) {
	x := open(t)
	otc, frei := string(muster.OTCSchmerzmittel.PZN()), string(muster.FreiwahlVoll.PZN())
	x.key("Alt+4")
	x.until(`location.pathname === "/lager" && window.offizin && document.activeElement?.name === "q"`)
	x.scan(otc)
	x.until(`location.pathname === "/lager/` + otc + `" && window.offizin && document.activeElement?.name === "menge"`)
	x.scan(frei)
	x.until(`location.pathname === "/lager/` + frei + `"`)
	x.key("Alt+3")
	x.until(`location.pathname === "/artikel" && window.offizin && document.activeElement?.name === "q"`)
	x.scan(otc)
	x.until(`location.pathname === "/artikel/` + otc + `"`)
	x.key("Alt+4")
	x.until(`location.pathname === "/lager" && window.offizin`)
	x.key("Alt+v")
	x.until(`location.pathname === "/vormerkungen" && window.offizin && document.activeElement?.name === "pzn"`)
	x.scan(otc)
	x.until(`document.activeElement?.name === "pzn" && document.activeElement.value === "` + otc + `"`)
	x.key("Alt+1")
	x.ready()
	x.scan(otc)
	x.lines(1)
	x.key("F10")
	x.until(`document.activeElement?.name === "gegeben"`)
	x.scan(frei) // one more pack while the money is counted: nothing is booked
	x.lines(2)
	x.ready()
	x.zahle()
	x.ready()
	x.key("F12")
	x.sees(".bon", "1-000001", "10,93 €")
	x.until(`window.offizin`)
	x.scan(frei)
	x.lines(1)
	x.ready()
}

// From the articles to the generations, the price changes, the labels and back, by keys.
func TestKatalogMitTasten(t *testing.T) {
	x := open(t)
	x.key("Alt+3")
	x.until(`location.pathname === "/artikel" && window.offizin && document.activeElement?.name === "q"`)
	x.key("Alt+k")
	x.until(`location.pathname === "/katalog" && window.offizin && document.activeElement?.matches("td a")`)
	x.sees(".blatt", "gilt heute", "Kataloge")
	for range 100 { // the next one is built beside the sales
		if x.holds(`document.querySelectorAll("tbody td a").length === 2`) {
			break
		}
		x.do(chromedp.Reload())
	}
	x.sees(".blatt", "kommt")
	x.shot("katalog")
	x.key("Alt+p")
	x.until(`location.pathname === "/katalog/preise" && window.offizin`)
	x.sees(".preise", "Summe")
	x.shot("katalog-preise")
	x.key("Alt+r")
	x.until(`new URLSearchParams(location.search).get("nur") === "etiketten" && window.offizin`)
	x.sees(".preise", "Summe")
	x.shot("katalog-etiketten")
	x.key("Alt+k")
	x.until(`location.pathname === "/katalog" && window.offizin && document.activeElement?.matches("td a")`)
	x.key("Enter")
	x.until(`location.pathname.startsWith("/katalog/") && window.offizin`)
	x.sees(".blatt", "Prüfbericht")
	x.shot("katalog-blatt")
	x.key("Escape")
	x.until(`location.pathname === "/katalog" && window.offizin`)
	x.key("Escape")
	x.until(`location.pathname === "/artikel"`)
}
