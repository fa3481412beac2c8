package platte_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/offizin/offizin/internal/platte"
)

// What is read again after that comes from the medium: before, all of a file lay in memory still.
func TestForget(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x")
	if err := platte.WriteZeros(name, 4<<20); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	before := imSpeicher(t, f, 4<<20)
	platte.Forget(f)
	if after := imSpeicher(t, f, 4<<20); before == 0 || after != 0 {
		var fs syscall.Statfs_t
		if syscall.Fstatfs(int(f.Fd()), &fs) == nil && fs.Type == unix.TMPFS_MAGIC {
			t.Skip("there is nothing beneath the memory here")
		}
		t.Errorf("%d pages in memory, then %d", before, after)
	}
}

// imSpeicher counts the pages of a file that are in memory.
func imSpeicher(t *testing.T, f *os.File, size int) (n int) {
	t.Helper()
	m, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Munmap(m)
	pages := make([]byte, size/os.Getpagesize())
	_, _, errno := unix.Syscall(unix.SYS_MINCORE,
		uintptr(unsafe.Pointer(&m[0])), uintptr(size), uintptr(unsafe.Pointer(&pages[0])))
	if errno != 0 {
		t.Skip(errno)
	}
	for _, p := range pages {
		n += int(p & 1)
	}
	return n
}
