package browsertest_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/catalogue/muster"
)

// treffer waits until the till shows hits for which a condition on the list holds; before
// there are any, it does not.
func (x *till) treffer(condition string) {
	x.Helper()
	x.until(`(rows => rows.length > 0 && ` + condition + `)([...document.querySelectorAll("#treffer tr")].filter(r => r.querySelector("button")))`)
}

// The filters of the till, by key alone: each is shown while it is on, they go together, an
// empty list says which of them hides how much, and Esc forgets them all.
func TestFilterImVerkauf(t *testing.T) {
	x := open(t)
	x.write("ibu")
	x.treffer(`true`)
	x.key("Alt+x")
	x.sees(`#treffer [data-taste="Alt+x"][aria-pressed=true]`, "nur Rx")
	x.treffer(`rows.every(r => r.querySelector(".marke.rx"))`)
	x.key("Alt+x")
	x.sees(`#treffer [data-taste="Alt+x"][aria-pressed=true]`, "nur OTC")
	x.treffer(`rows.every(r => !r.querySelector(".marke.rx"))`)
	x.key("Alt+l")
	x.sees(`#treffer [data-taste="Alt+l"][aria-pressed=true]`, "nur am Lager")
	x.treffer(`rows.every(r => r.innerText.includes("Lager") && !r.innerText.includes("nicht am Lager"))`)
	x.shot("filter-verkauf")
	x.write("profen")
	x.sees(`#treffer [data-taste="Alt+l"][aria-pressed=true]`, "nur am Lager")
	x.treffer(`true`)
	x.until(`document.activeElement?.id === "eingabe"`)
	x.key("Escape")
	x.until(`document.querySelector("#treffer").childElementCount === 0`)
	x.write("ramipril")
	x.treffer(`document.querySelectorAll("#treffer [aria-pressed=true]").length === 0`)
	x.key("Alt+x")
	x.sees(`#treffer [data-taste="Alt+x"]`, "nur Rx")
	x.key("Alt+x")
	x.sees("#treffer .leer", "Mit diesen Filtern passt nichts.", "Ohne „nur OTC“:")
	x.shot("filter-nichts")
	x.key("Alt+x")
	x.treffer(`rows[0].classList.contains("an")`)
	x.key("Enter")
	x.lines(1)
	x.ready()
}

// With a prescription on the counter the partners of its insurer come first and bear a mark;
// a key leaves only them.
func TestFilterPartner(t *testing.T) {
	x := open(t)
	x.datei(x.demo("1-zuzahlung.xml"))
	x.waehle("Ramipril Demopharm")
	x.write("metformin")
	x.treffer(`true`)
	x.key("Alt+i")
	x.sees(`#treffer [data-taste="Alt+i"][aria-pressed=true]`, "nur Partner")
	x.treffer(`rows.every(r => r.innerText.includes("Vertrag"))`)
	x.shot("filter-partner")
}

// What costs less than the chosen hit, and than the chosen line of the cart: cheapest first,
// taken with Enter.
func TestGuenstigerImVerkauf(t *testing.T) {
	x := open(t)
	x.scan(string(muster.RxMehrkosten.PZN()))
	x.lines(1)
	x.ready()
	x.key("Alt+a")
	x.sees(`#treffer [data-taste="Alt+a"][aria-pressed=true]`, "Günstiger als Atovalan")
	x.treffer(`!rows.some(r => r.innerText.includes("Atovalan"))`)
	x.until(`document.activeElement?.id === "eingabe" && document.activeElement.value === ""`)
	x.shot("filter-guenstiger")
	x.key("Escape")
	x.until(`document.querySelector("#treffer").childElementCount === 0`)
	x.write("atovalan")
	x.treffer(`rows[0].innerText.includes("Atovalan")`)
	x.key("Alt+a")
	x.treffer(`!rows.some(r => r.innerText.includes("Atovalan"))`)
	x.key("Down")
	x.key("Enter")
	x.lines(2)
	x.ready()
}

// The search and the page of an article by keys: filters, the contract of an insurer, what
// is cheaper, and the price history.
func TestArtikelMitTasten(t *testing.T) {
	x := open(t)
	x.key("Alt+3")
	x.until(`location.pathname === "/artikel" && window.offizin && document.activeElement?.name === "q"`)
	x.write("metformin")
	x.key("Alt+x") // what was typed goes with it
	x.until(`new URLSearchParams(location.search).get("nur") === "rx" && window.offizin && document.activeElement?.name === "q"`)
	x.sees(`[data-taste="Alt+x"][aria-pressed=true]`, "nur Rx")
	x.until(`document.querySelectorAll("tbody .marke.rx").length > 0`)
	x.key("Alt+l")
	x.until(`new URLSearchParams(location.search).get("lager") === "1" && window.offizin && document.activeElement?.name === "q"`)
	x.sees(`[data-taste="Alt+l"][aria-pressed=true]`, "nur am Lager")
	x.key("Alt+l")
	x.until(`!new URLSearchParams(location.search).get("lager") && window.offizin && document.activeElement?.name === "q"`)
	x.key("Alt+i")
	x.until(`document.activeElement?.name === "ik"`)
	x.write(muster.DemoIK)
	x.key("Enter")
	x.until(`new URLSearchParams(location.search).get("ik") && window.offizin && document.activeElement?.name === "q"`)
	x.until(`document.querySelectorAll("tbody tr").length === document.querySelectorAll("tbody .marke.gut").length`)
	x.shot("artikel-filter")

	x.do(chromedp.Navigate(x.process.URL + "/artikel/" + string(muster.RxMehrkosten.PZN()) + "?ik=" + muster.DemoIK))
	x.until(`window.offizin`)
	x.sees(".blatt", "Was ein erwachsener GKV-Patient zahlt", "Als Nächstes", "01.01.2027", "neues Recht", "Rabattverträge")
	x.shot("artikel-blatt")
	x.key("Alt+h")
	x.until(`location.search.includes("verlauf=1") && window.offizin`)
	x.sees(".verlauf", "gilt heute")
	x.shot("artikel-verlauf")
	x.key("Alt+a")
	x.until(`location.pathname === "/artikel" && location.search.includes("guenstiger=") && window.offizin`)
	x.sees(`[data-taste="Alt+a"][aria-pressed=true]`, "Günstiger als Atovalan")
	x.until(`document.querySelectorAll("tbody td a").length > 0`)
	x.shot("artikel-guenstiger")
	x.key("Alt+a")
	x.until(`!new URLSearchParams(location.search).get("guenstiger") && window.offizin`)

	x.do(chromedp.Navigate(x.process.URL + "/artikel/" + string(muster.Lifestyle.PZN())))
	x.sees(".gruppen", "Die Krankenkasse zahlt diesen Artikel nicht (§ 34 SGB V)")
	x.shot("artikel-lifestyle")
}
