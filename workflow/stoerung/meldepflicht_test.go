package stoerung_test

import (
	"context"
	"errors"
	"testing"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// § 146a (4) AO: within a month; while nothing is open nothing is said.
func TestKassenmeldung(t *testing.T) {
	today := civil.Must(2026, 11, 23)
	for _, c := range []struct {
		in   stoerung.Meldepflicht
		code string
	}{
		{stoerung.Meldepflicht{}, ""},
		{stoerung.Meldepflicht{Offen: 1, Frist: today}, "T-719"},
		{stoerung.Meldepflicht{Offen: 2, Frist: today.AddDays(-1)}, "T-718"},
		{stoerung.Meldepflicht{Fehler: errors.New("disk")}, "T-717"},
	} {
		list := stoerung.Kassenmeldung(c.in, today)
		if c.code == "" && len(list) != 0 || c.code != "" && (len(list) != 1 || list[0].Code != c.code) {
			t.Errorf("%+v: %+v", c.in, list)
		}
	}
}

func TestKassenmeldungIstEinGlied(t *testing.T) {
	x := workflowtest.New(t, nil)
	s := stoerung.New(x.Kern, stoerung.Options{Kassenmeldung: func(context.Context) stoerung.Meldepflicht {
		return stoerung.Meldepflicht{Offen: 1, Frist: 20261201}
	}})
	for _, g := range s.Zustand(x.Ctx).Glieder {
		if g.ID == "kassenmeldung" && g.Zustand == stoerung.Warnung {
			return
		}
	}
	t.Error("the page does not show what is to be notified")
}
