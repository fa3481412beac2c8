package suche_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
)

const ik = "109900019"

// alleTreffer is a limit that no query of these tests reaches.
const alleTreffer = 10_000

// partner gives every seventh article a contract of the insurer ik, every hundredth one of
// another.
func partner(zeilen []catalogue.Zeile) (list []catalogue.Vertragszeile) {
	for i, z := range zeilen {
		if i%7 == 0 {
			list = append(list, catalogue.Vertragszeile{IK: ik, PZN: z.Artikel.PZN, Vertrag: zuzahlung.Vertrag{Faktor: 50}})
		}
		if i%100 == 0 {
			list = append(list, catalogue.Vertragszeile{IK: "109900122", PZN: z.Artikel.PZN})
		}
	}
	return list
}

// text draws a query as people type them: beginnings of words of one article, numbers with
// their unit, now and then a slip or a word of another article. The words are those whose
// order must not matter: a number and its unit stay side by side.
func text(t *rapid.T, zeilen []catalogue.Zeile) []string {
	a := rapid.SampledFrom(zeilen).Draw(t, "article").Artikel
	words := strings.Fields(suche.Falten(a.Name + " " + a.Hersteller + " " + a.Wirkstoff))
	pool := []string{a.Menge + " " + a.Einheit, a.Menge, a.Wirkstaerke, a.Darreichungsform}
	for _, w := range words {
		if strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") == "" && len(w) > 3 {
			pool = append(pool, w[:rapid.IntRange(2, len(w)).Draw(t, "length")], w[:2]+"x"+w[3:])
		}
	}
	pool = append(pool, "rami", "ibuprophen", "tbl", "xqzwv")
	list := rapid.SliceOfN(rapid.SampledFrom(pool), 1, 4).Draw(t, "words")
	return slices.DeleteFunc(list, func(w string) bool { return strings.TrimSpace(w) == "" })
}

func (b bestand) menge(t interface{ Fatal(args ...any) }, f suche.Frage) []int {
	ranks := b.folge(t, f)
	slices.Sort(ranks)
	return ranks
}

// folge are all hits, best first.
func (b bestand) folge(t interface{ Fatal(args ...any) }, f suche.Frage) []int {
	f.Limit = alleTreffer
	ranks, _, err := b.index.Suchen(f)
	if err != nil {
		t.Fatal(err)
	}
	return ranks
}

// Any order of the words gives the same articles.
func TestReihenfolgeDerWorte(t *testing.T) {
	zeilen := musterzeilen(t, 3000)
	b := baue(t, zeilen, nil)
	rapid.Check(t, func(t *rapid.T) {
		words := text(t, zeilen)
		other := rapid.Permutation(words).Draw(t, "order")
		x, y := strings.Join(words, " , "), strings.Join(other, " , ")
		if d := cmp.Diff(b.menge(t, suche.Frage{Text: x}), b.menge(t, suche.Frage{Text: y})); d != "" {
			t.Errorf("%q and %q: %s", x, y, d)
		}
	})
}

// Filters, one or several, leave exactly the hits that pass them: they never add one, also
// where the exact hits are all filtered away and a less exact match would begin. What is left
// stands in the order that it had: partners, then by demand.
func TestFilterFuegenNichtsHinzu(t *testing.T) {
	zeilen := musterzeilen(t, 3000)
	contracts := partner(zeilen)
	b := baue(t, zeilen, contracts)
	rapid.Check(t, func(t *rapid.T) {
		f := suche.Frage{Text: strings.Join(text(t, zeilen), " "), IK: ik}
		if rapid.Bool().Draw(t, "by PZN") {
			f.Text = string(rapid.SampledFrom(zeilen).Draw(t, "exact").Artikel.PZN)
		}
		all := b.folge(t, f)
		f.NurRx, f.NurOTC = rapid.Bool().Draw(t, "rx"), rapid.Bool().Draw(t, "otc")
		f.NurPartner = rapid.Bool().Draw(t, "partner")
		if rapid.Bool().Draw(t, "only") {
			f.Nur = []kennung.PZN{"99999999"}
			for _, z := range rapid.SliceOf(rapid.SampledFrom(zeilen)).Draw(t, "nur") {
				f.Nur = append(f.Nur, z.Artikel.PZN)
			}
			for _, r := range all[:len(all)/2] {
				f.Nur = append(f.Nur, b.index.PZN(r))
			}
		}
		want := []int{}
		for _, r := range all {
			if b.passt(f, contracts, b.index.PZN(r)) {
				want = append(want, r)
			}
		}
		got := append([]int{}, b.folge(t, f)...)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%+v: %s", f, d)
		}
		n, err := b.index.AnzahlTreffer(f)
		if err != nil || n != len(got) {
			t.Errorf("%+v: counted %d, found %d, %v", f, n, len(got), err)
		}
	})
}

func (b bestand) passt(f suche.Frage, contracts []catalogue.Vertragszeile, p kennung.PZN) bool {
	rx := b.artikel[p].Verschreibungspflichtig
	has := slices.ContainsFunc(contracts, func(v catalogue.Vertragszeile) bool { return v.IK == f.IK && v.PZN == p })
	return (!f.NurRx || rx) && (!f.NurOTC || !rx) && (!f.NurPartner || has) && (f.Nur == nil || slices.Contains(f.Nur, p))
}

