package alle_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite/folding"
	"github.com/offizin/offizin/sqlite/overlay"
)

// Rows that are held as values until a batch is folded come out, byte for byte, like rows that
// are written with each record: whatever the batches are, and if a record is taken back in between.
func TestHeldRowsAreTheWrittenOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		logs, _ := histories(t)
		want, base := tafel{}, tafel{}
		held := overlay.New(base)
		for _, r := range append(logs[0], logs[1]...) {
			e, err := event.Decode(r.Type, r.Payload)
			if err == nil {
				err = folding.Apply(want, alle.Projections(), r, e)
			}
			if err != nil {
				t.Fatal(err)
			}
			fold := func() {
				if err := folding.Apply(held, alle.Projections(), r, e); err != nil {
					t.Fatal(err)
				}
			}
			if rapid.Bool().Draw(t, "taken back") {
				fold()
				held.Undo()
			}
			fold()
			held.Keep()
			if rapid.IntRange(0, 5).Draw(t, "batch ends") == 0 {
				if err := held.Flush(base); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := held.Flush(base); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(text(want), text(base)); d != "" {
			t.Fatal(d)
		}
	})
}
