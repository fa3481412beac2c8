package knoten_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/internal/clock"
)

// imNetz is a listener on which connections come from a network: 127.0.0.1 is another machine there,
// 127.1.x.y are strangers, 127.0.0.2 stays the computer itself.
type imNetz struct{ net.Listener }

func (l imNetz) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	from, ok := c.RemoteAddr().(*net.TCPAddr)
	if ip := from.IP.To4(); ok && ip != nil && !ip.Equal(net.IPv4(127, 0, 0, 2)) {
		return von{c, &net.TCPAddr{IP: net.IPv4(10, ip[1], ip[2], ip[3]), Port: from.Port}}, nil
	}
	return c, nil
}

type von struct {
	net.Conn
	addr net.Addr
}

func (v von) RemoteAddr() net.Addr { return v.addr }

// stuermt keeps one connection open from an address until the context ends, and comes back when it is
// closed: one that says nothing, one that says hello and no more, one that is encrypted and idle.
func stuermt(ctx context.Context, addr string, ip net.IP, kind int, closed *atomic.Int64) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: ip}}
	for ctx.Err() == nil {
		c, err := d.DialContext(ctx, "tcp", addr)
		if err != nil {
			time.Sleep(200 * time.Millisecond)
			continue
		}
		end := context.AfterFunc(ctx, func() { _ = c.Close() })
		switch kind {
		case 1:
			_, _ = c.Write([]byte{0x16})
		case 2:
			_ = tls.Client(c, insecure()).HandshakeContext(ctx)
		}
		_, _ = io.Copy(io.Discard, c) // until it is closed
		_ = c.Close()
		end()
		closed.Add(1)
		time.Sleep(time.Second)
	}
}

// 500 connections that do nothing, from one address and from a hundred, come again and again: pages
// are served, what is written is on the other machine, and one that starts comes in.
func TestFuenfhundertUntaetige(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	inner, err := knoten.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k, err := knoten.Open(ctx, knoten.Options{Apotheke: apotheke.Options{
		Dir: filepath.Join(dir, "a"), Clock: clock.NewReal(), PruefenNach: time.Hour, Schluessel: rechtsschluessel(),
	}}, imNetz{inner})
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(k.Laufen(running), k.Close()) }()
	a := &laufend{Knoten: k, t: t, dir: filepath.Join(dir, "a"), addr: inner.Addr().String()}
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	b := a.dazu(filepath.Join(dir, "b"))
	bald(t, "b follows a", 10*time.Second, func() bool { return b.stand().Folgt == "platz-1" })

	storm, calm := context.WithCancel(ctx)
	defer calm()
	var closed atomic.Int64
	for i := range 500 {
		ip := net.IPv4(127, 1, 0, 1)
		if i%2 == 0 {
			ip = net.IPv4(127, 1, 1, byte(1+i/5))
		}
		go stuermt(storm, a.addr, ip, i%3, &closed)
	}
	bald(t, "the storm is there", 10*time.Second, func() bool { return closed.Load() > 250 })
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	browser := &http.Client{Transport: &http.Transport{DialContext: d.DialContext, DisableKeepAlives: true}, Timeout: 5 * time.Second}
	for i, name := range []string{"Rosen", "Tulpen", "Nelken"} {
		a.nenne(ctx, name, name)
		bald(t, "written on a, read on b", 5*time.Second, func() bool { return b.name(ctx) == name })
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+a.addr+"/gesund", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := browser.Do(req)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("round %d: %v %v", i, resp, err)
		}
		_ = resp.Body.Close()
	}
	b.stop()
	b = starte(t, b.dir, b.addr, knoten.Options{})
	took := bald(t, "b comes back in the storm", 20*time.Second, func() bool { return b.stand().Folgt == "platz-1" })
	b.nenne(ctx, "zuletzt", "Astern")
	bald(t, "written on b, read on a", 5*time.Second, func() bool { return a.name(ctx) == "Astern" })
	t.Logf("b was back after %s; %d strangers came in vain", took, closed.Load())
	calm()
}
