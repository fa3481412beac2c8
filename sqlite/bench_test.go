package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite"
)

// tenRows writes ten rows for each record.
type tenRows struct{}

// Name implements journal.Projection.
func (tenRows) Name() string { return "zehn" }

// Schema implements journal.Projection.
func (tenRows) Schema() int { return 1 }

// Apply implements journal.Projection.
func (tenRows) Apply(tx journal.Tx, r journal.Record, _ journal.Event) error {
	for i := range 10 {
		key := fmt.Sprintf("%d/%016x", i, r.Lamport)
		if i < 5 {
			key = fmt.Sprintf("%d/%04d", i, r.Lamport*2654435761%5000) // a row that exists, as a count of stock
		}
		if err := tx.Put("zehn", key, r.Payload); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkAppend compares an act of one event and ten rows with what the disk can do
// at best: append the same bytes to a file and flush it.
func BenchmarkAppend(b *testing.B) {
	b.Run("disk", func(b *testing.B) { benchDisk(b, b.TempDir()) })
	b.Run("act", func(b *testing.B) {
		benchAct(b, sqlite.Options{Dir: b.TempDir(), Projections: []journal.Projection{tenRows{}}})
	})
}

func benchDisk(b *testing.B, dir string) {
	b.Helper()
	f, err := os.Create(filepath.Join(dir, "roh"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 4096)
	measure(b, func(int) error {
		if _, err := f.Write(block); err != nil {
			return err
		}
		return datasync(f)
	})
}

func benchAct(b *testing.B, o sqlite.Options) {
	b.Helper()
	s, err := sqlite.Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	measure(b, func(i int) error {
		_, err := s.Append(b.Context(), journal.Act{
			Key: fmt.Sprint(i), Input: i, Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) {
				return []journal.Event{event.BestandGeaendert{PZN: "01234562", Delta: 1, Art: "zugang", Grund: "Lieferung 4711"}}, nil
			},
		})
		return err
	})
}

// measure reports the median and the 99th percentile of the time of f.
func measure(b *testing.B, f func(i int) error) {
	b.Helper()
	var took []time.Duration
	n := 0
	for b.Loop() {
		start := time.Now()
		if err := f(n); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
		n++
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
