package stoerung_test

import (
	"errors"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/workflow/stoerung"
)

// The certificate of a TSE lasts some years; 180, 30 and 7 days before its end it is spoken of,
// each time louder.
func TestTSE(t *testing.T) {
	today := civil.Must(2026, 11, 26)
	good := stoerung.TSE{Eingerichtet: true, Ablauf: today.AddDays(400)}
	for name, c := range map[string]struct {
		change func(*stoerung.TSE)
		code   string
		state  stoerung.Zustand
	}{
		"signs":             {func(*stoerung.TSE) {}, "", stoerung.Gut},
		"none":              {func(t *stoerung.TSE) { *t = stoerung.TSE{} }, "", stoerung.Gut},
		"does not answer":   {func(t *stoerung.TSE) { t.Grund, t.Seit = "Gerät antwortet nicht", time.Now() }, "S-661", stoerung.Gestoert},
		"180 days":          {func(t *stoerung.TSE) { t.Ablauf = today.AddDays(180) }, "", stoerung.Gut},
		"31 days":           {func(t *stoerung.TSE) { t.Ablauf = today.AddDays(31) }, "", stoerung.Gut},
		"30 days":           {func(t *stoerung.TSE) { t.Ablauf = today.AddDays(30) }, "S-664", stoerung.Warnung},
		"7 days":            {func(t *stoerung.TSE) { t.Ablauf = today.AddDays(7) }, "S-663", stoerung.Gestoert},
		"the last day":      {func(t *stoerung.TSE) { t.Ablauf = today }, "S-663", stoerung.Gestoert},
		"expired":           {func(t *stoerung.TSE) { t.Ablauf = today.AddDays(-1) }, "S-662", stoerung.Gestoert},
		"cannot be read":    {func(t *stoerung.TSE) { t.Fehler = errors.New("x") }, "S-660", stoerung.Warnung},
		"a simulator signs": {func(t *stoerung.TSE) { t.Uebung = true }, "", stoerung.Gut},
	} {
		in := good
		c.change(&in)
		if g := stoerung.Signatur(in, today); g.Code != c.code || g.Zustand != c.state {
			t.Errorf("%s: %s %v %s", name, g.Code, g.Zustand, g.Text)
		}
	}
}
