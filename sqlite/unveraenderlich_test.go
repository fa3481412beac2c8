package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// GoBD Tz. 107–112: what is posted is not changed by SQL either. Replacing a row fires no trigger
// of SQLite: that is found by the chain.
func TestGebuchtesBleibt(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, err := s.Append(t.Context(), zugang("a", 1))
	mustDo(t, err)
	closed(t, s)
	c, err := sqlite3.Open(filepath.Join(dir, sqlite.File))
	mustDo(t, err)
	for _, change := range []string{
		"UPDATE record SET actor = 'XX'", "UPDATE OR REPLACE record SET pos = pos + 1", "DELETE FROM record",
	} {
		if err := c.Exec(change); err == nil {
			t.Errorf("%s was done", change)
		}
	}
	mustDo(t, c.Exec("INSERT OR REPLACE INTO record SELECT pos, origin, seq, key, own, input_hash, type, lamport, wall, zone, "+
		"'XX', payload, prev, hash FROM record"))
	mustDo(t, c.Close())
	b, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections()})
	if err != nil || len(b.Funde) == 0 {
		t.Errorf("a record that was replaced is not found: %+v %v", b, err)
	}
}
