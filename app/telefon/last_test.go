package telefon_test

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/catalogue/muster"
)

// Fifty clients that ask without a pause, each from an address of its own and half of them
// with a new connection each time, do not keep anybody at the till waiting. The limit of a
// sale is 15 ms (p95); the test, on whatever machine, allows three times that much, or six
// times what the machine takes without them.
func TestTelefoneBremsenDenVerkaufNicht(t *testing.T) {
	p, _, port := starte(t, cmp.Or(os.Getenv("OFFIZIN_ARTIKEL"), "6000"))
	addr := "127.0.0.1:" + port
	liste := warte(t, addr)
	c := driver.New(p.URL, "AB")
	sales(t, c, "warm", 20)
	quiet := sales(t, c, "still", 100)
	ctx, stop := context.WithCancel(t.Context())
	var asked, got, refused atomic.Int64
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() { haemmere(ctx, addr, liste, i, &asked, &got, &refused) })
	}
	begin := time.Now()
	loud := sales(t, c, "laut", 1000)
	took := time.Since(begin)
	stop()
	all.Wait()
	t.Logf("p95 of a sale: %s alone, %s beside 50 phones (worst %s; %d answers, %d refused or broken off, %d MB in %s)",
		p95(quiet), p95(loud), slices.Max(loud), asked.Load(), refused.Load(), got.Load()>>20, took.Round(time.Millisecond))
	if p95(loud) > max(45*time.Millisecond, 6*p95(quiet)) {
		t.Errorf("a sale takes %s beside 50 phones, %s alone", p95(loud), p95(quiet))
	}
	if asked.Load() == 0 {
		t.Error("no phone was answered at all")
	}
}

// starte runs a pharmacy that lets phones in, and returns the ports of pairing and list.
func starte(t *testing.T, artikel string) (p *driver.Process, pair, list string) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program")
	}
	binary := filepath.Join(t.TempDir(), "offizin")
	if out, err := exec.Command("go", "build", "-o", binary, "github.com/offizin/offizin/cmd/offizin").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	p, err := driver.Start(t.Context(), binary, "demo", "--daten", filepath.Join(t.TempDir(), "d"), "--artikel", artikel,
		"--phone", "127.0.0.1:0", "--phone-name", "offizin.lan")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	for range 100 { // it answers before it says where
		if m := regexp.MustCompile(`http://offizin.lan:(\d+)/ .*https://offizin.lan:(\d+)/`).FindStringSubmatch(p.Output()); m != nil {
			return p, m[1], m[2]
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal(p.Output())
	return nil, "", ""
}

func p95(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)*95/100]
}

// warte waits for the price list and returns the address of its data.
func warte(t *testing.T, addr string) string {
	t.Helper()
	for range 600 {
		r, err := client(0, true).Get("https://" + addr + "/stand.json")
		if err == nil {
			b, _ := io.ReadAll(r.Body)
			r.Body.Close()
			if m := regexp.MustCompile(`/daten/[0-9a-f]+\.gz`).Find(b); m != nil {
				return string(m)
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("no price list")
	return ""
}

func client(i int, fresh bool) *http.Client {
	dial := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+i))}, Timeout: 5 * time.Second}
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		DialContext: dial.DialContext, DisableKeepAlives: fresh,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // who it is does not matter here
	}}
}

func haemmere(ctx context.Context, addr, liste string, i int, asked, got, refused *atomic.Int64) {
	c := client(i, i%2 == 0)
	defer c.CloseIdleConnections()
	for k := 0; ctx.Err() == nil; k++ {
		path := []string{liste, "/", "/stand.json", "/gibtsnicht"}[k%4]
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+addr+path, nil)
		r, err := c.Do(req)
		if err != nil {
			refused.Add(1)
			continue
		}
		n, _ := io.Copy(io.Discard, r.Body)
		r.Body.Close()
		asked.Add(1)
		got.Add(n)
	}
}

// sales pays carts and returns how long each payment took.
func sales(t *testing.T, c *driver.Client, key string, n int) (list []time.Duration) {
	t.Helper()
	for i := range n {
		k := fmt.Sprintf("%s-%d", key, i)
		a, err := c.Scan(t.Context(), k+"-1", "", string(muster.OTCSchmerzmittel.PZN()))
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		if _, err := c.Bezahlen(t.Context(), k+"-2", a.Vorgang, a.Patient); err != nil {
			t.Fatal(err)
		}
		list = append(list, time.Since(begin))
	}
	return list
}

// What answers phones knows none of the pages of the till, and the till goes by no phone's
// word.
func TestTelefonSiehtNurPreise(t *testing.T) {
	_, pair, port := starte(t, "300")
	for _, base := range []string{"http://127.0.0.1:" + pair, "https://127.0.0.1:" + port} {
		for _, path := range []string{"/verkauf", "/artikel", "/lager", "/kunden", "/berichte", "/einstellungen", "/bon/1-000001", "/katalog", "/gesund", "/static/offizin.css", "/daten/", "/daten/..%2Faussteller.pem", "/telefon/aussteller.pem"} {
			r, err := client(0, true).Get(base + path)
			if err != nil {
				t.Fatal(err)
			}
			b, _ := io.ReadAll(r.Body)
			r.Body.Close()
			if r.StatusCode != http.StatusNotFound || len(b) > 200 || strings.Contains(string(b), "PRIVATE") || len(r.Cookies()) > 0 {
				t.Errorf("%s%s: %d %.100s", base, path, r.StatusCode, b)
			}
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
			req, _ := http.NewRequest(method, base+"/", strings.NewReader("text=1"))
			r, err := client(0, true).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			r.Body.Close()
			if r.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %d", method, base, r.StatusCode)
			}
		}
	}
}
