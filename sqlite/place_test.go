package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/sqlite/kopie"
)

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// An act must not be acknowledged when the database it is written to has no name any more:
// the file ends with the program. Put back, the work goes on.
func TestNothingBookedInARemovedJournal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows removes no open file")
	}
	for _, what := range []string{"moved", "replaced"} {
		dir := filepath.Join(t.TempDir(), "daten")
		s := open(t, dir)
		write(t, s, zugang("1", 1))
		aside := dir + "-weg"
		mustDo(t, os.Rename(dir, aside))
		if what == "replaced" {
			closed(t, open(t, dir)) // a second program has begun anew there
		}
		_, err := s.Append(t.Context(), zugang("2", 1))
		if err == nil || !strings.Contains(err.Error(), "J-219") {
			t.Errorf("%s: %v, want J-219", what, err)
		}
		mustDo(t, os.RemoveAll(dir))
		mustDo(t, os.Rename(aside, dir))
		write(t, s, zugang("2", 1))
		closed(t, s)
		if n := rowCount(t, dir); n != 2 {
			t.Errorf("%s: %d records, want 2", what, n)
		}
	}
}

// What was acknowledged is still in a log that was removed while the program runs, and a
// clean end keeps it: it must not be followed by more. A removed lock lets a second
// program in.
func TestRemovedLogAndLock(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows removes no open file")
	}
	for _, name := range []string{"journal.db-wal", "journal.lock"} {
		dir := t.TempDir()
		s := open(t, dir)
		write(t, s, zugang("1", 1))
		mustDo(t, os.Remove(filepath.Join(dir, name)))
		_, err := s.Append(t.Context(), zugang("2", 1))
		if err == nil || !strings.Contains(err.Error(), "J-221") {
			t.Errorf("%s: %v, want J-221", name, err)
		}
		closed(t, s)
		s = open(t, dir)
		write(t, s, zugang("2", 1))
		closed(t, s)
		if n := rowCount(t, dir); n != 2 {
			t.Errorf("%s: %d records, want 2", name, n)
		}
	}
}

// A lock file that is none says so and not that the journal is damaged.
func TestForeignLockFile(t *testing.T) {
	dir := t.TempDir()
	mustDo(t, os.WriteFile(filepath.Join(dir, "journal.lock"), []byte(strings.Repeat("x", 4096)), 0o600))
	_, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Ballast: -1})
	if err == nil || !strings.Contains(err.Error(), "J-222") {
		t.Errorf("%v, want J-222", err)
	}
}

// rowCount counts the records that a fresh start finds.
func rowCount(t *testing.T, dir string) int64 {
	t.Helper()
	b, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: dir, Ballast: -1})
	mustDo(t, err)
	return b.Saetze
}

// A journal that is gone is not begun anew beside the key of the old one: its numbers
// would be given a second time.
func TestLostJournalIsNotBegunAnew(t *testing.T) {
	for what, lose := range map[string]func(string) error{
		"removed":   os.Remove,
		"truncated": func(name string) error { return os.Truncate(name, 0) },
	} {
		dir := t.TempDir()
		s := open(t, dir)
		write(t, s, zugang("1", 1))
		closed(t, s)
		mustDo(t, lose(filepath.Join(dir, sqlite.File)))
		s, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Ballast: -1})
		if err == nil {
			closed(t, s)
		}
		if err == nil || !strings.Contains(err.Error(), "J-220") {
			t.Errorf("%s: %v, want J-220", what, err)
		}
	}
}

// A key file that cannot be read closes the personal data and stops nothing else.
func TestUnreadableKeyStopsNoSale(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if _, err := s.Seal(t.Context(), "p1", nil); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	file := filepath.Join(dir, "knoten.key")
	mustDo(t, os.Remove(file))
	mustDo(t, os.Mkdir(file, 0o700))
	s = open(t, dir)
	write(t, s, zugang("1", 1))
	if _, err := s.Seal(t.Context(), "p2", nil); err == nil || !strings.Contains(err.Error(), "J-215") {
		t.Errorf("sealed: %v, want J-215", err)
	}
	closed(t, s)
}

// The check of a running journal is no rebuild and does not report as one.
func TestCheckReportsNoRebuild(t *testing.T) {
	reported := 0
	s, err := sqlite.Open(t.Context(), sqlite.Options{
		Dir: t.TempDir(), Ballast: -1, Progress: func(int64, int64) { reported++ },
	})
	mustDo(t, err)
	for i := range 1_001 {
		write(t, s, zugang(strconv.Itoa(i), 1))
	}
	_, err = s.Verify(t.Context())
	mustDo(t, err)
	closed(t, s)
	if reported > 0 {
		t.Errorf("reported %d times", reported)
	}
}

// The check of a journal of which nothing can be read is a finding that says what to do;
// it does not send people to the check.
func TestCheckOfAnUnreadableJournal(t *testing.T) {
	dir := t.TempDir()
	closed(t, open(t, dir))
	mustDo(t, os.WriteFile(filepath.Join(dir, sqlite.File), []byte(strings.Repeat("hallo welt", 1_000)), 0o600))
	b, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections()})
	if err != nil || len(b.Funde) != 1 || !strings.Contains(b.Funde[0].Text, "letzte Sicherung zurückkopieren") {
		t.Errorf("%v %v", b.Funde, err)
	}
}

// A journal that this user may not write is a matter of rights, not of the disk.
func TestForbiddenJournalNamesTheRights(t *testing.T) {
	if os.Geteuid() <= 0 {
		t.Skip("root may write everything; Windows has other rights")
	}
	dir := t.TempDir()
	closed(t, open(t, dir))
	mustDo(t, os.Chmod(filepath.Join(dir, sqlite.File), 0o400))
	s, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Ballast: -1, Projections: alle.Projections()})
	if err == nil {
		closed(t, s)
	}
	if err == nil || !strings.Contains(err.Error(), "J-205") {
		t.Errorf("%v, want J-205", err)
	}
}

// A backup reads the journal by a connection of its own and closes it at any moment, also while the
// writing one is opened anew after a doubt and no other is open: whoever closes last removes the log.
// An act has to wait for that, and nobody has deleted anything.
func TestReaderClosesWhileWriterReopens(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	ctx, stop := context.WithCancel(t.Context())
	var reader sync.WaitGroup
	reader.Go(func() {
		for ctx.Err() == nil {
			if _, err := kopie.Geloescht(dir); err != nil {
				t.Error(err)
			}
		}
	})
	for i := range 60 {
		mustDo(t, s.Reincarnate(t.Context(), 1)) // the end of the chain is in doubt now
		write(t, s, zugang(strconv.Itoa(i), 1))
	}
	stop()
	reader.Wait()
	closed(t, s)
}
