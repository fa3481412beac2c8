package escpos

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/offizin/offizin/internal/fault"
)

// leitung is an open connection to a printer.
type leitung struct {
	c     io.ReadWriteCloser
	bytes chan byte
	ende  chan struct{}
	daten atomic.Bool // data went out: from here on nobody knows
}

func (l *leitung) begonnen() bool { return l.daten.Load() }

func (l *leitung) auf(c io.ReadWriteCloser) {
	l.c, l.bytes, l.ende = c, make(chan byte, 16), make(chan struct{})
	go leser(c, l.bytes, l.ende)
}

func (l *leitung) schreiben(data []byte) error {
	l.daten.Store(true)
	if _, err := l.c.Write(data); err != nil {
		return fmt.Errorf("write to printer: %w", err)
	}
	return nil
}

// lesen waits for a byte that is meant.
func (l *leitung) lesen(ctx context.Context, meant func(byte) bool) (byte, error) {
	for {
		select {
		case b, open := <-l.bytes:
			if !open {
				return 0, io.ErrUnexpectedEOF
			}
			if meant(b) {
				return b, nil
			}
		case <-ctx.Done():
			return 0, fmt.Errorf("wait for printer: %w", ctx.Err())
		}
	}
}

// readMask are the bits that are 0 in an answer to GS r.
const readMask = 0x90

// The bits of the answer to DLE EOT 2.
const (
	stateMask = 0x93 // fixed bits: 0 0 1 . . 1 0 in their places
	stateSet  = 0x12
	coverOpen = 0x04
	paperEnd  = 0x20
	trouble   = 0x40
)

// pruefen asks why the printer would not print. One that says nothing is not printed on.
func (l *leitung) pruefen(ctx context.Context, mute bool) error {
	if mute {
		return nil
	}
	if _, err := l.c.Write([]byte(askState)); err != nil {
		return offline(err)
	}
	ctx, cancel := context.WithTimeout(ctx, antwortFrist)
	defer cancel()
	b, err := l.lesen(ctx, func(b byte) bool { return b&stateMask == stateSet })
	switch {
	case err != nil:
		return stumm(err)
	case b&coverOpen != 0:
		return fault.New(fault.Unavailable, "T-306", "Die Klappe des Bondruckers ist offen – schließen Sie sie.", nil)
	case b&paperEnd != 0:
		return fault.New(fault.Unavailable, "T-305", "Der Bondrucker hat kein Papier – legen Sie eine neue Rolle ein.", nil)
	case b&trouble != 0:
		return fault.New(fault.Unavailable, "T-307",
			"Der Bondrucker meldet einen Fehler – schalten Sie ihn aus und wieder ein.", nil)
	}
	return nil
}
