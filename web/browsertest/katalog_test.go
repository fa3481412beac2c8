package browsertest_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/internal/clock"
)

// lieferung writes an invented K2 delivery that is valid from today on into the inbox.
func (x *till) lieferung(artikel int) {
	x.Helper()
	path, err := binary()
	if err != nil {
		x.Fatal(err)
	}
	inbox := filepath.Join(x.dir, "eingang")
	if err := os.MkdirAll(inbox, 0o700); err != nil {
		x.Fatal(err)
	}
	out, err := exec.Command(path, "catalogue", "lieferung", inbox, "--artikel", strconv.Itoa(artikel),
		"--ab", clock.Today(clock.NewReal()).String()).CombinedOutput()
	if err != nil {
		x.Fatalf("%v: %s", err, out)
	}
}

// einspielen goes from the articles to the page for reading in, by keys.
func (x *till) einspielen() {
	x.Helper()
	x.key("Alt+3")
	x.until(`location.pathname === "/artikel" && window.offizin`)
	x.key("Alt+k")
	x.until(`location.pathname === "/katalog" && window.offizin`)
	x.key("Alt+e")
	x.until(`location.pathname === "/katalog/einspielen" && window.offizin`)
}

// preis scans the article into an empty cart and says what the till asks for it.
func (x *till) preis(pzn, want string) {
	x.Helper()
	x.key("Alt+1")
	x.ready()
	x.scan(pzn)
	x.lines(1)
	x.sees(".zeile", want)
}

// A K2 folder is read in with its progress to be seen; what the gate holds is read and
// released with a reason, and its prices hold at the till at once, in an open cart, too;
// going back they do not any more. All by keys.
func TestEinspielenFreigebenZurueck(t *testing.T) {
	x := open(t)
	otc := string(muster.OTCSchmerzmittel.PZN())
	x.lieferung(6000)
	x.einspielen()
	x.until(`document.activeElement?.value?.startsWith("GES")`)
	x.shot("einspielen")
	x.key("F10")
	x.until(`document.querySelector("#lauf progress") || document.querySelector("#lauf a")`)
	x.until(`document.querySelector("#lauf a[data-taste=F8]")`)
	x.sees("#lauf", "Quarantäne")
	x.shot("einspielen-quarantaene")
	x.key("F8")
	x.until(`/^\/katalog\/20/.test(location.pathname) && window.offizin`)
	x.sees(".blatt", "Prüfbericht", "an Lager", "A-611", "Trotzdem freigeben")

	if err := os.WriteFile(filepath.Join(x.dir, "eingang", "neu.csv"), fmt.Appendf(nil,
		"PZN;Name;Rx;UVP\n%s;Schmerzweg Demopharm;nein;77,77\n", otc), 0o600); err != nil {
		t.Fatal(err)
	}
	x.preis(otc, "5,95 €")
	x.einspielen()
	x.until(`document.activeElement?.value === "neu.csv"`)
	x.key("F10")
	x.sees(".fehler", "A-746")
	x.key("F4")
	x.until(`document.activeElement?.name === "ab"`)
	x.write(clock.Today(clock.NewReal()).German())
	x.key("Tab")
	x.key("Tab")
	x.until(`document.activeElement?.name === "kleiner"`)
	x.key(" ")
	x.key("F10")
	x.until(`document.querySelector("#lauf a[data-taste=F8]")`)
	x.sees("#lauf", "Quarantäne")
	x.key("F8")
	x.until(`/^\/katalog\/20/.test(location.pathname) && window.offizin`)
	x.sees(".blatt", "A-611")
	x.shot("katalog-gehalten")
	x.key("F8")
	x.until(`location.pathname === "/katalog/wahl" && document.activeElement?.name === "grund"`)
	x.sees(".frage", "trotz der Fehler", "Heute gilt", "Danach gilt ab sofort", "neu.csv")
	x.write("nur zum Test")
	x.shot("katalog-freigeben")
	x.key("F10")
	x.until(`location.pathname === "/katalog/verlauf" && window.offizin`)
	x.sees("tbody", "freigegeben", "nur zum Test", "Dr. Anna Berg")
	x.key("Alt+1")
	x.ready()
	x.sees(".zeile", "77,77 €")

	x.key("Alt+3")
	x.until(`location.pathname === "/artikel" && window.offizin`)
	x.key("Alt+k")
	x.until(`location.pathname === "/katalog" && window.offizin`)
	x.key("Alt+w")
	x.until(`location.pathname === "/katalog/verlauf" && window.offizin`)
	x.key("F8")
	x.until(`location.pathname === "/katalog/wahl" && document.activeElement?.name === "grund"`)
	x.sees(".frage", "rückgängig", "Zurückgenommen wird")
	x.write("war nur ein Test")
	x.shot("katalog-umkehren")
	x.key("Enter")
	x.until(`location.pathname === "/katalog/verlauf" && window.offizin`)
	x.sees("tbody", "rückgängig gemacht", "war nur ein Test")
	x.shot("katalog-verlauf")
	x.key("Alt+1")
	x.ready()
	x.sees(".zeile", "5,95 €")
}

// A build is cancelled by a key, survives reloading and a second look, and without it
// nothing is there.
func TestEinspielenAbbrechen(t *testing.T) {
	x := open(t)
	x.lieferung(60_000)
	x.einspielen()
	x.until(`document.activeElement?.name === "quelle"`)
	x.key("F10")
	x.until(`document.querySelector("[data-nachladen]") && document.activeElement?.dataset.taste === "F9"`)
	x.until(`document.querySelector("#lauf progress")?.position > 0`)
	x.sees("#lauf", "%")
	x.until(`document.querySelector("head noscript")?.textContent.includes("refresh")`)
	x.shot("einspielen-laeuft")
	x.do(chromedp.Reload())
	x.until(`document.querySelector("[data-nachladen]") && window.offizin && document.activeElement?.dataset.taste === "F9"`)
	x.key("F9")
	x.until(`document.querySelector("#lauf")?.dataset.zustand === "abgebrochen"`)
	x.sees("#lauf", "Abgebrochen", "gilt weiter")
	x.shot("einspielen-abgebrochen")
	if left, err := filepath.Glob(filepath.Join(x.dir, "katalog", "*GES*")); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
	for _, pattern := range []string{"bau-*", "quarantaene-*"} {
		if left, err := filepath.Glob(filepath.Join(x.dir, "katalog", pattern)); err != nil || len(left) > 0 {
			t.Errorf("%v, %v", left, err)
		}
	}
}
