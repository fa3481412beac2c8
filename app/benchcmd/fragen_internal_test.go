package benchcmd

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/offizin/offizin/domain/artikel"
)

// From one article come the queries that a person would type for it; only what can be sold
// without a prescription is scanned.
func TestFragenAus(t *testing.T) {
	a := artikel.Artikel{
		PZN: "01234562", Name: "Ibuprofen Müller 400", Hersteller: "Müller AG", Menge: "20", UVP: 100, Status: artikel.Verkehr,
	}
	f := fragen{}
	f.fragenAus(a)
	a.Verschreibungspflichtig, a.Name = true, "IBU"
	f.fragenAus(a)
	for name, want := range map[string][]string{
		"pzn": {"01234562", "01234562"}, "scan": {"01234562"}, "broad": {"i", "i"}, "prefix": {"ib", "ibu"},
		"words-2": {"20 ibup", "20 ibu"}, "words-3": {"ibup mul 20", "ibu mul 20"},
		"nomatch": {"ibuprofenxqxq"}, "typo": {"ibuxrofen", "ibprofen 20"},
	} {
		if !slices.Equal(f[name], want) {
			t.Errorf("%s: %q, want %q", name, f[name], want)
		}
	}
}

// The same seed draws the same articles, another one others, and never more than there are.
func TestZieh(t *testing.T) {
	draw := func(seed uint64, von int) map[int]bool { return zieh(rand.New(rand.NewPCG(seed, 0)), von) }
	same, other := 0, 0
	a, b, c := draw(1, 20_000), draw(1, 20_000), draw(2, 20_000)
	for i := range a {
		if i < 0 || i >= 20_000 {
			t.Errorf("article %d of 20000", i)
		}
		if b[i] {
			same++
		}
		if !c[i] {
			other++
		}
	}
	if len(a) != fragenVon || same != fragenVon || other < fragenVon/2 {
		t.Errorf("%d drawn, %d again, %d others with another seed", len(a), same, other)
	}
	if n := len(draw(1, 7)); n != 7 {
		t.Errorf("%d of 7", n)
	}
}
