package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

const partnerIK = "109900019"

// sortiert is a house with three equal drugs, one of them of a partner of partnerIK, and one
// that the GKV does not pay.
func sortiert(t *testing.T) (*laden, map[string]string) {
	t.Helper()
	l := warenhaus(t)
	pzn := map[string]string{}
	var rows []catalogue.Zeile
	for i, name := range []string{"Teurol", "Mittol", "Billol", "Lifol"} {
		a := workflowtest.Rx(workflowtest.PZN([]string{"2000001", "2000002", "2000003", "2000004"}[i]), name, "Testolin", 1000, money.Cent(9000-2000*i))
		if name == "Lifol" {
			a.Lifestyle, a.Wirkstoff = true, "Anderin"
		}
		pzn[name] = string(a.PZN)
		rows = append(rows, catalogue.Zeile{Artikel: a})
	}
	otc := rows[0].Artikel
	otc.PZN, otc.Name, otc.Wirkstoff, otc.Verschreibungspflichtig, otc.UVP = workflowtest.PZN("2000005"), "Frol", "", false, 500
	pzn["Frol"] = string(otc.PZN)
	rows = append(rows, catalogue.Zeile{Artikel: otc})
	g, err := katalog.New(catalogue.Manifest{ID: "jetzt", Quelle: boese, GueltigAb: 20261101}, catalogue.QuelleAus(rows, []catalogue.Vertragszeile{
		{IK: partnerIK, PZN: rows[1].Artikel.PZN, Vertrag: zuzahlung.Vertrag{Faktor: 50, MehrkostenErlassen: true}},
	}))
	l.Must(err)
	l.Kern.Katalog = katalog.NewCatalogue(g)
	return l, pzn
}

// gefunden are the names of the articles on a page, in order.
func gefunden(body string) string {
	var list []string
	for _, name := range []string{"Billol", "Mittol", "Teurol", "Lifol", "Frol"} {
		if strings.Contains(body, "<td>"+name+" <span") || strings.Contains(body, `">`+name+`<span class="schmal">`) {
			list = append(list, name)
		}
	}
	return strings.Join(list, " ")
}

