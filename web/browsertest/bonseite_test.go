package browsertest_test

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	protocol "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/integration/bonseite"
)

// digitalerBon is a receipt with an article whose name is none for a page.
func digitalerBon() quittung.Beleg {
	at := time.Date(2026, 11, 23, 9, 5, 1, 0, time.UTC)
	return quittung.Beleg{
		Apotheke: quittung.Apotheke{Name: "Löwen-Apotheke", Strasse: "Marktstraße 1", PLZ: "12345", Ort: "Musterstadt"},
		Zeit:     at, Benutzer: "Łukasz Muster",
		Bon: bon.Bon{
			Nummer: "1-000417", Art: bon.Verkauf,
			Positionen: []bon.Position{
				{
					Nr: 1, PZN: "12345600", Bezeichnung: boese, Packung: "100 St", Menge: 1, Preis: 1516, Gesamt: 1516, Rx: true,
					MwSt: 19 * money.Percent, Zuzahlung: 500, Mehrkosten: 56, TraegerZahlt: 960,
				},
				{Nr: 2, Bezeichnung: "Größe „50 µg“ – (Öl) \\ 5 %", Menge: 2, Preis: 214, Gesamt: 428, MwSt: 7 * money.Percent, Privat: 428},
			},
			Zahlungen: []bon.Zahlung{{Art: bon.Bar, Betrag: 984, Gegeben: 1000}},
		},
		Sicherung: quittung.Sicherung{
			Lage: quittung.Signiert, KassenSeriennummer: "OFZ-1", Transaktion: 13, Zaehler: 44131, Beginn: at.Add(-time.Minute),
			Ende: at, Sicherheitsmodul: strings.Repeat("a7", 32), Pruefwert: strings.Repeat("Pq+/", 22), QR: "V0;OFZ-1;…",
		},
	}
}

