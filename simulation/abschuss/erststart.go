package abschuss

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/app/env"
)

// Erststart kills the very first start of a pharmacy, which fills the empty folder, n
// times at random moments, lets the next one finish, and returns how many of the kills
// came before it did and the keys of all records in the journal. They have to be those
// of a start that nobody disturbed, but for the addresses that each start tells.
func Erststart(ctx context.Context, p Programm, r *rand.Rand, n int) (int, []string, error) {
	hit := 0
	for range n {
		start, cancel := context.WithTimeout(ctx, time.Duration(1+r.IntN(250_000))*time.Microsecond)
		x, err := p.Starte(start)
		early := start.Err() != nil
		cancel()
		switch {
		case err == nil:
			x.Kill()
		case early:
			hit++
		default:
			return hit, nil, err
		}
	}
	x, err := p.Starte(ctx)
	if err != nil {
		return hit, nil, err
	}
	x.Kill()
	keys, err := p.keys(ctx)
	return hit, keys, err
}

// keys verifies the journal and returns the keys of its records, sorted.
func (p Programm) keys(ctx context.Context) ([]string, error) {
	out, errs, code, err := p.Ruf(ctx, "journal", "verify")
	if err != nil || code != env.ExitOK {
		return nil, fmt.Errorf("%w: verify ends with %d, %w: %s%s", errFalsch, code, err, out, errs)
	}
	if out, errs, code, err = p.Ruf(ctx, "journal", "export"); err != nil || code != env.ExitOK {
		return nil, fmt.Errorf("%w: export ends with %d, %w: %s", errFalsch, code, err, errs)
	}
	var keys []string
	for z, err := range zeilen(out) {
		if err != nil {
			return nil, err
		}
		// A machine tells the others each new address, and the demo where its printer listens.
		if !strings.HasPrefix(z.Key, "melden-") && !strings.HasPrefix(z.Key, "demo-drucker-") {
			keys = append(keys, z.Key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}
