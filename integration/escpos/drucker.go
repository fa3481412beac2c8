package escpos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/offizin/offizin/internal/fault"
)

// ErrUncertain reports that data went out and nobody knows what was printed.
var ErrUncertain = errors.New("nobody knows what was printed")

// antwortFrist is how long a printer may take to say how it is.
const antwortFrist = 2 * time.Second

// Drucker is one printer. It does one thing at a time; one that hangs is not asked again until
// what hangs has ended.
type Drucker struct {
	Ziel Ziel
	Mute bool // it never answers: what went out counts as printed
	frei chan struct{}
}

// New returns a printer; nothing is opened yet.
func New(z Ziel, stumm bool) *Drucker {
	return &Drucker{Ziel: z, Mute: stumm || z.Transport == Device, frei: make(chan struct{}, 1)}
}

// Drucken sends data and returns when the printer says that all of it is printed, or when ctx
// ends. Errors are faults: offline T-303, no answer T-304, out of paper T-305, cover open T-306,
// other trouble T-307; with ErrUncertain T-308.
func (d *Drucker) Drucken(ctx context.Context, data []byte) error {
	return d.tun(ctx, func(l *leitung) error {
		if err := l.pruefen(ctx, d.Mute); err != nil {
			return err
		}
		if d.Mute {
			return ungewiss(l.schreiben(data))
		}
		if err := l.schreiben(slices.Concat(data, []byte(readBack))); err != nil {
			return ungewiss(err)
		}
		_, err := l.lesen(ctx, func(b byte) bool { return b&readMask == 0 })
		return ungewiss(err)
	})
}

// Lade opens the drawer. A printer without paper or with an open cover opens it, too: a command
// in its memory would open the drawer when nobody stands there any more.
func (d *Drucker) Lade(ctx context.Context) error {
	return d.tun(ctx, func(l *leitung) error {
		pulse := reset + drawer
		if err := l.pruefen(ctx, d.Mute); err != nil {
			if f, named := errors.AsType[*fault.Fault](err); !named || f.Code == "T-303" || f.Code == "T-304" {
				return err
			}
			pulse = drawerNow
		}
		return ungewiss(l.schreiben([]byte(pulse)))
	})
}

// Pruefen asks the printer how it is; a mute one is only opened.
func (d *Drucker) Pruefen(ctx context.Context) error {
	return d.tun(ctx, func(l *leitung) error { return l.pruefen(ctx, d.Mute) })
}

func ungewiss(err error) error {
	if err == nil {
		return nil
	}
	return fault.New(fault.Unavailable, "T-308", "Der Drucker hat nicht bestätigt, dass der Bon fertig ist – sehen Sie "+
		"nach und drucken Sie ihn sonst noch einmal.", errors.Join(ErrUncertain, err))
}

func offline(err error) error {
	if _, named := errors.AsType[*fault.Fault](err); named {
		return err
	}
	return fault.New(fault.Unavailable, "T-303",
		"Der Bondrucker ist nicht erreichbar – prüfen Sie, ob er eingeschaltet und angeschlossen ist.", err)
}

func stumm(err error) error {
	return fault.New(fault.Unavailable, "T-304",
		"Der Bondrucker antwortet nicht – schalten Sie ihn aus und wieder ein.", err)
}

// tun opens the printer and does something with it, beside: a device that hangs holds one
// goroutine and nobody who waits.
func (d *Drucker) tun(ctx context.Context, f func(*leitung) error) error {
	select {
	case d.frei <- struct{}{}:
	default:
		select {
		case d.frei <- struct{}{}:
		case <-ctx.Done():
			return stumm(ctx.Err())
		}
	}
	stand := &leitung{}
	done := make(chan error, 1)
	go func() {
		defer func() { <-d.frei }()
		done <- d.mit(ctx, stand, f)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done: // it ended at the same moment: what it says is more exact
		return err
	default:
	}
	if stand.begonnen() {
		return ungewiss(ctx.Err())
	}
	return stumm(ctx.Err())
}

func (d *Drucker) mit(ctx context.Context, l *leitung, f func(*leitung) error) error {
	c, err := d.Ziel.open(ctx)
	if err != nil {
		return offline(err)
	}
	if ctx.Err() != nil { // nobody waits any more: what was given up is not printed
		return stumm(errors.Join(ctx.Err(), c.Close()))
	}
	l.auf(c)
	defer close(l.ende)
	closing := context.AfterFunc(ctx, func() { _ = c.Close() }) // ends what waits for the printer
	err = f(l)
	if closing() {
		if closed := c.Close(); closed != nil && err == nil {
			err = ungewiss(fmt.Errorf("close printer: %w", closed))
		}
	}
	return err
}

// leser hands on what comes from the printer until it is closed.
func leser(r io.Reader, out chan<- byte, ende <-chan struct{}) {
	defer close(out)
	buf := make([]byte, 16)
	for {
		n, err := r.Read(buf)
		for _, b := range buf[:n] {
			select {
			case out <- b:
			case <-ende:
				return
			}
		}
		if err != nil {
			return
		}
	}
}
