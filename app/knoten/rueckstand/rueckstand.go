// Package rueckstand knows whether a machine is far behind others, and gives the collector of garbage more room then.
package rueckstand

import (
	"runtime/debug"
	"sync"
)

// While many records come in, garbage is collected when five times as much has come together as is
// in use, and more often only near the limit: collecting it costs a twelfth of the processor else.
const (
	muellRueckstand   = 400       // per cent of what is in use
	grenzeRueckstand  = 200 << 20 // bytes
	unveraendertLesen = -1
)

// Stand is by how many others this machine is far behind. It is safe for concurrent use.
type Stand struct {
	mu     sync.Mutex
	n      int
	muell  int
	grenze int64
}

// Behind reports whether many records are coming in.
func (r *Stand) Behind() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n > 0
}

// Tell hears that many records are coming from another machine, or have come.
func (r *Stand) Tell(kommt bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if kommt {
		if r.n++; r.n == 1 {
			r.muell = debug.SetGCPercent(muellRueckstand)
			r.grenze = debug.SetMemoryLimit(unveraendertLesen)
			debug.SetMemoryLimit(min(r.grenze, grenzeRueckstand))
		}
		return
	}
	if r.n--; r.n == 0 {
		debug.SetGCPercent(r.muell)
		debug.SetMemoryLimit(r.grenze)
	}
}
