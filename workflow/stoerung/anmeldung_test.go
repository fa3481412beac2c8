package stoerung_test

import (
	"context"
	"testing"

	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// A broken seal is always told; a missing PIN or role only where patients are real.
func TestAnmeldung(t *testing.T) {
	for _, c := range []struct {
		a    stoerung.Anmeldung
		want string
	}{
		{stoerung.Anmeldung{}, ""},
		{stoerung.Anmeldung{OhnePIN: []string{"AB"}, OhneRolle: []string{"AB"}}, ""},
		{stoerung.Anmeldung{Scharf: true, Produktiv: true}, ""},
		{stoerung.Anmeldung{Scharf: true, Notfall: true}, "G-156"},
		{stoerung.Anmeldung{Produktiv: true, OhnePIN: []string{"AB"}}, "G-157"},
		{stoerung.Anmeldung{Produktiv: true, Scharf: true, OhnePIN: []string{"GH"}}, "G-158"},
		{stoerung.Anmeldung{Produktiv: true, Scharf: true, OhneRolle: []string{"GH"}}, "G-159"},
		{stoerung.Anmeldung{Fehler: context.Canceled}, "G-155"},
	} {
		x := workflowtest.New(t, nil)
		s := stoerung.New(x.Kern, stoerung.Options{
			Anmeldung: func(context.Context) stoerung.Anmeldung { return c.a },
		})
		got := "none"
		for _, g := range s.Zustand(x.Ctx).Glieder {
			if g.ID == "anmeldung" {
				got = g.Code
			}
		}
		if got != c.want {
			t.Errorf("%+v: %q, want %q", c.a, got, c.want)
		}
	}
}
