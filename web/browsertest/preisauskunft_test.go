package browsertest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/web/preisauskunft"
)

const boese = `<img src=x onerror="document.title='erwischt'"> & "Salbe" </script><b>fett`

// eigene are articles whose amounts were computed by hand, in the order of the table in
// TestPreisauskunft. The PZN are those of the demo, so that their check digits are right.
func eigene() []catalogue.Zeile {
	rx := func(r muster.Rolle, name string, avp, fest money.Cent) catalogue.Zeile {
		return catalogue.Zeile{Beliebtheit: 50, Artikel: artikel.Artikel{
			PZN: r.PZN(), Name: name, Hersteller: "Prüfwerk", Darreichungsform: "TAB", Menge: "100", Einheit: "St",
			Normgroesse: "N3", Wirkstoff: "Probanol", Art: artikel.Arzneimittel, Status: artikel.Verkehr, MwSt: artikel.MwStVoll,
			AVP: avp, Festbetrag: fest, Verschreibungspflichtig: true, Apothekenpflichtig: true,
		}}
	}
	otc := rx(muster.OTCSchmerzmittel, "Kräutersäure Öl", 0, 0)
	otc.Artikel.Verschreibungspflichtig, otc.Artikel.UVP, otc.Artikel.Darreichungsform = false, 123_456, "SUP"
	bad := rx(muster.FreiwahlVoll, boese, 0, 0)
	bad.Artikel.Verschreibungspflichtig, bad.Artikel.UVP, bad.Artikel.Art = false, 499, artikel.Freiwahl
	free := rx(muster.Zuzahlungsfrei, "Freivastatin 20 mg", 1300, 2290)
	free.Artikel.Zuzahlungsfrei = true
	return []catalogue.Zeile{
		rx(muster.RxZuzahlung5, "Ramiprobe 5 mg", 6230, 0), rx(muster.RxRabatt50, "Abdaprobe 50 mg", 7454, 0),
		rx(muster.RxMehrkosten, "L-Thyroprobe 75 µg", 1516, 1460), rx(muster.RxTeuer, "Apixaprobe 5 mg", 25000, 0),
		rx(muster.RxRabatt, "Billigprobe 1.000 mg", 398, 0), free, otc, bad,
	}
}

// preisliste writes the page of 2026-11-25 with the articles of eigene and n more. From
// 2026-12-01 on Ramiprobe costs 80.00.
func preisliste(t *testing.T, n int) string {
	t.Helper()
	rows := func(later bool) []catalogue.Zeile {
		list := eigene()
		if later {
			list[0].Artikel.AVP = 8000
		}
		own := map[kennung.PZN]bool{}
		for _, z := range list {
			own[z.Artikel.PZN] = true
		}
		for z, err := range muster.Quelle(muster.Options{Seed: 1, Artikel: n}).Artikel {
			if err == nil && !own[z.Artikel.PZN] {
				list = append(list, z)
			}
		}
		return list
	}
	var gens []catalogue.Generation
	for i, ab := range []civil.Day{20261115, 20261201} {
		g, err := memory.New(catalogue.Manifest{ID: ab.String() + "-probe", GueltigAb: ab}, catalogue.QuelleAus(rows(i > 0), nil))
		if err != nil {
			t.Fatal(err)
		}
		gens = append(gens, g)
	}
	law, err := recht.Load()
	if err != nil {
		t.Fatal(err)
	}
	l, err := preisauskunft.New(t.Context(), preisauskunft.Quelle{
		Katalog: memory.NewCatalogue(gens...), Tag: 20261125,
		Recht: func(day civil.Day) (preisauskunft.Recht, error) {
			s, err := law.Am(day)
			return preisauskunft.Recht{Preis: s.Preis, Zuzahlung: s.Zuzahlung}, err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), preisauskunft.Name)
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

// telefon opens a file on a phone that is offline, on a day, and waits for the list.
func telefon(t *testing.T, file, day string) *till {
	t.Helper()
	clock := fmt.Sprintf(`{const D = Date; Date = class extends D { constructor(...a) { super(...(a.length ? a : ["%sT12:00:00"])); } }}`, day)
	x := offline(t, file, clock)
	x.until(`document.body?.dataset.bereit === "ja"`)
	return x
}

// offline opens a file on a phone without a network; the script runs before those of the file.
func offline(t *testing.T, file, script string) *till {
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
	x := &till{T: t, ctx: ctx}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile)); err != nil {
		t.Fatal(err) // opens the window: it lives as long as ctx
	}
	x.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: true}},
		}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, t, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: true}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}), chromedp.Navigate("file://"+file))
	return x
}

