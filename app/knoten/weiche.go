package knoten

import (
	"errors"
	"net"
	"sync"
	"time"
)

// tlsHandshake is the first byte of every TLS connection (RFC 8446 § 5.1).
const tlsHandshake = 0x16

// The limits of connections that have not said yet what they want.
const (
	ersterByte = 5 * time.Second
	atempause  = 50 * time.Millisecond // after one that could not be let in
)

// weiche lets pages and machines in by one address: what begins like TLS goes one way, the
// rest the other.
type weiche struct {
	net.Listener
	offen, sicher *gleis
	fremde        unbekannte
	zaehltAlle    bool // who calls from this machine is a stranger, too
}

// gleis is one of the ways; it is a listener of its own.
type gleis struct {
	addr net.Addr
	in   chan net.Conn
	zu   chan struct{}
	once sync.Once
}

func newWeiche(l net.Listener) *weiche {
	return &weiche{Listener: l, offen: newGleis(l.Addr()), sicher: newGleis(l.Addr())}
}

func newGleis(addr net.Addr) *gleis {
	return &gleis{addr: addr, in: make(chan net.Conn), zu: make(chan struct{})}
}

func (w *weiche) stelle() {
	defer w.offen.Close()  //nolint:errcheck // it never fails
	defer w.sicher.Close() //nolint:errcheck // as above
	for {
		c, err := w.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // too many files are open, say: those who are in go on, and some leave
			<-time.NewTimer(atempause).C
			continue
		}
		if w.zaehltAlle || !vonHier(c.RemoteAddr(), c.LocalAddr()) { // strangers cannot keep this machine from its own pages
			c = w.fremde.nimm(c)
		}
		go w.lenke(c)
	}
}

// lenke looks at the first byte of a connection.
func (w *weiche) lenke(c net.Conn) {
	first := [1]byte{}
	patience := time.AfterFunc(ersterByte, func() { _ = c.Close() })
	_, err := c.Read(first[:])
	if !patience.Stop() || err != nil {
		_ = c.Close() // it said nothing
		return
	}
	way := w.offen
	if first[0] == tlsHandshake {
		way = w.sicher
	}
	select {
	case way.in <- &begonnen{Conn: c, first: first[:]}:
	case <-way.zu:
		_ = c.Close()
	}
}

// begonnen is a connection of which the first byte has been read.
type begonnen struct {
	net.Conn
	first []byte
}

// Read gives the first byte back first.
func (b *begonnen) Read(p []byte) (int, error) {
	if len(b.first) == 0 || len(p) == 0 {
		return b.Conn.Read(p) //nolint:wrapcheck // it stands for the connection
	}
	p[0] = b.first[0]
	b.first = nil
	return 1, nil
}

// Accept implements net.Listener.
func (g *gleis) Accept() (net.Conn, error) {
	select {
	case c := <-g.in:
		return c, nil
	case <-g.zu:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (g *gleis) Close() error {
	g.once.Do(func() { close(g.zu) })
	return nil
}

// Addr implements net.Listener.
func (g *gleis) Addr() net.Addr { return g.addr }

// vonHier reports whether somebody calls from this machine: by its loopback, or by one of its own
// addresses in the network, which then is at both ends – an answer to it never leaves the machine.
func vonHier(from, to net.Addr) bool {
	f, ok := from.(*net.TCPAddr)
	t, known := to.(*net.TCPAddr)
	return ok && (f.IP.IsLoopback() || known && f.IP.Equal(t.IP))
}