// seite writes the page, as a pharmacy puts it on its web site.
func seite(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), bonseite.Name)
	if err := os.WriteFile(file, bonseite.Seite(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// fehler keeps what the page refused or threw; nothing of that may happen.
const fehler = `window.fehler = []; window.alert = (x) => fehler.push("alert " + x);
	for (const art of ["error", "unhandledrejection", "securitypolicyviolation"])
		addEventListener(art, (e) => fehler.push(art + " " + (e.message ?? e.violatedDirective ?? e.reason)), true);`

// ADR 0033: the page on the telephone shows every line of the receipt, runs nothing that stands in
// it, asks nobody for anything, and hands it over as PDF (AEAO zu § 146a Nr. 2.5.4).
func TestBonseite(t *testing.T) {
	b := digitalerBon()
	inhalt := bonseite.Aus(b)
	fragment, err := inhalt.Packen()
	if err != nil {
		t.Fatal(err)
	}
	x := offline(t, seite(t)+"#"+fragment, fehler)
	x.until(`document.body?.dataset.bereit === "ja"`)
	x.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	var got [][]string
	if err := json.Unmarshal([]byte(eval[string](x, `JSON.stringify([...document.querySelectorAll("#bon > *")].map(
		(p) => [...p.querySelectorAll("span")].map((s) => s.textContent)))`)), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(inhalt.Zeilen) {
		t.Fatalf("%d lines, want %d", len(got), len(inhalt.Zeilen))
	}
	for i, z := range inhalt.Zeilen {
		if text := strings.Join(got[i], "|"); z.Style != quittung.Rule && text != strings.TrimSuffix(z.Left+"|"+z.Right, "|") {
			t.Errorf("line %d: %q, want %+v", i, text, z)
		}
	}
	if bad := eval[string](x, `fehler.join("; ") + [...document.querySelectorAll("#bon img, #bon script, #bon b")].map((e) => e.outerHTML)`); bad != "" {
		t.Error(bad)
	}
	if title := eval[string](x, `document.title`); title != "Bon 1-000417" {
		t.Error(title)
	}
	x.bild("bonseite")
	text := pdftext(t, x.laden("#pdf", "Bon-1-000417.pdf"))
	for _, z := range inhalt.Zeilen {
		for word := range strings.FieldsSeq(z.Left + " " + z.Right) {
			word = strings.NewReplacer("Ł", "L").Replace(word)
			if len(word) < 30 && !strings.Contains(text, word) {
				t.Errorf("the PDF has no %q:\n%s", word, text)
			}
		}
	}
	if whole := strings.Join(strings.Fields(text), ""); !strings.Contains(whole, b.Sicherung.Sicherheitsmodul) ||
		!strings.Contains(whole, b.Sicherung.Pruefwert) {
		t.Errorf("the values of the TSE are cut: %s", text)
	}
}

// What is no receipt is told in one sentence, and shows nothing.
func TestBonseiteFremdes(t *testing.T) {
	fragment, err := bonseite.Aus(digitalerBon()).Packen()
	if err != nil {
		t.Fatal(err)
	}
	x := offline(t, seite(t), fehler)
	x.until(`document.body?.dataset.bereit === "ja"`)
	x.sees("#lage", "Hier sehen Sie Ihren digitalen Bon")
	x.bild("bonseite-leer")
	const unlesbar = "lässt sich nicht lesen"
	for _, c := range []struct{ fragment, want string }{
		{"x", unlesbar},
		{"1", unlesbar},
		{"1AAAA", unlesbar},
		{fragment[:len(fragment)/2], unlesbar},
		{"1" + strings.Repeat("_", 300), unlesbar},
		{fragment + strings.Repeat("A", bonseite.MaxFragment), unlesbar},
		{"<img src=x onerror=alert(1)>", unlesbar},
		{"constructor", unlesbar},
		{"2" + fragment[1:], "neuer als diese Seite"},
		{fragment, ""},
		{"1AAAA", unlesbar},
	} {
		name, _ := json.Marshal(c.fragment)
		eval[string](x, `(location.hash = `+string(name)+`)`)
		if c.want == "" {
			x.until(`document.querySelector("#lage").hidden && document.querySelector("#bon").innerText.includes("Zu zahlen")`)
			continue
		}
		x.sees("#lage", c.want)
		x.until(`!document.querySelector("#bon").firstChild && document.querySelector("#pdf").offsetWidth === 0`)
	}
	if bad := eval[string](x, `fehler.join("; ")`); bad != "" {
		t.Error(bad)
	}
}

// The page unpacks what Go unpacks, however it was packed, and shows nothing else: valid receipts in
// every kind of block, and broken ones.
func TestBonseiteLiestWieGo(t *testing.T) {
	list := fragmente(t)
	x := offline(t, seite(t), fehler)
	x.until(`document.body?.dataset.bereit === "ja"`)
	eval[bool](x, `((list) => { (async () => {
		const got = [];
		for (const f of list) {
			const neu = new Promise((ok) => addEventListener("hashchange", ok, { once: true }));
			location.hash = f;
			await neu;
			got.push(document.title + "\n" + [...document.querySelectorAll("#bon > *")].map(
				(p) => p.className + ":" + [...p.querySelectorAll("span")].map((s) => s.textContent).join("|") + "\n").join(""));
		}
		window.gelesen = JSON.stringify(got);
	})(); return true; })(`+als(t, list)+`)`)
	x.until(`window.gelesen`)
	var got []string
	if err := json.Unmarshal([]byte(eval[string](x, `window.gelesen`)), &got); err != nil || len(got) != len(list) {
		t.Fatal(err, len(got))
	}
	valid := 0
	for i, f := range list {
		in, err := bonseite.Auspacken(f)
		if err != nil {
			continue
		}
		valid++
		want := strings.Join(strings.Fields(in.Titel), " ") + "\n" // as browsers keep a title
		for _, z := range in.Zeilen {
			class := []string{"z", "z fett", "z klein", "z mitte", "z titel", ":"}[z.Style] + ":"
			text := strings.TrimSuffix(z.Left+"|"+z.Right, "|")
			if z.Style == quittung.Rule {
				class, text = ":", ""
			}
			want += class + text + "\n"
		}
		if got[i] != want {
			t.Fatalf("%s\n%q\n%q", f, got[i], want)
		}
	}
	if bad := eval[string](x, `fehler.join("; ")`); bad != "" || valid < 40 {
		t.Error(bad, valid)
	}
	t.Logf("%d fragments, %d of them receipts", len(list), valid)
}

// fragmente are receipts packed in all ways that RFC 1951 knows, and the same with errors.
func fragmente(t *testing.T) (list []string) {
	t.Helper()
	dict, err := os.ReadFile(filepath.FromSlash("../../integration/bonseite/woerterbuch1.txt"))
	if err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(33, 1))
	for n := range 12 {
		text := "Bon 1-00" + strings.Repeat("4", n) + "\n_\n"
		for i := range n * n {
			text += fmt.Sprintf("%c%x Größe €\t%d,00\n", ".*-=#"[i%5], chance.Uint32()>>(i%28), i)
		}
		for _, level := range []int{flate.NoCompression, flate.HuffmanOnly, 1, 6, 9} {
			var b bytes.Buffer
			w, err := flate.NewWriterDict(&b, level, dict)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(w, text); err != nil || w.Close() != nil {
				t.Fatal(err)
			}
			list = append(list, "1"+base64.RawURLEncoding.EncodeToString(b.Bytes()))
			for range 2 { // a browser takes 200 addresses in a row
				bad := bytes.Clone(b.Bytes())
				bad[chance.IntN(min(len(bad), 60))] ^= 1 << chance.IntN(8)
				list = append(list, "1"+base64.RawURLEncoding.EncodeToString(bad[:len(bad)-chance.IntN(2)*chance.IntN(len(bad))]))
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func als(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// laden presses a link and returns the file that the browser saves.
func (x *till) laden(selector, name string) string {
	x.Helper()
	dir := x.TempDir()
	x.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, protocol.SetDownloadBehavior, protocol.SetDownloadBehaviorParams{
			Behavior: protocol.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir,
			BrowserContextID: chromedp.FromContext(x.ctx).BrowserContextID,
		})
		return err
	}))
	eval[bool](x, fmt.Sprintf(`(document.querySelector(%q).click(), true)`, selector))
	file := filepath.Join(dir, name)
	for range 400 {
		if info, err := os.Stat(file); err == nil && info.Size() > 0 {
			return file
		}
		time.Sleep(10 * time.Millisecond)
	}
	list, _ := os.ReadDir(dir)
	x.Fatalf("%s was not saved: %v", name, list)
	return ""
}

// pdftext is what pdftotext reads, another program than ours.
func pdftext(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(b), "%PDF-1.4") {
		t.Fatalf("no PDF: %v", err)
	}
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("no pdftotext")
	}
	cmd := exec.Command(path, "-layout", file, "-")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%v %s", err, stderr.String())
	}
	return string(out)
}