// frage types a query at once and returns what the page says and how many milliseconds
// the answer took until it stood in the document.
func (x *till) frage(text string) (says string, ms float64) {
	x.Helper()
	ms = eval[float64](x, fmt.Sprintf(`(() => {
		const e = document.querySelector("#eingabe"); e.value = %q;
		const t = performance.now(); e.dispatchEvent(new Event("input")); return performance.now() - t; })()`, text))
	return strings.ReplaceAll(x.text("main"), "\u00a0", " "), ms
}

func (x *till) bild(name string) {
	x.Helper()
	dir := os.Getenv("OFFIZIN_BILDER")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(x.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		x.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		x.Fatal(err)
	}
}

// The list on a phone without a network shows, for each article, what was computed by
// hand: § 61 SGB V with 5 to 10 € until 2026-12-31 and 7.50 to 15 € from 2027-01-01 on.
func TestPreisauskunft(t *testing.T) {
	x := telefon(t, preisliste(t, 3000), "2026-11-25")
	x.sees("header", "Stand 25.11.2026", "gilt bis 14.12.2026")
	x.sees("footer", "keine Kasse", "2026-11-15-probe")
	for _, c := range []struct{ frage, name, zahlt, blatt string }{
		{"ramipro", "Ramiprobe 5 mg", "Zuzahlung 6,23 €", // 10 % of 62.30; of 80.00; then the least
			"heute|ab 01.12.2026|AVP|62,30 €|80,00 €|Zuzahlung|6,23 €|8,00 €|Auch ab 01.01.2027 unverändert."},
		{"abdapr", "Abdaprobe 50 mg", "Zuzahlung 7,45 €", // 10 % of 74.54 half up; from 2027 at least 7.50
			"heute|ab 01.01.2027|AVP|74,54 €|74,54 €|Zuzahlung|7,45 €|7,50 €"},
		{"thyro 75", "L-Thyroprobe 75 µg", "Zuzahlung 5,00 € + Mehrkosten 0,56 €", // 15.16 − 14.60; 10 % of 14.60 is less than the least
			"Festbetrag|14,60 €|14,60 €|Zuzahlung|5,00 €|7,50 €|Mehrkosten|0,56 €|0,56 €"},
		{"apixap", "Apixaprobe 5 mg", "Zuzahlung 10,00 €", "Zuzahlung|10,00 €|15,00 €"},                                                       // 10 % is 25.00: the most
		{"billigp", "Billigprobe 1.000 mg", "Zuzahlung 3,98 €", "AVP|3,98 €|Zuzahlung|3,98 €|Auch ab 01.12.2026 und 01.01.2027 unverändert."}, // never more than the price
		{"freiva", "Freivastatin 20 mg", "Zuzahlung 0,00 €", "Zuzahlung|0,00 €|Mehrkosten|0,00 €"},
		{"krauter ol", "Kräutersäure Öl", "UVP 1.234,56 €", "heute|UVP|1.234,56 €|Erwachsenen zahlt die gesetzliche Krankenkasse dieses Mittel nicht."},
	} {
		says, _ := x.frage(c.frage)
		sheet := strings.Join(strings.Fields(strings.ReplaceAll(x.tafel(), "|", " | ")), " ")
		if !strings.HasPrefix(says, "1 Treffer") || !strings.Contains(says, c.name) || !strings.Contains(says, c.zahlt) ||
			!strings.Contains(strings.ReplaceAll(sheet, " | ", "|"), c.blatt) {
			t.Errorf("%s:\n%s\n%s", c.frage, says, sheet)
		}
	}
}

// tafel is the table of the article that is open, cell by cell.
func (x *till) tafel() string {
	x.Helper()
	return strings.ReplaceAll(eval[string](x, `[...document.querySelectorAll(".blatt th, .blatt td, .blatt p")].map(z => z.textContent).filter(s => s && !s.startsWith("PZN")).join("|")`),
		"\u00a0", " ")
}

