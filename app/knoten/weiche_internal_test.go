package knoten

import (
	"errors"
	"net"
	"testing"
	"time"
)

// tuer is a listener that lets in who is sent, and fails as often as it is told.
type tuer struct {
	net.Listener
	fehler chan error
	gaeste chan net.Conn
}

func (t *tuer) Accept() (net.Conn, error) {
	select {
	case err := <-t.fehler:
		return nil, err
	case c := <-t.gaeste:
		return c, nil
	}
}

func (t *tuer) Addr() net.Addr { return &net.TCPAddr{} }

// gast is a connection from an address.
type gast struct {
	net.Conn
	ip net.IP
}

func (g gast) RemoteAddr() net.Addr { return &net.TCPAddr{IP: g.ip} }

func (t *tuer) komme(ip net.IP) net.Conn {
	here, there := net.Pipe()
	t.gaeste <- gast{here, ip}
	return there
}

// However many others connect and say nothing, and whatever fails meanwhile, this machine reaches
// its own pages.
func TestFremdeVersperrenNichts(t *testing.T) {
	l := &tuer{fehler: make(chan error), gaeste: make(chan net.Conn)}
	w := newWeiche(l)
	for range wartende {
		defer l.komme(net.IPv4(10, 0, 0, 9)).Close()
	}
	l.fehler <- errors.New("accept: too many open files")
	own := l.komme(net.IPv4(127, 0, 0, 1))
	defer own.Close()
	if err := own.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = own.Write([]byte("G")) }()
	let := make(chan error, 1)
	go func() { _, err := w.offen.Accept(); let <- err }()
	select {
	case err := <-let:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(2 * time.Second):
		t.Error("the own browser was not let in")
	}
	l.fehler <- net.ErrClosed
	if _, err := w.sicher.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}
