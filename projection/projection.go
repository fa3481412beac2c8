// Package projection holds what the read models of the journal share: typed rows
// and the rule for fields where the last writer wins. Each read model is a package
// of its own below, with its Apply and its readers side by side.
package projection

import (
	"encoding/json"
	"fmt"

	"github.com/offizin/offizin/journal"
)

// Get reads a row; false if there is none.
func Get[T any](rows journal.Rows, table, key string) (T, bool, error) {
	var v T
	if h, ok := rows.(journal.Holder); ok {
		if held, ok := h.Held(table, key); ok {
			v, ok = held.(T)
			return v, ok, wrong(table, key, ok)
		}
	}
	b, err := rows.Get(table, key)
	if err != nil || b == nil {
		return v, false, err
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return v, false, fmt.Errorf("decode row %s/%s: %w", table, key, err)
	}
	return v, true, nil
}

// Put writes a row.
func Put[T any](tx journal.Tx, table, key string, v T) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode row %s/%s: %w", table, key, err)
	}
	return tx.Put(table, key, b)
}

// wrong reports a row that was held as something else than it is read as.
func wrong(table, key string, ok bool) error {
	if ok {
		return nil
	}
	return fmt.Errorf("row %s/%s was held as another type", table, key)
}

// Hold is Put of a row that changes often. Neither v nor what it points to may be altered
// afterwards, nor what Get returns of it; and v must be what comes back of its JSON.
func Hold[T any](tx journal.Tx, table, key string, v T) error {
	if h, ok := tx.(journal.Holder); ok {
		return h.Hold(table, key, v, json.Marshal)
	}
	return Put(tx, table, key, v)
}

// Keys calls f for every key of the range until f returns false.
func Keys(rows journal.Rows, table string, r journal.Range, f func(key string) (bool, error)) error {
	if h, ok := rows.(journal.Holder); ok {
		return h.Keys(table, r, f)
	}
	return rows.Scan(table, r, func(key string, _ []byte) (bool, error) { return f(key) })
}

// Each calls f for every row of the range, decoded, until f returns false.
func Each[T any](rows journal.Rows, table string, r journal.Range, f func(key string, v T) (bool, error)) error {
	return rows.Scan(table, r, func(key string, b []byte) (bool, error) {
		var v T
		if err := json.Unmarshal(b, &v); err != nil {
			return false, fmt.Errorf("decode row %s/%s: %w", table, key, err)
		}
		return f(key, v)
	})
}

// Stamp orders writers of the same field: by Lamport counter, then origin, never by
// the wall clock.
type Stamp struct {
	Lamport uint64 `json:"l"`
	Origin  string `json:"o"`
}

// StampOf returns the stamp of a record.
func StampOf(r journal.Record) Stamp { return Stamp{r.Lamport, r.Origin.String()} }

// Before reports whether s was written before t.
func (s Stamp) Before(t Stamp) bool {
	if s.Lamport != t.Lamport {
		return s.Lamport < t.Lamport
	}
	return s.Origin < t.Origin
}
