package rechner_test

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/workflow/rechner"
)

// Machines are taken in on two sides of a network that is cut: names and prefixes of receipts differ.
// A name that a person gave on both sides is found; the prefixes differ there, too.
func TestAufgenommenAufZweiSeiten(t *testing.T) {
	a, ra := seite(t, "platz-1", "1")
	b, rb := seite(t, "platz-2", "2")
	a.Must(ra.Gruenden(a.Ctx, auftrag("g"), rechner.Rechner{Fingerabdruck: schluessel("a"), Platz: "platz-1", Till: "1", Rang: 1}))
	_, err := ra.Aufnehmen(a.Ctx, auftrag("b"), rechner.Rechner{Fingerabdruck: schluessel("b")})
	a.Must(err)
	treffen(t, a, b)
	for _, c := range []struct {
		by                 *rechner.Service
		key, platz         string
		wantPlatz, wantTil string
	}{
		{ra, "c", "", "platz-3", "3"},
		{ra, "d", "", "platz-4", "4"},
		{ra, "e", "buero", "buero", "5"},
		{rb, "1", "", "platz-2x1", "2x1"},
		{rb, "2", "", "platz-2x2", "2x2"},
		{rb, "3", "buero", "buero", "2x3"},
	} {
		m, err := c.by.Aufnehmen(a.Ctx, auftrag(c.key), rechner.Rechner{Fingerabdruck: schluessel(c.key), Platz: c.platz})
		if err != nil || m.Platz != c.wantPlatz || m.Till != c.wantTil {
			t.Errorf("%+v %v", m, err)
		}
	}
	treffen(t, a, b)
	list, err := ra.Alle(a.Ctx)
	a.Must(err)
	tills := map[string]bool{}
	for _, m := range list {
		if tills[m.Till] {
			t.Errorf("two give out receipts %s", m.Till)
		}
		tills[m.Till] = true
	}
	if got := rechner.Gleichnamig(list); strings.Join(got, " ") != "buero" || len(list) != 8 {
		t.Errorf("%v of %d", got, len(list))
	}
}

// However machines take in each other, a prefix fits; one that has grown too long is made of the key.
func TestBonnummernEinerKette(t *testing.T) {
	own := "2"
	var list []string
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		s, r := seite(t, "platz", own)
		m, err := r.Aufnehmen(s.Ctx, auftrag("k"), rechner.Rechner{Fingerabdruck: schluessel(key)})
		s.Must(err)
		own = m.Till
		list = append(list, own)
	}
	if got := strings.Join(list, " "); got != "2x1 2x1x1 2x1x1x1 zsssssss zttttttt" {
		t.Error(got)
	}
}
