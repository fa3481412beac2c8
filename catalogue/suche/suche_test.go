package suche_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
)

// bestand is an index with the articles in it.
type bestand struct {
	index   *suche.Index
	block   []byte
	zeilen  []catalogue.Zeile
	artikel map[kennung.PZN]artikel.Artikel
}

func baue(t testing.TB, zeilen []catalogue.Zeile, vertraege []catalogue.Vertragszeile) bestand {
	t.Helper()
	b := bestand{zeilen: zeilen, artikel: map[kennung.PZN]artikel.Artikel{}}
	bau := suche.NewBau()
	for _, z := range zeilen {
		if err := bau.Artikel(z.Artikel, z.Beliebtheit); err != nil {
			t.Fatal(err)
		}
		b.artikel[z.Artikel.PZN] = z.Artikel
	}
	for _, v := range vertraege {
		if err := bau.Vertrag(v.IK, v.PZN); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := bau.Schreiben(&out); err != nil {
		t.Fatal(err)
	}
	b.block = out.Bytes()
	var err error
	if b.index, err = suche.Oeffnen(b.block); err != nil {
		t.Fatal(err)
	}
	return b
}

func musterzeilen(t testing.TB, n int) []catalogue.Zeile {
	t.Helper()
	one := func(apu money.Cent, _ bool, _ artikel.MwSt) (aep, avp money.Cent) { return apu, apu } // the index knows no prices
	var list []catalogue.Zeile
	for z, err := range muster.Quelle(muster.Options{Seed: 1, Artikel: n, Preis: one}).Artikel {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, z)
	}
	return list
}

func (b bestand) pzn(t testing.TB, f suche.Frage) []kennung.PZN {
	t.Helper()
	if f.Limit == 0 {
		f.Limit = 20
	}
	ranks, _, err := b.index.Suchen(f)
	if err != nil {
		t.Fatal(err)
	}
	list := []kennung.PZN{}
	for _, r := range ranks {
		list = append(list, b.index.PZN(r))
	}
	return list
}

// The till's queries and the article that must be among the first hits.
func TestTrifft(t *testing.T) {
	b := baue(t, musterzeilen(t, 20_000), nil)
	for _, c := range []struct {
		text  string
		first int // hits in which it must be
		want  muster.Rolle
	}{
		// PZN in every form in which it is typed or scanned.
		{"17001044", 1, muster.OTCSchmerzmittel},
		{"PZN 17001044", 1, muster.OTCSchmerzmittel},
		{"PZN-17001044", 1, muster.OTCSchmerzmittel},
		{" 17001044 ", 1, muster.OTCSchmerzmittel},
		{"170010", 5, muster.OTCSchmerzmittel},
		{"1700104", 5, muster.OTCSchmerzmittel},
		// Name, strength, pack, in any order, cut short.
		{"ibuprofen 400", 1, muster.OTCSchmerzmittel},
		{"ibu 400 20", 1, muster.OTCSchmerzmittel},
		{"400 ibu", 1, muster.OTCSchmerzmittel},
		{"20 st ibu 400mg", 1, muster.OTCSchmerzmittel},
		{"ibu 400 mg n1", 1, muster.OTCSchmerzmittel},
		{"IBU akut", 1, muster.OTCSchmerzmittel},
		{"nordhaus ibu", 1, muster.OTCSchmerzmittel},
		{"ibu filmt 400", 1, muster.OTCSchmerzmittel},
		{"ramipril 5 mg 100", 1, muster.RxZuzahlung5},
		{"rami 5 demopharm", 1, muster.RxZuzahlung5},
		{"ramipril demopharm 100 st n3", 1, muster.RxZuzahlung5},
		{"C09AA05 demopharm 5mg", 1, muster.RxZuzahlung5},
		{"atovalan", 1, muster.RxMehrkosten},
		{"atorvastatin lindenfels", 3, muster.RxMehrkosten},
		{"metformin 1000 180", 1, muster.RxRabatt50},
		{"metformin 1.000 mg talpha", 1, muster.RxRabatt50},
		// Forms by their abbreviations.
		{"ibu 400 fta", 1, muster.OTCSchmerzmittel},
		{"ibu ftbl nordhaus", 1, muster.OTCSchmerzmittel},
		{"rami tbl 5 mg", 2, muster.RxZuzahlung5},
		{"rami tabl 5 mg", 2, muster.RxZuzahlung5},
		{"morphin isaria ret", 1, muster.Betaeubungsmittel},
		{"lenalidomid kaps 10", 2, muster.TRezept},
		{"glarvia pen", 1, muster.Kuehlkette},
		{"sildenafil talpha filmtabletten", 1, muster.Lifestyle},
		// Umlauts three ways, and decimals.
		{"kräutertee pfefferminze morgentau", 1, muster.FreiwahlErmaessigt},
		{"kraeutertee morgentau", 1, muster.FreiwahlErmaessigt},
		{"krautertee morgentau", 1, muster.FreiwahlErmaessigt},
		{"macrogol 13,7 g nordhaus", 1, muster.OTCAufRezept},
		{"macrogol 13.7 nordhaus", 1, muster.OTCAufRezept},
		// One slip of the finger: changed, missing, doubled, swapped.
		{"ibuprofan nordhaus", 1, muster.OTCSchmerzmittel},
		{"ibuprfen nordhaus", 1, muster.OTCSchmerzmittel},
		{"ibbuprofen nordhaus", 1, muster.OTCSchmerzmittel},
		{"ibuporfen nordhaus", 1, muster.OTCSchmerzmittel},
		{"atovlaan", 1, muster.RxMehrkosten},
		{"glarwia", 1, muster.Kuehlkette},
		{"handcerme lavensa", 1, muster.FreiwahlVoll},
		// What else stands in the catalogue.
		{"rivaxo import", 1, muster.Reimport},
		{"rivaxo eurowege", 1, muster.Reimport},
		{"blutzucker messpunkt 50", 1, muster.Blutzuckerteststreifen},
		{"inkontinenz stuetzwerk 120", 1, muster.HilfsmittelVerbrauch},
	} {
		list := b.pzn(t, suche.Frage{Text: c.text})
		if at := slices.Index(list, c.want.PZN()); at < 0 || at >= c.first {
			t.Errorf("%q: %s (%s) is hit %d, want among the first %d\n%s", c.text, c.want, c.want.PZN(), at+1, c.first, b.namen(list))
		}
	}
}

