package knoten

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
)

// The pages are for the browser on the same machine, under whichever of its addresses; the one in the
// network is what the program names when it is told to listen there.
func TestNurHier(t *testing.T) {
	pages := nurHier(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"127.0.0.1:50000", "127.0.0.1", http.StatusOK},
		{"[::1]:50000", "::1", http.StatusOK},
		{"127.0.0.1:50000", "192.168.1.20", http.StatusOK},
		{"192.168.1.20:50000", "192.168.1.20", http.StatusOK},
		{"[::ffff:192.168.1.20]:50000", "192.168.1.20", http.StatusOK}, // a listener for IPv4 and IPv6
		{"192.168.1.21:50000", "192.168.1.20", http.StatusForbidden},
		{"[fe80::1%eth0]:50000", "fe80::2", http.StatusForbidden},
		{"0.0.0.0:50000", "", http.StatusForbidden},
		{"", "192.168.1.20", http.StatusForbidden},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.Host, r.RemoteAddr = "127.0.0.1", c.from
		var here net.Addr = &net.TCPAddr{IP: net.ParseIP(c.to)}
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, here))
		w := httptest.NewRecorder()
		if pages.ServeHTTP(w, r); w.Code != c.want {
			t.Errorf("from %q to %q: %d, want %d", c.from, c.to, w.Code, c.want)
		}
	}
}

// A page from elsewhere whose name was pointed at this machine – also a name of the local network, for
// which anybody in it can answer – reads nothing; the names of the machine itself open its pages.
func TestNurUnterEigenemNamen(t *testing.T) {
	own, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	h := nurHier(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	for host, want := range map[string]int{
		"127.0.0.1:8080": 200, "[::1]:8080": 200, "localhost:8080": 200, "LOCALHOST": 200, "kasse.localhost": 200,
		own: 200, own + ":8080": 200,
		"boese.local": 403, "boese.local:8080": 403, "boese.lan": 403, "boese.internal": 403, "boese.home.arpa": 403,
		"fritz-box-gast:8080": 403, "boese.de": 403, "": 403, "localhost.boese.de": 403, "127.0.0.1.boese.de": 403,
	} {
		r := httptest.NewRequest(http.MethodGet, "/kunden", http.NoBody)
		r.Host, r.RemoteAddr = host, "127.0.0.1:5000"
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%q: %d, want %d", host, w.Code, want)
		}
	}
}
