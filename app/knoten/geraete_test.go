package knoten_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/geraete"
	"github.com/offizin/offizin/workflow/haus"
)

// geraet is the browser of another device: it believes the certificate of the machine, and keeps
// cookies.
type geraet struct {
	t    *testing.T
	base string // https://name:port
	ip   net.IP // from which it calls
	http *http.Client
}

// personal puts an Inhaber and a PTA with PINs and a PKA without one on file.
func (m *laufend) personal() {
	m.t.Helper()
	ctx, n := context.Background(), 0
	act := func() workflow.Auftrag { n++; return workflow.Auftrag{Key: "personal-" + strconv.Itoa(n), Actor: "AB"} }
	for _, b := range []haus.Benutzer{
		{Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber", Aktiv: true},
		{Kuerzel: "EF", Name: "Elif Falk", Rolle: "PTA", Aktiv: true},
		{Kuerzel: "GH", Name: "Georg Hahn", Rolle: "PKA", Aktiv: true},
	} {
		if err := m.Dienste.Haus.BenutzerSetzen(ctx, act(), b); err != nil {
			m.t.Fatal(err)
		}
	}
	pin := m.Dienste.Anmeldung.PINSetzen
	if err := errors.Join(pin(ctx, act(), "AB", "493817"), pin(ctx, act(), "EF", "715203")); err != nil {
		m.t.Fatal(err)
	}
}

// schalte has the machine serve its pages to devices and returns the port.
func (m *laufend) schalte(key string, an bool) int {
	m.t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		m.t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		m.t.Fatal(err)
	}
	x := geraete.Seiten{An: an}
	if an {
		x.Port = port
	}
	if err := m.Geraete.Schalten(context.Background(), workflow.Auftrag{Key: key, Actor: "AB"}, x); err != nil {
		m.t.Fatal(err)
	}
	bald(m.t, "the way in follows", 5*time.Second, func() bool {
		return len(m.Dienste.Geraetetuer.Zustand(context.Background()).Adressen) > 0 == an
	})
	return port
}

// code opens a code for a device.
func (m *laufend) code(name string) string {
	m.t.Helper()
	if err := m.Geraete.Oeffnen(context.Background(), "AB", name); err != nil {
		m.t.Fatal(err)
	}
	return m.Geraete.Offen().Code
}

