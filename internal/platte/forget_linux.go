package platte

import (
	"os"

	"golang.org/x/sys/unix"
)

// Forget drops what the system still holds of a file that was synced: who reads it then reads the medium.
// Where the system refuses that, it reads from memory.
func Forget(f *os.File) { _ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED) }
