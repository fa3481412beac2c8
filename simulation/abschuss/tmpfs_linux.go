package abschuss

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Tmpfs is a small disk in memory; what fills it is one file. Only root may mount it.
type Tmpfs struct{ Dir string }

// Mount puts it over its folder, with a size such as "12m".
func (d Tmpfs) Mount(size string) error {
	if err := syscall.Mount("tmpfs", d.Dir, "tmpfs", 0, "size="+size); err != nil {
		return fmt.Errorf("mount a small disk: %w", err)
	}
	return nil
}

// Unmount takes it away, whoever uses it.
func (d Tmpfs) Unmount() { _ = syscall.Unmount(d.Dir, syscall.MNT_DETACH) }

func (d Tmpfs) name() string { return filepath.Join(d.Dir, "fremd.bin") }

// Fuelle implements Platte.
func (d Tmpfs) Fuelle() error {
	f, err := os.OpenFile(d.name(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("fill the disk: %w", err)
	}
	defer f.Close() //nolint:errcheck // what is in it is of no use
	for block := make([]byte, 1<<16); len(block) > 0; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			block = block[:len(block)/2]
		} else if err != nil {
			return fmt.Errorf("fill the disk: %w", err)
		}
	}
	return nil
}

// Leere implements Platte.
func (d Tmpfs) Leere() error {
	if err := os.Remove(d.name()); err != nil {
		return fmt.Errorf("empty the disk: %w", err)
	}
	return nil
}
