package browsertest_test

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/app/driver"
)

// leer starts the program on an empty folder, as somebody does who has just installed it.
func leer(t *testing.T) *till {
	t.Helper()
	parent, err := browser()
	if err != nil {
		if os.Getenv("OFFIZIN_BROWSER") == "pflicht" {
			t.Fatal("no Chromium:", err)
		}
		t.Skip("no Chromium:", err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	x := &till{T: t, ctx: ctx, dir: t.TempDir()}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800)); err != nil {
		t.Fatal(err)
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	if x.process, err = driver.Start(ctx, path, "node", "--daten", x.dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.process.Stop)
	return x
}

// dran waits until a step is the next one and its key has the focus.
func (x *till) dran(words ...string) {
	x.Helper()
	x.until(`location.pathname === "/einstellungen/inbetriebnahme" && window.offizin`)
	x.sees("#dran", words...)
}

// steht waits until a step is shown as something.
func (x *till) steht(schritt string, words ...string) {
	x.Helper()
	x.sees(`tr[data-schritt="`+schritt+`"]`, words...)
}

// feld types into a field that has the focus.
func (x *till) feld(name, text string) {
	x.Helper()
	x.until(`document.activeElement?.name === "` + name + `"`)
	x.write(text)
}

// A new till from nothing to its first signed Bon, with the keys alone: the program begins on an
// empty folder and leads; what is there is read, what somebody does not want is put off.
func TestInbetriebnahme(t *testing.T) {
	x := leer(t)
	x.do(chromedp.Navigate(x.process.URL + "/"))
	x.until(`location.pathname === "/einstellungen/inbetriebnahme" && window.offizin`)
	x.sees("main", "Hier arbeitet noch niemand")
	x.sees("#ampel", "Inbetriebnahme offen")
	x.shot("inbetriebnahme-leer")
	x.feld("kuerzel", "AB")
	x.key("Tab")
	x.feld("name", "Anna Berg")
	x.key("Enter")

	x.dran("1 · Angaben zur Apotheke")
	x.steht("apotheke", "Es fehlt: Name, Inhaber, Straße, PLZ, Ort, Steuernummer oder USt-IdNr.", "fehlt (Pflicht)")
	x.steht("platz", "1-000001", "wird mit der TSE vergeben")
	x.shot("inbetriebnahme-anfang")
	x.key("Enter")
	for _, f := range [][2]string{
		{"name", "Linden-Apotheke"},
		{"inhaber", "Anna Berg"},
		{"strasse", "Lindenweg 1"},
		{"plz", "70173"},
		{"ort", "Stuttgart"},
	} {
		x.feld(f[0], f[1])
		x.key("Tab")
	}
	x.key("Tab") // Telefon
	x.key("Tab") // IK
	x.feld("steuernummer", "99/012/34567")
	x.key("Enter")

	x.dran("3 · TSE")
	x.steht("apotheke", "erledigt")
	x.key("Enter")
	x.until(`location.pathname === "/tse" && window.offizin`)
	x.shot("inbetriebnahme-tse")
	x.key("Escape") // not now: the next one is offered
	x.dran("4 · Bondrucker")
	x.key("Up")
	x.tuEs(`document.querySelector('tr[data-schritt="tse"] a').focus()`)
	x.key("Enter")
	x.until(`location.pathname === "/tse" && window.offizin`)
	x.key("F3")
	x.until(`document.activeElement?.name === "treiber"`)
	x.key("S") // Simulator
	x.until(`document.activeElement.value === "simulator"`)
	x.key("F10")
	x.dran("4 · Bondrucker")
	x.steht("tse", "erledigt", "nur zum Üben", "Zertifikat gilt bis", "noch")
	x.steht("platz", "OFFIZIN-")
	x.steht("mitteilung", "entfällt", "Ein Simulator wird nicht mitgeteilt")
	x.key("F8")

	x.dran("5 · Kartenterminal")
	x.shot("inbetriebnahme-kartenterminal")
	x.steht("bondrucker", "zurückgestellt")
	x.key("Enter") // there is no page for it: Enter puts it off
	x.dran("6 · Anfangsbestand")
	x.key("Enter")
	x.until(`document.activeElement?.name === "n50000" && document.querySelector("#summe").textContent`)
	x.tuEs(`document.querySelector("#n5000").focus()`)
	x.write("2")
	x.weiter()
	x.write("5")
	x.until(`document.querySelector("#summe").textContent === "200,00 €"`)
	x.shot("inbetriebnahme-anfangsbestand")
	x.key("F10")

	x.dran("7 · Personal mit PIN")
	x.steht("anfangsbestand", "erledigt", "200,00 €")
	x.key("F8")
	x.lieferung(400)
	x.dran("9 · Artikelkatalog")
	x.steht("probe", "Hier wurde noch nie etwas gebucht")
	x.key("Enter")
	x.until(`document.activeElement?.value?.startsWith("GES")`)
	x.key("F10")
	x.until(`document.querySelector("#lauf a[data-taste=F8]")`)
	x.key("Escape")
	x.dran("10 · Übungsverkauf")
	x.shot("inbetriebnahme-fast")
	x.uebe()
	if x.holds(`document.querySelector("#ampel").innerText.includes("Inbetriebnahme")`) {
		t.Error("the Ampel speaks of what is done")
	}
}

// uebe sells a voucher in practice and comes back.
func (x *till) uebe() {
	x.Helper()
	x.key("Enter")
	x.ready()
	x.sees(".kopf", "ÜBUNG")
	x.key("Alt+h")
	x.feld("wert", "20")
	x.key("Enter")
	x.lines(1)
	x.ready()
	x.zahle()
	x.shot("inbetriebnahme-uebung")
	x.key("Alt+8")
	x.until(`location.pathname === "/einstellungen" && window.offizin`)
	x.key("Alt+i")
	x.dran("beenden Sie den Übungsbetrieb")
	x.steht("probe", "1-00000", "Übung", "von der TSE signiert")
	x.key("Enter")
	x.dran("Dieser Kassenplatz ist bereit, aber nur zum Üben")
	x.steht("probe", "erledigt")
	x.shot("inbetriebnahme-fertig")
}
