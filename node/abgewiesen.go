package node

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node/identity"
)

// gezeigt is how long it is told that somebody was refused. The log keeps it.
const gezeigt = time.Hour

// Abgewiesen says who was refused last for one reason, and how often that was since the start.
type Abgewiesen struct {
	Code   string  `json:"code"`
	Fehler string  `json:"fehler"`       // sentence with code
	Von    string  `json:"von"`          // machine of the pharmacy, or address
	Fremd  bool    `json:"fremd"`        // no machine of the pharmacy
	Anzahl int     `json:"anzahl"`       // since the start
	Seit   float64 `json:"vor_sekunden"` // seconds since the last one
}

// abgewiesen are the last refusals, one for each reason: the reasons are ours, so they are few.
type abgewiesen struct {
	mu   sync.Mutex
	list []noted
}

type noted struct {
	Abgewiesen

	last time.Duration
	key  string // fingerprint of whoever was refused last; empty: none was shown
}

func (a *abgewiesen) note(now time.Duration, from, key string, stranger bool, err error) {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return
	}
	if host, _, err := net.SplitHostPort(from); err == nil {
		from = host
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range a.list {
		if r := &a.list[i]; r.Code == f.Code && r.Fremd == stranger {
			r.Von, r.key, r.last = from, key, now
			r.Anzahl++
			return
		}
	}
	a.list = append(a.list, noted{
		Abgewiesen{Code: f.Code, Fehler: f.Error(), Von: from, Fremd: stranger, Anzahl: 1}, now, key,
	})
}

// admitted forgets who is let in after all: a machine of which this one had not heard yet.
func (a *abgewiesen) admitted(c *tls.ConnectionState) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.list) == 0 {
		return
	}
	key := shown(c)
	a.list = slices.DeleteFunc(a.list, func(r noted) bool { return r.key != "" && r.key == key })
}

func shown(c *tls.ConnectionState) string {
	if c == nil || len(c.PeerCertificates) == 0 {
		return ""
	}
	return identity.Fingerabdruck(c.PeerCertificates[0].RawSubjectPublicKeyInfo)
}

// lately are those of the last hour.
func (a *abgewiesen) lately(now time.Duration) (list []Abgewiesen) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range a.list {
		if now-r.last < gezeigt {
			r.Seit = (now - r.last).Seconds()
			list = append(list, r.Abgewiesen)
		}
	}
	return list
}

// Fremder notes that somebody who is no machine of the pharmacy was refused.
func (k *Knoten) Fremder(r *http.Request, err error) {
	k.refused.note(k.opt.Clock.Mono(), r.RemoteAddr, shown(r.TLS), true, err)
}

// unreadable notes that a machine of the pharmacy sent what was not taken in.
func (k *Knoten) unreadable(peer string, err error) {
	k.refused.note(k.opt.Clock.Mono(), peer, "", false, err)
}
