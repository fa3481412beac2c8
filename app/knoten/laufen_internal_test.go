package knoten

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
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
		r.RemoteAddr = c.from
		var here net.Addr = &net.TCPAddr{IP: net.ParseIP(c.to)}
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, here))
		w := httptest.NewRecorder()
		if pages.ServeHTTP(w, r); w.Code != c.want {
			t.Errorf("from %q to %q: %d, want %d", c.from, c.to, w.Code, c.want)
		}
	}
}
