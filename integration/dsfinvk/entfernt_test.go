package dsfinvk_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/integration/dsfinvk/muster"
)

// DSFinV-K 4.2.3: whatever is taken out during entry, what is signed and what is exported is what it
// is without, but for two lines more for each, the second with P_STORNO = 1, which are nothing
// together.
func TestTakenOutChangesNoSum(t *testing.T) {
	q := tage(t)
	plain := files(t, export(t, ohneEntfernt(q)))
	rapid.Check(t, func(rt *rapid.T) {
		n, discounts := 0, 0
		with := ohneEntfernt(q)
		for _, z := range with {
			for i := range z.Belege {
				b := &z.Belege[i].Bon
				signed := kassenbeleg.Aus(*b).Daten()
				for range rapid.IntRange(-8, 2).Draw(rt, "taken out") {
					p := entfernt(rt)
					n++
					if p.Rabatt != 0 {
						discounts++
					}
					b.Entfernt = append(b.Entfernt, p)
				}
				if got := kassenbeleg.Aus(*b).Daten(); got != signed {
					rt.Fatalf("%s is signed, without what was taken out %s", got, signed)
				}
			}
		}
		more := map[string]int{"lines.csv": 2 * n, "lines_vat.csv": 2 * n, "itemamounts.csv": 4 * discounts}
		for name, text := range files(t, export(t, with)) {
			extra := mehr(rt, name, plain[name], text)
			if len(extra) != more[name] {
				rt.Fatalf("%s has %d lines more, want %d", name, len(extra), more[name])
			}
			voids := 0
			for _, row := range extra {
				if name == "lines.csv" && strings.Split(row, ";")[11] == `"1"` {
					voids++
				}
			}
			if name == "lines.csv" && voids != n {
				rt.Fatalf("%d lines with P_STORNO = 1, want %d", voids, n)
			}
		}
	})
}

// ohneEntfernt is a copy of closings in which nothing was taken out.
func ohneEntfernt(q muster.Quelle) muster.Quelle {
	q = slices.Clone(q)
	for i := range q {
		q[i].Belege = slices.Clone(q[i].Belege)
		for j := range q[i].Belege {
			q[i].Belege[j].Bon.Entfernt = nil
		}
	}
	return q
}

func entfernt(t *rapid.T) bon.Position {
	menge := rapid.IntRange(1, 9).Draw(t, "quantity")
	preis := money.Cent(rapid.Int64Range(1, 30_000).Draw(t, "price"))
	p := bon.Position{Nr: rapid.IntRange(1, 9).Draw(t, "line"), Bezeichnung: "Weg", Menge: menge, Preis: preis}
	p.MwSt = rapid.SampledFrom([]money.PPM{0, 7 * money.Percent, 19 * money.Percent}).Draw(t, "rate")
	p.Rabatt = money.Cent(rapid.Int64Range(0, int64(preis)).Draw(t, "off"))
	p.Gesamt = preis*money.Cent(menge) - p.Rabatt
	return p.Entfernt(rapid.IntRange(1, menge).Draw(t, "packs"))
}

// mehr are the rows of a table that another does not have; all of the latter must be there, in order.
func mehr(t *rapid.T, name, plain, text string) (extra []string) {
	want := strings.SplitAfter(plain, "\r\n")
	for _, row := range strings.SplitAfter(text, "\r\n") {
		if len(want) > 0 && row == want[0] {
			want = want[1:]
			continue
		}
		extra = append(extra, row)
	}
	if len(want) > 0 {
		t.Fatalf("%s lacks %q", name, want[0])
	}
	return extra
}
