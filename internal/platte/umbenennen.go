package platte

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// Rename gives a file or folder another name, in place of a file that has it. Windows refuses that
// while anybody has either open, a virus scanner or a reader of the old one; then it is tried again
// for some seconds.
func Rename(from, to string) error {
	return nochmal(belegt, func() error { return os.Rename(from, to) })
}

// How long is waited between two tries: each time twice as long, in all 2.5 s.
const (
	ersteRuhe  = 10 * time.Millisecond
	letzteRuhe = 1280 * time.Millisecond
)

func nochmal(belegt func(error) bool, f func() error) error {
	for wait := ersteRuhe; ; wait *= 2 {
		err := f()
		if err == nil || !belegt(err) || wait > letzteRuhe {
			return err
		}
		rest, cancel := context.WithTimeout(context.Background(), wait)
		<-rest.Done()
		cancel()
	}
}

// What a file is called that somebody has open (ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION,
// ERROR_LOCK_VIOLATION).
func belegt(err error) bool {
	n, ok := errors.AsType[syscall.Errno](err)
	return ok && windows && (n == 5 || n == 32 || n == 33)
}
