package sim

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
)

// The answers to DLE EOT 2.
const (
	gut        = 0x12
	klappeAuf  = gut | 0x04
	papierEnde = gut | 0x20
)

// Stoerung is what is wrong with the printer.
type Stoerung int

// The troubles.
const (
	Gut       Stoerung = iota
	NoPaper            // says so
	CoverOpen          // says so
	Silent             // takes the connection and answers nothing
	Hangs              // says that all is well, and never ends printing
)

// merken is how many sheets Stand remembers.
const merken = 20

// Drucker is a printer in the network.
type Drucker struct {
	mu       sync.Mutex
	stoerung Stoerung
	blaetter []Blatt
	lade     int
	fehler   error
	haken    func(Blatt)
}

// New returns a printer; haken hears of each sheet that is cut off, nil: nobody does.
func New(haken func(Blatt)) *Drucker { return &Drucker{haken: haken} }

// Set makes something wrong with the printer, or with Gut right again.
func (d *Drucker) Set(s Stoerung) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stoerung = s
}

// Stand is what was printed last, at most 20 sheets, how often the drawer was opened without paper, and the first
// command that was not understood.
func (d *Drucker) Stand() (sheets []Blatt, lade int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]Blatt(nil), d.blaetter...), d.lade, d.fehler
}

// Serve prints what comes in until ctx ends.
func (d *Drucker) Serve(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		c, err := l.Accept()
		if ctx.Err() != nil {
			return nil // closed because of that
		}
		if err != nil {
			return fmt.Errorf("accept for printer: %w", err)
		}
		all.Go(func() { d.verbindung(ctx, c) })
	}
}

func (d *Drucker) verbindung(ctx context.Context, c net.Conn) {
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	defer func() { _ = c.Close() }() // nothing is written any more
	p := newPapier()
	m := maschine{in: bufio.NewReader(c), papier: p, schnitt: d.blatt, zustand: d.zustand}
	m.antwort = func(b byte) error { return d.antworten(c, b) }
	err := m.laufen()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lade += m.lade
	if errors.Is(err, ErrCommand) && d.fehler == nil {
		d.fehler = err
	}
}

func (d *Drucker) blatt(b Blatt) {
	d.mu.Lock()
	hook := d.haken
	if d.stoerung == Hangs {
		hook = nil
	} else {
		d.blaetter = append(d.blaetter[max(0, len(d.blaetter)-merken+1):], b)
	}
	d.mu.Unlock()
	if hook != nil {
		hook(b)
	}
}

func (d *Drucker) zustand() byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch d.stoerung {
	case NoPaper:
		return papierEnde
	case CoverOpen:
		return klappeAuf
	case Gut, Silent, Hangs:
	}
	return gut
}

// antworten says something, unless the trouble is that nothing is said.
func (d *Drucker) antworten(c net.Conn, b byte) error {
	d.mu.Lock()
	mute := d.stoerung == Silent || d.stoerung == Hangs && b == 0
	d.mu.Unlock()
	if mute {
		return nil
	}
	if _, err := c.Write([]byte{b}); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}