func (b bestand) namen(list []kennung.PZN) string {
	var s strings.Builder
	for _, p := range list[:min(5, len(list))] {
		a := b.artikel[p]
		fmt.Fprintf(&s, "\t%s %s %s %s\n", p, a.Name, a.Packung(), a.Hersteller)
	}
	return s.String()
}

func TestTrifftNichts(t *testing.T) {
	b := baue(t, musterzeilen(t, 2000), nil)
	for _, q := range []string{
		"", " ", "–", "xqzwv", "ibuprofen xqzwv", "99999999", "ibu 417 mg", ",,,", "☃", "\x00", "\xff\xfe", "'; DROP TABLE artikel",
	} {
		if list := b.pzn(t, suche.Frage{Text: q}); len(list) > 0 {
			t.Errorf("%q finds\n%s", q, b.namen(list))
		}
	}
}

// Filters and the partners of an insurer: first among equals, nothing lost.
func TestFilterUndPartner(t *testing.T) {
	zeilen := musterzeilen(t, 20_000)
	partner := []kennung.PZN{}
	for _, z := range zeilen {
		if a := z.Artikel; a.Wirkstoff == "Ramipril" && a.Wirkstaerke == "5 mg" && a.Hersteller != "Demopharm" {
			partner = append(partner, a.PZN)
		}
	}
	if len(partner) < 3 {
		t.Fatal("too few articles for this test")
	}
	contracts := []catalogue.Vertragszeile{{IK: "109900019", PZN: partner[2]}, {IK: "109900019", PZN: "00000000"}}
	b := baue(t, zeilen, contracts)
	plain := b.pzn(t, suche.Frage{Text: "ramipril 5 mg", Limit: 200})
	first := b.pzn(t, suche.Frage{Text: "ramipril 5 mg", Limit: 200, IK: "109900019"})
	if first[0] != partner[2] || plain[0] == partner[2] || len(first) != len(plain) {
		t.Errorf("first %s, want the partner %s; %d of %d hits", first[0], partner[2], len(first), len(plain))
	}
	if got := b.pzn(t, suche.Frage{Text: "ramipril 5 mg", Limit: 200, IK: "109900122"}); !slices.Equal(got, plain) {
		t.Error("an insurer without contracts changes the order")
	}
	for _, f := range []suche.Frage{{Text: "ibu 400", NurRx: true, Limit: 200}, {Text: "ibu 400", NurOTC: true, Limit: 200}} {
		list := b.pzn(t, f)
		for _, p := range list {
			if b.artikel[p].Verschreibungspflichtig != f.NurRx {
				t.Errorf("%+v finds %s", f, b.artikel[p].Name)
			}
		}
		if len(list) == 0 {
			t.Errorf("%+v finds nothing", f)
		}
	}
}

