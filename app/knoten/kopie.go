package knoten

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
)

// Another machine that works with a copy of this folder shows in records that are written now under the
// name of this machine, in an incarnation that is not its own.
const (
	kopieAlle = 5 * time.Second
	kopieNach = 5 * time.Second  // what this machine wrote itself until it got its new name may still come back
	kopieGilt = 10 * time.Minute // since the last such record
)

// kopie is what this machine has seen of the other.
type kopie struct {
	mu    sync.Mutex
	self  journal.Origin
	seit  time.Time                 // since when this machine writes under its name, in this run
	heads map[journal.Origin]uint64 // of its other incarnations
	bis   time.Duration             // monotonic
}

// laeuft reports whether another machine works with a copy of this folder.
func (x *kopie) laeuft(mono time.Duration) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return mono < x.bis
}

// kopieSuchen looks for it until the context ends.
func (k *Knoten) kopieSuchen(ctx context.Context) {
	t := time.NewTicker(kopieAlle)
	defer t.Stop()
	for {
		if err := k.kopie.suche(ctx, k.Store, k.Kern.Clock); err != nil && ctx.Err() == nil {
			k.opt.Apotheke.Log.Warn("not known whether a copy of this folder is at work", slog.Any("error", err))
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// suche looks once. What is there at the first look was written before, whatever its clock said.
func (x *kopie) suche(ctx context.Context, store journal.Store, c clock.Clock) error {
	heads, err := store.Heads(ctx)
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	first := x.self != heads[0].Origin
	if first {
		x.self, x.seit, x.heads = heads[0].Origin, c.Now(), map[journal.Origin]uint64{}
	}
	for _, h := range heads[1:] {
		if h.Origin.Node != x.self.Node || h.Seq <= x.heads[h.Origin] {
			continue
		}
		x.heads[h.Origin] = h.Seq
		if first {
			continue
		}
		err := store.Records(ctx, h.Origin, h.Seq-1, func(r journal.Record) (bool, error) {
			if time.Unix(0, r.Wall).UTC().After(x.seit.Add(kopieNach)) {
				x.bis = c.Mono() + kopieGilt
			}
			return false, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
