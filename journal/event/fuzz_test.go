package event_test

import (
	"os"
	"testing"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
)

// FuzzDecode: no payload makes the reader of events fail in any other way than with an
// error, and what it reads can be written and read again.
func FuzzDecode(f *testing.F) {
	for _, kind := range event.Types() {
		if b, err := os.ReadFile(golden(kind)); err == nil {
			f.Add(kind, b)
		}
	}
	f.Add("verkauf.abgeschlossen.v2", []byte(`{}`))
	f.Fuzz(func(t *testing.T, kind string, payload []byte) {
		e, err := event.Decode(kind, payload)
		if err != nil || e == nil {
			return
		}
		b, err := journal.Encode(e)
		if err != nil {
			t.Fatalf("%s: read and not written: %v", kind, err)
		}
		if _, err := event.Decode(e.EventType(), b); err != nil {
			t.Errorf("%s: written and not read: %v\n%s", kind, err, b)
		}
	})
}
