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
// all read models are built anew, and measures that and the acts meanwhile. Then it does the same
// with a database that was put back and goes on under a new name.
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
	repeated, err := gebaut(ctx, c, s, n, [3]string{"receive-repeated", "rebuild", "act-during-rebuild"}, func() error {
		_, err := s.Receive(ctx, list)
		return err
	})
	if err != nil {
		return nil, err
	}
	heads, err := s.Heads(ctx)
	if err != nil {
		return nil, err
	}
	reborn, err := gebaut(ctx, c, s, n, [3]string{"reincarnate", "rebuild-reborn", "act-during-reborn"}, func() error {
		return s.Reincarnate(ctx, heads[0].Seq-seither)
	})
	return append(repeated, reborn...), err
}

// seither is how many acts a machine has done since its database was put back.
const seither = 100

// gebaut measures something that has the read models built anew, how long that takes, and the acts
// meanwhile.
func gebaut(
	ctx context.Context, c clock.Clock, s *sqlite.Store, n int, names [3]string, reason func() error,
) ([]Messung, error) {
	start := c.Mono()
	if err := reason(); err != nil {
		return nil, fmt.Errorf("%s: %w", names[0], err)
	}
	came := c.Mono() - start
	var bad error
	during, err := buche(ctx, c, s, names[1], func(int) bool {
		var b sqlite.Neubau
		b, bad = s.Neubau(ctx)
		return b.Laeuft
	})
	if err == nil {
		err = bad
	}
	built := rate(names[1], n, c.Mono()-start)
	return []Messung{rate(names[0], 1, came), built, during.messung(names[2])}, err
}

// saetze is how many records a journal has.
func saetze(ctx context.Context, s *sqlite.Store) (n int, err error) {
	heads, err := s.Heads(ctx)
	for _, h := range heads {
		n += int(h.Seq)
	}
	return n, err
}
