package browsertest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/internal/clock"
)

// liste lays a list on the catalogue of the running pharmacy, from today on.
func (x *till) liste(vorlage, text string) {
	x.Helper()
	path, err := binary()
	if err != nil {
		x.Fatal(err)
	}
	dir := x.TempDir()
	list, how := filepath.Join(dir, vorlage+".csv"), filepath.Join(dir, "zuordnung.txt")
	for name, text := range map[string]string{list: text, how: "umfang = teil\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			x.Fatal(err)
		}
	}
	for limit := time.Now().Add(patient); ; time.Sleep(100 * time.Millisecond) {
		out, err := exec.Command(path, "catalogue", "import", list, "--vorlage", vorlage, "--zuordnung", how,
			"--ab", clock.Today(clock.NewReal()).String(), "--daten", x.dir).CombinedOutput()
		if err == nil {
			return
		}
		if !strings.Contains(string(out), "A-430") || time.Now().After(limit) { // the demo builds its next catalogue
			x.Fatalf("%v: %s", err, out)
		}
	}
}

// Lists are read in while somebody sells: the next scan computes with them, and Warum? and
// the page of the article say where it is from. § 31(2), § 61, § 31(3) S. 4 SGB V.
func TestListenImVerkauf(t *testing.T) {
	x := open(t)
	ab := clock.Today(clock.NewReal()).German()
	atovalan := string(muster.RxMehrkosten.PZN())
	x.liste("festbetrag", "PZN;Festbetrag\n"+atovalan+";20,40\n")
	x.liste("zuzahlungsfrei", "PZN\n"+string(muster.RxZuzahlung5.PZN())+"\n")
	x.datei(x.demo("2-festbetrag-mehrkosten.xml"))
	x.waehle("Atovalan")
	x.ready()
	x.key("?")
	x.sees("#warum", "Festbetrag 20,40 € statt", "(Festbetragsliste ab "+ab+")", "− 20,40 € =")
	x.shot("warum-festbetragsliste")
	x.ready()
	x.zahle()
	x.ready()
	x.datei(x.demo("1-zuzahlung.xml"))
	x.waehle("Ramipril Demopharm")
	x.sees(".zeile", "0,00 €")
	x.key("?")
	x.sees("#warum", "(Zuzahlungsbefreiungsliste ab "+ab+")")
	x.shot("warum-zuzahlungsfrei")
	x.do(chromedp.Navigate(x.process.URL + "/artikel/" + atovalan))
	x.sees("main", "20,40 €", "Festbetrag · Festbetragsliste ab "+ab)
	x.shot("artikel-festbetragsliste")
	x.do(chromedp.Navigate(x.process.URL + "/katalog"))
	x.sees("main", "Zuzahlungsbefreiungsliste zuzahlungsfrei.csv", "Festbetragsliste festbetrag.csv")
	x.shot("kataloge-mit-listen")
	x.do(chromedp.Navigate(x.process.URL + eval[string](x, `document.querySelector("tr.an a").getAttribute("href")`)))
	x.sees("main", "Aufgelegt auf")
	x.shot("katalog-liste")
}
