package generation_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/sqlite/generation"
)

// BenchmarkGeneration reports how long a generation takes to build and to open, its
// size, and the percentiles of searches that deliver 20 whole articles from the files.
func BenchmarkGeneration(b *testing.B) {
	for _, n := range []int{20_000, 500_000} {
		dir := b.TempDir()
		start := time.Now()
		m, err := generation.Build(context.Background(), dir, catalogue.Manifest{GueltigAb: 20261101},
			muster.Quelle(muster.Options{Seed: 1, Artikel: n}), nil)
		if err != nil {
			b.Fatal(err)
		}
		built := time.Since(start)
		start = time.Now()
		o, err := generation.OpenOrdner(dir)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = o.Close() })
		gen, err := o.Am(20261123)
		if err != nil {
			b.Fatal(err)
		}
		b.Logf("%d articles: built in %v, opened in %v, %s", n, built, time.Since(start), sizes(b, filepath.Join(dir, m.ID)))
		fragen := fragen(b, n)
		for _, kind := range []string{"pzn", "prefix", "words2", "words3", "typo", "nomatch", "broad"} {
			b.Run(fmt.Sprintf("%d/%s", n, kind), func(b *testing.B) { suche(b, gen, fragen[kind]) })
		}
	}
}

func suche(b *testing.B, gen catalogue.Generation, list []string) {
	b.Helper()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if _, err := gen.Suche(context.Background(), catalogue.Anfrage{Text: list[i%len(list)]}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	for _, p := range []int{50, 95, 99} {
		b.ReportMetric(float64(took[len(took)*p/100].Nanoseconds())/1000, fmt.Sprintf("p%d-µs", p))
	}
}

func sizes(b *testing.B, dir string) string {
	b.Helper()
	var out []string
	for _, name := range []string{"artikel.db", "suche.idx"} {
		fi, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			b.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s %d KB", name, fi.Size()/1024))
	}
	return strings.Join(out, ", ")
}

// fragen are queries as typed, made from every n-th article.
func fragen(b *testing.B, n int) map[string][]string {
	b.Helper()
	m := map[string][]string{"broad": strings.Split("abcdefghijklmnopqrstuvwxyz", "")}
	i := 0
	for z := range muster.Quelle(muster.Options{Seed: 1, Artikel: n}).Artikel {
		if i++; i%(n/500) != 0 {
			continue
		}
		a := z.Artikel
		name, _, _ := strings.Cut(a.Name, " ")
		word := []rune(name)
		short := string(word[:min(len(word), 4)])
		m["pzn"] = append(m["pzn"], string(a.PZN))
		m["prefix"] = append(m["prefix"], string(word[:min(len(word), 2+i%4)]))
		m["words2"] = append(m["words2"], short+" "+a.Menge)
		m["words3"] = append(m["words3"], short+" "+a.Hersteller+" "+a.Menge)
		m["nomatch"] = append(m["nomatch"], name+"xq")
		if len(word) >= 6 {
			m["typo"] = append(m["typo"], string(word[:3])+"x"+string(word[4:]))
		}
	}
	return m
}
