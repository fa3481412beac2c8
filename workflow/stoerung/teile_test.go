package stoerung_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/wacht"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/tagesarbeit"
)

// The heaviest first: what cannot be stopped, what computes, what was started anew.
func TestProgrammteile(t *testing.T) {
	x, m, _ := open(t)
	x.Uhr.Advance(13 * time.Hour)
	spun := wacht.Stand{Name: "wahlen", Neustarts: 1, Zuletzt: 12 * time.Hour}
	old := wacht.Stand{Name: "wahlen", Neustarts: 1, Zuletzt: 30 * time.Minute}
	for _, c := range []struct {
		l       wacht.Lage
		code    string
		zustand stoerung.Zustand
	}{
		{wacht.Lage{}, "", stoerung.Gut},
		{wacht.Lage{Teile: []wacht.Stand{old}}, "", stoerung.Gut},
		{wacht.Lage{Teile: []wacht.Stand{spun}}, "U-120", stoerung.Warnung},
		{wacht.Lage{Teile: []wacht.Stand{spun}, Anteil: 100}, "U-122", stoerung.Warnung},
		{wacht.Lage{Teile: []wacht.Stand{spun, {Name: "x", Haengt: true}}, Anteil: 100}, "U-121", stoerung.Gestoert},
	} {
		s := stoerung.New(x.Kern, stoerung.Options{Probe: m, Teile: func() wacht.Lage { return c.l }})
		if g := glied(t, s.Zustand(x.Ctx), "programm"); g.Code != c.code || g.Zustand != c.zustand {
			t.Errorf("%+v: %+v", c.l, g)
		}
	}
}

// A job that failed, is late, or of which nothing is known is a warning; one that is due is not.
func TestTagesarbeiten(t *testing.T) {
	x, m, _ := open(t)
	for _, c := range []struct {
		a    tagesarbeit.Stand
		err  error
		code string
	}{
		{a: tagesarbeit.Stand{Name: "x", Zuletzt: 20261123}},
		{a: tagesarbeit.Stand{Name: "x", Offen: 20261123, Ueber: 2 * time.Hour}},
		{a: tagesarbeit.Stand{Name: "x", Offen: 20261123, Ueber: 2*time.Hour + 1}, code: "U-111"},
		{a: tagesarbeit.Stand{Name: "x", Offen: 20261123, Versuche: 1, Fehler: errors.New("x")}, code: "U-110"},
		{err: errors.New("x"), code: "U-112"},
	} {
		s := stoerung.New(x.Kern, stoerung.Options{Probe: m, Tagesarbeiten: func(context.Context) ([]tagesarbeit.Stand, error) {
			return []tagesarbeit.Stand{c.a}, c.err
		}})
		if g := glied(t, s.Zustand(x.Ctx), "tagesarbeiten"); g.Code != c.code {
			t.Errorf("%+v: %+v", c.a, g)
		}
	}
}

// What a doubted clock is called; the sentences name both times.
func TestUhrZweifel(t *testing.T) {
	x, m, _ := open(t)
	for v, want := range map[clock.Verdacht]string{
		clock.Kein: "", clock.Zurueck: "U-101", clock.Voraus: "U-102", clock.Sprung: "U-103", clock.Gewesen: "U-104",
		clock.Uneins: "U-106",
	} {
		s := stoerung.New(x.Kern, stoerung.Options{Probe: m, Uhr: func() clock.Stand {
			return clock.Stand{Merk: clock.Merk{Verdacht: v}}
		}})
		if g := glied(t, s.Zustand(x.Ctx), "uhr"); g.Code != want {
			t.Errorf("%s: %+v", v, g)
		}
	}
}
