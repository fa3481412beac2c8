package sicherung_test

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/wacht"
	"github.com/offizin/offizin/projection/alle"
)

// BenchmarkWiederherstellen is what a restore costs, on demand: WIEDERHERSTELLEN=<backup> SCHLUESSEL=<apotheke.key>
// go test -run - -bench Wiederherstellen -benchtime 1x -cpuprofile F ./app/sicherung.
func BenchmarkWiederherstellen(b *testing.B) {
	file := os.Getenv("WIEDERHERSTELLEN")
	if file == "" {
		b.Skip("WIEDERHERSTELLEN names no backup")
	}
	id, err := sicherung.LiesApotheke(os.Getenv("SCHLUESSEL"))
	if err != nil {
		b.Fatal(err)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command does
	for b.Loop() {
		from, start := prozessor(b), time.Now()
		was := ""
		got, err := sicherung.Wiederherstellen(b.Context(), sicherung.Auftrag{
			Von: file, Nach: filepath.Join(b.TempDir(), "neu"), Mit: []age.Identity{id}, Clock: clock.NewReal(),
			Projections: alle.Projections(),
			Progress: func(now string, _, _ int64) {
				if now != was {
					b.Logf("%s ab %.1f s, %.1f s Prozessor", now, time.Since(start).Seconds(), (prozessor(b) - from).Seconds())
				}
				was = now
			},
		})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64((prozessor(b)-from).Microseconds())/float64(got.Saetze), "cpu-µs/Satz")
		b.ReportMetric(float64(got.Saetze), "Sätze")
	}
}

func prozessor(b *testing.B) time.Duration {
	b.Helper()
	used, ok := wacht.CPU()
	if !ok {
		b.Fatal("the system does not say what was computed")
	}
	return used
}
