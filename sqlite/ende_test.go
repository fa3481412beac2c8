package sqlite_test

import (
	"errors"
	"testing"
	"time"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bestand"
)

// A view that went on for minutes, and that nobody waited for any more, held up the end of the program. A short
// one ends by itself.
func TestCloseBreaksOffLongViews(t *testing.T) {
	for _, long := range []bool{false, true} {
		s := open(t, t.TempDir())
		write(t, s, zugang("a", 1))
		reads, ended, closed := make(chan struct{}), make(chan error, 1), make(chan error, 1)
		go func() {
			ended <- s.View(t.Context(), func(rows journal.Rows) error {
				close(reads)
				for i := 0; long || i < 5; i++ {
					if _, err := bestand.Menge(rows, "01234562"); err != nil {
						return err
					}
					time.Sleep(20 * time.Millisecond)
				}
				return nil
			})
		}()
		<-reads
		go func() { closed <- s.Close() }()
		select {
		case err := <-closed:
			if read := <-ended; err != nil || (read != nil) != long {
				t.Errorf("long %v: %v, %v", long, err, read)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("waits for a view without end")
		}
		if err := s.View(t.Context(), func(journal.Rows) error { return nil }); !errors.Is(err, journal.ErrClosed) && !long {
			t.Errorf("after Close: %v", err)
		}
	}
}
