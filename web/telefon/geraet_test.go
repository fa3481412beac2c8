package telefon_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	apptelefon "github.com/offizin/offizin/app/telefon"
	"github.com/offizin/offizin/web/preisauskunft"
	"github.com/offizin/offizin/web/telefon"
)

func ausgabe(t *testing.T, dir, data, katalog string) telefon.Ausgabe {
	t.Helper()
	file := filepath.Join(dir, data)
	if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(data))
	return telefon.Ausgabe{
		Stand: preisauskunft.Stand{Tag: 20261125, Bis: 20261214, Katalog: katalog, Artikel: 1234}, Datei: file, Summe: hex.EncodeToString(sum[:]),
	}
}

func frag(h http.Handler, method, path string, head ...string) (*httptest.ResponseRecorder, string) {
	r := httptest.NewRequest(method, "http://x"+path, nil)
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w, w.Body.String()
}

func stand(t *testing.T, h http.Handler) map[string]string {
	t.Helper()
	_, body := frag(h, http.MethodGet, "/stand.json")
	var s map[string]string
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// Page and data of a version belong together: both have their hash in the address, what is
// there under it never changes, and the version before can still be fetched.
func TestFassungen(t *testing.T) {
	dir := t.TempDir()
	g := &telefon.Geraet{}
	h := g.Handler()
	if r, body := frag(h, http.MethodGet, "/"); r.Code != http.StatusServiceUnavailable || !strings.Contains(body, "A-721") || r.Header().Get("Refresh") == "" {
		t.Errorf("before there is a list: %d %s", r.Code, body)
	}
	var seen []map[string]string
	for i, data := range []string{"eins", "zwei", "drei"} {
		if err := g.Setze(ausgabe(t, dir, data, data)); err != nil {
			t.Fatal(err)
		}
		s := stand(t, h)
		if seen = append(seen, s); i > 0 && s["fassung"] == seen[i-1]["fassung"] {
			t.Error("other data, the same version")
		}
		_, start := frag(h, http.MethodGet, "/")
		for _, address := range []string{s["seite"], s["daten"]} {
			r, body := frag(h, http.MethodGet, address)
			if sum := sha256.Sum256([]byte(body)); r.Code != http.StatusOK || !strings.Contains(address, hex.EncodeToString(sum[:])) {
				t.Errorf("%s: %d, %x", address, r.Code, sum)
			}
		}
		if _, page := frag(h, http.MethodGet, s["seite"]); page != start || !strings.Contains(page, `data-daten="`+s["daten"]+`"`) ||
			!strings.Contains(page, `data-fassung="`+s["fassung"]+`"`) || !strings.Contains(page, "Stand 25.11.2026, gilt bis 14.12.2026 · 1.234 Artikel") {
			t.Errorf("%.2000s", page)
		}
	}
	for i, want := range []int{http.StatusNotFound, http.StatusOK, http.StatusOK} {
		for _, key := range []string{"seite", "daten"} {
			if r, _ := frag(h, http.MethodGet, seen[i][key]); r.Code != want {
				t.Errorf("%s of version %d: %d", key, i, r.Code)
			}
		}
	}
	again := seen[2]["fassung"]
	if err := g.Setze(ausgabe(t, dir, "drei", "drei")); err != nil || stand(t, h)["fassung"] != again {
		t.Errorf("the same list is another version: %v", err)
	}
}

// What a phone has is not sent again; pieces are never sent.
func TestNurNeues(t *testing.T) {
	g := &telefon.Geraet{}
	if err := g.Setze(ausgabe(t, t.TempDir(), "eins", "k")); err != nil {
		t.Fatal(err)
	}
	h := g.Handler()
	for _, path := range []string{"/", "/stand.json", stand(t, h)["daten"]} {
		r, whole := frag(h, http.MethodGet, path)
		tag := r.Header().Get("ETag")
		if r, body := frag(h, http.MethodGet, path, "If-None-Match", tag); tag == "" || r.Code != http.StatusNotModified || body != "" {
			t.Errorf("%s %s: %d", path, tag, r.Code)
		}
		if r, body := frag(h, http.MethodGet, path, "If-None-Match", `"x"`, "Range", "bytes=0-1"); r.Code != http.StatusOK || body != whole {
			t.Errorf("%s: %d %q", path, r.Code, body)
		}
		if r, body := frag(h, http.MethodHead, path); r.Code != http.StatusOK || body != "" && path != "/" {
			t.Errorf("HEAD %s: %d", path, r.Code)
		}
	}
}

// Every answer is protected; the page may load what is its own and nothing else, and runs the
// scripts whose hashes its policy names.
func TestKopfzeilen(t *testing.T) {
	g := &telefon.Geraet{}
	if err := g.Setze(ausgabe(t, t.TempDir(), "eins", `<script>alert(1)</script>`)); err != nil {
		t.Fatal(err)
	}
	h := g.Handler()
	for _, path := range []string{"/", "/stand.json", "/dienst.js", "/manifest.webmanifest", "/sinnbild-192.png", "/nichts", stand(t, h)["daten"]} {
		r, _ := frag(h, http.MethodGet, path)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := r.Header().Get(name); !strings.HasPrefix(got, want) || strings.Contains(got, "unsafe") {
				t.Errorf("%s: %s: %q", path, name, got)
			}
		}
		if r.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", path)
		}
	}
	r, page := frag(h, http.MethodGet, "/")
	policy := r.Header().Get("Content-Security-Policy")
	scripts := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(page, -1)
	if len(scripts) != 2 || strings.Contains(page, "alert(1)</script>") {
		t.Errorf("%d scripts", len(scripts))
	}
	for _, s := range scripts {
		sum := sha256.Sum256([]byte(s[1]))
		if !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
			t.Errorf("the policy does not allow %.40q", s[1])
		}
	}
	for _, word := range []string{"http://", "https://", "innerHTML", "eval("} {
		_, worker := frag(h, http.MethodGet, "/dienst.js")
		if strings.Contains(page+worker, word) {
			t.Errorf("page or worker contain %q", word)
		}
	}
	for path, size := range map[string]int{"/sinnbild-192.png": 192, "/sinnbild-512.png": 512} {
		_, body := frag(h, http.MethodGet, path)
		if c, err := png.DecodeConfig(strings.NewReader(body)); err != nil || c.Width != size || c.Height != size {
			t.Errorf("%s: %v %v", path, c, err)
		}
	}
}

