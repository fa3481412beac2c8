// Package folding folds records into the rows of projections, each into its own table.
package folding

import (
	"errors"
	"fmt"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite/fehler"
	"github.com/offizin/offizin/sqlite/overlay"
	"github.com/offizin/offizin/sqlite/schema"
)

// ErrOwn reports a record of this machine that cannot be read: the journal is damaged.
var ErrOwn = errors.New("own record is unreadable")

// Apply folds a record into the rows of all projections.
func Apply(to journal.Tx, list []journal.Projection, r journal.Record, e journal.Event) error {
	for _, p := range list {
		t := tx{to, p.Name()}
		err := p.Apply(&t, r, e)
		t.to = over{}
		if err != nil {
			return fmt.Errorf("apply %s to projection %s: %w", r.Key, p.Name(), err)
		}
	}
	return nil
}

// Run is the records of a journal, one after the other, on their way into rows.
type Run struct {
	to            journal.Tx
	rows          *overlay.Rows
	list, keepers []journal.Projection
}

// New returns a run whose rows are written by Flush.
func New(to journal.Tx, list []journal.Projection) *Run {
	return &Run{to, overlay.New(to), list, journal.Keepers(list)}
}

// Flush writes the rows as they are now.
func (f *Run) Flush() error { return f.rows.Flush(f.to) }

// Record folds a record that was set aside for a reason, or for none, and returns why it is to
// be set aside from now on. ErrOwn: a record of this machine cannot be read; J-213: a newer program wrote it.
func (f *Run) Record(r journal.Record, self bool, why journal.Aside) (journal.Aside, error) {
	return f.unless(why, func(list []journal.Projection) (journal.Aside, error) { return f.fold(list, r, self) })
}

// Event folds a record whose event is known, like Record.
func (f *Run) Event(r *journal.Record, e journal.Event, self bool, why journal.Aside) (journal.Aside, error) {
	return f.unless(why, func(list []journal.Projection) (journal.Aside, error) { return f.apply(list, r, e, self) })
}

// unless folds for those projections that count a record although it was set aside.
func (f *Run) unless(
	why journal.Aside, fold func([]journal.Projection) (journal.Aside, error),
) (journal.Aside, error) {
	switch why {
	case journal.Repeated:
		_, err := fold(f.keepers)
		return "", err
	case journal.Unreadable:
		return "", nil
	case journal.Unknown:
	}
	return fold(f.list)
}

// fold folds one record. A type that is not known yet is left out, as when it was stored, and so
// is one of another machine that cannot be read.
func (f *Run) fold(list []journal.Projection, r journal.Record, self bool) (journal.Aside, error) {
	e, err := event.Decode(r.Type, r.Payload)
	switch {
	case err != nil && self && r.Sum() == r.Hash: // it is what was written: this program is too old for it
		return "", schema.Neuer(err)
	case err != nil && self:
		return "", fmt.Errorf("%w: %w", ErrOwn, err)
	case err != nil:
		return journal.Unreadable, nil //nolint:nilerr // it stops nothing; the caller notes it
	case e == nil:
		return journal.Unknown, nil
	}
	return f.apply(list, &r, e, self)
}

func (f *Run) apply(list []journal.Projection, r *journal.Record, e journal.Event, self bool) (journal.Aside, error) {
	if self {
		err := Apply(f.rows, list, *r, e)
		f.rows.Keep()
		return "", err
	}
	return Foreign(f.rows, list, r, e)
}

// Foreign folds a record of another machine; one that a projection cannot take leaves no
// trace.
func Foreign(
	to *overlay.Rows, list []journal.Projection, r *journal.Record, e journal.Event,
) (journal.Aside, error) {
	err := Apply(to, list, *r, e)
	switch {
	case err == nil:
		to.Keep()
		return "", nil
	case fehler.Database(err):
		return "", err
	}
	to.Undo()
	return journal.Unreadable, nil
}

// over are rows whose time is over.
type over struct{}

// Get implements journal.Rows.
func (over) Get(string, string) ([]byte, error) { return nil, journal.ErrOver }

// Scan implements journal.Rows.
func (over) Scan(string, journal.Range, func(string, []byte) (bool, error)) error {
	return journal.ErrOver
}

// Put implements journal.Tx.
func (over) Put(string, string, []byte) error { return journal.ErrOver }

// Delete implements journal.Tx.
func (over) Delete(string, string) error { return journal.ErrOver }

// tx lets one projection change its own table.
type tx struct {
	to    journal.Tx
	table string
}

// Get implements journal.Rows. A projection sees its own table only: one that
// read another could not be rebuilt alone.
func (t *tx) Get(table, key string) ([]byte, error) {
	if err := t.own(table); err != nil {
		return nil, err
	}
	return t.to.Get(table, key)
}

// Scan implements journal.Rows, for the own table.
func (t *tx) Scan(table string, g journal.Range, f func(string, []byte) (bool, error)) error {
	if err := t.own(table); err != nil {
		return err
	}
	return t.to.Scan(table, g, f)
}

// Put implements journal.Tx.
func (t *tx) Put(table, key string, value []byte) error {
	if err := t.own(table); err != nil {
		return err
	}
	if len(key) > journal.MaxRowKey {
		return fmt.Errorf("key of a row of %s is longer than %d bytes", table, journal.MaxRowKey)
	}
	return t.to.Put(table, key, value)
}

// Held implements journal.Holder.
func (t *tx) Held(table, key string) (any, bool) {
	if h, ok := t.to.(journal.Holder); ok && table == t.table {
		return h.Held(table, key)
	}
	return nil, false
}

// Hold implements journal.Holder.
func (t *tx) Hold(table, key string, v any, encode func(any) ([]byte, error)) error {
	h, ok := t.to.(journal.Holder)
	if !ok || table != t.table || len(key) > journal.MaxRowKey {
		b, err := encode(v)
		if err != nil {
			return err
		}
		return t.Put(table, key, b)
	}
	return h.Hold(table, key, v, encode)
}

// Keys implements journal.Holder.
func (t *tx) Keys(table string, g journal.Range, f func(string) (bool, error)) error {
	if h, ok := t.to.(journal.Holder); ok && table == t.table {
		return h.Keys(table, g, f)
	}
	return t.Scan(table, g, func(key string, _ []byte) (bool, error) { return f(key) })
}

// Delete implements journal.Tx.
func (t *tx) Delete(table, key string) error {
	if err := t.own(table); err != nil {
		return err
	}
	return t.to.Delete(table, key)
}

func (t *tx) own(table string) error {
	if table != t.table {
		return fmt.Errorf("projection %s touches table %s", t.table, table)
	}
	return nil
}
