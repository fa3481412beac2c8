package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/web"
)

// An act is told to an open screen; who only listens, and a page that looks by itself, keep no
// session open.
func TestNeuigkeiten(t *testing.T) {
	g := oeffneGesichert(t)
	var bell journal.Bell
	g.d.Neues = []func() <-chan struct{}{bell.Changed}
	h, err := web.New(g.d)
	g.Must(err)
	g.h = h
	s := httptest.NewServer(h)
	defer s.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/neuigkeiten", http.NoBody)
	g.Must(err)
	resp, err := http.DefaultClient.Do(r)
	g.Must(err)
	defer resp.Body.Close()
	if got := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || got != "text/event-stream" {
		t.Fatalf("%d %s", resp.StatusCode, got)
	}
	lines := bufio.NewScanner(resp.Body)
	for n := 0; n < 2 && lines.Scan(); {
		if lines.Text() == "data: neu" {
			n++
			bell.Ring()
		}
	}
	g.Must(lines.Err())

	g.tu(http.MethodPost, "/anmelden", "kuerzel", "EF", "pin", "715203", "zurueck", "/verkauf")
	still := func() int {
		r := httptest.NewRequest(http.MethodGet, "http://localhost/verkauf", http.NoBody)
		r.Header.Set("Offizin-Still", "1")
		for name, value := range g.keks {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		w := httptest.NewRecorder()
		g.h.ServeHTTP(w, r)
		return w.Code
	}
	if got := still(); got != http.StatusOK {
		t.Fatalf("signed on: %d", got)
	}
	for range 20 {
		g.Uhr.Advance(time.Minute)
		still()
	}
	if got := still(); got != http.StatusSeeOther {
		t.Errorf("a page that looks by itself has kept the session open: %d", got)
	}
}

// A machine without others has the page too, and says what to do.
func TestRechnerAllein(t *testing.T) {
	l := oeffne(t)
	if body := l.page(t, "/einstellungen/rechner"); !strings.Contains(body, "läuft allein") {
		t.Error("the page does not say so")
	}
}
