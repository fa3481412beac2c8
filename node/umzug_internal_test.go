package node

import (
	"context"
	"strconv"
	"testing"

	"github.com/offizin/offizin/node/rang"
)

// A machine that is named under another address with every look is not called anew with every look:
// after one second, two, four, at most every minute. One that really has moved is called there after
// a second at most.
func TestUmzug(t *testing.T) {
	uhr := neueUhr()
	n := 0
	o := optionen(t, uhr, rang.Name{Rang: 1, Platz: "platz-1"})
	o.Mitglieder = func() []Mitglied {
		return []Mitglied{{Name: rang.Name{Rang: 2, Platz: "platz-2"}, Adresse: "h:" + strconv.Itoa(n)}}
	}
	k := New(o)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	calls, last := 0, (*sight)(nil)
	look := func(times int) {
		for range times {
			k.meet(ctx)
			if s := k.sights["platz-2"]; s != last {
				last, calls = s, calls+1
			}
			uhr.Advance(step)
		}
	}
	for range 2400 { // ten minutes
		n++
		look(1)
	}
	if calls > 17 {
		t.Errorf("called anew %d times in ten minutes", calls)
	}
	look(4 * 61)
	uhr.Advance(2 * lastMove)
	n++
	before := calls
	if look(1); calls != before+1 || last.Adresse != "h:"+strconv.Itoa(n) {
		t.Errorf("one that has moved is called under %s", last.Adresse)
	}
}
