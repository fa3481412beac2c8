package ahead_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/sqlite/ahead"
)

// Each event is that of its record, known or not, in whatever order they are asked for.
func TestDecode(t *testing.T) {
	for _, n := range []int{0, 1, 31, 32, 33, 100} {
		list := make([]journal.Record, n)
		for i := range list {
			list[i] = journal.Record{Type: "einstellung.gesetzt.v1", Payload: fmt.Appendf(nil, `{"schluessel":"%d","wert":"a"}`, i)}
			switch i % 10 {
			case 3:
				list[i].Type = "von.morgen.v9"
			case 7:
				list[i].Payload = []byte(`{"wert":1}`)
			}
		}
		got := ahead.Decode(list)
		for i := range list {
			i = (i + n/2) % n
			want, bad := event.Decode(list[i].Type, list[i].Payload)
			e, err := got.At(i)
			if diff := cmp.Diff(want, e); diff != "" || (bad == nil) != (err == nil) {
				t.Fatalf("%d of %d: %v %v %s", i, n, err, bad, diff)
			}
		}
	}
}
