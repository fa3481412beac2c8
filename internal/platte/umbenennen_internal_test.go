package platte

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// A name that is taken for a moment is waited for, one that stays taken is not, and another error is
// told at once.
func TestNochmal(t *testing.T) {
	errBelegt, errAnders := errors.New("taken"), errors.New("other")
	for _, c := range []struct {
		frei  int // tries that find the name taken
		err   error
		want  error
		tries int
		wait  time.Duration
	}{
		{0, nil, nil, 1, 0},
		{3, nil, nil, 4, 70 * time.Millisecond},
		{2, errAnders, errAnders, 3, 30 * time.Millisecond},
		{99, nil, errBelegt, 9, 2550 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			start, tries := time.Now(), 0
			err := nochmal(func(err error) bool { return errors.Is(err, errBelegt) }, func() error {
				if tries++; tries <= c.frei {
					return errBelegt
				}
				return c.err
			})
			if !errors.Is(err, c.want) || tries != c.tries || time.Since(start) != c.wait {
				t.Errorf("%+v: %v after %d tries, %v", c, err, tries, time.Since(start))
			}
		})
	}
}

// Somebody reads the file that is replaced, as a virus scanner does, and ends after a while.
func TestReplaceBesideReader(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.json")
	if err := Replace(name, []byte("old")); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- Replace(name, []byte("new")) }()
	select {
	case err = <-done: // other systems do not mind
	case <-time.After(200 * time.Millisecond):
		err = errors.Join(f.Close(), <-done)
	}
	if b, read := os.ReadFile(name); err != nil || read != nil || string(b) != "new" {
		t.Errorf("%q: %v, %v", b, err, read)
	}
	_ = f.Close()
}
