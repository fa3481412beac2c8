package browsertest_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/catalogue/muster"
)

// An article is made and another priced by keys alone; both are found and sold, the sheet of
// the other tells both prices, and the price list says what the till says.
func TestEigenesAnDerTheke(t *testing.T) {
	x := open(t)
	x.key("Alt+3")
	x.until(`location.pathname === "/artikel" && window.offizin`)
	x.key("Alt+e")
	x.until(`location.pathname === "/eigene" && window.offizin`)
	x.sees("main", "Noch nichts Eigenes")
	x.key("Alt+n")
	x.until(`location.pathname === "/eigene/neu" && window.offizin && document.activeElement?.name === "name"`)
	x.write("Hustentee")
	for _, text := range []string{"100", "g", "6,90"} {
		x.key("Tab")
		x.write(text)
	}
	x.shot("eigene-neu")
	x.key("Enter")
	x.until(`location.pathname === "/eigene/08000005" && window.offizin`)
	x.sees("main", "Hustentee", "6,90 €")
	otc := string(muster.OTCSchmerzmittel.PZN())
	x.scan(otc)
	x.until(`location.pathname === "/eigene/` + otc + `" && window.offizin && document.activeElement?.name === "preis_neu"`)
	x.write("5,49")
	x.key("Enter")
	x.sees("main", "gilt", "5,49 €", "5,95 €")
	x.shot("eigene-preis")
	x.key("Escape")
	x.until(`location.pathname === "/eigene" && window.offizin`)
	x.sees("main", "Hustentee", "5,49 €", "5,95 €")
	x.shot("eigene-liste")
	x.do(chromedp.Navigate(x.process.URL + "/artikel/" + otc))
	x.sees("main", "UVP laut Katalog", "5,95 €", "eigener Preis")
	x.shot("artikel-eigener-preis")
	x.preis(otc, "5,49 €")
	x.write("hustentee")
	x.key("Enter")
	x.lines(2)
	x.sees("main", "12,39 €")
	x.shot("verkauf-eigenes")
	phone := offline(t, x.preisauskunft(), "")
	phone.until(`document.body?.dataset.bereit === "ja"`)
	for text, want := range map[string]string{"hustentee": "6,90", otc: "5,49"} {
		if says, _ := phone.frage(text); !strings.Contains(says, want) {
			t.Errorf("the list says of %s: %s", text, says)
		}
	}
}

// preisauskunft saves the price list of the running pharmacy as a file.
func (x *till) preisauskunft() string {
	x.Helper()
	r, err := http.Get(x.process.URL + "/preisauskunft")
	if err != nil {
		x.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	page, err := io.ReadAll(r.Body)
	file := filepath.Join(x.TempDir(), "preisauskunft.html")
	if err = errors.Join(err, os.WriteFile(file, page, 0o600)); err != nil || r.StatusCode != http.StatusOK {
		x.Fatal(r.Status, err)
	}
	return file
}
