package verbund

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"time"
)

// errWeg is what the network does to a request.
var errWeg = errors.New("network: no answer")

// ruhe is after how long a request without answer is given up.
const ruhe = 10 * time.Second

// netz is the wires between the machines.
type netz struct {
	l        *lauf
	schnitt  [][]bool // from, to: nothing comes through
	verlust  int      // one message in so many is lost; 0: none
	doppelt  int      // one request in so many comes a second time, later
	traege   time.Duration
	gesendet int
}

func newNetz(l *lauf, n int) *netz {
	nz := &netz{l: l, schnitt: make([][]bool, n), traege: time.Duration(1+l.r.IntN(60)) * time.Millisecond}
	for i := range nz.schnitt {
		nz.schnitt[i] = make([]bool, n)
	}
	nz.verlust, nz.doppelt = []int{0, 5, 20}[l.r.IntN(3)], []int{0, 10, 30}[l.r.IntN(3)]
	return nz
}

// heile makes all wires whole and quick.
func (n *netz) heile() {
	for i := range n.schnitt {
		clear(n.schnitt[i])
	}
	n.verlust, n.doppelt = 0, 0
}

// frei reports whether two machines can talk.
func (n *netz) frei(a, b int) bool { return !n.schnitt[a][b] && !n.schnitt[b][a] }

func (n *netz) verloren() bool { return n.verlust > 0 && n.l.eins(n.verlust) }

// weg is the way of one life of a machine to another machine.
type weg struct {
	von  *leben
	nach *rechner
	g    *gang
}

// RoundTrip implements http.RoundTripper: the real server of the other machine answers.
func (w *weg) RoundTrip(r *http.Request) (*http.Response, error) {
	l, n := w.von.r.l, w.von.r.l.netz
	body, err := io.ReadAll(r.Body)
	_ = r.Body.Close() // it is in memory
	if err != nil {
		return nil, errors.Join(errWeg, err)
	}
	n.gesendet++
	l.suche("network", body)
	if !w.warte(n.dauer()) || n.schnitt[w.von.r.nr][w.nach.nr] || n.verloren() || w.nach.leben == nil {
		return nil, w.nichts()
	}
	ctx := context.WithoutCancel(r.Context())
	if n.doppelt > 0 && l.eins(n.doppelt) {
		l.nach(l.zufall(0, time.Minute), func(ctx context.Context) {
			if late := w.nach.bediene(ctx, r, body); late != nil {
				_ = late.Body.Close() // nobody waits for it
			}
		})
	}
	resp := w.nach.bediene(ctx, r, body)
	if resp == nil || !w.warte(n.dauer()) || n.schnitt[w.nach.nr][w.von.r.nr] || n.verloren() {
		return nil, w.nichts()
	}
	return resp, nil
}

func (n *netz) dauer() time.Duration { return n.l.zufall(0, n.traege) }

// warte lets time pass; false if the asking program is dead.
func (w *weg) warte(d time.Duration) bool { return w.g.warte(d) && w.von.r.leben == w.von }

// nichts is no answer, after a while.
func (w *weg) nichts() error {
	w.warte(ruhe)
	return errWeg
}

// bediene has the server of the machine answer; nil if it dies of it or is dead.
func (m *rechner) bediene(ctx context.Context, r *http.Request, body []byte) *http.Response {
	lb := m.leben
	if lb == nil {
		return nil
	}
	req := r.Clone(ctx)
	req.Body = io.NopCloser(bytes.NewReader(body))
	rec := httptest.NewRecorder()
	lb.server.ServeHTTP(rec, req)
	m.nachher(ctx)
	if m.leben != lb {
		return nil
	}
	m.l.suche("network", rec.Body.Bytes())
	return rec.Result()
}
