package kassenmeldung_test

import (
	"testing"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenmeldung"
)

// § 146a (4) Satz 2 AO: within a month; § 188 (2), (3) BGB: the day of the same number, or the
// last one of a shorter month.
func TestFrist(t *testing.T) {
	for _, c := range [][2]civil.Day{
		{20261126, 20261226}, {20260131, 20260228}, {20240131, 20240229}, {20261231, 20270131}, {20260331, 20260430},
	} {
		if got := kassenmeldung.Frist(c[0]); got != c[1] {
			t.Errorf("%v: %v, want %v", c[0], got, c[1])
		}
	}
}

func TestOffen(t *testing.T) {
	aa := kassenmeldung.TSE{Seriennummer: "aa", Zertifizierung: "BSI-K-TR-0412-2020", Beginn: 20260105}
	bb := kassenmeldung.TSE{Seriennummer: "bb", Zertifizierung: "BSI-K-TR-0515-2023", Beginn: 20261101}
	one := kassenmeldung.System{Till: "1", Serie: "K1", Beginn: 20260105, TSE: []kassenmeldung.TSE{aa}}
	swapped, ended := one, one
	aa.Ende = bb.Beginn
	swapped.TSE = []kassenmeldung.TSE{aa, bb}
	ended.Ende = 20261130
	back := swapped
	type list = []kassenmeldung.System
	for _, c := range []struct {
		name      string
		now, told list
		want      []string
		frist     civil.Day
	}{
		{"nothing is there", nil, nil, nil, 0},
		{"a new till, with its TSE", list{one}, nil, []string{"Kassenplatz eingerichtet"}, 20260205},
		{"notified", list{one}, list{one}, nil, 0},
		{"another TSE", list{swapped}, list{one}, []string{"TSE eingesetzt oder gewechselt"}, 20261201},
		{"decommissioned", list{ended}, list{one}, []string{"Kassenplatz außer Betrieb"}, 20261230},
		{"in use again", list{back}, list{ended}, []string{"TSE eingesetzt oder gewechselt", "Kassenplatz wieder in Betrieb"}, 20261201},
	} {
		got := kassenmeldung.Offen(c.now, c.told)
		if len(got) != len(c.want) {
			t.Errorf("%s: %+v", c.name, got)
			continue
		}
		for i, a := range got {
			if a.Was != c.want[i] || a.Frist != c.frist {
				t.Errorf("%s: %+v", c.name, a)
			}
		}
	}
}
