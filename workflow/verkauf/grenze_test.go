package verkauf_test

import (
	"testing"

	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/workflow/verkauf"
)

// A fee is there once for each prescription, also when it is assigned afterwards.
func TestGebuehrNichtZweimalZuordnen(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	r := x.nimm(id, x.muster(ramipril))
	for _, e := range []verkauf.GebuehrEingabe{{SOK: gebuehr.SOKBotendienst, Rezept: r}, {SOK: gebuehr.SOKBotendienst}} {
		_, err := x.Gebuehr(x.ctx, x.a(), id, e)
		x.must(err)
	}
	_, err := x.Zuordnen(x.ctx, x.a(), id, 2, r, 0)
	x.wants(err, "V-125")
	_, err = x.Zuordnen(x.ctx, x.a(), id, 1, "", 0)
	x.wants(err, "V-125")
	_, err = x.Zuordnen(x.ctx, x.a(), id, 1, r, 0)
	x.must(err)
}

// A line below the first of a prescription is a verdict like one beyond the last.
func TestNegativeVerordnung(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	m := x.muster(ramipril)
	m.Unfall = rezept.Arbeitsunfall
	v := x.auf(id, ramipril, x.nimm(id, m), -1)
	_, err := x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: v.Summen.Patient})
	x.wants(err, "V-307")
}
