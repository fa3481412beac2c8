package browsertest_test

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/catalogue/muster"
)

// zwei are the screens of two machines of one pharmacy.
func zwei(t *testing.T) (one, two *till) {
	t.Helper()
	parent, err := browser()
	if err != nil {
		if os.Getenv("OFFIZIN_BROWSER") == "pflicht" {
			t.Fatal("no Chromium:", err)
		}
		t.Skip("no Chromium:", err)
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	first, err := driver.Start(t.Context(), path, "demo", "--daten", dir, "--artikel", "6000")
	if err != nil {
		t.Fatal(err)
	}
	first.Stop()
	there := filepath.Join(dir, "plaetze", "2", "katalog") // so that nobody waits for it to be shipped
	if err := os.CopyFS(there, os.DirFS(filepath.Join(dir, "katalog"))); err != nil {
		t.Fatal(err)
	}
	process, err := driver.Start(t.Context(), path, "demo", "--daten", dir, "--plaetze", "2")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(process.Stop)
	for i, x := range []**till{&one, &two} {
		ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
		t.Cleanup(cancel)
		*x = &till{T: t, ctx: ctx, dir: dir, process: &driver.Process{URL: weiter(t, process.URL, i)}}
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800)); err != nil { // opens the window, as in open
			t.Fatal(err)
		}
		for try := 0; try < 50 && !(*x).holds(`document.querySelector("#benutzer button")`); try++ { // its journal comes
			(*x).do(chromedp.Navigate((*x).process.URL + "/verkauf"))
		}
		(*x).ready()
		(*x).key("F1")
		(*x).key("1")
		(*x).until(`document.querySelector("#benutzer summary").innerText.startsWith("AB")`)
		(*x).ready()
	}
	return one, two
}

// weiter is the address some ports further.
func weiter(t *testing.T, to string, n int) string {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return "http://" + net.JoinHostPort(u.Hostname(), strconv.Itoa(port+n))
}

// schnell waits until a condition holds and says how long it took; more than a second is too long.
func (x *till) schnell(what, condition string) {
	x.Helper()
	began := time.Now()
	for !x.holds(condition) {
		if time.Since(began) > time.Second {
			x.shot("fehlschlag-" + what)
			x.Fatalf("%s: not within a second: %s\n%s", what, condition, x.text("body"))
		}
		time.Sleep(5 * time.Millisecond)
	}
	x.Logf("%s: %s", what, time.Since(began).Round(time.Millisecond))
}

// What one machine parks and sells is on the open screens of the other within a second, and
// what is being typed there stays, with its focus.
func TestNeuesAufAnderemBildschirm(t *testing.T) {
	one, two := zwei(t)
	two.write("nasen")
	one.scan(string(muster.OTCSchmerzmittel.PZN()))
	one.lines(1)
	one.ready()
	one.key("F8")
	two.schnell("parken", `document.querySelector("#f8zahl").innerText.trim() === "1" && document.querySelector("#geparktliste .karte")`)
	two.until(`document.querySelector("#eingabe").value === "nasen" && document.activeElement.id === "eingabe"`)
	two.write("x")
	two.until(`document.querySelector("#eingabe").value === "nasenx"`)

	pzn := string(muster.OTCSchmerzmittel.PZN())
	two.do(chromedp.Navigate(two.process.URL + "/lager?q=ibuprofen"))
	cell := fmt.Sprintf(`document.querySelector("#b-%s")`, pzn)
	two.until(cell + ` && document.activeElement?.name === "q"`)
	before := eval[int](two, `Number(`+cell+`.innerText)`)
	two.write("12")
	one.key("F8") // fetches it back
	one.until(`document.querySelector(".panel .wahl")`)
	one.key("Enter")
	one.lines(1)
	one.ready()
	one.key("F10")
	one.until(`document.activeElement?.name === "gegeben"`)
	one.key("Enter")
	two.schnell("bestand", fmt.Sprintf(`Number(%s.innerText) === %d`, cell, before-1))
	two.until(`document.activeElement?.name === "q" && document.activeElement.value === "ibuprofen12"`)
	two.shot("lager-neu")
}

// The page of the machines: the other one is listed, a code is shown and taken back, the rank
// is changed on one screen and seen on the other, and removing asks first.
func TestRechnerSeite(t *testing.T) {
	one, two := zwei(t)
	for _, x := range []*till{one, two} {
		x.do(chromedp.Navigate(x.process.URL + "/einstellungen/rechner"))
		x.until(`document.querySelectorAll("#rechnerliste tbody tr").length === 2`)
		x.until(`document.querySelector("#r-platz-1").innerText.includes("führt")`)
	}
	one.until(`document.querySelector("#r-platz-2").innerText.includes("läuft")`)
	one.shot("rechner")
	one.key("Alt+n")
	one.until(`/^[A-Z0-9]{4}-[A-Z0-9]{4}$/.test(document.querySelector("#code")?.innerText ?? "")`)
	one.until(`document.querySelector(".befehl").innerText.endsWith("--code " + document.querySelector("#code").innerText)`)
	one.until(`/^9:5\d min$/.test(document.querySelector("#noch").innerText)`)
	one.shot("rechner-code")
	one.key("Escape")
	one.until(`!document.querySelector("#code") && document.querySelectorAll("#rechnerliste tr").length === 3`)
	one.do(chromedp.Focus(`#r-platz-2 input[name=rang]`))
	one.do(chromedp.SetValue(`#r-platz-2 input[name=rang]`, "7"))
	one.key("Enter")
	one.until(`document.querySelector("#r-platz-2 input[name=rang]").defaultValue === "7"`)
	two.schnell("rang", `document.querySelector("#r-platz-2 input[name=rang]").defaultValue === "7"`)
	one.do(chromedp.Click(`#r-platz-2 a.knopf`))
	one.until(`document.querySelector(".frage h2")?.innerText.includes("platz-2 wirklich entfernen?")`)
	one.shot("rechner-frage")
	one.key("Escape")
	one.until(`!document.querySelector(".frage")`)
	one.do(chromedp.Click(`#r-platz-2 a.knopf`))
	one.until(`document.activeElement?.closest(".frage")`)
	one.key("Enter")
	one.until(`document.querySelectorAll("#rechnerliste tbody tr").length === 1`)
}
