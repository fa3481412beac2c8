package knoten

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// The limits of connections from elsewhere whose machine has not shown that it belongs to the
// pharmacy. Those of its machines, and those of this computer itself, are not counted.
const (
	meisteFremde = 256
	jeAdresse    = 32
	fremdFrist   = 45 * time.Second // pairing takes half a minute at most
)

// unbekannte are such connections, in the order in which they came.
type unbekannte struct {
	mu   sync.Mutex
	list []*unbekannter
}

// unbekannter is one of them.
type unbekannter struct {
	net.Conn
	all  *unbekannte
	from string
	end  *time.Timer
}

// nimm counts a connection. If there are too many, the oldest of its address goes, or of the address
// that has most: whoever connects without end drives out himself.
func (f *unbekannte) nimm(c net.Conn) *unbekannter {
	n := &unbekannter{Conn: c, all: f, from: netzVon(c.RemoteAddr())}
	n.end = time.AfterFunc(fremdFrist, func() { _ = n.Close() })
	f.mu.Lock()
	count := map[string]int{}
	for _, o := range f.list {
		count[o.from]++
	}
	worst := n.from
	if count[worst] < jeAdresse {
		for from, n := range count {
			if n > count[worst] {
				worst = from
			}
		}
	}
	var gone *unbekannter
	if count[n.from] >= jeAdresse || len(f.list) >= meisteFremde {
		i := slices.IndexFunc(f.list, func(o *unbekannter) bool { return o.from == worst })
		gone = f.list[i]
		f.list = slices.Delete(f.list, i, i+1)
	}
	f.list = append(f.list, n)
	f.mu.Unlock()
	if gone != nil {
		_ = gone.Close()
	}
	return n
}

// Close implements net.Conn.
func (n *unbekannter) Close() error {
	n.vertraut()
	return n.Conn.Close() //nolint:wrapcheck // it stands for the connection
}

// vertraut ends the counting: the machine belongs to the pharmacy, or the connection is over.
func (n *unbekannter) vertraut() {
	n.end.Stop()
	n.all.mu.Lock()
	defer n.all.mu.Unlock()
	n.all.list = slices.DeleteFunc(n.all.list, func(o *unbekannter) bool { return o == n })
}

// netzVon is whom an address belongs to: with IPv6 one computer has as many as it likes of its 64 bits.
func netzVon(a net.Addr) string {
	t, ok := a.(*net.TCPAddr)
	if !ok {
		return a.String()
	}
	if t.IP.To4() == nil {
		return t.IP.Mask(net.CIDRMask(64, 128)).String()
	}
	return t.IP.String()
}

// gastKey is under which a connection stands in the context of its requests.
type gastKey struct{}

// mitGast keeps the connection for the requests on it.
func mitGast(ctx context.Context, c net.Conn) context.Context {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	if b, ok := c.(*begonnen); ok {
		if n, ok := b.Conn.(*unbekannter); ok {
			return context.WithValue(ctx, gastKey{}, n)
		}
	}
	return ctx
}

// vertraute counts connections no more once a machine of the pharmacy has asked on them.
func (k *Knoten) vertraute(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n, ok := r.Context().Value(gastKey{}).(*unbekannter); ok {
			if _, err := k.admission.Wer(r.TLS); err == nil {
				n.vertraut()
			}
		}
		h.ServeHTTP(w, r)
	})
}
