package benchcmd

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
	"time"
)

// Messung is one measure of a run. Zero means that it has no meaning there.
type Messung struct {
	Name     string  `json:"name"`
	N        int     `json:"n"`
	P50      float64 `json:"p50_ms,omitempty"`
	P95      float64 `json:"p95_ms,omitempty"`
	P99      float64 `json:"p99_ms,omitempty"`
	Max      float64 `json:"max_ms,omitempty"`
	PerS     float64 `json:"per_s,omitempty"`
	LimitP50 float64 `json:"limit_p50_ms,omitempty"` // p50 of the disk's own append + fdatasync in the same run
	RSS      float64 `json:"rss_mb,omitempty"`
	Privat   float64 `json:"privat_mb,omitempty"` // of it anonymous: not pages of a mapped file, which cost nobody memory
	CPU      float64 `json:"cpu_s,omitempty"`     // of the processors, which depends less than the clock on what else runs
	Seed     uint64  `json:"seed,omitempty"`      // with which the queries were drawn

	Grenzen
}

// reihe collects the durations of one measure.
type reihe []time.Duration

// messung sums the series up.
func (r reihe) messung(name string) Messung {
	if len(r) == 0 {
		return Messung{Name: name, Grenzen: grenzen(name)}
	}
	sorted := slices.Clone(r)
	slices.Sort(sorted)
	var sum time.Duration
	for _, d := range sorted {
		sum += d
	}
	return Messung{
		Name: name, Grenzen: grenzen(name), N: len(r),
		P50: ms(at(sorted, 50)), P95: ms(at(sorted, 95)), P99: ms(at(sorted, 99)),
		Max: ms(sorted[len(sorted)-1]), PerS: rounded(float64(len(r)) / max(sum.Seconds(), 1e-9)),
	}
}

// at is the p-th percentile of a sorted series, by nearest rank.
func at(sorted []time.Duration, p int) time.Duration {
	return sorted[(len(sorted)*p+99)/100-1]
}

func ms(d time.Duration) float64 { return rounded(float64(d.Nanoseconds()) / 1e6) }

func rounded(v float64) float64 { return math.Round(v*1000) / 1000 }

// write writes the measures as a table for people or as one JSON object a line.
func write(w io.Writer, asJSON bool, list []Messung) error {
	if asJSON {
		enc := json.NewEncoder(w)
		for _, m := range list {
			if err := enc.Encode(m); err != nil {
				return fmt.Errorf("write measures: %w", err)
			}
		}
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "Messung\tn\tp50 ms\tp95 ms\tp99 ms\tmax ms\tje s\tPlatte p50 ms\tRSS MB\tprivat MB\tCPU s\tGrenze\t")
	for _, m := range list {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", m.Name, m.N,
			cell(m.P50), cell(m.P95), cell(m.P99), cell(m.Max), cell(m.PerS), cell(m.LimitP50), cell(m.RSS), cell(m.Privat),
			cell(m.CPU), m.grenze())
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write measures: %w", err)
	}
	return nil
}

func cell(v float64) string {
	if v == 0 {
		return "–"
	}
	return fmt.Sprintf("%.3f", v)
}
