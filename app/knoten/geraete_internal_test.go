package knoten

import (
	"io"
	"net"
	"testing"
	"time"
)

// Who calls from the internet is not heard, even if somebody has opened the port to it.
func TestNurAusDemHaus(t *testing.T) {
	l := &tuer{fehler: make(chan error), gaeste: make(chan net.Conn)}
	home := hausnetz{l}
	in := make(chan net.Conn)
	go func() {
		for {
			c, err := home.Accept()
			if err != nil {
				close(in)
				return
			}
			in <- c
		}
	}()
	for _, c := range []struct {
		ip  net.IP
		let bool
	}{
		{net.IPv4(8, 8, 8, 8), false},
		{net.IPv4(192, 168, 1, 7), true},
		{net.IPv4(192, 0, 2, 1), false},
		{net.IPv4(10, 1, 2, 3), true},
		{net.ParseIP("2001:db8::1"), false},
		{net.ParseIP("fd00::1"), true},
		{net.IPv4(127, 0, 0, 1), true},
	} {
		there := l.komme(c.ip)
		if c.let {
			if got := <-in; got == nil {
				t.Errorf("%s is not let in", c.ip)
			}
		} else {
			_ = there.SetReadDeadline(time.Now().Add(2 * time.Second))
			if _, err := there.Read(make([]byte, 1)); err != io.EOF { //nolint:errorlint // of a pipe
				t.Errorf("%s: %v", c.ip, err)
			}
		}
		_ = there.Close()
	}
	l.fehler <- net.ErrClosed
	<-in
}
