package knoten

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

// rueckstand knows whether this machine is far behind others, by how many of them.
type rueckstand struct {
	mu     sync.Mutex
	n      int
	muell  int
	grenze int64
}

// gross reports whether many records are coming in.
func (r *rueckstand) gross() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n > 0
}

// melde hears that many records are coming from another machine, or have come.
func (r *rueckstand) melde(kommt bool) {
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