// Words may be cut and stand in any order, umlauts in three spellings; a PZN may be whole,
// a part, or scanned; a number as typed comes before one that only begins so.
func TestPreisauskunftSucht(t *testing.T) {
	x := telefon(t, preisliste(t, 3000), "2026-11-25")
	first := func(query string) string {
		x.frage(query)
		return eval[string](x, `document.querySelector("details")?.dataset.pzn ?? ""`)
	}
	thyro, otc := string(muster.RxMehrkosten.PZN()), string(muster.OTCSchmerzmittel.PZN())
	for query, want := range map[string]string{
		"75 thyro": thyro, "prufwerk 100 thyroprobe": thyro, "PRÜF lthyro": thyro, "pruefw l-thyro tabl n3": thyro, "thyroprobe 75µg": thyro,
		"thyro 75 ug": thyro, "probanol thyro": thyro, thyro: thyro, "PZN - " + thyro: thyro, "-" + thyro: thyro, thyro[2:7]: thyro,
		"kräutersäure": otc, "kraeutersaeure": otc, "krautersaure": otc, "ol kräut zapfchen": otc, "supp oel kräu": otc, "KRÄUTER ÖL": otc,
		"billig 1000": string(muster.RxRabatt.PZN()), "billig 1.000 mg": string(muster.RxRabatt.PZN()), "thyro 76": "", "xyzzy": "",
	} {
		if got := first(query); got != want {
			t.Errorf("%q finds %q, want %q\n%s", query, got, want, x.text("main"))
		}
	}
	says, _ := x.frage("20 st")
	if line := strings.Join(strings.Fields(eval[string](x, `document.querySelector("details").innerText`)), " "); !strings.Contains(line, "20 St") {
		t.Errorf("20 st begins with %q\n%.300s", line, says)
	}
	if says, _ := x.frage("xyzzy"); !strings.Contains(says, "Nichts gefunden") {
		t.Error(says)
	}
	x.frage("")
	x.sees("#lage", "ibu 400 20")
}

// Every article is found by what is written on it: its name, its maker, its pack.
func TestPreisauskunftFindetAlles(t *testing.T) {
	x := telefon(t, preisliste(t, 3000), "2026-11-25")
	var pairs [][2]string
	own := map[kennung.PZN]bool{}
	for _, z := range eigene() {
		own[z.Artikel.PZN] = true
	}
	for z := range muster.Quelle(muster.Options{Seed: 1, Artikel: 3000}).Artikel {
		if a := z.Artikel; !own[a.PZN] && len(pairs) < 400 {
			pairs = append(pairs, [2]string{a.Packung() + " " + a.Name, string(a.PZN)})
		}
	}
	list, err := json.Marshal(pairs)
	if err != nil {
		t.Fatal(err)
	}
	missed := eval[string](x, `(() => { const e = document.querySelector("#eingabe"); return `+string(list)+`.filter(([q, pzn]) => {
		e.value = q.split(/\s+/).slice(0, 12).join(" "); e.dispatchEvent(new Event("input"));
		return !document.querySelector("[data-pzn='" + pzn + "']"); }).map(p => p.join(" = ")).join("\n"); })()`)
	if missed != "" {
		t.Errorf("not among the first hits for what is written on them:\n%s", missed)
	}
}

// What cannot be shown says why: a file that is damaged or cut, a browser that is too old.
func TestPreisauskunftUnlesbar(t *testing.T) {
	file := preisliste(t, 200)
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data := bytes.Index(page, []byte(`id="daten">`)) + 2000
	bad := bytes.Clone(page)
	bad[data] ^= 1
	for name, c := range map[string]struct {
		page         []byte
		script, want string
	}{
		"schaden": {bad, "", "beschädigt oder unvollständig"}, "rest": {page[:data], "", "ist die Datei unvollständig"},
		"alt": {page, "delete window.DecompressionStream", "Dieser Browser ist zu alt"},
	} {
		file := filepath.Join(t.TempDir(), name+".html")
		if err := os.WriteFile(file, c.page, 0o600); err != nil {
			t.Fatal(err)
		}
		x := offline(t, file, c.script)
		x.sees("#lage", c.want)
		if eval[bool](x, `!document.querySelector("#eingabe").disabled`) {
			t.Errorf("%s: one can search in nothing", name)
		}
	}
}

