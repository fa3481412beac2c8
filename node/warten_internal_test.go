package node

import (
	"testing"
	"time"
)

// The last 1,000 waits count: of 1,100 waits of 1 to 1,100 ms those of 101 ms and longer.
func TestWarten(t *testing.T) {
	var w waits
	if got := w.stand(); got != (Warten{}) {
		t.Errorf("%+v without any", got)
	}
	for i := range 1100 {
		w.note(time.Duration(i+1)*time.Millisecond, i != 1099)
	}
	want := Warten{N: 1000, Ohne: 1, P50: 600, P95: 1050, P99: 1090, Max: 1100}
	if got := w.stand(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
