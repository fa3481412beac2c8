package sicherung

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// A network drive that does not answer is told; nothing else is begun on it until it does,
// and nobody waits for it.
func TestHangingFolder(t *testing.T) {
	s := New(Options{Daten: t.TempDir(), Clock: clock.NewReal()})
	l := lauf{s: s, log: slog.New(slog.DiscardHandler)}
	drive, done := make(chan struct{}), make(chan struct{})
	l.geduldig(t.Context(), time.Millisecond, func() {
		<-drive
		close(done)
	})
	if text := s.Stand().Fehler; !strings.Contains(text, "D-125") {
		t.Errorf("not told: %q", text)
	}
	l.geduldig(t.Context(), time.Hour, func() { t.Error("begun on a folder that hangs") })
	close(drive)
	<-done
	began := false
	for i := 0; !began && i < 1000; i++ {
		l.geduldig(t.Context(), time.Hour, func() { began = true })
		time.Sleep(time.Millisecond)
	}
	s.sieh()
	if !began || s.Stand().Fehler != "" {
		t.Errorf("it answers again: %v, %q", began, s.Stand().Fehler)
	}
}

// A backup that was asked for while the folder hung was never made, and for a day was said to be under way.
func TestAskedForWhileAFolderHangs(t *testing.T) {
	s := New(Options{Daten: t.TempDir(), Clock: clock.NewReal()})
	l := lauf{s: s, log: slog.New(slog.DiscardHandler), haengt: make(chan struct{})}
	s.Sichern()
	if l.tue(t.Context(), <-s.wunsch); s.Stand().Laeuft != "" {
		t.Errorf("under way: %q", s.Stand().Laeuft)
	}
}

// The program was five seconds late to end while a slow stick took a backup in.
func TestEndsWhileAFolderHangs(t *testing.T) {
	s := New(Options{Daten: t.TempDir(), Clock: clock.NewReal()})
	l := lauf{s: s, log: slog.New(slog.DiscardHandler)}
	ctx, stop := context.WithCancel(t.Context())
	stick := make(chan struct{})
	defer close(stick)
	uhr := clock.NewReal()
	l.geduldig(ctx, ewig, func() { stop(); <-stick })
	if took := uhr.Mono(); took > 2*time.Second || l.frei() {
		t.Errorf("it took %s; free: %v", took, l.frei())
	}
}

// A backup of a day to come, made by a clock that was wrong, does not stand before those of
// today, and goes when its turn comes.
func TestBackupsFromTheFuture(t *testing.T) {
	uhr := clock.NewManual(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC))
	s, dir := New(Options{Daten: t.TempDir(), Clock: uhr}), t.TempDir()
	for _, year := range []int{2025, 2026, 2036} {
		name := filepath.Join(dir, dateiname("a", uhr.Now().AddDate(year-2026, 0, 0)))
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := s.liste(dir, "a")
	if err != nil || len(list) != 3 {
		t.Fatal(list, err)
	}
	for i, year := range []int{2026, 2025, 2036} {
		if list[i].zeit.Year() != year {
			t.Errorf("%d: %v", i, list[i].zeit)
		}
	}
}

// A test that a wrong clock has dated put the next one off until that day.
func TestRestoreTestFromTheFuture(t *testing.T) {
	uhr := clock.NewManual(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC))
	s := New(Options{Daten: t.TempDir(), Clock: uhr})
	for days, due := range map[int]bool{400: true, 1: true, 0: false, -6: false, -7: true} {
		s.merke(func(st *stand) { st.Probe.Zeit = uhr.Now().AddDate(0, 0, days) })
		if got := s.probeFaellig(); got != due {
			t.Errorf("tested in %d days: due %v", days, got)
		}
	}
}

// A data folder that is a disk of its own has a folder of the system that nobody may read: no backup was made.
func TestFolderOfTheSystem(t *testing.T) {
	s := New(Options{Daten: t.TempDir(), Clock: clock.NewReal()})
	for _, name := range []string{"lost+found", "System Volume Information", "$RECYCLE.BIN"} {
		dir := filepath.Join(s.Daten, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "x"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(dir, 0o700) }) // else it cannot be removed
	}
	if list, err := s.umfang(); err != nil || len(list) != 0 { // root may read them
		t.Errorf("%v, %v", list, err)
	}
}
