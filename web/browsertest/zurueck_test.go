package browsertest_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/catalogue/muster"
)

var (
	verweis = regexp.MustCompile(`href="(/[^"#]*)"`)
	ziffern = regexp.MustCompile(`(p-)?[0-9][0-9a-f.-]*|p-[0-9a-f]+`)
	escape  = regexp.MustCompile(`<a [^>]*href="([^"]*)"[^>]*data-taste="Escape"`)
)

// rundgang finds every page that links lead to, one of each kind, beginning with the areas.
func (x *till) rundgang() (pages []string) {
	x.Helper()
	queue, seen := []string{"/verkauf", "/bon/1-000001", "/einstellungen/inbetriebnahme"}, map[string]bool{}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		u, err := url.Parse(at)
		if err != nil {
			x.Fatal(err)
		}
		kind := ziffern.ReplaceAllString(u.Path, "#") + "?" + u.Query().Get("panel")
		if seen[kind] || strings.HasPrefix(at, "/static/") {
			continue
		}
		seen[kind] = true
		body, page := x.lade(at)
		if page {
			pages = append(pages, at)
		}
		for _, m := range verweis.FindAllStringSubmatch(body, -1) {
			to, _, _ := strings.Cut(strings.ReplaceAll(m[1], "&amp;", "&"), "?weiter=")
			queue = append(queue, to)
		}
	}
	return pages
}

// lade reads an address as AB; false: it is no page of the frame.
func (x *till) lade(path string) (body string, page bool) {
	x.Helper()
	r, err := http.NewRequestWithContext(x.ctx, http.MethodGet, x.process.URL+path, http.NoBody)
	if err != nil {
		x.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "benutzer", Value: "AB"})
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		x.Fatal(err)
	}
	defer resp.Body.Close()
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		return "", false
	}
	b, err := io.ReadAll(resp.Body)
	if strings.HasPrefix(path, "/pruefung/datei/") { // there is nothing to take away yet
		return "", false
	}
	if err != nil || resp.StatusCode != http.StatusOK {
		x.Errorf("%s: %d %v", path, resp.StatusCode, err)
	}
	return string(b), strings.Contains(string(b), `class="kopf"`)
}

// Esc goes back from every page that there is, by what is written on it; the till has an order of its
// own. Whoever presses it often enough stands at the till again.
func TestEscVonJederSeite(t *testing.T) {
	x := open(t)
	x.scan(string(muster.OTCSchmerzmittel.PZN()))
	x.lines(1)
	x.zahle()
	x.abschliessen()
	pages := x.rundgang()
	for _, must := range []string{
		"/artikel", "/katalog", "/lager", "/kunden", "/berichte", "/berichte/kulanz", "/bons", "/kassenbuch", "/kassenbuch/ein",
		"/tagesabschluss", "/tagesabschluss/1/1", "/kassenbuch/abschluesse", "/kassenbuch/export", "/pruefung", "/pruefung/belege", "/stoerungen", "/tse",
		"/stoerungen/datensicherung", "/einstellungen", "/einstellungen/recht", "/einstellungen/anmeldung",
		"/einstellungen/rechner", "/einstellungen/rechner/geraete", "/einstellungen/drucker", "/einstellungen/inbetriebnahme",
	} {
		if !slices.ContainsFunc(pages, func(p string) bool { return p == must || strings.HasPrefix(p, must+"?") }) {
			t.Errorf("no link leads to %s", must)
		}
	}
	t.Logf("%d pages", len(pages))
	for _, p := range pages {
		body, _ := x.lade(p)
		if strings.Contains(body, `id="eingabe"`) {
			continue
		}
		x.do(chromedp.Navigate(x.process.URL + p))
		x.until(`window.offizin`)
		before := eval[string](x, `location.pathname + location.search`)
		x.key("Escape")
		x.until(`location.pathname + location.search !== "` + before + `" && window.offizin`)
		x.heim(p)
	}
}

// heim follows what is written for Esc until the till.
func (x *till) heim(from string) {
	x.Helper()
	at := from
	for range 6 {
		body, _ := x.lade(at)
		if strings.Contains(body, `id="eingabe"`) {
			return
		}
		links := escape.FindAllStringSubmatch(body[strings.Index(body, "<main"):], 1)
		links = append(links, escape.FindAllStringSubmatch(body, 1)...) // that of the page, else that of the frame
		if len(links) == 0 {
			break
		}
		at = strings.ReplaceAll(links[0][1], "&amp;", "&")
	}
	x.Errorf("%s: Esc ends at %s", from, at)
}

// abschliessen closes the day with the 5.95 € that were taken in.
func (x *till) abschliessen() {
	x.Helper()
	form := url.Values{
		"key": {"z1"}, "till": {"1"}, "nummer": {"1"}, "soll": {"595"}, "n500": {"1"}, "n50": {"1"}, "n20": {"2"}, "n5": {"1"},
	}
	r, err := http.NewRequestWithContext(x.ctx, http.MethodPost, x.process.URL+"/tagesabschluss", strings.NewReader(form.Encode()))
	if err != nil {
		x.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "benutzer", Value: "AB"})
	resp, err := http.DefaultClient.Do(r)
	if err != nil || resp.StatusCode != http.StatusOK {
		x.Fatal(err, resp.Status)
	}
	_ = resp.Body.Close()
}

// Esc in a form that somebody has half filled asks once; who types on, or has typed in one field only,
// is not asked.
func TestEscFragtEinmal(t *testing.T) {
	x := open(t)
	x.gehe("/kassenbuch/ein")
	x.feld("betrag", "5")
	x.tuEs(`document.querySelector("input[name=grund]").focus()`)
	x.write("Porto")
	x.key("Escape")
	x.sees("#halb", "Esc noch einmal")
	x.shot("esc-fragt")
	x.write("kasse")
	x.until(`!document.querySelector("#halb")`)
	x.key("Escape")
	x.sees("#halb", "Esc noch einmal")
	x.key("Escape")
	x.until(`location.pathname === "/kassenbuch"`)

	x.gehe("/tagesabschluss")
	x.feld("n50000", "1")
	x.key("Down")
	x.write("2")
	x.key("Escape")
	x.sees("#halb", "Esc noch einmal")
	x.key("Escape")
	x.until(`location.pathname === "/kassenbuch"`)

	x.gehe("/verkauf")
	x.ready()
	x.key("F6")
	x.key("Alt+m")
	x.until(`document.querySelector("form[action='/verkauf/muster16']")`)
	x.write("AOK")
	x.key("Tab")
	x.write("Muster")
	x.key("Escape")
	x.sees(".mitte", "Esc noch einmal")
	x.until(`document.querySelector("form[action='/verkauf/muster16']").contains(document.activeElement)`)
	x.key("Escape")
	x.until(`!document.querySelector("form[action='/verkauf/muster16']")`)
	x.ready()
}

// What was refused is to be typed at once: the reason of a Storno, the number of coins.
func TestAbgelehntHatDenFokus(t *testing.T) {
	x := open(t)
	x.scan(string(muster.OTCSchmerzmittel.PZN()))
	x.lines(1)
	x.zahle()
	x.key("F9")
	x.until(`document.activeElement?.name === "grund"`)
	x.key("Enter")
	x.sees("main", "V-409")
	x.feld("grund", "vertippt")
	x.key("Enter")
	x.sees(".bon", "STORNO")

	x.gehe("/tagesabschluss")
	x.tuEs(`document.querySelector("#n2000").focus()`)
	x.write("x")
	x.key("F10")
	x.sees("main", "W-107")
	x.until(`document.activeElement?.name === "n2000"`)
}
