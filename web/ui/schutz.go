package ui

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/internal/fault"
)

// maxDauer bounds a request: whoever waits longer will have typed it again.
const maxDauer = 15 * time.Second

// strom is the address of the one answer that goes on; it ends by itself.
const strom = "/neuigkeiten"

const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// Schutz wraps the pages with what holds for all of them: headers, hosts, no foreign
// POSTs, a limit of time, German answers to what does not exist.
func (s *Rahmen) Schutz(mux *http.ServeMux, hosts []string) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(s.handler(fault.New(fault.Denied, "W-111",
		"Diese Anfrage kam von einer fremden Seite und wurde abgelehnt – öffnen Sie Offizin selbst.", nil)))
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.route(mux, w, r) })
	known := guard.Handler(s.Einlass(pages))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		headers(w.Header())
		if r.URL.Path != strom {
			ctx, cancel := context.WithTimeout(r.Context(), dauer(r.URL.Path))
			defer cancel()
			r = r.WithContext(ctx)
		}
		defer s.recovering(w, r)
		if !ours(r.Host, hosts) {
			s.FehlerZeigen(w, r, fault.New(fault.Denied, "W-112",
				"Unter dieser Adresse ist Offizin nicht zu erreichen – nehmen Sie die Adresse, die beim Start genannt wird.", nil))
			return
		}
		known.ServeHTTP(w, r)
	})
}

func headers(h http.Header) {
	h.Set("Content-Security-Policy", csp)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// ours reports whether a host name can be a pharmacy's own: an address, a name of the
// local network, or one that was configured. A public name that was pointed here (DNS
// rebinding) is not.
func ours(hostport string, hosts []string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	for _, local := range []string{".local", ".lan", ".internal", ".home.arpa", ".localhost"} {
		if strings.HasSuffix(host, local) {
			return true
		}
	}
	return net.ParseIP(host) != nil || !strings.Contains(host, ".") || slices.Contains(hosts, host)
}

// recovering turns a panic into an answer: one broken page must not end the others.
func (s *Rahmen) recovering(w http.ResponseWriter, r *http.Request) {
	if p := recover(); p != nil {
		s.FehlerZeigen(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
	}
}

func (s *Rahmen) handler(err error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.FehlerZeigen(w, r, err) })
}

// route answers in German where the mux would answer in English.
func (s *Rahmen) route(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	h, pattern := mux.Handler(r)
	if pattern != "" {
		mux.ServeHTTP(w, r)
		return
	}
	probe := &probe{header: http.Header{}}
	h.ServeHTTP(probe, r)
	if probe.status != http.StatusMethodNotAllowed {
		s.FehlerZeigen(w, r, keineSeite())
		return
	}
	w.Header().Set("Allow", probe.header.Get("Allow"))
	s.FehlerZeigen(notAllowed{w}, r, fault.New(fault.Invalid, "W-102",
		"So lässt sich diese Adresse nicht aufrufen – benutzen Sie die Knöpfe der Seite.", nil))
}

// probe sees what the mux would have answered.
type probe struct {
	header http.Header
	status int
}

func (p *probe) Header() http.Header         { return p.header }
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }
func (p *probe) WriteHeader(status int)      { p.status = status }

// notAllowed answers 405 whatever the page says.
type notAllowed struct{ http.ResponseWriter }

func (n notAllowed) WriteHeader(int) { n.ResponseWriter.WriteHeader(http.StatusMethodNotAllowed) }

func keineSeite() error {
	return fault.New(fault.NotFound, "W-101", "Diese Seite gibt es nicht – wählen Sie links einen Bereich.", nil)
}
