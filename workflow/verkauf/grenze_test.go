package verkauf_test

import (
	"strings"
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

// Two carts entered from one handwritten slip: the second must be confirmed and names
// the Bon of the first, unless that was cancelled or no slip is named.
func TestHandbelegZweimal(t *testing.T) {
	x := neu(t, mittags)
	erfasse := func(beleg string) (string, verkauf.Ansicht) {
		id := x.beginne()
		_, err := x.Nacherfassung(x.ctx, x.a(), id, zeit(t, "2026-11-22 16:30"), beleg)
		x.must(err)
		return id, x.scan(id, ibu)
	}
	first, _ := erfasse("7/3")
	b, err := x.Bezahlen(x.ctx, x.a(), first, verkauf.Zahlung{Erwartet: 398})
	x.must(err)
	for _, other := range []string{"", "", "7", "7/31"} {
		id, _ := erfasse(other)
		_, err := x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: 398})
		x.must(err)
	}
	second, v := erfasse(" 7/3")
	_, err = x.Bezahlen(x.ctx, x.a(), second, verkauf.Zahlung{Erwartet: 398})
	x.wants(err, "V-203")
	if list := v.Befunde(); len(list) != 1 || list[0].Code != "V-216" ||
		!strings.Contains(list[0].Text, "Bon "+b.Nummer+" vom 22.11.2026") {
		t.Errorf("%v", list)
	}
	_, err = x.Storno(x.ctx, x.a(), b.Nummer, "vertippt")
	x.must(err)
	_, err = x.Bezahlen(x.ctx, x.a(), second, verkauf.Zahlung{Erwartet: 398})
	x.must(err)
}

// A part is counted by the units of its pack, 100 tablets here: another number is
// confirmed, and what costs nothing by it is not sold.
func TestTeilmengeEinerAnderenPackung(t *testing.T) {
	for _, c := range []struct {
		menge, von int
		want       string
	}{{10, 100, ""}, {10, 50, "V-203"}, {1, 10_000, "V-315"}} {
		x := neu(t, mittags)
		id := x.beginne()
		x.auf(id, klein, x.nimm(id, x.muster(klein)), 0) // 14,00 €
		v, err := x.Abweichung(x.ctx, x.a(), id, 1, verkauf.Abweichung{TeilMenge: c.menge, TeilVon: c.von})
		x.must(err)
		_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: v.Summen.Patient})
		if c.want == "" {
			x.must(err)
			continue
		}
		x.wants(err, c.want)
		if !strings.Contains(codes(v), "V-314/1") {
			t.Errorf("%+v: %s", c, codes(v))
		}
	}
}

// A sum that no field takes any more is said before it is paid.
func TestSummeZuGross(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	x.scan(id, bonbon)
	_, err := x.Preis(x.ctx, x.a(), id, 1, 9_999_999)
	x.must(err)
	for menge, want := range map[int]string{100: "", 101: "V-217"} {
		v, err := x.Menge(x.ctx, x.a(), id, 1, menge)
		x.must(err)
		if got := strings.Contains(codes(v), "V-217/2"); got != (want != "") {
			t.Errorf("%d packs: %s", menge, codes(v))
		}
		if want != "" {
			_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: v.Summen.Patient})
			x.wants(err, want)
		}
	}
}

// A request that is repeated after its cart was paid is told that it was done.
func TestWiederholtNachDemBezahlen(t *testing.T) {
	x := neu(t, mittags)
	begin, scan, back := x.a(), x.a(), x.a()
	v, err := x.Beginnen(x.ctx, begin)
	x.must(err)
	id := v.Vorgang.ID
	x.scan(id, bonbon)
	_, _, err = x.Scan(x.ctx, scan, id, string(ibu))
	x.must(err)
	_, err = x.Zurueck(x.ctx, back, id)
	x.must(err)
	x.zahle(id)
	_, err = x.Beginnen(x.ctx, begin)
	x.wants(err, "V-141")
	_, _, err = x.Scan(x.ctx, scan, id, string(ibu))
	x.wants(err, "V-141")
	_, err = x.Zurueck(x.ctx, back, id)
	x.wants(err, "V-141")
	_, _, err = x.Scan(x.ctx, x.a(), id, string(ibu)) // another intent
	x.wants(err, "V-101")
}

// A negative number of packs is refused, not taken for one.
func TestNegativeMenge(t *testing.T) {
	x := neu(t, mittags)
	_, err := x.Hinzufuegen(x.ctx, x.a(), x.beginne(), verkauf.Eingabe{PZN: ibu, Menge: -1})
	x.wants(err, "V-106")
}

// A computer whose clock stands before all law is told so, not asked for another day; set
// right, the same cart goes on: what was scanned meanwhile stays in it and is paid.
func TestFalscheUhrWirdGenannt(t *testing.T) {
	x := neu(t, mittags)
	id := x.beginne()
	x.uhr.Set(zeit(t, "1970-01-01 12:00"))
	_, _, err := x.Scan(x.ctx, x.a(), id, string(ibu))
	x.wants(err, "V-160")
	x.uhr.Set(zeit(t, mittags))
	v := x.scan(id, ibu)
	_, err = x.Bezahlen(x.ctx, x.a(), id, verkauf.Zahlung{Erwartet: v.Summen.Patient})
	x.must(err)
}
