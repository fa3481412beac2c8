package artikelsuche

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/workflow"
)

// vorrat keeps what is in stock from one key of a search to the next: reading some thousand
// articles takes longer than the search. It holds as long as nothing is written.
type vorrat struct {
	mu    sync.Mutex
	stand []journal.Head // read before the list: it may be older, never newer
	list  []kennung.PZN  // in order; not changed any more
}

// lies returns the articles of which there is a pack, in order.
func (v *vorrat) lies(ctx context.Context, k *workflow.Kern) ([]kennung.PZN, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	heads, err := k.Store.Heads(ctx)
	if err != nil {
		return nil, fmt.Errorf("read state of the journal: %w", err)
	}
	if v.list != nil && slices.Equal(heads, v.stand) {
		return v.list, nil
	}
	list, err := workflow.View(ctx, k, stocked)
	if err != nil {
		return nil, err
	}
	v.stand, v.list = heads, list
	return list, nil
}

func stocked(rows journal.Rows) ([]kennung.PZN, error) {
	list := []kennung.PZN{}
	err := bestand.Each(rows, func(pzn kennung.PZN, count int) (bool, error) {
		if count > 0 {
			list = append(list, pzn)
		}
		return true, nil
	})
	return list, err
}
