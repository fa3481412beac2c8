package node

import (
	"math"
	"slices"
	"sync"
	"time"
)

// letzte is of how many waits Warten tells.
const letzte = 1000

// Warten is how long the last 1,000 sales waited for a second machine to have them, from the
// moment they were durable here until this machine heard it. Times are milliseconds.
type Warten struct {
	N    int     `json:"n"`
	Ohne int     `json:"ohne"` // of these, given up: nobody had it in time
	P50  float64 `json:"p50_ms"`
	P95  float64 `json:"p95_ms"`
	P99  float64 `json:"p99_ms"`
	Max  float64 `json:"max_ms"`
}

// waits remembers them.
type waits struct {
	mu   sync.Mutex
	list []wait
	next int
}

type wait struct {
	took time.Duration
	safe bool
}

func (w *waits) note(took time.Duration, safe bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.list) < letzte {
		w.list = append(w.list, wait{took, safe})
		return
	}
	w.list[w.next] = wait{took, safe}
	w.next = (w.next + 1) % letzte
}

func (w *waits) stand() Warten {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := Warten{N: len(w.list)}
	if out.N == 0 {
		return out
	}
	var took []time.Duration
	for _, x := range w.list {
		took = append(took, x.took)
		if !x.safe {
			out.Ohne++
		}
	}
	slices.Sort(took)
	at := func(p int) float64 { return inMS(took[(len(took)*p+99)/100-1]) }
	out.P50, out.P95, out.P99, out.Max = at(50), at(95), at(99), inMS(took[len(took)-1])
	return out
}

func inMS(d time.Duration) float64 { return math.Round(float64(d.Microseconds())) / 1000 }
