package telefon

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// What phones may take of the machine; the till comes first.
const (
	maxVerbindungen = 64       // at once
	maxJeTelefon    = 8        // at once from one address; browsers open six
	neueJeSekunde   = 20       // connections: a handshake is the dearest that a stranger can ask for
	neueVorrat      = 40       // … that many at once after quiet
	fragenJeSekunde = 40       // requests, together
	fragenVorrat    = 120      // … that many at once after quiet
	blockGroesse    = 32 << 10 // bytes of an answer that are accounted at once
	bloeckeJeSek    = 512      // = 16 MB/s, together: 500,000 articles in half a second
	bloeckeVorrat   = 256      // = 8 MB after quiet
	maxKopf         = 8 << 10  // bytes of headers
	zurKopfzeile    = 5        // seconds for handshake and headers
	zumSchreiben    = 3 * 60   // seconds for an answer, in a poor Wi-Fi
	zumRuhen        = 30       // seconds that an idle connection is kept
)

// eimer lets n things a second pass, after quiet some more at once; who comes too early
// waits. Waiting costs the machine nothing, refusing would.
type eimer struct {
	clock clock.Clock
	je    time.Duration // for each
	vor   time.Duration // that may be run up

	mu   sync.Mutex
	voll time.Duration // until when it is taken
}

func newEimer(c clock.Clock, perSecond, vorrat int) *eimer {
	je := time.Second / time.Duration(perSecond)
	return &eimer{clock: c, je: je, vor: je * time.Duration(vorrat), voll: -je * time.Duration(vorrat)}
}

// nimm takes n and returns how long to wait for them.
func (e *eimer) nimm(n int) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.clock.Mono()
	e.voll = max(e.voll, now-e.vor) + time.Duration(n)*e.je
	return e.voll - now
}

// warte takes n and waits for them; the error says that nobody waits any more.
func (e *eimer) warte(ctx context.Context, n int) error {
	d := e.nimm(n)
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for the turn: %w", ctx.Err())
	}
}

// tuer is a listener that lets in who comes from a private network, not too many and not
// too fast.
type tuer struct {
	net.Listener

	ctx  context.Context //nolint:containedctx // ends with the listener
	stop context.CancelFunc
	neue *eimer
	frei chan struct{}

	mu   sync.Mutex
	von  map[string]int
	haus func(net.IP) bool
}

func newTuer(l net.Listener, c clock.Clock) *tuer {
	ctx, stop := context.WithCancel(context.Background())
	return &tuer{
		Listener: l, ctx: ctx, stop: stop, neue: newEimer(c, neueJeSekunde, neueVorrat),
		frei: make(chan struct{}, maxVerbindungen), von: map[string]int{},
		haus: func(ip net.IP) bool { return ip.IsLoopback() || ip.IsLinkLocalUnicast() || eigene(ip) },
	}
}

// Accept implements net.Listener. Who is not let in sees the connection end.
func (t *tuer) Accept() (net.Conn, error) {
	for {
		select {
		case t.frei <- struct{}{}:
		case <-t.ctx.Done():
			return nil, net.ErrClosed
		}
		if err := t.neue.warte(t.ctx, 1); err != nil {
			return nil, net.ErrClosed
		}
		c, err := t.Listener.Accept()
		if err != nil {
			<-t.frei
			return nil, err //nolint:wrapcheck // the server looks at its kind
		}
		if who, ok := t.herein(c); ok {
			return &gast{Conn: c, geht: sync.OnceFunc(func() { t.hinaus(who) })}, nil
		}
		_ = c.Close()
		<-t.frei
	}
}

// Close implements net.Listener.
func (t *tuer) Close() error {
	t.stop()
	return t.Listener.Close() //nolint:wrapcheck // as above
}

func (t *tuer) herein(c net.Conn) (who string, ok bool) {
	addr, isTCP := c.RemoteAddr().(*net.TCPAddr)
	if !isTCP || !t.haus(addr.IP) {
		return "", false
	}
	who = addr.IP.String()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.von[who] >= maxJeTelefon {
		return "", false
	}
	t.von[who]++
	return who, true
}

func (t *tuer) hinaus(who string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.von[who]--; t.von[who] == 0 {
		delete(t.von, who)
	}
	<-t.frei
}

// gast is a connection that was let in.
type gast struct {
	net.Conn

	geht func()
}

// Close implements net.Conn.
func (g *gast) Close() error {
	defer g.geht()
	return g.Conn.Close() //nolint:wrapcheck // the server looks at its kind
}

// gebremst gives each request its turn and each block of an answer its own.
func gebremst(h http.Handler, c clock.Clock) http.Handler {
	fragen, bloecke := newEimer(c, fragenJeSekunde, fragenVorrat), newEimer(c, bloeckeJeSek, bloeckeVorrat)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fragen.warte(r.Context(), 1) == nil {
			h.ServeHTTP(&bremse{ResponseWriter: w, ctx: r.Context(), bloecke: bloecke}, r)
		}
	})
}

type bremse struct {
	http.ResponseWriter

	ctx     context.Context //nolint:containedctx // of one request
	bloecke *eimer
}

// Write implements io.Writer.
func (b *bremse) Write(p []byte) (n int, err error) {
	for len(p) > 0 && err == nil {
		part := p[:min(len(p), blockGroesse)]
		if err = b.bloecke.warte(b.ctx, 1); err != nil {
			return n, err
		}
		var k int
		k, err = b.ResponseWriter.Write(part)
		n, p = n+k, p[len(part):]
	}
	return n, err //nolint:wrapcheck // the server looks at its kind
}

// server serves phones. What goes wrong with one of them is not logged: strangers could
// fill the disk with it.
func server(h http.Handler, c clock.Clock) *http.Server {
	return &http.Server{
		Handler: gebremst(h, c), ReadHeaderTimeout: zurKopfzeile * time.Second, ReadTimeout: 2 * zurKopfzeile * time.Second,
		WriteTimeout: zumSchreiben * time.Second, IdleTimeout: zumRuhen * time.Second, MaxHeaderBytes: maxKopf,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
}
