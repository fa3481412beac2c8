package knoten

import (
	"errors"
	"net"
	"slices"
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
	go w.stelle()
	for range meisteFremde {
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

// Of one address 32 are in at most, of all together 256; who comes without end drives out himself, and
// one that belongs to the pharmacy is not counted.
func TestZuVieleFremde(t *testing.T) {
	all := &unbekannte{}
	come := func(a, b byte) *unbekannter {
		here, there := net.Pipe()
		t.Cleanup(func() { _, _ = here.Close(), there.Close() })
		return all.nimm(gast{here, net.IPv4(10, 0, a, b)})
	}
	out := func(n *unbekannter) bool { return !slices.Contains(all.list, n) }
	quiet, member := come(1, 1), come(1, 1)
	member.vertraut()
	for range 100 {
		come(2, 2)
	}
	if out(quiet) || len(all.list) != 1+jeAdresse {
		t.Errorf("%d are in, the quiet one: %v", len(all.list), !out(quiet))
	}
	for i := range 1000 {
		come(3, byte(i))
	}
	if len(all.list) != meisteFremde {
		t.Errorf("%d are in", len(all.list))
	}
	quiet = come(4, 4)
	for range 500 {
		come(2, 2)
	}
	if out(quiet) {
		t.Error("the quiet one was driven out by another address")
	}
	if err := member.SetDeadline(time.Now()); err != nil {
		t.Errorf("a member was driven out: %v", err)
	}
	for _, n := range slices.Clone(all.list) {
		_ = n.Close()
	}
	if len(all.list) != 0 {
		t.Errorf("%d are still counted", len(all.list))
	}
}
