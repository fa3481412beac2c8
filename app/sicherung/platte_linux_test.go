package sicherung_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/offizin/offizin/app/sicherung"
)

func mount(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// A stick that fills up while it is written to is told, keeps what was on it, and holds no
// half backup; a machine without room to restore says so and keeps nothing.
func TestFullDisk(t *testing.T) {
	h := open(t)
	h.ziel = mount(t, "2m")
	first := h.sichere()
	noise := make([]byte, 4<<20)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	big := filepath.Join(h.dir, "gross.bin")
	if err := os.WriteFile(big, noise, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Erstellen(t.Context(), h.ziel, nil); codeOf(err) != "D-103" {
		t.Errorf("on a full stick: %v", err)
	}
	list, err := filepath.Glob(filepath.Join(h.ziel, "*age"))
	hidden, _ := filepath.Glob(filepath.Join(h.ziel, ".*"))
	if err != nil || len(list) != 2 || len(hidden) != 0 {
		t.Errorf("%v, %v, %v", list, hidden, err)
	}
	h.zurueck(first.Datei)
	h.ziel = t.TempDir()
	second := h.sichere()
	a := h.auftrag(second.Datei)
	a.Nach = filepath.Join(mount(t, "3m"), "neu")
	if _, err := sicherung.Wiederherstellen(t.Context(), a); codeOf(err) != "D-119" {
		t.Errorf("no room to restore: %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(a.Nach)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A backup was read again out of memory, where all of it lay still: what the stick had kept of it was not seen.
func TestReadAgainFromTheStick(t *testing.T) {
	h := open(t)
	noise := make([]byte, 4<<20)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	if err := os.WriteFile(filepath.Join(h.dir, "gross.bin"), noise, 0o600); err != nil {
		t.Fatal(err)
	}
	var fs syscall.Statfs_t
	if syscall.Statfs(h.ziel, &fs) == nil && fs.Type == 0x01021994 { // tmpfs
		t.Skip("there is nothing beneath the memory here")
	}
	before := vomMedium(t)
	h.sichere()
	if got := vomMedium(t) - before; got < len(noise) {
		t.Errorf("%d bytes came from the medium, of a backup of %d or more", got, len(noise))
	}
}

// vomMedium is how many bytes the process has read that lay in no memory.
func vomMedium(t *testing.T) (n int) {
	t.Helper()
	b, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Skip(err)
	}
	_, rest, _ := strings.Cut(string(b), "\nread_bytes: ")
	if _, err := fmt.Sscan(rest, &n); err != nil {
		t.Skip(err)
	}
	return n
}
