package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal/event"
)

// zweifel is a machine two days ahead of platz-1, for an hour now.
func zweifel(now time.Time) func() clock.Stand {
	s := clock.Stand{Rechner: now.Add(48 * time.Hour), Gilt: now}
	s.Verdacht, s.Vorbild.Von, s.Seit = clock.Uneins, "platz-1", now.Add(-time.Hour)
	return func() clock.Stand { return s }
}

// A Bon booked while the clock was in doubt says since when, by how much, and whose time counted; one booked before or
// after does not.
func TestZeitZweifelhaft(t *testing.T) {
	l := oeffne(t)
	l.verkaufe(t)
	l.Kern.Uhr = zweifel(l.Uhr.Now())
	if status, _, to := l.post("/bon/1-000001/storno", "grund", "Probe"); to != "/bon/1-000002" {
		t.Fatalf("%d %s", status, to)
	}
	const hint = "Zeit zweifelhaft: Der Rechner zeigte 25.11.2026 12:00, gebucht wurde mit 23.11.2026 12:00 (Zeit von platz-1). " +
		"Das war so seit 23.11.2026 11:00."
	if _, body := l.get("/bon/1-000002"); !strings.Contains(body, hint) {
		t.Error("the Bon does not say so")
	}
	if _, body := l.get("/bon/1-000001"); strings.Contains(body, "Zeit zweifelhaft") {
		t.Error("one booked before says so")
	}
}

// The auditor sees it in the list of the day and on the record.
func TestPrueferSiehtZeitZweifelhaft(t *testing.T) {
	g := geprueft(t)
	g.Kern.Uhr = zweifel(g.Uhr.Now())
	g.Book(event.VerkaufAbgeschlossen{Bon: bon.Bon{
		Nummer: "1-000003", Art: bon.Verkauf, Tag: 20261120, Zeit: 2, Benutzer: "EF",
	}})
	g.Kern.Uhr = nil
	g.anmelden("AB", "493817")
	g.zulassen()
	g.anmelden("PR", "604417")
	g.wants(g.tu("GET", "/pruefung/belege?tag=20.11.2026"), http.StatusOK, "(Zeit zweifelhaft)")
	g.wants(g.tu("GET", "/pruefung/beleg/1-000003"), http.StatusOK, "(Abstand 172800 s)")
	g.wants(g.tu("GET", "/pruefung/beleg/1-000003"), http.StatusOK, "Es galt die Zeit von platz-1.")
}
