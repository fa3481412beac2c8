package browsertest_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The machine comes back with its clock two hours behind what the folder has seen: the page
// says so in red, the till sells, and F9 confirms.
func TestUhrBestaetigen(t *testing.T) {
	x := open(t)
	x.process.Stop()
	seen := time.Now().UTC().Add(2 * time.Hour).Format(time.RFC3339)
	if err := os.WriteFile(filepath.Join(x.dir, "uhr.json"), []byte(`{"hoechste":"`+seen+`"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	x.start()
	if err := chromedp.Do(x.ctx, chromedp.Navigate(x.process.URL+"/stoerungen")); err != nil {
		t.Fatal(err)
	}
	x.sees("#uhr", "gestört", "Uhr zweifelhaft", "U-101")
	x.sees(".frage", "Stimmt die Uhr des Rechners?", "F9")
	x.shot("uhr-zweifelhaft")
	x.key("F9")
	x.until(`!document.querySelector("#tagesarbeiten").innerText.includes("U-111")`) // it has only just started
	x.sees("#uhr", "läuft", "Die Uhr geht gleichmäßig.")
	x.until(`document.querySelector(".frage") === null`)
	x.shot("uhr-bestaetigt")
}
