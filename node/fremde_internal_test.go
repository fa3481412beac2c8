package node

import (
	"bytes"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/offizin/offizin/node/rang"
)

// A stranger who asks without end fills no disk with the log, and has to shake hands anew for each answer.
func TestFremderFragtOhneEnde(t *testing.T) {
	uhr, out := neueUhr(), &bytes.Buffer{}
	o := optionen(t, uhr, rang.Name{Rang: 1, Platz: "platz-1"})
	o.Log = slog.New(slog.NewTextHandler(out, nil))
	k := New(o)
	for _, h2 := range []bool{false, true} {
		var connections atomic.Int64
		s := httptest.NewUnstartedServer(k)
		s.EnableHTTP2 = h2
		s.Config.ConnState = func(_ net.Conn, st http.ConnState) {
			if st == http.StateNew {
				connections.Add(1)
			}
		}
		s.TLS = &tls.Config{MinVersion: tls.VersionTLS13}
		s.StartTLS()
		for range 100 {
			resp, err := s.Client().Get(s.URL + pathWer)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			if _ = resp.Body.Close(); err != nil || resp.StatusCode != http.StatusForbidden || !bytes.Contains(body, []byte("M-110")) {
				t.Fatalf("%s %s %v", resp.Status, body, err)
			}
		}
		if n := connections.Load(); n < 90 {
			t.Errorf("100 answers on %d connections, HTTP/2: %v", n, h2)
		}
		s.Close()
	}
	if n := strings.Count(out.String(), "stranger refused"); n == 0 || n > 20 {
		t.Errorf("%d lines", n)
	}
}

// A machine of the pharmacy that sends nonsense without end fills no disk with the log either.
func TestMitgliedSchicktUnsinnOhneEnde(t *testing.T) {
	uhr, out := neueUhr(), &bytes.Buffer{}
	o := optionen(t, uhr, rang.Name{Rang: 1, Platz: "platz-1"})
	o.Log = slog.New(slog.NewTextHandler(out, nil))
	k := New(o)
	for range 100 {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/knoten/v1/records", strings.NewReader("{"))
		w := httptest.NewRecorder()
		if k.mux.ServeHTTP(w, r); w.Code != http.StatusUnprocessableEntity {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if n := strings.Count(out.String(), "refused a peer"); n == 0 || n > 20 {
		t.Errorf("%d lines", n)
	}
}
