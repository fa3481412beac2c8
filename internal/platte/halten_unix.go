//go:build unix && !solaris && !aix

package platte

import (
	"os"
	"syscall"
)

// halten says to other programs that this one lives and writes the file; its death lets go.
func halten(f *os.File) {
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

// gehalten says whether a living program may hold a file: what cannot be known is held.
func gehalten(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return true
	}
	defer f.Close() //nolint:errcheck // only asked
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil
}
