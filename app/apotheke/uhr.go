package apotheke

import (
	"context"
	"time"

	"github.com/offizin/offizin/journal"
)

// seen tells the clock the time of the newest own record: the folder remembers none, or it
// cannot be read.
func (a *Apotheke) seen(ctx context.Context) error {
	heads, err := a.Store.Heads(ctx)
	if err != nil {
		return err
	}
	self := a.Store.Self()
	for _, h := range heads {
		if h.Origin != self || h.Seq == 0 {
			continue
		}
		return a.Store.Records(ctx, h.Origin, h.Seq-1, func(r journal.Record) (bool, error) {
			a.Uhr.AtLeast(time.Unix(0, r.Wall).UTC())
			return false, nil
		})
	}
	return nil
}