// The filters of both searches, as addresses.
func TestFilterAdressen(t *testing.T) {
	l, pzn := sortiert(t)
	for query, want := range map[string]string{
		"q=5": "Billol Mittol Teurol Lifol Frol", "q=5&nur=rx": "Billol Mittol Teurol Lifol", "q=5&nur=otc": "Frol", "q=5&nur=quatsch": "Billol Mittol Teurol Lifol Frol",
		"q=5&lager=1": "", "q=5&nur=lager": "", "guenstiger=" + pzn["Teurol"]: "Billol Mittol", "guenstiger=" + pzn["Billol"]: "",
		"q=mittol&guenstiger=" + pzn["Teurol"]: "Mittol", "guenstiger=99999999": "",
	} {
		for _, path := range []string{"/artikel?", "/suche?vorgang=x&"} {
			if got := gefunden(l.page(t, path+query)); got != want {
				t.Errorf("%s%s: %q, want %q", path, query, got, want)
			}
		}
	}
	for query, want := range map[string]string{
		"/artikel?q=5&ik=" + partnerIK: "Mittol", "/artikel?q=5&ik=109+900+019": "Mittol",
		"/suche?q=5&partner=1&ik=" + partnerIK: "Mittol", "/suche?q=5&partner=1": "Billol Mittol Teurol Lifol Frol",
		"/suche?q=5&ik=" + partnerIK: "Billol Mittol Teurol Lifol Frol", "/suche?q=5&um=guenstiger&wahl=" + pzn["Teurol"]: "Billol Mittol",
		"/verkauf?um=guenstiger&wahl=" + pzn["Teurol"]: "Billol Mittol", "/verkauf?q=5&nur=otc": "Frol",
	} {
		if got := gefunden(l.page(t, query)); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	if body := l.page(t, "/suche?q=mittol&ik="+partnerIK); !strings.Contains(body, ">Vertrag<") {
		t.Error("no mark of the contract")
	}
}

// A key goes on to the next state of its filter, and leaves an address to come back to.
func TestFilterTasten(t *testing.T) {
	l, pzn := sortiert(t)
	for query, want := range map[string]string{
		"q=5&um=nur": "nur=rx&q=5", "q=5&nur=rx&um=nur": "nur=otc&q=5", "q=5&nur=otc&um=nur": "q=5", "q=5&um=lager": "lager=1&q=5",
		"q=5&lager=1&um=lager": "q=5", "q=5&guenstiger=" + pzn["Teurol"] + "&um=guenstiger": "q=5", "q=a%26b&nur=rx&um=lager": "lager=1&nur=rx&q=a%26b",
	} {
		status, _, to := l.send(httptest.NewRequest(http.MethodGet, "http://localhost/artikel?"+query, nil))
		if status != http.StatusSeeOther || to != "/artikel?"+want {
			t.Errorf("%s: %d %s, want %s", query, status, to, want)
		}
	}
	for query, pressed := range map[string]string{"q=5&um=nur": "nur Rx", "q=5&um=lager": "nur am Lager", "q=5&um=partner&ik=" + partnerIK: "nur Partner"} {
		body := l.page(t, "/suche?"+query)
		if !strings.Contains(body, `aria-pressed="true"><b>`+pressed) {
			t.Errorf("%s: %q is not shown as set", query, pressed)
		}
	}
}

// An empty list says which filter hides how many hits.
func TestFilterVerbirgt(t *testing.T) {
	l, pzn := sortiert(t)
	for query, want := range map[string]string{
		"q=5&lager=1": "Ohne „nur am Lager“: <b>5</b>", "q=frol&nur=rx": "Ohne „nur Rx“: <b>1</b>", "q=teurol&nur=otc": "Ohne „nur OTC“: <b>1</b>",
		"q=frol&lager=1&nur=rx": "Ohne alle Filter: <b>1</b>", "q=zzz&lager=1": "Kein Artikel passt", "guenstiger=" + pzn["Billol"]: "Nichts Gleiches kostet weniger",
		"q=frol&guenstiger=" + pzn["Teurol"]: "Ohne „günstiger“: <b>1</b>", "q=teurol&partner=1&ik=" + partnerIK: "Ohne „nur Partner“: <b>1</b>",
	} {
		for _, path := range []string{"/artikel?", "/suche?"} {
			if body := l.page(t, path+query); !strings.Contains(body, want) {
				t.Errorf("%s%s: without %q", path, query, want)
			}
		}
	}
	for _, path := range []string{"/artikel?q=5&ik=12", "/artikel/" + pzn["Mittol"] + "?ik=12"} {
		if status, body := l.get(path); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest || !strings.Contains(alert(body), "A-761") ||
			strings.Contains(body, "Kein Artikel") {
			t.Errorf("%s: %d %s", path, status, alert(body))
		}
	}
}

// The page of an article: contracts, what may replace it, what comes next; a Zuzahlung only
// where the till would take one (§ 34 SGB V).
func TestArtikelBlatt(t *testing.T) {
	l, pzn := sortiert(t)
	body := l.page(t, "/artikel/"+pzn["Mittol"]+"?ik="+partnerIK+"&verlauf=1")
	for _, want := range []string{
		"diese Krankenkasse", "halb", "erlassen", "1 Günstigere", "01.01.2027", "neues Recht", "<b>7,50", "gilt heute", "Gelesene Kataloge: 1", "&lt;script&gt;",
	} {
		if !strings.Contains(strings.ReplaceAll(body, "\u00a0", " "), want) {
			t.Errorf("without %q", want)
		}
	}
	if body := l.page(t, "/artikel/"+pzn["Mittol"]+"?ik=100000009"); !strings.Contains(body, "keinen Rabattvertrag") {
		t.Error("an insurer without a contract is not told so")
	}
	body = l.page(t, "/artikel/"+pzn["Lifol"])
	if !strings.Contains(body, "§ 34 SGB V") && !strings.Contains(body, "§\u00a034 SGB V") || strings.Contains(body, "So gerechnet") {
		t.Error("a Zuzahlung is told that the till does not take")
	}
	if body := l.page(t, "/artikel/"+pzn["Frol"]); !strings.Contains(body, "zahlt diesen Artikel Erwachsenen nicht") || !strings.Contains(body, "keinen Rabattvertrag für diese Packung") {
		t.Error("what the GKV does not pay, and what nobody has a contract for, is not told so")
	}
	if body := l.page(t, "/artikel?q="+url.QueryEscape(boese)+"&nur=rx&lager=1"); strings.Contains(body, boese) {
		t.Error("what was typed is not escaped")
	}
}

// Free of Zuzahlung is an amount, not a dash; a prescription drug that the catalogue gives no
// price is not said to stay as it is; what may replace an article tells whether it is Rx.
func TestArtikelBetraege(t *testing.T) {
	l := warenhaus(t)
	free := workflowtest.Rx(workflowtest.PZN("2000001"), "Freiol", "Testolin", 1000, 4000)
	free.Zuzahlungsfrei = true
	bare := workflowtest.Rx(workflowtest.PZN("2000002"), "Bareol", "Anderin", 1000, 0)
	g, err := katalog.New(catalogue.Manifest{ID: "jetzt", GueltigAb: 20261101}, catalogue.QuelleAus([]catalogue.Zeile{{Artikel: free}, {Artikel: bare}}, nil))
	l.Must(err)
	l.Kern.Katalog = katalog.NewCatalogue(g)
	body := strings.ReplaceAll(l.page(t, "/artikel/"+string(free.PZN)), "\u00a0", " ")
	if !strings.Contains(body, "<span>gilt heute</span><b>0,00 €</b>") || strings.Count(body, `<span class="marke rx">Rx</span>`) != 2 {
		t.Error("no Zuzahlung of 0,00 €, or no mark of the equivalent:", body)
	}
	body = l.page(t, "/artikel/"+string(bare.PZN))
	if !strings.Contains(body, "Ohne Preis im Katalog") || strings.Contains(body, "noch das Recht ändern etwas") {
		t.Error("without a price the page says that nothing changes")
	}
}