// It only reads: other methods and bodies are refused, other addresses do not exist.
func TestNurLesen(t *testing.T) {
	g := &telefon.Geraet{}
	if err := g.Setze(ausgabe(t, t.TempDir(), "eins", "k")); err != nil {
		t.Fatal(err)
	}
	h := g.Handler()
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"} {
		if r, body := frag(h, method, "/"); r.Code != http.StatusMethodNotAllowed || !strings.Contains(body, "A-728") {
			t.Errorf("%s: %d", method, r.Code)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/", strings.NewReader("x"))
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET with a body: %d", w.Code)
	}
	for _, path := range []string{"/verkauf", "/daten/x.gz", "/daten/..%2F..%2Fknoten.key", "/seite/x", "/stand.json/"} {
		if r, body := frag(h, http.MethodGet, path); r.Code != http.StatusNotFound || len(body) > 200 {
			t.Errorf("%s: %d %.100s", path, r.Code, body)
		}
	}
}

// The pairing gives the certificate away, in the forms that phones take, with its fingerprint,
// and a profile that names the same certificate the same each time.
func TestKoppeln(t *testing.T) {
	dir := t.TempDir()
	s, err := apptelefon.OpenAussteller(dir, time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), []string{"offizin.lan"})
	if err != nil {
		t.Fatal(err)
	}
	h, err := telefon.Koppeln(s.Wurzel, func(host string) string { return "https://" + host + "/?\"><script>" })
	if err != nil {
		t.Fatal(err)
	}
	r, der := frag(h, http.MethodGet, "/offizin-zertifikat.crt")
	if c, err := x509.ParseCertificate([]byte(der)); err != nil || !c.Equal(s.Wurzel) || r.Header().Get("Content-Type") != "application/x-x509-ca-cert" {
		t.Errorf("%v %v", err, r.Header())
	}
	sum := sha256.Sum256(s.Wurzel.Raw)
	if got := strings.ReplaceAll(telefon.Fingerabdruck(s.Wurzel), " ", ""); got != strings.ToUpper(hex.EncodeToString(sum[:])) {
		t.Error(got)
	}
	r, page := frag(h, http.MethodGet, "/")
	if !strings.Contains(page, telefon.Fingerabdruck(s.Wurzel)) || strings.Contains(page, "<script") ||
		!strings.Contains(page, s.Wurzel.Subject.CommonName) || strings.Contains(r.Header().Get("Content-Security-Policy"), "script-src") {
		t.Error(page)
	}
	_, profile := frag(h, http.MethodGet, "/offizin.mobileconfig")
	_, again := frag(h, http.MethodGet, "/offizin.mobileconfig")
	if profile != again || !strings.Contains(profile, base64.StdEncoding.EncodeToString(s.Wurzel.Raw)) || strings.Contains(profile, "{{") ||
		strings.Count(profile, "com.apple.security.root") != 1 {
		t.Error(profile)
	}
	d := xml.NewDecoder(bytes.NewReader([]byte(profile)))
	for err == nil {
		_, err = d.Token()
	}
	if err != io.EOF { //nolint:errorlint // a decoder gives it as it is
		t.Error(err)
	}
	ids := regexp.MustCompile(`[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}`).FindAllString(profile, -1)
	if len(ids) != 2 || ids[0] == ids[1] {
		t.Errorf("%v", ids)
	}
	for _, path := range []string{"/offizin-zertifikat.pem", "/offizin.mobileconfig", "/"} {
		if _, body := frag(h, http.MethodGet, path); strings.Contains(body, "PRIVATE") {
			t.Errorf("%s gives more away than the certificate", path)
		}
	}
}
