package stoerung_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// The outbox is looked at when something failed or has waited for a quarter of an hour.
func TestAusgang(t *testing.T) {
	s := workflowtest.New(t, nil)
	now := s.Uhr.Now()
	for _, c := range []struct {
		a    stoerung.Ausgang
		code string
	}{
		{stoerung.Ausgang{}, ""},
		{stoerung.Ausgang{Wartet: 3, Seit: now.Add(-15 * time.Minute)}, ""},
		{stoerung.Ausgang{Wartet: 3, Seit: now.Add(-16 * time.Minute)}, "S-654"},
		{stoerung.Ausgang{Wartet: 1, Gescheitert: 1, Seit: now}, "S-652"},
		{stoerung.Ausgang{Unbekannt: 1}, "S-653"},
		{stoerung.Ausgang{Fehler: errors.New("x")}, "S-651"},
	} {
		st := stoerung.New(s.Kern, stoerung.Options{Ausgang: func(context.Context) stoerung.Ausgang { return c.a }})
		for _, g := range st.Zustand(s.Ctx).Glieder {
			if g.ID == "ausgang" && g.Code != c.code {
				t.Errorf("%+v: %q, want %q", c.a, g.Code, c.code)
			}
		}
	}
}