// What can be had comes before what cannot, then the popular before the rare.
func TestReihenfolge(t *testing.T) {
	mk := func(pzn kennung.PZN, s artikel.Status, n int) catalogue.Zeile {
		return catalogue.Zeile{Artikel: artikel.Artikel{PZN: pzn, Name: "Testol", Status: s}, Beliebtheit: n}
	}
	b := baue(t, []catalogue.Zeile{
		mk("00000017", artikel.AusserVertrieb, 9000), mk("00000023", artikel.Verkehr, 5), mk("00000046", artikel.Verkehr, 50),
		mk("00000052", artikel.Verkehr, -7), mk("00000069", artikel.Verkehr, 5), mk("00000081", artikel.Rueckruf, 6),
	}, nil)
	want := []kennung.PZN{"00000046", "00000081", "00000023", "00000069", "00000052", "00000017"}
	if d := cmp.Diff(want, b.pzn(t, suche.Frage{Text: "testol"})); d != "" {
		t.Error(d)
	}
	if got := b.pzn(t, suche.Frage{Text: "testol", Limit: 2}); len(got) != 2 {
		t.Errorf("limit 2: %v", got)
	}
	if r, ok := b.index.Rang("00000046"); !ok || r != 0 || b.index.Anzahl() != 6 {
		t.Errorf("rank %d %v", r, ok)
	}
	for _, p := range []kennung.PZN{"00000098", "1234567", ""} {
		if _, ok := b.index.Rang(p); ok {
			t.Errorf("%q is not in the index", p)
		}
	}
}