// Names are text whatever stands in them, and nothing leaves the page: not even with a
// network would it ask anybody.
func TestPreisauskunftIstDicht(t *testing.T) {
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer s.Close()
	x := telefon(t, preisliste(t, 200), "2026-11-25")
	if says, _ := x.frage("salbe fett"); !strings.Contains(says, boese) {
		t.Errorf("the name is not shown as it is: %s", says)
	}
	if n := eval[int](x, `document.querySelectorAll("img, b, a[href], form, iframe, link").length`); n != 0 || strings.Contains(x.text("title"), "erwischt") {
		t.Errorf("%d elements out of a name", n)
	}
	x.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{},
		})
		return err
	}))
	for _, try := range []string{
		`fetch(%q).then(() => "ging", () => "nein")`, `new Promise(r => { const i = new Image(); i.onload = () => r("ging"); i.onerror = () => r("nein"); i.src = %q; })`,
	} {
		eval[bool](x, `(window.antwort = "", `+fmt.Sprintf(try, s.URL)+`.then(a => window.antwort = a), true)`)
		x.until(`window.antwort`)
		if got := eval[string](x, `window.antwort`); got != "nein" {
			t.Errorf("%s: %s", try, got)
		}
	}
	if n := eval[int](x, `performance.getEntriesByType("resource").filter(e => !e.name.startsWith("http://127.")).length`); n != 0 || asked.Load() != 0 {
		t.Errorf("%d resources, %d requests", n, asked.Load())
	}
}

// The keyboard is enough; the day of the device decides what is "today"; a list that is
// over says so.
func TestPreisauskunftTastenUndTage(t *testing.T) {
	file := preisliste(t, 3000)
	x := telefon(t, file, "2026-11-25")
	if x.focus() == "" || !strings.Contains(x.focus(), "eingabe") {
		t.Error(x.focus())
	}
	x.write("ibu 400")
	x.until(`document.querySelectorAll("details").length > 2`)
	x.bild("preisauskunft-360")
	x.key("Down")
	x.key("Down")
	x.key("Enter")
	x.until(`document.querySelectorAll("details")[1].open`)
	x.key("Escape")
	x.until(`document.activeElement.id === "eingabe"`)
	if wide := eval[int](x, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("%d px wide", wide)
	}
	x.frage("thyrop")
	x.bild("preisauskunft-mehrkosten-360")
	x.do(chromedp.EmulateViewport(1280, 800))
	x.frage("ibu 400")
	x.bild("preisauskunft-1280")

	for day, words := range map[string][]string{
		"2026-12-01": {"AVP 80,00 €", "Zuzahlung 8,00 €"},
		"2027-01-02": {"galt bis 14.12.2026", "AVP 80,00 €", "Eine spätere Änderung"},
		"2026-11-01": {"AVP 62,30 €", "Dieses Gerät zeigt den 01.11.2026"},
	} {
		x := telefon(t, file, day)
		x.frage("ramipro")
		x.sees("main", words...)
	}
}

// Half a million articles are for the bench; here a search among some thousand must not
// be felt.
func TestPreisauskunftSchnell(t *testing.T) {
	file := preisliste(t, 20_000)
	if f := os.Getenv("OFFIZIN_PREISAUSKUNFT"); f != "" {
		file = f // a file that the program wrote, of any size
	}
	x := telefon(t, file, "2026-11-25")
	load := eval[float64](x, `performance.now()`)
	ready := eval[float64](x, `performance.getEntriesByName("bereit")[0].startTime`)
	worst := 0.0
	for _, q := range []string{"i", "ibu", "ibu 400", "ibu 400 20", "1700", "17001044", "tabl 20 n1", "xyzzy", "a", "st 100 dolo", "s t"} {
		_, ms := x.frage(q)
		if _, again := x.frage(q + " "); again < ms {
			ms = again
		}
		worst = max(worst, ms)
		t.Logf("%-12q %5.1f ms  %s", q, ms, x.text("#lage"))
	}
	t.Logf("ready after %.0f ms (asked after %.0f), worst search %.1f ms", ready, load, worst)
	if worst > 50 {
		t.Errorf("a search takes %.0f ms, want at most 50", worst)
	}
}