// geraet returns a browser that calls from an address, without cookies.
func (m *laufend) geraet(port int, ip net.IP) *geraet {
	m.t.Helper()
	root, err := x509.ParseCertificate(m.Dienste.Geraetetuer.Zustand(context.Background()).Zertifikat)
	if err != nil {
		m.t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(root)
	jar, err := cookiejar.New(nil)
	if err != nil {
		m.t.Fatal(err)
	}
	to := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: ip}}
	tr := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS13},
		DialContext:     func(ctx context.Context, _, _ string) (net.Conn, error) { return d.DialContext(ctx, "tcp", to) },
	}
	m.t.Cleanup(tr.CloseIdleConnections)
	name := root.PermittedDNSDomains[1] // of this machine in a house: NAME.lan
	return &geraet{m.t, "https://" + net.JoinHostPort(name, strconv.Itoa(port)), ip, &http.Client{
		Jar: jar, Transport: tr, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// antwort is what came back.
type antwort struct {
	status      int
	body, weg   string
	mitgegebene []*http.Cookie
}

// frage asks; head are pairs of headers, form nil: a GET.
func (g *geraet) frage(path string, form url.Values, head ...string) antwort {
	g.t.Helper()
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(context.Background(), method, g.base+path, body)
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
		if head[i] == "Host" {
			req.Host = head[i+1]
		}
	}
	resp, err := g.http.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return antwort{resp.StatusCode, string(b), resp.Header.Get("Location"), resp.Cookies()}
}

func (g *geraet) will(what string, status int, text, path string, form url.Values, head ...string) []*http.Cookie {
	g.t.Helper()
	got := g.frage(path, form, head...)
	if got.status != status || !strings.Contains(got.body+got.weg, text) {
		g.t.Errorf("%s: %d, want %d and %q: %.600s", what, got.status, status, text, got.body)
	}
	return got.mitgegebene
}

func werte(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func verweigert(t *testing.T, what string, err error, code string) {
	t.Helper()
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// Nobody comes in from elsewhere unless somebody who may manage the machines has switched it on, and
// not before an Inhaber has a PIN. Off again, nobody listens.
func TestGeraeteAus(t *testing.T) {
	ctx := t.Context()
	a := starte(t, filepath.Join(t.TempDir(), "a"), "127.0.0.1:0", knoten.Options{})
	if z := a.Dienste.Geraetetuer.Zustand(ctx); len(z.Adressen) != 0 || len(z.Zertifikat) != 0 {
		t.Errorf("open from the beginning: %+v", z)
	}
	on := geraete.Seiten{An: true, Port: 9443}
	verweigert(t, "no PIN", a.Geraete.Schalten(ctx, workflow.Auftrag{Key: "s1", Actor: "AB"}, on), "M-292")
	a.personal()
	verweigert(t, "a PTA", a.Geraete.Schalten(ctx, workflow.Auftrag{Key: "s2", Actor: "EF"}, on), "G-107")
	verweigert(t, "a port", a.Geraete.Schalten(ctx, workflow.Auftrag{Key: "s3", Actor: "AB"}, geraete.Seiten{An: true}), "M-298")
	verweigert(t, "a code before it is on", a.Geraete.Oeffnen(ctx, "AB", "Laptop"), "M-299")
	port := a.schalte("an", true)
	verweigert(t, "a code for a PTA", a.Geraete.Oeffnen(ctx, "EF", "Laptop"), "G-107")
	verweigert(t, "no name", a.Geraete.Oeffnen(ctx, "AB", " "), "M-294")
	g := a.geraet(port, net.IPv4(127, 0, 0, 2))
	g.will("asks for a code", http.StatusForbidden, "Gerät koppeln", "/", nil)
	a.schalte("aus", false)
	var d net.Dialer
	if c, err := d.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
		_ = c.Close()
		t.Error("somebody listens although it is switched off")
	}
}

// Without the cookie of a permitted device nothing but the page of the code answers: no page, no file,
// no act, no stream, whatever is sent along; not without encryption, not under a foreign name, not
// from a foreign page. Five wrong codes end the code.
func TestGeraeteFeindlich(t *testing.T) {
	ctx := t.Context()
	a := starte(t, filepath.Join(t.TempDir(), "a"), "127.0.0.1:0", knoten.Options{})
	a.personal()
	port := a.schalte("an", true)
	g := a.geraet(port, net.IPv4(127, 0, 0, 2))
	session, err := a.Dienste.Anmeldung.Anmelden(ctx, "AB", "493817")
	if err != nil {
		t.Fatal(err)
	}
	before := a.stand().Seq
	for _, path := range []string{
		"/verkauf", "/kunden", "/static/offizin.css", "/gesund", "/ampel", "/neuigkeiten", "/anmelden", "/einstellungen/rechner",
		"/knoten/lokal/v1/stand", "/knoten/v1/keys", "/geraet/koppeln", "/%2e%2e/verkauf", "//verkauf", "/offizin-zertifikat.crt",
	} {
		for _, cookie := range []string{"", "benutzer=GH", "sitzung=" + session, "__Host-geraet-00000000=x"} {
			got := g.frage(path, nil, "Cookie", cookie, "Accept", "application/json")
			if got.status != http.StatusForbidden || !strings.Contains(got.body, "M-293") || len(got.mitgegebene) > 0 {
				t.Errorf("%s with %q: %d %.200s", path, cookie, got.status, got.body)
			}
			for _, secret := range []string{"Anna Berg", "Georg", "Offizin-Gesperrt"} {
				if strings.Contains(got.body, secret) {
					t.Errorf("%s tells %q", path, secret)
				}
			}
		}
	}
	for _, path := range []string{"/verkauf/scan", "/benutzer", "/anmelden", "/einstellungen/rechner/geraete/schalten"} {
		g.will(path, http.StatusForbidden, "M-293", path, werte("key", "x", "kuerzel", "AB", "pin", "493817"), "Cookie", "sitzung="+session)
	}
	if now := a.stand().Seq; now != before {
		t.Errorf("strangers wrote %d records", now-before)
	}
	g.will("no code open", http.StatusForbidden, "M-290", "/geraet/koppeln", werte("code", "12345678"))
	code := a.code("Laptop")
	right := werte("code", code)
	g.will("foreign page", http.StatusForbidden, "M-293", "/geraet/koppeln", right, "Origin", "https://boese.example")
	g.will("foreign page", http.StatusForbidden, "M-293", "/geraet/koppeln", right, "Sec-Fetch-Site", "cross-site")
	g.will("foreign name", http.StatusForbidden, "M-284", "/geraet/koppeln", right, "Host", "boese.example")
	g.will("as address", http.StatusForbidden, "M-293", "/geraet/koppeln?code="+code, nil)
	plain, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://127.0.0.1:"+strconv.Itoa(port)+"/geraet/koppeln",
		strings.NewReader(right.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(plain)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || resp.StatusCode != http.StatusForbidden || !strings.Contains(string(b), "M-285") || len(resp.Cookies()) > 0 {
		t.Errorf("without encryption: %d %s", resp.StatusCode, b)
	}
	wrong := "0"
	if code[0] == '0' {
		wrong = "1"
	}
	for i := range 5 {
		g.will("wrong code", http.StatusForbidden, "übrige Versuche: "+strconv.Itoa(4-i), "/geraet/koppeln", werte("code", wrong+code[1:]))
	}
	g.will("the right one after five wrong ones", http.StatusForbidden, "M-290", "/geraet/koppeln", right)
	g.will("endless", http.StatusForbidden, "M-290", "/geraet/koppeln", werte("code", strings.Repeat("1", 1<<20)))
	if list, err := a.Geraete.Liste(ctx); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
}

// A device comes in once with a code; its cookie is for the browser only and stands in no file of the
// machine. There a Kuerzel alone opens nothing, nor a badge. What is sold is booked by this machine,
// and the audit says from which device, on the other machine too. Once the permission is gone, the
// next request is refused, with the session that was open.
func TestGeraet(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b := a.dazu(filepath.Join(dir, "b"))
	a.importiere(1, a.heute())
	if err := a.Katalog.Reload(); err != nil {
		t.Fatal(err)
	}
	a.personal()
	port := a.schalte("an", true)
	g := a.geraet(port, net.IPv4(127, 0, 0, 2))
	code := a.code("Laptop Büro")
	in := g.will("right code", http.StatusSeeOther, "/", "/geraet/koppeln", werte("code", code[:4]+" "+code[4:]))
	if len(in) != 1 {
		t.Fatalf("%v", in)
	}
	c := in[0]
	if !strings.HasPrefix(c.Name, "__Host-") || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
		t.Errorf("%+v", c)
	}
	again := a.geraet(port, net.IPv4(127, 0, 0, 3))
	again.will("the same code again", http.StatusForbidden, "M-290", "/geraet/koppeln", werte("code", code))

	g.will("no session", http.StatusSeeOther, "/anmelden", "/verkauf", nil)
	g.will("a Kuerzel", http.StatusSeeOther, "/anmelden", "/benutzer", werte("kuerzel", "GH", "key", "k"))
	own := c.Name + "=" + c.Value
	g.will("a Kuerzel as cookie", http.StatusSeeOther, "/anmelden", "/verkauf", nil, "Cookie", own+"; benutzer=GH")
	g.will("an act without session", http.StatusForbidden, "G-151", "/verkauf/scan", werte("key", "x", "text", "1"))
	g.will("a badge", http.StatusForbidden, "M-296", "/anmelden/ausweis", werte("code", "OA1"))
	g.will("the sealed code", http.StatusForbidden, "M-296", "/anmelden/notzugang", werte("code", "ON1"))
	g.will("a foreign page", http.StatusForbidden, "W-111", "/anmelden", werte("kuerzel", "AB", "pin", "493817"), "Origin", "https://boese.example")
	g.will("a wrong PIN", http.StatusForbidden, "G-124", "/anmelden", werte("kuerzel", "AB", "pin", "111112"))
	g.will("the PIN", http.StatusSeeOther, "/verkauf", "/anmelden", werte("kuerzel", "AB", "pin", "493817", "zurueck", "/verkauf"))
	for _, c := range g.will("the PIN again", http.StatusSeeOther, "/verkauf", "/anmelden", werte("kuerzel", "AB", "pin", "493817")) {
		if c.Name == "sitzung" && (!c.Secure || !c.HttpOnly) {
			t.Errorf("%+v", c)
		}
	}
	g.will("the page", http.StatusOK, "", "/einstellungen/rechner/geraete", nil)

	bon := g.verkaufe()
	if !strings.HasPrefix(bon, "1-") {
		t.Errorf("Bon %q is not of this machine", bon)
	}
	for _, m := range []*laufend{a, b} {
		bald(t, "the audit says so", 5*time.Second, func() bool {
			return m.vermerkt("Laptop Büro · Bon "+bon) && m.vermerkt("Laptop Büro · angemeldet") && m.vermerkt("Laptop Büro · abgelehnt")
		})
	}
	list, err := a.Geraete.Liste(ctx)
	if err != nil || len(list) != 1 || list[0].Zuletzt.IsZero() || list[0].Wer != "AB" {
		t.Fatalf("%+v %v", list, err)
	}
	if other, err := b.Geraete.Liste(ctx); err != nil || len(other) != 0 {
		t.Errorf("permitted on another machine too: %v %v", other, err)
	}
	nirgends(t, dir, c.Value)

	a.stop()
	a = starte(t, a.dir, a.addr, knoten.Options{})
	bald(t, "open again after a start", 5*time.Second, func() bool { return len(a.Dienste.Geraetetuer.Zustand(ctx).Adressen) > 0 })
	g.http.CloseIdleConnections()
	g.will("permitted, but logged out", http.StatusSeeOther, "/anmelden", "/verkauf", nil)
	g.will("the PIN", http.StatusSeeOther, "/verkauf", "/anmelden", werte("kuerzel", "AB", "pin", "493817", "zurueck", "/verkauf"))
	g.will("inside", http.StatusOK, "", "/verkauf", nil)
	if err := a.Geraete.Entziehen(ctx, workflow.Auftrag{Key: "weg", Actor: "AB"}, list[0].ID); err != nil {
		t.Fatal(err)
	}
	g.will("revoked", http.StatusForbidden, "M-293", "/verkauf", nil)
	g.will("revoked", http.StatusForbidden, "M-293", "/verkauf/scan", werte("key", "y", "text", "1"))
}

// verkaufe sells one article for cash and returns the number of the Bon.
func (g *geraet) verkaufe() string {
	g.t.Helper()
	var v struct {
		Vorgang, Bon string
		Patient      int64
	}
	ask := func(path string, form url.Values) {
		got := g.frage(path, form, "Accept", "application/json")
		if err := json.Unmarshal([]byte(got.body), &v); err != nil {
			g.t.Fatalf("%s: %v %.300s", path, err, got.body)
		}
	}
	ask("/verkauf/scan", werte("key", "v1", "text", string(muster.FreiwahlVoll.PZN())))
	ask("/verkauf/bezahlen", werte("key", "v2", "vorgang", v.Vorgang, "erwartet", strconv.FormatInt(v.Patient, 10)))
	return v.Bon
}

// vermerkt reports whether a line of the audit has a detail.
func (m *laufend) vermerkt(detail string) bool {
	list, err := m.Dienste.Anmeldung.Vermerke(context.Background(), 0, "")
	if err != nil {
		m.t.Fatal(err)
	}
	for _, v := range list {
		if v.Was == "von Gerät" && v.Detail == detail {
			return true
		}
	}
	return false
}

// nirgends reports a secret that stands in a file.
func nirgends(t *testing.T, dir, secret string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("%s holds it", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// 500 connections that do nothing, from one address and from a hundred: a permitted device and one
// that has a code come in, and the machine itself reads its own pages.
func TestGeraeteFuenfhundertUntaetige(t *testing.T) {
	ctx := t.Context()
	a := starte(t, filepath.Join(t.TempDir(), "a"), "127.0.0.1:0", knoten.Options{})
	a.personal()
	port := a.schalte("an", true)
	g := a.geraet(port, net.IPv4(127, 0, 0, 2))
	g.will("right code", http.StatusSeeOther, "/", "/geraet/koppeln", werte("code", a.code("Laptop")))
	storm, calm := context.WithCancel(ctx)
	defer calm()
	var closed atomic.Int64
	for i := range 500 {
		ip := net.IPv4(127, 1, 0, 1)
		if i%2 == 0 {
			ip = net.IPv4(127, 1, 1, byte(1+i/5))
		}
		go stuermt(storm, net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), ip, i%3, &closed)
	}
	bald(t, "the storm is there", 10*time.Second, func() bool { return closed.Load() > 250 })
	for range 3 {
		g.will("a permitted device", http.StatusSeeOther, "/anmelden", "/verkauf", nil)
		g.http.CloseIdleConnections()
	}
	other := a.geraet(port, net.IPv4(127, 0, 0, 3))
	other.will("another one", http.StatusSeeOther, "/", "/geraet/koppeln", werte("code", a.code("Tablet")))
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+a.addr+"/gesund", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("the own browser: %v %v", resp, err)
	}
	_ = resp.Body.Close()
}
