package stoerung_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow/notfallmappe"
	"github.com/offizin/offizin/workflow/stoerung"
)

// What is wrong with the Notfallmappe is a warning with one sentence, the heaviest first; it
// never stops anything.
func TestNotfallmappe(t *testing.T) {
	x, m, _ := open(t)
	at := time.Date(2026, 11, 22, 23, 1, 0, 0, time.UTC)
	there := notfallmappe.Stand{Tag: 20261123, Zeit: at, Heute: true}
	bad := func(code string) error { return fault.New(fault.Unavailable, code, "Text.", nil) }
	with := func(f func(*notfallmappe.Stand)) notfallmappe.Stand {
		s := there
		f(&s)
		return s
	}
	for _, c := range []struct {
		s    notfallmappe.Stand
		code string
		text string
	}{
		{there, "", "Die Notfallmappe von heute ist da (00:01 Uhr); ein Stick ist nicht eingestellt."},
		{notfallmappe.Stand{}, "", "wird gleich erstellt"},
		{notfallmappe.Stand{Tag: 20261122}, "", "wird gleich erstellt"},
		{with(func(s *notfallmappe.Stand) { s.Stick = "/media/x" }), "", "gleich auf den Stick"},
		{with(func(s *notfallmappe.Stand) { s.Stick, s.StickZeit = "/media/x", at }), "", "und auf dem Stick."},
		{with(func(s *notfallmappe.Stand) { s.Fehler, s.StickFehler = errors.New("x"), bad("A-713") }), "S-411", "es gilt die vom 23.11.2026"},
		{notfallmappe.Stand{Fehler: bad("A-103")}, "S-411", "es gibt keine"},
		{with(func(s *notfallmappe.Stand) { s.Fehler = bad("A-712") }), "S-412", "kein Platz"},
		{with(func(s *notfallmappe.Stand) { s.Geloescht, s.Warnung = true, errors.New("x") }), "S-413", "gelöschte Person"},
		{with(func(s *notfallmappe.Stand) { s.Warnung = errors.New("x") }), "S-414", "fehlen die Vormerkungen"},
		{with(func(s *notfallmappe.Stand) { s.StickFehler = bad("A-713") }), "S-415", "stecken Sie ihn ein"},
		{with(func(s *notfallmappe.Stand) { s.StickFehler = bad("A-714") }), "S-415", "stecken Sie ihn ein"},
		{with(func(s *notfallmappe.Stand) { s.StickFehler = bad("A-715") }), "S-416", "voll"},
		{with(func(s *notfallmappe.Stand) { s.StickFehler = errors.New("x") }), "S-417", "nehmen Sie einen anderen"},
	} {
		s := stoerung.New(x.Kern, stoerung.Options{Probe: m, Notfallmappe: func(context.Context) notfallmappe.Stand { return c.s }})
		want := stoerung.Warnung
		if c.code == "" {
			want = stoerung.Gut
		}
		g := glied(t, s.Zustand(x.Ctx), "notfallmappe")
		if g.Code != c.code || g.Zustand != want || !strings.Contains(g.Text, c.text) || (g.Ausweg == "") != (c.code == "") {
			t.Errorf("%+v, want %s %q", g, c.code, c.text)
		}
	}
}
