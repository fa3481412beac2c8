package telefon

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// What is run up after quiet passes at once, all else at its pace, whoever asks.
func TestEimer(t *testing.T) {
	c := clock.NewManual(time.Time{})
	e := newEimer(c, 10, 5)
	wait := func(want ...time.Duration) {
		t.Helper()
		for _, w := range want {
			if got := max(0, e.nimm(1)); got != w {
				t.Errorf("waits %s, want %s", got, w)
			}
		}
	}
	wait(0, 0, 0, 0, 0, 100*time.Millisecond, 200*time.Millisecond)
	c.Advance(300 * time.Millisecond)
	wait(0, 100*time.Millisecond)
	c.Advance(time.Hour)
	wait(0, 0, 0, 0, 0, 100*time.Millisecond)
}

// bedient is a server behind a door, for tests; how it is set is set before anybody comes.
func bedient(t *testing.T, h http.Handler, set ...func(*tuer)) (*tuer, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewReal()
	door, srv := newTuer(l, c), server(h, c)
	for _, f := range set {
		f(door)
	}
	go func() { _ = srv.Serve(door) }()
	t.Cleanup(func() { _ = srv.Close() })
	return door, l.Addr().String()
}

// frage opens a connection and asks once; the connection stays open.
func frage(t *testing.T, addr, text string) (net.Conn, string) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	_, _ = io.WriteString(c, text)
	b := make([]byte, 64)
	n, _ := c.Read(b)
	return c, string(b[:n])
}

const hallo = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

// One address gets eight connections; the ninth ends, and one that has gone makes room.
func TestTuerJeTelefon(t *testing.T) {
	_, addr := bedient(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	var open []net.Conn
	for i := range maxJeTelefon {
		c, answer := frage(t, addr, hallo)
		if open = append(open, c); !strings.HasPrefix(answer, "HTTP/1.1 200") {
			t.Errorf("connection %d: %q", i, answer)
		}
	}
	if _, answer := frage(t, addr, hallo); answer != "" {
		t.Errorf("one more: %q", answer)
	}
	open[0].Close()
	for range 50 {
		if _, answer := frage(t, addr, hallo); answer != "" {
			return
		}
	}
	t.Error("there is no room again")
}

// Who comes from outside the network of the house is not let in.
func TestTuerNurVonHier(t *testing.T) {
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	door, addr := bedient(t, nothing)
	if _, answer := frage(t, addr, hallo); answer == "" {
		t.Error("this machine is not let in")
	}
	for ip, want := range map[string]bool{
		"127.0.0.1": true, "192.168.178.30": true, "10.1.2.3": true, "fd12::7": true, "fe80::1": true, "169.254.1.1": true,
		"8.8.8.8": false, "100.64.0.1": false, "2a01::1": false, "172.32.0.1": false,
	} {
		if got := door.haus(net.ParseIP(ip)); got != want {
			t.Errorf("%s: %v", ip, got)
		}
	}
	_, addr = bedient(t, nothing, func(d *tuer) { d.haus = func(net.IP) bool { return false } })
	if _, answer := frage(t, addr, hallo); answer != "" {
		t.Errorf("%q", answer)
	}
}

// Headers are small, and who dawdles over them is dropped.
func TestServerGrenzen(t *testing.T) {
	_, addr := bedient(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	if _, answer := frage(t, addr, "GET / HTTP/1.1\r\nHost: x\r\nX: "+strings.Repeat("a", 20<<10)+"\r\n\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 431") {
		t.Errorf("large header: %q", answer)
	}
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost:")
	_ = c.SetDeadline(time.Now().Add(2 * zurKopfzeile * time.Second))
	if b, err := io.ReadAll(c); err != nil {
		t.Errorf("half a header is waited for: %q %v", b, err)
	}
}

// Answers share one rate: eight at once take as long as one after the other.
func TestGebremst(t *testing.T) {
	const size = 3 << 20
	c := clock.NewReal()
	h := gebremst(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, size))
	}), c)
	_, addr := bedient(t, h)
	start := c.Mono()
	done := make(chan int64)
	for range 8 {
		go func() {
			r, err := http.Get("http://" + addr + "/")
			if err != nil {
				done <- 0
				return
			}
			n, _ := io.Copy(io.Discard, r.Body)
			r.Body.Close()
			done <- n
		}()
	}
	sum := int64(0)
	for range 8 {
		sum += <-done
	}
	if took := c.Mono() - start; sum != 8*size || took < 900*time.Millisecond { // 24 MB less 8 at once at 16 MB/s
		t.Errorf("%d bytes in %s", sum, took)
	}
}

