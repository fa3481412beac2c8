package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// A prescription on paper that is refused for one wrong date comes back as it was typed;
// so do the fields of the other panels.
func TestGetipptBleibt(t *testing.T) {
	l := oeffne(t)
	status, body, _ := l.post("/verkauf/muster16", "panel", "muster16", "name", "Muster", "vorname", "Erika",
		"geburt", "31.02.1970", "traeger", "PKV", "ik", "109900019", "ausgestellt", "23.11.2026", "lanr", "999999900", "noctu", "ja",
		"pzn1", "01126111", "packungen1", "2", "text3", "Salbe "+boese, "aut_idem3", "ja")
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "W-110") {
		t.Fatalf("%d %s", status, alert(body))
	}
	for _, want := range []string{
		`name="name" value="Muster"`, `name="vorname" value="Erika"`, `name="geburt" value="31.02.1970"`, `selected>PKV<`,
		`name="ik" value="109900019"`, `name="ausgestellt" value="23.11.2026"`, `name="lanr" value="999999900"`,
		`name="noctu" value="ja" checked`, `name="befreit" value="ja">`, `name="pzn1" value="01126111"`,
		`name="packungen1" value="2"`, `name="text3" value="Salbe &lt;script&gt;`, `name="aut_idem3" value="ja" checked`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("what was typed is gone: %s", want)
		}
	}
	body = l.page(t, "/verkauf?panel=muster16")
	for _, want := range []string{`name="name" value=""`, `name="packungen1" value="1"`, `name="packungen2" value=""`} {
		if !strings.Contains(body, want) {
			t.Errorf("the empty panel lacks %s", want)
		}
	}
}

// Too little money is refused, and Enter once more does not book it as the exact amount.
func TestZuWenigBleibt(t *testing.T) {
	a := workflowtest.Rx("01126111", "Tee", "Tee", 200, 595)
	a.Verschreibungspflichtig = false
	l := oeffneMit(t, a)
	l.post("/verkauf/scan", "text", "01126111")
	cart, err := l.d.Verkauf.Aktuell(l.Ctx)
	l.Must(err)
	due := strconv.Itoa(int(cart.Summen.Patient))
	status, body, _ := l.post("/verkauf/bezahlen", "vorgang", cart.Vorgang.ID, "panel", "bar", "erwartet", due, "gegeben", "1,23")
	if status < 400 || !strings.Contains(body, "V-208") || !strings.Contains(body, `name="gegeben" value="1,23"`) {
		t.Errorf("%d %s", status, alert(body))
	}
}

// The prescription that was just taken in is dispensed first, even if the one before it
// has a line that still lacks its article; a line that is but a PZN is named by it.
func TestEingelesenesZuerst(t *testing.T) {
	l := oeffne(t)
	unknown := rezept.Verordnung{Art: rezept.PZNVerordnung, PZN: "06313728", Packungen: 1}
	cart, first := l.verordnet(t, unknown)
	status, body, to := l.post("/verkauf/muster16", "vorgang", cart, "name", "Zweite", "geburt", "03.05.1972", "traeger", "GKV",
		"ik", "109900019", "ausgestellt", "23.11.2026", "pzn1", "01126111", "dann", "rezept")
	if status != http.StatusSeeOther || !strings.Contains(to, "panel=auswahl") || strings.Contains(to, "rezept="+first) {
		t.Errorf("%d %s %s", status, to, alert(body))
	}
	if body = l.page(t, "/verkauf?panel=rezept&vorgang="+cart); !strings.Contains(body, "1 × PZN 06313728") {
		t.Error("the line is nameless")
	}
	if n := strings.Count(body, `data-teil autofocus>Artikel wählen`); n != 1 { // Enter goes on with the first open line
		t.Errorf("the focus is on %d lines", n)
	}
}
