package suche_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/catalogue/suche"
)

// fragen are queries of each kind, made from every n-th article as a person would
// type them.
func fragen(b bestand) map[string][]string {
	m := map[string][]string{"broad": strings.Split("abcdefghijklmnopqrstuvwxyz", "")}
	for i := 0; i < len(b.zeilen); i += max(1, len(b.zeilen)/500) {
		a := b.zeilen[i].Artikel
		name := strings.Fields(suche.Falten(a.Name))
		first := name[0]
		m["pzn"] = append(m["pzn"], string(a.PZN))
		m["prefix"] = append(m["prefix"], first[:min(len(first), 2+i%4)])
		m["words2"] = append(m["words2"], first[:min(len(first), 4)]+" "+a.Menge)
		m["words3"] = append(m["words3"], first[:min(len(first), 4)]+" "+a.Hersteller[:3]+" "+a.Menge)
		m["nomatch"] = append(m["nomatch"], first+"xq")
		if len(first) >= 6 {
			m["typo"] = append(m["typo"], first[:3]+"x"+first[4:], first[:2]+first[3:]+" "+a.Hersteller)
		}
		if len(first) >= 8 {
			m["typo2"] = append(m["typo2"], first[:3]+"x"+first[4:5]+first[6:], first[:2]+"qw"+first[4:]+" "+a.Menge)
		}
		m["nothing"] = append(m["nothing"], first[:min(len(first), 5)]+"qxqxq "+a.Menge)
	}
	return m
}

// BenchmarkSuche reports the 50th, 95th and 99th percentile for each kind of query.
func BenchmarkSuche(b *testing.B) {
	for _, n := range []int{20_000, 500_000} {
		idx := baue(b, musterzeilen(b, n), nil)
		b.Logf("%d articles: %d bytes of index", n, len(idx.block))
		kinds := fragen(idx)
		for _, kind := range []string{"pzn", "prefix", "words2", "words3", "typo", "typo2", "nomatch", "nothing", "broad"} {
			b.Run(fmt.Sprintf("%d/%s", n, kind), func(b *testing.B) {
				var took []time.Duration
				for i := 0; b.Loop(); i++ {
					start := time.Now()
					if _, _, err := idx.index.Suchen(suche.Frage{Text: kinds[kind][i%len(kinds[kind])], Limit: 20}); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(start))
				}
				slices.Sort(took)
				for _, p := range []int{50, 95, 99} {
					b.ReportMetric(float64(took[len(took)*p/100].Nanoseconds())/1000, fmt.Sprintf("p%d-µs", p))
				}
			})
		}
	}
}

func BenchmarkBau(b *testing.B) {
	zeilen := musterzeilen(b, 20_000)
	for b.Loop() {
		bau := suche.NewBau()
		for _, z := range zeilen {
			if err := bau.Artikel(z.Artikel, z.Beliebtheit); err != nil {
				b.Fatal(err)
			}
		}
		if err := bau.Schreiben(&bytes.Buffer{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(zeilen)*b.N)/b.Elapsed().Seconds(), "Artikel/s")
}
