package shipping

import (
	"context"
	"fmt"
	"slices"

	"github.com/offizin/offizin/journal"
)

// inAdvance is how many batches are fetched before they are asked for: storing must never wait for
// the network.
const inAdvance = 4

// feed is the records of one origin, batch by batch. It belongs to one goroutine at a time.
type feed struct {
	origin journal.Origin
	parent *Parent
	until  uint64             // what the parent had before it was asked for keys
	after  uint64             // what was stored, or handed out
	coming <-chan batch       // nil: it is fetched when it is asked for
	list   [][]journal.Record // handed out, and perhaps not stored
	back   [][]journal.Record // not stored: handed out again
	err    error
}

// batch is what a parent has answered.
type batch struct {
	list []journal.Record
	err  error
}

// feed begins to fetch the records after a number, and until another one. With Ahead that goes on by itself
// until the context ends.
func (c *Child) feed(ctx context.Context, o journal.Origin, after, until uint64) *feed {
	f := &feed{origin: o, parent: c.parent, after: after, until: until}
	if !c.Ahead {
		return f
	}
	out := make(chan batch, inAdvance)
	f.coming = out
	go func() {
		defer close(out)
		for more := true; more; {
			list, err := f.fetch(ctx, after)
			if more = err == nil && len(list) > 0; more {
				after = list[len(list)-1].Seq
			}
			select {
			case out <- batch{list, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return f
}

// fetch asks for the records after a number; none when all are here. The keys that they need came before:
// what the parent has got since then comes with the next round, after its keys.
func (f *feed) fetch(ctx context.Context, after uint64) ([]journal.Record, error) {
	if after >= f.until {
		return nil, nil
	}
	list, err := f.parent.pull(ctx, f.origin, after)
	return upTo(list, f.until), err
}

// wait returns the next batch; an empty one if there is none.
func (f *feed) wait(ctx context.Context) ([]journal.Record, error) {
	if list := f.again(); list != nil || f.err != nil {
		return list, f.err
	}
	if f.coming == nil {
		return f.fetch(ctx, f.after)
	}
	b, ok := <-f.coming
	if !ok && ctx.Err() != nil {
		return nil, fmt.Errorf("wait for records: %w", ctx.Err())
	}
	if len(b.list) > 0 {
		f.list = append(f.list, b.list)
	}
	return b.list, b.err
}

// ready returns the next batch if it is there, nil else.
func (f *feed) ready() []journal.Record {
	if list := f.again(); list != nil || f.err != nil {
		return list
	}
	select {
	case b := <-f.coming:
		if b.err != nil || len(b.list) == 0 || b.list[0].Origin != f.origin {
			f.back, f.err = nonempty(b.list), b.err
			return nil
		}
		f.list = append(f.list, b.list)
		return b.list
	default:
		return nil
	}
}

// again returns a batch that was handed out before.
func (f *feed) again() []journal.Record {
	if len(f.back) == 0 {
		return nil
	}
	list := f.back[0]
	f.back, f.list = f.back[1:], append(f.list, list)
	return list
}

// stored hears up to where all is stored: what was handed out beyond comes again.
func (f *feed) stored(seq uint64) {
	f.after = seq
	var left [][]journal.Record
	for _, list := range f.list {
		if i := slices.IndexFunc(list, func(r journal.Record) bool { return r.Seq > seq }); i >= 0 {
			left = append(left, list[i:])
		}
	}
	f.back, f.list = append(left, f.back...), nil
}

func nonempty(list []journal.Record) [][]journal.Record {
	if len(list) == 0 {
		return nil
	}
	return [][]journal.Record{list}
}