// What is wrong with an address is said before anything starts.
func TestPruefe(t *testing.T) {
	for addr, ok := range map[string]bool{
		"": true, "0.0.0.0:8443": true, ":8443": true, "192.168.1.20:8443": true, "[::]:8443": true, "127.0.0.1:0": true,
		"8443": false, "offizin.lan:8443": false, "0.0.0.0:": false, "0.0.0.0:99999": false, "0.0.0.0:https": false,
	} {
		for _, o := range []Options{{Listen: addr}, {Koppeln: addr}} {
			if err := o.Pruefe(); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "A-726") {
				t.Errorf("%q: %v", addr, err)
			}
		}
	}
}

// The authority vouches for a name and for all below it, so it is made for no name that
// others share, and for none that a certificate cannot hold.
func TestPruefeName(t *testing.T) {
	for name, ok := range map[string]bool{
		"": true, "offizin.lan": true, "Offizin.LAN.": true, "kasse1.fritz.box": true, "offizin.rosen-apotheke.de": true,
		"a.home.arpa": true, "de": false, "lan": false, "fritz.box": false, "home.arpa": false, "rosen-apotheke.de": false,
		"offizin": false, "192.168.1.20": false, "müller.lan": false, "a b.lan": false, "*.lan": false, "a..lan": false, "-a.lan": false,
	} {
		if err := (Options{Name: name}).Pruefe(); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "A-830") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// A phone is sent to an address in a private network, the likeliest first; a listener with an
// address of its own has only that.
func TestAdressen(t *testing.T) {
	cidr := func(s string) net.Addr { return &net.IPNet{IP: net.ParseIP(s), Mask: net.CIDRMask(24, 32)} }
	all := []net.Addr{cidr("127.0.0.1"), cidr("172.17.0.1"), cidr("10.0.0.5"), cidr("93.184.216.34"), cidr("192.168.1.20"), cidr("fd00::5")}
	for listen, want := range map[string]string{
		"0.0.0.0": "[192.168.1.20 10.0.0.5 172.17.0.1 fd00::5]", "10.0.0.5": "[10.0.0.5]", "127.0.0.1": "[]", "93.184.216.34": "[]",
	} {
		if got := fmt.Sprint(adressen(&net.TCPAddr{IP: net.ParseIP(listen)}, all)); got != want {
			t.Errorf("%s: %s, want %s", listen, got, want)
		}
	}
}

// What keeps phones out does not keep the till from starting: it is said on the page.
func TestOpenStehtNichtImWeg(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	o := Options{
		Daten: t.TempDir(), Listen: taken.Addr().String(), Clock: clock.NewReal(), Log: slog.New(slog.DiscardHandler),
	}
	p := Open(context.Background(), o)
	if z := p.Zustand(); !z.An || z.Fehler == nil || !strings.Contains(z.Fehler.Error(), "A-722") {
		t.Errorf("%+v", z)
	}
	p.Serve(context.Background()) // has nothing to serve and comes back
	o.Listen, o.Name = "127.0.0.1:0", "neu.lan"
	if z := Open(context.Background(), o).Zustand(); z.Fehler == nil || !strings.Contains(z.Fehler.Error(), "A-725") || len(z.Adressen) != 0 {
		t.Errorf("a name that the certificate does not have: %+v", z)
	}
	if z := Open(context.Background(), Options{}).Zustand(); z.An || z.Fehler != nil {
		t.Errorf("off is off: %+v", z)
	}
}
