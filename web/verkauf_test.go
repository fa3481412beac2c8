package web_test

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/web/locale"
	"github.com/offizin/offizin/workflow/verkauf"
)

var vorgang = regexp.MustCompile(`data-vorgang="(v-[0-9a-f]+)"`)

// A paid sale has a Bon on the screen with its VAT and without a device, as JSON and as
// PDF, and can be undone once.
func TestBon(t *testing.T) {
	l := oeffne(t)
	l.d.BonPDF = func(_ context.Context, v verkauf.BonAnsicht) ([]byte, error) {
		return []byte("%PDF " + v.Bon.Nummer), nil
	}
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	l.verkaufe(t)
	status, body := l.get("/bon/1-000001")
	for _, want := range []string{"1-000001", "Demolol", "19 %", "Technische Sicherheitseinrichtung nicht eingerichtet"} {
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("Bon %d without %q", status, want)
		}
	}
	if status, pdf := l.get("/bon/1-000001.pdf"); status != http.StatusOK || pdf != "%PDF 1-000001" {
		t.Errorf("PDF: %d %.20s", status, pdf)
	}
	if status, text := l.get("/bon/1-000001?format=json"); status != http.StatusOK || !strings.HasPrefix(text, `{"nummer":"1-000001"`) {
		t.Errorf("JSON: %d %.40s", status, text)
	}
	if status, _, to := l.post("/bon/1-000001/storno", "grund", "Probe"); status != http.StatusSeeOther || to != "/bon/1-000002" {
		t.Errorf("Storno: %d %s", status, to)
	}
	if status, body, _ := l.post("/bon/1-000001/storno", "grund", "noch einmal"); status < 400 || alert(body) == "" {
		t.Errorf("Storno twice: %d", status)
	}
}

// verkaufe sells one pack on a prescription typed from paper.
func (l *laden) verkaufe(t *testing.T) {
	t.Helper()
	status, body, _ := l.post("/verkauf/muster16", "ausgestellt", "23.11.2026", "name", "Muster", "vorname", "Erika",
		"geburt", "03.05.1970", "traeger", "GKV", "ik", "109900019", "pzn1", "01126111", "packungen1", "1")
	if status != http.StatusSeeOther {
		t.Fatalf("prescription: %d %s", status, alert(body))
	}
	_, body = l.get("/verkauf")
	id := vorgang.FindStringSubmatch(body)
	if id == nil {
		t.Fatal("no cart on the screen")
	}
	status, body, to := l.post("/verkauf/scan", "vorgang", id[1], "text", "01126111")
	if status != http.StatusSeeOther || !strings.HasPrefix(to, "/verkauf?") || !strings.Contains(to, "vorgang="+id[1]) {
		t.Fatalf("scan: %d %s %s", status, to, alert(body))
	}
	v, err := l.d.Verkauf.Ansicht(l.Ctx, id[1])
	l.Must(err)
	status, body, _ = l.post("/verkauf/bezahlen", "vorgang", id[1], "erwartet", strconv.Itoa(int(v.Summen.Patient)))
	if status != http.StatusSeeOther {
		t.Fatalf("payment: %d %s", status, alert(body))
	}
}

// Requests from other pages are refused, pages allow no foreign script, and a GET
// cannot change anything.
func TestSchutz(t *testing.T) {
	l := oeffne(t)
	r := httptest.NewRequest(http.MethodPost, "http://localhost/verkauf/scan", strings.NewReader("key=a&text=01126111"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://boese.example")
	if status, body, _ := l.send(r); status != http.StatusForbidden || !strings.Contains(body, "W-111") {
		t.Errorf("foreign origin: %d", status)
	}
	w := httptest.NewRecorder()
	l.h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/verkauf", nil))
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	for _, path := range []string{"/verkauf/scan", "/verkauf/bezahlen", "/bon/1-000001/storno", "/lager/eroeffnung"} {
		if status, _ := l.get(path); status < 400 {
			t.Errorf("GET %s: %d", path, status)
		}
	}
	huge := httptest.NewRequest(http.MethodPost, "http://localhost/verkauf/scan", strings.NewReader("key=a&text="+strings.Repeat("x", 1<<20)))
	huge.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if status, body, _ := l.send(huge); status < 400 || !strings.Contains(body, "W-103") {
		t.Errorf("huge form: %d", status)
	}
}

// Every text that a template asks for is there, and none is there for nothing.
func TestTexte(t *testing.T) {
	asked := map[string]bool{}
	use := regexp.MustCompile(`\bt "([a-z0-9_]+\.[a-z0-9_]+)"`)
	code := regexp.MustCompile(`"([a-z0-9_]+\.[a-z0-9_]+)"`)
	dynamic := regexp.MustCompile(`"([a-z0-9_]+\.)"`)
	prefixes := []string{}
	eachFile(t, func(name, text string) {
		re := use
		if strings.HasSuffix(name, ".go") {
			re = code
			for _, m := range dynamic.FindAllStringSubmatch(text, -1) {
				prefixes = append(prefixes, m[1])
			}
		}
		for _, m := range re.FindAllStringSubmatch(text, -1) {
			asked[m[1]] = true
		}
		if strings.HasSuffix(name, ".html") {
			for _, m := range regexp.MustCompile(`printf "([a-z0-9_]+\.)%s"`).FindAllStringSubmatch(text, -1) {
				prefixes = append(prefixes, m[1])
			}
		}
	})
	have := map[string]bool{}
	section := ""
	for line := range strings.Lines(locale.DE()) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]") + "."
		} else if key, _, ok := strings.Cut(line, " = "); ok && line[0] != '#' {
			have[section+key] = true
		}
	}
	eachFile(t, func(name, text string) {
		if !strings.HasSuffix(name, ".html") {
			return
		}
		for _, m := range use.FindAllStringSubmatch(text, -1) {
			if !have[m[1]] {
				t.Errorf("%s: there is no text %s", name, m[1])
			}
		}
	})
	for key := range have {
		covered := asked[key]
		for _, p := range prefixes {
			covered = covered || strings.HasPrefix(key, p)
		}
		if !covered {
			t.Errorf("the text %s is used nowhere", key)
		}
	}
}

// eachFile calls f for every template and source file of the screens.
func eachFile(t *testing.T, f func(name, text string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".html") && !strings.HasSuffix(name, ".go") {
			return err
		}
		text, err := os.ReadFile(name)
		if err == nil {
			f(name, string(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Without the script a scan leads back to the page as every act does (ADR 0006); only
// what is left to choose is answered at once.
func TestScanOhneSkript(t *testing.T) {
	l := oeffne(t)
	status, _, to := l.post("/verkauf/scan", "text", "01126111")
	if status != http.StatusSeeOther {
		t.Fatalf("scan: %d %s", status, to)
	}
	if status, body := l.get(to); status != http.StatusOK || !strings.Contains(body, `class="zeile an" data-nr="1"`) {
		t.Errorf("%s: %d, the line is not chosen", to, status)
	}
	status, body, _ := l.post("/verkauf/scan", "text", "demolol")
	if status != http.StatusOK || !strings.Contains(body, "Welcher Artikel ist gemeint?") {
		t.Errorf("words: %d %s", status, alert(body))
	}
	if status, body, _ = l.post("/verkauf/scan", "text", "99999995"); status < 400 || alert(body) == "" {
		t.Errorf("unknown: %d", status)
	}
}
