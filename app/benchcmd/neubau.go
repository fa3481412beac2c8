package benchcmd

import (
	"context"
	"fmt"

	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite"
)

// korrektur is what an act of the measurement does.
func korrektur() []journal.Event {
	return []journal.Event{event.BestandGeaendert{PZN: muster.OTCSchmerzmittel.PZN(), Delta: 1, Art: "korrektur"}}
}

// neubau lets an act of the series "vor" come from another machine that did it earlier, so that
// all read models are built anew, and measures that and the acts meanwhile.
func neubau(ctx context.Context, c clock.Clock, s *sqlite.Store) ([]Messung, error) {
	first := journal.Act{Key: "bench-vor0", Input: 0, Actor: benutzer, Wall: c.Now()}
	input, err := first.Check()
	if err != nil {
		return nil, err
	}
	chain := journal.Chain{Origin: journal.Origin{Node: "platz-8", Incarnation: "00000000000000bb"}}
	list, err := chain.Extend(first, input, korrektur())
	if err != nil {
		return nil, err
	}
	n, err := saetze(ctx, s)
	if err != nil {
		return nil, err
	}
	start := c.Mono()
	if _, err := s.Receive(ctx, list); err != nil {
		return nil, fmt.Errorf("receive the act again: %w", err)
	}
	came := c.Mono() - start
	var bad error
	during, err := buche(ctx, c, s, "neu", func(int) bool {
		var b sqlite.Neubau
		b, bad = s.Neubau(ctx)
		return b.Laeuft
	})
	if err == nil {
		err = bad
	}
	built := rate("rebuild", n, c.Mono()-start)
	return []Messung{rate("receive-repeated", 1, came), built, during.messung("act-during-rebuild")}, err
}

// saetze is how many records a journal has.
func saetze(ctx context.Context, s *sqlite.Store) (n int, err error) {
	heads, err := s.Heads(ctx)
	for _, h := range heads {
		n += int(h.Seq)
	}
	return n, err
}