// TestWieEinDurchgang compares with a plain scan: for beginnings of words that occur,
// the hits are all articles that have them all, in the order of rank.
func TestWieEinDurchgang(t *testing.T) {
	zeilen := musterzeilen(t, 3000)
	b := baue(t, zeilen, nil)
	terms := make([][]string, len(zeilen)) // by rank
	for _, z := range zeilen {
		r, ok := b.index.Rang(z.Artikel.PZN)
		if !ok {
			t.Fatalf("%s is not in the index", z.Artikel.PZN)
		}
		suche.Terme(z.Artikel, func(w string) { terms[r] = append(terms[r], w) })
	}
	rapid.Check(t, func(t *rapid.T) {
		of := terms[rapid.IntRange(0, len(terms)-1).Draw(t, "article")]
		var words []string
		for range rapid.IntRange(1, 4).Draw(t, "words") {
			w := rapid.SampledFrom(of).Draw(t, "word")
			if strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" || strings.HasPrefix(w, "pzn") {
				continue
			}
			words = append(words, w[:rapid.IntRange(1, len(w)).Draw(t, "length")])
		}
		if len(words) == 0 {
			return
		}
		ranks, _, err := b.index.Suchen(suche.Frage{Text: strings.Join(words, " "), Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(scan(terms, words, 200), ranks); d != "" {
			t.Errorf("%q: %s", words, d)
		}
	})
}

func scan(terms [][]string, words []string, limit int) []int {
	var hits []int
	for r, of := range terms {
		all := true
		for _, w := range words {
			all = all && slices.ContainsFunc(of, func(term string) bool { return strings.HasPrefix(term, w) })
		}
		if all && len(hits) < limit {
			hits = append(hits, r)
		}
	}
	return hits
}

// One slip in a word of six letters and more still finds the article.
func TestEinTippfehler(t *testing.T) {
	zeilen := musterzeilen(t, 3000)
	b := baue(t, zeilen, nil)
	rapid.Check(t, func(t *rapid.T) {
		a := zeilen[rapid.IntRange(0, len(zeilen)-1).Draw(t, "article")].Artikel
		w := strings.Fields(suche.Falten(a.Name))[0]
		if len(w) < 6 || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" || a.Wirkstoff == "" && len(a.Name) == 0 {
			return
		}
		i := rapid.IntRange(1, len(w)-2).Draw(t, "place")
		c := rapid.SampledFrom([]string{"x", "q", "e", "a", "n"}).Draw(t, "letter")
		slip := rapid.SampledFrom([]string{
			w[:i] + c + w[i+1:], w[:i] + w[i+1:], w[:i] + c + w[i:], w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:],
		}).Draw(t, "slip")
		text := slip + " " + a.Hersteller + " " + a.Wirkstaerke
		if suche.Falten(slip) != slip || isPrefix(b, slip) {
			return // another word, for which exactly that is found
		}
		ranks, _, err := b.index.Suchen(suche.Frage{Text: text, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		r, _ := b.index.Rang(a.PZN)
		if len(ranks) < 200 && !slices.Contains(ranks, r) {
			t.Errorf("%q does not find %s %s (%d hits)", text, a.Name, a.PZN, len(ranks))
		}
	})
}

// isPrefix says whether any word begins so: then it is no slip.
func isPrefix(b bestand, w string) bool {
	found := false
	for _, z := range b.zeilen {
		suche.Terme(z.Artikel, func(t string) { found = found || strings.HasPrefix(t, w) })
	}
	return found
}

func TestVieleZugleich(t *testing.T) {
	b := baue(t, musterzeilen(t, 2000), nil)
	want := b.pzn(t, suche.Frage{Text: "ramipril"})
	done := make(chan error)
	for range 8 {
		go func() {
			for range 200 {
				ranks, _, err := b.index.Suchen(suche.Frage{Text: "ramipril", Limit: 20})
				if err != nil || len(ranks) != len(want) || b.index.PZN(ranks[0]) != want[0] {
					done <- fmt.Errorf("%v %w", ranks, err)
					return
				}
			}
			done <- nil
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestBauLehntAb(t *testing.T) {
	b := suche.NewBau()
	if err := b.Artikel(artikel.Artikel{PZN: "1234567"}, 0); err == nil {
		t.Error("a PZN of seven digits is taken")
	}
	if err := b.Vertrag("109900019", "abc"); err == nil {
		t.Error("a contract for no PZN is taken")
	}
	if err := b.Schreiben(full{}); !errors.Is(err, errFull) {
		t.Errorf("a full disk: %v", err)
	}
}

var errFull = errors.New("disk is full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// Any single bit turned over, and any cut: a sentence or an answer, never a panic.
func TestBeschaedigt(t *testing.T) {
	b := baue(t, musterzeilen(t, 100), []catalogue.Vertragszeile{{IK: "109900019", PZN: muster.RxRabatt.PZN()}})
	for i := 0; i < len(b.block); i += 7 {
		bad := slices.Clone(b.block)
		bad[i] ^= 1 << (i % 8)
		frage(t, bad)
	}
	for n := 0; n < len(b.block); n += 97 {
		if frage(t, b.block[:n]) {
			t.Errorf("cut to %d of %d bytes and opened", n, len(b.block))
		}
	}
}

// frage opens a block and searches it; it reports whether it opened.
func frage(t testing.TB, block []byte) bool {
	t.Helper()
	x, err := suche.Oeffnen(block)
	if err != nil {
		if !errors.Is(err, suche.ErrIndex) {
			t.Errorf("another error: %v", err)
		}
		return false
	}
	for _, q := range []string{"a", "ibu", "ibuprofen 400", "ibuprfoen", "17001044", "170", "20 st", "tabl"} {
		ranks, _, err := x.Suchen(suche.Frage{Text: q, Limit: 50, IK: "109900019"})
		if err != nil && !errors.Is(err, suche.ErrIndex) {
			t.Errorf("%q: another error: %v", q, err)
		}
		for _, r := range ranks {
			if p := x.PZN(r); len(p) < 8 {
				t.Errorf("%q: PZN %q", q, p)
			}
		}
	}
	return true
}

// FuzzOeffnen: whatever bytes lie in the file, the till goes on.
func FuzzOeffnen(f *testing.F) {
	b := baue(f, musterzeilen(f, 40), []catalogue.Vertragszeile{{IK: "109900019", PZN: muster.RxRabatt.PZN()}})
	f.Add(b.block)
	f.Add(b.block[:100])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, block []byte) { frage(t, block) })
}

// FuzzFrage: whatever is typed, hits are articles of the index, each once.
func FuzzFrage(f *testing.F) {
	b := baue(f, musterzeilen(f, 500), nil)
	for _, q := range []string{"ibu 400", "PZN 17001044", "1,5%", "I.E.", "ä\u0308", "0,0,0", strings.Repeat("a", 500), "pznpzn", "\xff"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		ranks, _, err := b.index.Suchen(suche.Frage{Text: q, Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[int]bool{}
		for _, r := range ranks {
			if r < 0 || r >= b.index.Anzahl() || seen[r] {
				t.Fatalf("%q: rank %d", q, r)
			}
			seen[r] = true
		}
	})
}
