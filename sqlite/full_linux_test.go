package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// On a full disk the running sale still completes from the ballast; then acts are
// refused in German with nothing written; with room again the same store goes on.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	s, err := sqlite.Open(t.Context(), sqlite.Options{
		Dir: dir, Projections: alle.Projections(), Ballast: 1 << 20, CheckpointPages: 1 << 20,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ballast := filepath.Join(dir, "ballast.bin")
	for n := 0; size(ballast) != 1<<20; n++ { // it is filled beside the acts
		if n > 1e6 {
			t.Fatal("no ballast appears")
		}
	}
	fill := filepath.Join(dir, "fremd.bin")
	if err := fillUp(fill); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	written, refusal := 0, error(nil)
	for refusal == nil && written < 10_000 {
		if _, refusal = s.Append(t.Context(), zugang(fmt.Sprint(written), 1)); refusal == nil {
			written++
		}
	}
	if fault.KindOf(refusal) != fault.Unavailable || !strings.Contains(refusal.Error(), "J-201") {
		t.Fatalf("after %d acts: %v: %v", written, refusal, errors.Unwrap(refusal))
	}
	if written == 0 || size(ballast) != 0 {
		t.Errorf("%d acts on a full disk, ballast has %d bytes", written, size(ballast))
	}
	if heads, err := s.Heads(t.Context()); err != nil || heads[0].Seq != uint64(written) {
		t.Errorf("%d acts were acknowledged, head %+v %v", written, heads, err)
	}
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	write(t, s, zugang(fmt.Sprint(written), 1))
	if b, err := s.Verify(t.Context()); err != nil || len(b.Funde) > 0 || b.Saetze != int64(written)+1 {
		t.Errorf("%+v %v", b, err)
	}
}

func size(name string) int64 {
	fi, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return fi.Size()
}

// fillUp writes until the disk is full.
func fillUp(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	block := make([]byte, 4096)
	for {
		if _, err := f.Write(block); err != nil {
			return err
		}
	}
}

// The ballast never takes more than half of what is free: what is written beside it, such
// as the first catalogue of a small disk, must not find the disk full because of it.
func TestBallastLeavesRoom(t *testing.T) {
	for room, want := range map[string]int64{"8m": 0, "24m": 6 << 20} {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+room); err != nil {
			t.Skipf("a small disk cannot be mounted here: %v", err)
		}
		t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
		s, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections(), Ballast: 6 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil { // waits for the work beside the acts
			t.Fatal(err)
		}
		if got := size(filepath.Join(dir, "ballast.bin")); got != want {
			t.Errorf("%s: %d bytes instead of %d", room, got, want)
		}
	}
}
