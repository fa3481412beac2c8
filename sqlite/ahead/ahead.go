// Package ahead decodes the events of a batch beside what else is done with it.
package ahead

import (
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
)

// step is how many events are handed over at once: fewer would cost more than to decode them.
const step = 32

// Events are the events of a batch, which may still be under way. They belong to one goroutine.
type Events struct {
	list []decoded
	have int             // of list
	done <-chan struct{} // one for each step
}

type decoded struct {
	event journal.Event
	err   error
}

// Decode begins to decode the events of records. It holds on to nothing else and ends by itself.
func Decode(list []journal.Record) *Events {
	done := make(chan struct{}, len(list)/step+1)
	e := &Events{list: make([]decoded, len(list)), done: done}
	go func() {
		for i := range list {
			e.list[i].event, e.list[i].err = event.Decode(list[i].Type, list[i].Payload)
			if (i+1)%step == 0 {
				done <- struct{}{}
			}
		}
		close(done)
	}()
	return e
}

// At returns the event of the i-th record, as event.Decode does; it waits for it.
func (e *Events) At(i int) (journal.Event, error) {
	for i >= e.have {
		if _, ok := <-e.done; ok {
			e.have += step
		} else {
			e.have = len(e.list)
		}
	}
	return e.list[i].event, e.list[i].err
}
