package notfall_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/offizin/offizin/app/notfall"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/workflow/haus"
)

// kleinePlatte mounts a disk of its own, as a stick is one.
func kleinePlatte(t *testing.T, dir, size string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
}

func fuelle(t *testing.T, dir string) string {
	t.Helper()
	name := filepath.Join(dir, "fremd.bin")
	if err := platte.WriteZeros(name, 64<<20); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("not full: %v", err)
	}
	return name
}

// The stick has the Mappe that the data folder has, under one name. When it is full, or may
// only be read, the old one stays whole and nothing else is left; with room it is there
// after ten minutes, and at once when somebody asks.
func TestStick(t *testing.T) {
	h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	stick := t.TempDir()
	kleinePlatte(t, stick, "1m")
	h.must(os.WriteFile(filepath.Join(stick, ".notfallmappe-1.tmp"), []byte("half"), 0o600)) // a kill left it
	h.must(h.Dienste.Haus.Setzen(t.Context(), h.act(), haus.Einstellungen{Name: "Demo", NotfallStick: stick}))
	h.schritt(true)
	same := func(what string) {
		t.Helper()
		want, _, err := h.Mappen.Lesen()
		h.must(err)
		got, err := os.ReadFile(filepath.Join(stick, notfall.StickName))
		if err != nil || !bytes.Equal(got, want) || h.stoerung() != "" {
			t.Errorf("%s: %d bytes on the stick, want %d, %v, %s", what, len(got), len(want), err, h.stoerung())
		}
		if left, err := os.ReadDir(stick); len(left) != 1 || err != nil {
			t.Errorf("%s: left behind: %v, %v", what, left, err)
		}
	}
	same("first")
	old, err := os.ReadFile(filepath.Join(stick, notfall.StickName))
	h.must(err)

	fill := fuelle(t, stick)
	h.uhr.Advance(24 * time.Hour)
	h.schritt(false)
	stays := func(what, a, s string) {
		t.Helper()
		got, err := os.ReadFile(filepath.Join(stick, notfall.StickName))
		if err != nil || !bytes.Equal(got, old) || code(h.Mappen.Stand(t.Context()).StickFehler) != a || h.stoerung() != s {
			t.Errorf("%s: %d bytes, %v, %v, %s", what, len(got), err, h.Mappen.Stand(t.Context()).StickFehler, h.stoerung())
		}
		if left, _ := filepath.Glob(filepath.Join(stick, ".*")); len(left) != 0 {
			t.Errorf("%s: left behind: %v", what, left)
		}
	}
	stays("full", "A-715", "S-416")
	if _, day, err := h.Mappen.Lesen(); day != 20261121 || err != nil {
		t.Errorf("the stick kept the Mappe away: %v, %v", day, err)
	}
	h.must(os.Remove(fill))
	h.uhr.Advance(9 * time.Minute)
	h.schritt(false)
	stays("tried at once again", "A-715", "S-416")
	h.uhr.Advance(time.Minute)
	h.schritt(false)
	same("with room")

	old, err = os.ReadFile(filepath.Join(stick, notfall.StickName))
	h.must(err)
	h.must(syscall.Mount("tmpfs", stick, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, "size=1m"))
	h.uhr.Advance(24 * time.Hour)
	h.schritt(false)
	stays("to read only", "A-716", "S-417")
	h.must(syscall.Mount("tmpfs", stick, "tmpfs", syscall.MS_REMOUNT, "size=1m"))
	h.schritt(true)
	same("asked for")
	if fi, err := os.Stat(filepath.Join(stick, notfall.StickName)); err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", fi, err)
	}
	if !strings.Contains(h.log.String(), "no space left") || strings.Contains(h.log.String(), "RAMIPRIL") {
		t.Error(h.log)
	}
}

// No room for a Mappe: the old one stays whole, nothing is left half written, Störungen says
// so, and selling goes on.
func TestPlatteVoll(t *testing.T) {
	h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	folder := filepath.Join(h.dir, notfall.Dir)
	kleinePlatte(t, folder, "256k")
	h.schritt(true)
	old, err := os.ReadFile(filepath.Join(folder, "2026-11-20.pdf"))
	h.must(err)
	fill := fuelle(t, folder)
	h.uhr.Advance(24 * time.Hour)
	h.schritt(false)
	got, err := os.ReadFile(filepath.Join(folder, "2026-11-20.pdf"))
	if err != nil || !bytes.Equal(got, old) || h.dateien() != "2026-11-20 fremd.bin" {
		t.Errorf("%d bytes, %v, %s", len(got), err, h.dateien())
	}
	if s := h.Mappen.Stand(t.Context()); code(s.Fehler) != "A-712" || s.Heute || h.stoerung() != "S-412" {
		t.Errorf("%v, %s", s.Fehler, h.stoerung())
	}
	h.kunde("Anna", "1")
	h.must(os.Remove(fill))
	h.schritt(true)
	if h.dateien() != "2026-11-20 2026-11-21" || h.stoerung() != "" {
		t.Errorf("%s, %s", h.dateien(), h.stoerung())
	}
}
