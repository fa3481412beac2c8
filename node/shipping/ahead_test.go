package shipping_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/offizin/offizin/node/shipping"
)

// A machine that was off takes in what it has missed while somebody works at it: what it fetched
// ahead and did not get to comes again, all is there once, and it says for how long it is behind.
func TestArbeitBeimAufholen(t *testing.T) {
	lead := store("platz-1")
	for i := range 5_000 {
		setze(t, lead, fmt.Sprint("a", i), "name", strconv.Itoa(i))
	}
	late := lokal(t, "platz-2")
	var told []bool
	c := shipping.NewChild(late, parent(t, lead))
	c.Ahead, c.Behind = true, func(behind bool) { told = append(told, behind) }
	done, worked := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		defer func() { worked <- n }()
		for ; ; n++ {
			select {
			case <-done:
				return
			default:
				setze(t, late, fmt.Sprint("b", n), "ort", strconv.Itoa(n))
			}
		}
	}()
	st := sync(t, c)
	close(done)
	if n := <-worked; st.Pulled != 5_000 || n == 0 {
		t.Errorf("%d records came, %d acts meanwhile", st.Pulled, n)
	}
	sync(t, c)
	if a, b := heads(t, lead), heads(t, late); a != b {
		t.Errorf("%s\n%s", a, b)
	}
	if !slices.Equal(told, []bool{true, false}) {
		t.Errorf("behind: %v", told)
	}
	if b, err := late.Verify(t.Context()); err != nil || len(b.Funde) > 0 {
		t.Errorf("%v %v", b.Funde, err)
	}
}
