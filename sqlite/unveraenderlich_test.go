package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// GoBD Tz. 107–112: what is posted is not changed by SQL either. Replacing a row fires no trigger on
// deletes of SQLite: one on inserts refuses it, by whichever of its keys, and if all are gone the chain tells.
func TestGebuchtesBleibt(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, err := s.Append(t.Context(), zugang("a", 1))
	mustDo(t, err)
	closed(t, s)
	c, err := sqlite3.Open(filepath.Join(dir, sqlite.File))
	mustDo(t, err)
	const rest = "input_hash, type, lamport, wall, zone, 'XX', payload, prev, hash FROM record"
	replace := "INSERT OR REPLACE INTO record SELECT pos, origin, seq, key, own, " + rest
	for _, change := range []string{
		"UPDATE record SET actor = 'XX'", "UPDATE OR REPLACE record SET pos = pos + 1", "DELETE FROM record", replace,
		"INSERT OR REPLACE INTO record SELECT pos, origin, seq + 9, key || 'x', own, " + rest,
		"INSERT OR REPLACE INTO record SELECT NULL, origin, seq, key || 'x', own, " + rest,
		"INSERT OR REPLACE INTO record SELECT NULL, origin, seq + 9, key, own, " + rest,
	} {
		if err := c.Exec(change); err == nil {
			t.Errorf("%s was done", change)
		}
	}
	mustDo(t, c.Exec("DROP TRIGGER record_replace; "+replace))
	mustDo(t, c.Close())
	b, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections()})
	if err != nil || len(b.Funde) == 0 {
		t.Errorf("a record that was replaced is not found: %+v %v", b, err)
	}
}

// A journal of before that trigger has it after the next start, and its version stays: programs of
// before it open it.
func TestErsetzenNachtraeglichVerwehrt(t *testing.T) {
	dir := t.TempDir()
	closed(t, open(t, dir))
	sql(t, dir, "DROP TRIGGER record_replace")
	s := open(t, dir)
	write(t, s, zugang("a", 1))
	closed(t, s)
	c, err := sqlite3.Open(filepath.Join(dir, sqlite.File))
	mustDo(t, err)
	if err := c.Exec("INSERT OR REPLACE INTO record SELECT * FROM record"); err == nil {
		t.Error("a record was replaced")
	}
	mustDo(t, c.Close())
	if v := userVersion(t, dir); v != 3 {
		t.Errorf("version %d", v)
	}
}
