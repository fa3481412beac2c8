package journaltest

import (
	"maps"
	"slices"

	"github.com/offizin/offizin/journal"
)

// Table is plain rows of one table, under whichever name it is asked for. It belongs to one goroutine.
type Table map[string]string

var _ journal.Tx = Table{}

// Get implements journal.Rows.
func (t Table) Get(_, key string) ([]byte, error) {
	if v, ok := t[key]; ok {
		return []byte(v), nil
	}
	return nil, nil
}

// Scan implements journal.Rows.
func (t Table) Scan(_ string, g journal.Range, f func(string, []byte) (bool, error)) error {
	keys := slices.Sorted(maps.Keys(t))
	if g.Reverse {
		slices.Reverse(keys)
	}
	for _, k := range keys {
		v, ok := t[k]
		if !ok || k < g.From || g.To != "" && k >= g.To {
			continue
		}
		if more, err := f(k, []byte(v)); err != nil || !more {
			return err
		}
	}
	return nil
}

// Put implements journal.Tx.
func (t Table) Put(_, key string, value []byte) error { t[key] = string(value); return nil }

// Delete implements journal.Tx.
func (t Table) Delete(_, key string) error { delete(t, key); return nil }