// Without text the articles asked for are found, all of them and nothing else; a filter for
// an insurer that nobody knows finds nothing.
func TestNurOhneText(t *testing.T) {
	zeilen := musterzeilen(t, 300)
	b := baue(t, zeilen, partner(zeilen))
	some := []kennung.PZN{zeilen[7].Artikel.PZN, zeilen[3].Artikel.PZN, "99999999"}
	for _, c := range []struct {
		f    suche.Frage
		want int
	}{
		{suche.Frage{Nur: some}, 2},
		{suche.Frage{Nur: some, NurPartner: true, IK: ik}, 1},
		{suche.Frage{Nur: some, NurPartner: true, IK: "100000000"}, 0},
		{suche.Frage{Nur: some, NurRx: true, NurOTC: true}, 0},
		{suche.Frage{Nur: some, Text: "–"}, 0},
		{suche.Frage{Nur: []kennung.PZN{}}, 0},
		{suche.Frage{}, 0},
	} {
		if got := b.menge(t, c.f); len(got) != c.want {
			t.Errorf("%+v: %d hits, want %d", c.f, len(got), c.want)
		}
	}
}

// Which insurers have a contract for a pack is what was written.
func TestKostentraegerEinerPackung(t *testing.T) {
	zeilen := musterzeilen(t, 2000)
	b := baue(t, zeilen, partner(zeilen))
	for i, z := range zeilen {
		var want []string
		if i%7 == 0 {
			want = append(want, ik)
		}
		if i%100 == 0 {
			want = append(want, "109900122")
		}
		r, _ := b.index.Rang(z.Artikel.PZN)
		got, err := b.index.Kostentraeger(r)
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("%s: %v %s", z.Artikel.PZN, err, d)
		}
	}
}

// "ibuprophen" finds what "ibuprofen" finds; in a short word two slips find nothing, and
// where one slip or none is enough no second one is looked for.
func TestZweiTippfehler(t *testing.T) {
	b := baue(t, musterzeilen(t, 3000), nil)
	want := b.menge(t, suche.Frage{Text: "ibuprofen"})
	for _, q := range []string{"ibuprophen", "ibuprohpen", "ibupproofen", "ibuprfne", "ibuprfeen"} {
		if got := b.menge(t, suche.Frage{Text: q}); !slices.Equal(got, want) {
			t.Errorf("%q: %d hits, want the %d of ibuprofen", q, len(got), len(want))
		}
	}
	for _, q := range []string{"ramxxp", "ibxxro", "xxuprofen", "ibuxxxfen", strings.Repeat("ibuprofen", 20)} {
		if got := b.menge(t, suche.Frage{Text: q}); len(got) > 0 {
			t.Errorf("%q: %d hits, want none", q, len(got))
		}
	}
}

// Two slips are found if and only if a plain comparison with every word finds them.
func TestZweiTippfehlerWieEinDurchgang(t *testing.T) {
	zeilen := musterzeilen(t, 1500)
	b := baue(t, zeilen, nil)
	terms := map[string][]int{}
	for _, z := range zeilen {
		r, _ := b.index.Rang(z.Artikel.PZN)
		suche.Terme(z.Artikel, func(w string) { terms[w] = append(terms[w], r) })
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var words []string
	for w := range terms {
		if len(w) >= 7 && strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") == "" {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	for range 400 {
		w := []byte(words[rng.IntN(len(words))])
		for range 2 {
			w = slip(rng, w)
		}
		q := string(w)
		if len(q) < 7 || suche.Falten(q) != q || nahe(terms, q, 1, 0) != nil {
			continue // too short, folded to another word, or one slip is enough
		}
		want := nahe(terms, q, 2, 1)
		if got := b.menge(t, suche.Frage{Text: q}); !slices.Equal(got, want) {
			t.Errorf("%q: %d hits, want %d", q, len(got), len(want))
		}
	}
}

// slip changes, drops, inserts or swaps letters behind the first.
func slip(rng *rand.Rand, w []byte) []byte {
	i, c := 1+rng.IntN(len(w)-2), byte('a'+rng.IntN(26))
	w = slices.Clone(w)
	switch rng.IntN(4) {
	case 0:
		w[i] = c
	case 1:
		w = slices.Delete(w, i, i+1)
	case 2:
		w = slices.Insert(w, i, c)
	default:
		w[i], w[i+1] = w[i+1], w[i]
	}
	return w
}

// nahe are the ranks of the terms of which a beginning is at most that many slips away; the
// first letters must be the same.
func nahe(terms map[string][]int, q string, slips, same int) (ranks []int) {
	for w, of := range terms {
		for n := 0; n <= len(w) && n <= len(q)+2; n++ {
			if n >= same && (same == 0 || w[:same] == q[:same]) && abstand(w[same:n], q[same:]) <= slips {
				ranks = append(ranks, of...)
				break
			}
		}
	}
	slices.Sort(ranks)
	return slices.Compact(ranks)
}

// abstand is the number of slips between two words: a letter changed, missing, too many, or
// swapped with its neighbour.
func abstand(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], d[i-2][j-2]+1)
				}
			}
		}
	}
	return d[len(a)][len(b)]
}
