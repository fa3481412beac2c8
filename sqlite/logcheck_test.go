package sqlite_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// left returns a folder as a program that was killed after n acts leaves it.
func left(t *testing.T, n int) string {
	t.Helper()
	dir, dead := t.TempDir(), t.TempDir()
	s := open(t, dir)
	for i := range n {
		write(t, s, zugang(strconv.Itoa(i), 1))
	}
	for _, name := range []string{sqlite.File, sqlite.File + "-wal", "knoten.key"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		mustDo(t, err)
		mustDo(t, os.WriteFile(filepath.Join(dead, name), b, 0o600))
	}
	closed(t, s)
	return dead
}

// A damaged place in the log hides every act behind it: that is said, and nothing is
// touched. What a power cut may leave behind, one act that was being written, is no damage.
func TestDamagedLogIsNoPowerCut(t *testing.T) {
	dir := left(t, 40)
	wal := filepath.Join(dir, sqlite.File+"-wal")
	whole, err := os.ReadFile(wal)
	mustDo(t, err)
	const frame = 24 + 4096
	for off := 32 + 20; off < len(whole)/2; off += frame {
		b := append([]byte(nil), whole...)
		b[off+100] ^= 0xff
		mustDo(t, os.WriteFile(wal, b, 0o600))
		refused(t, sqlite.Options{Dir: dir, Projections: alle.Projections()}, "J-203")
		report, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections()})
		if err != nil || len(report.Funde) == 0 || !strings.HasSuffix(report.Funde[0].Ort, "-wal") {
			t.Fatalf("byte %d: %v %v", off, report.Funde, err)
		}
		after, err := os.ReadFile(wal)
		mustDo(t, err)
		if string(after) != string(b) {
			t.Fatalf("byte %d: the log was changed", off)
		}
	}
}

// Wherever the last act breaks off, the program starts with what was there before it.
func TestTornEndOfTheLogStarts(t *testing.T) {
	dir := left(t, 5)
	wal := filepath.Join(dir, sqlite.File+"-wal")
	whole, err := os.ReadFile(wal)
	mustDo(t, err)
	const frame = 24 + 4096
	for cut := len(whole) - 3*frame; cut < len(whole); cut += frame / 3 {
		for _, b := range [][]byte{
			whole[:cut],
			append(append(append([]byte(nil), whole[:cut]...), 0xee), whole[min(cut+1, len(whole)):]...),
		} {
			fresh := t.TempDir()
			for _, name := range []string{sqlite.File, "knoten.key"} {
				data, err := os.ReadFile(filepath.Join(dir, name))
				mustDo(t, err)
				mustDo(t, os.WriteFile(filepath.Join(fresh, name), data, 0o600))
			}
			mustDo(t, os.WriteFile(filepath.Join(fresh, sqlite.File+"-wal"), b, 0o600))
			closed(t, open(t, fresh))
		}
	}
}
