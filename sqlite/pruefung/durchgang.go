package pruefung

import (
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite/folding"
	"github.com/offizin/offizin/sqlite/satz"
)

// Gelesen is a record that is whole, and what it says.
type Gelesen struct {
	Satz  journal.Record
	Event journal.Event
	Self  bool          // this database appends to its log
	Aside journal.Aside // why it was set aside
}

// errNotWhole ends a pass: what is wrong is for Chains to say.
var errNotWhole = errors.New("a record is not whole")

// Whole reads every record once, in order of arrival, checks it as Chains does, and hands it on with
// its event, step records at a time. Where anything at all is not as it should be it reports false and
// notes nothing.
func (b *Bericht) Whole(
	ctx context.Context, ask Frage, step int, hand func([]Gelesen) error,
) (whole bool, err error) {
	list, err := ends(ask)
	if err != nil {
		return false, err
	}
	p := pass{ends: map[int64]*end{}, step: step, hand: hand}
	for _, k := range list {
		k.last.Origin = k.head.Origin
		p.ends[k.id] = k
	}
	err = ask("SELECT "+satz.Columns+", r.origin, o.self, ifnull(a.reason, '') FROM record r "+
		"CROSS JOIN origin o ON o.id = r.origin "+ // the planner must not begin with the origins
		"LEFT JOIN aside a ON a.origin = r.origin AND a.seq = r.seq ORDER BY r.pos",
		func(st *sqlite3.Stmt) (bool, error) { return true, p.record(ctx, st) })
	if err == nil {
		err = p.flush(ctx)
	}
	for _, k := range list {
		if err == nil && k.last != k.head {
			err = errNotWhole
		}
	}
	if errors.Is(err, errNotWhole) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read records: %w", err)
	}
	b.Saetze += p.n
	for _, k := range list {
		b.Kopf = append(b.Kopf, k.head)
	}
	return true, nil
}

// pass is a walk through all records.
type pass struct {
	ends  map[int64]*end
	step  int
	hand  func([]Gelesen) error
	batch []Gelesen
	n     int64
}

func (p *pass) record(ctx context.Context, st *sqlite3.Stmt) error {
	r, err := satz.Scan(st)
	at := p.ends[st.ColumnInt64(13)]
	if err != nil || at == nil || r.Seq != at.last.Seq+1 || r.Prev != at.last.Hash || r.Sum() != r.Hash {
		return errNotWhole
	}
	at.last.Seq, at.last.Hash = r.Seq, r.Hash
	e, err := event.Decode(r.Type, r.Payload)
	if _, _, ok := journal.SplitKey(r.Key); !ok || err != nil || e == nil {
		return errNotWhole
	}
	p.n++
	p.batch = append(p.batch, Gelesen{r, e, st.ColumnBool(14), journal.Aside(st.ColumnText(15))})
	if len(p.batch) < p.step {
		return nil
	}
	return p.flush(ctx)
}

func (p *pass) flush(ctx context.Context) error {
	batch := p.batch
	p.batch = make([]Gelesen, 0, p.step)
	if err := ctx.Err(); err != nil {
		return err //nolint:wrapcheck // Whole says what it was doing
	}
	return p.hand(batch)
}

// Fold folds records into rows.
func Fold(to journal.Tx, list []journal.Projection, batch []Gelesen) error {
	run := folding.New(to, list)
	for i := range batch {
		g := &batch[i]
		if _, err := run.Event(&g.Satz, g.Event, g.Self, g.Aside); err != nil {
			return err
		}
	}
	return run.Flush()
}

// Beside runs work in a goroutine of its own, a few pieces behind whoever hands them over. After an
// error nothing is taken any more. Wait ends it and returns the error; hand must not be called after it.
func Beside[T any](work func(T) error) (hand func(T) error, wait func() error) {
	pieces, failed, done := make(chan T, 2), make(chan struct{}), make(chan struct{})
	var err error
	go func() {
		defer close(done)
		for piece := range pieces {
			if err = work(piece); err != nil {
				close(failed)
				return
			}
		}
	}()
	hand = func(piece T) error {
		select {
		case pieces <- piece:
			return nil
		case <-failed:
			return err
		}
	}
	return hand, func() error {
		close(pieces)
		<-done
		return err
	}
}
