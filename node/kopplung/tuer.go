package kopplung

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/logs"
	"github.com/offizin/offizin/node/refusal"
)

// How long a code lives, by the monotonic clock, and how often it may be wrong.
const (
	Dauer    = 10 * time.Minute
	versuche = 5
)

// Tuer lets new machines in while a code is open.
type Tuer struct {
	// Refused, if set, hears of who used up all tries.
	Refused func(r *http.Request, err error)

	clock     clock.Clock
	log       *slog.Logger
	aufnehmen func(ctx context.Context, a Antrag, von string) (Zusage, error)

	mu   sync.Mutex
	code string        // empty: closed
	end  time.Duration // when it closes
	left int           // tries
	n    int           // how often somebody opened or closed it
}

// genommen is a code with which a machine is being taken in, and of which opening it is.
type genommen struct {
	code string
	n    int
}

// NewTuer returns a closed door. aufnehmen takes the machine in that has proven to know the
// code; von is the address it calls from.
func NewTuer(
	c clock.Clock, log *slog.Logger, aufnehmen func(ctx context.Context, a Antrag, von string) (Zusage, error),
) *Tuer {
	return &Tuer{clock: c, log: logs.New(log, c), aufnehmen: aufnehmen}
}

// Oeffnen makes a code for one machine; an earlier one ends.
func (t *Tuer) Oeffnen() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.code, t.end, t.left, t.n = newCode(), t.clock.Mono()+Dauer, versuche, t.n+1
	return t.code
}

// Schliessen ends the code.
func (t *Tuer) Schliessen() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.code, t.n = "", t.n+1
}

// Offen returns the code that is open and for how long yet; empty: none.
func (t *Tuer) Offen() (code string, noch time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.clock.Mono() >= t.end {
		t.code = ""
	}
	return t.code, t.end - t.clock.Mono()
}

// ServeHTTP answers a new machine.
func (t *Tuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := t.answer(w, r)
	if err == nil {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer) //nolint:gosec // JSON for a machine; who does not hear it asks again
		return
	}
	if _, ok := errors.AsType[*fault.Fault](err); !ok {
		err = fault.New(fault.Internal, "M-123",
			"Der andere Rechner konnte diesen nicht aufnehmen; Näheres steht dort im Protokoll.", err)
	}
	t.log.Warn("new machine not taken in", slog.String("from", r.RemoteAddr), slog.Any("error", err))
	w.Header().Set("Connection", "close") // who tries again begins anew
	refusal.Write(w, http.StatusForbidden, err)
}

func (t *Tuer) answer(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.Method != http.MethodPost || r.TLS == nil {
		return nil, unreadable(errors.New("no POST over TLS"))
	}
	if code, _ := t.Offen(); code == "" { // strangers without number could have their bodies kept
		return nil, wrongCode(0)
	}
	in, err := read(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, err
	}
	key, taken, err := t.check(r, in)
	if err != nil {
		return nil, err
	}
	var a Antrag
	if err := json.Unmarshal(in.Inhalt, &a); err != nil {
		t.zurueck(taken)
		return nil, unreadable(err)
	}
	z, err := t.aufnehmen(r.Context(), a, r.RemoteAddr)
	if err != nil {
		t.zurueck(taken)
		return nil, err
	}
	return seal(z, func(content []byte) []byte { return probe(key, vomAlten, in.Inhalt, content) })
}

// check takes one try, and the code if it is right: two that know it must not both get in. One try after
// the other: each costs much memory.
func (t *Tuer) check(r *http.Request, in sealed) (key []byte, g genommen, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.code == "" || t.left <= 0 || t.clock.Mono() >= t.end {
		t.code = ""
		return nil, g, wrongCode(0)
	}
	t.left--
	if key, err = secret(r.TLS, t.code); err != nil {
		return nil, g, err
	}
	if !hmac.Equal(in.Probe, probe(key, vomNeuen, in.Inhalt)) {
		err := wrongCode(t.left)
		if t.left == 0 && t.Refused != nil {
			t.Refused(r, err)
		}
		return nil, g, err
	}
	t.left++
	g, t.code = genommen{t.code, t.n}, ""
	return key, g, nil
}

// zurueck opens the door again with a code with which nobody got in, unless somebody opened or closed it since.
func (t *Tuer) zurueck(g genommen) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == g.n {
		t.code = g.code
	}
}
