package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// bothWays checks a journal on two cores and on one, and returns what was found: the same.
func bothWays(t *testing.T, dir string) sqlite.Bericht {
	t.Helper()
	o := sqlite.Options{Dir: dir, Projections: alle.Projections()}
	fast, err := sqlite.Verify(t.Context(), o)
	mustDo(t, err)
	o.Beside = true
	slow, err := sqlite.Verify(t.Context(), o)
	mustDo(t, err)
	if diff := cmp.Diff(slow, fast); diff != "" {
		t.Errorf("two cores find something else than one: %s", diff)
	}
	return fast
}

// flip turns one bit of one value over, wherever in a table it is.
func flip(t *testing.T, r *rand.Rand, dir, table, column, id string) {
	t.Helper()
	c, err := sqlite3.Open(filepath.Join(dir, sqlite.File))
	mustDo(t, err)
	defer func() { mustDo(t, c.Close()) }()
	mustDo(t, c.Exec("DROP TRIGGER record_update; DROP TRIGGER record_replace"))
	st, _, err := c.Prepare("SELECT " + column + ", " + id + " FROM " + table + " WHERE length(" + column + ") > 0 " +
		"ORDER BY random() LIMIT 1")
	mustDo(t, err)
	if !st.Step() {
		t.Fatalf("nothing in %s", table)
	}
	value, at := st.ColumnBlob(0, nil), st.ColumnInt64(1)
	key := st.ColumnText(1)
	mustDo(t, st.Close())
	value[r.IntN(len(value))] ^= 1 << r.IntN(8)
	up, _, err := c.Prepare("UPDATE " + table + " SET " + column + " = ?1 WHERE " + id + " = ?2")
	mustDo(t, err)
	mustDo(t, up.BindBlob(1, value))
	if table == "row" {
		mustDo(t, up.BindText(2, key))
	} else {
		mustDo(t, up.BindInt64(2, at))
	}
	up.Step()
	mustDo(t, up.Close())
}

// Every record and every row is held against something: one bit that is another anywhere is found, on
// one core and on two, and said in the same words; a journal of several machines with acts that were
// done twice is whole.
func TestVerifyEveryBit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	whole := t.TempDir()
	s := open(t, whole)
	for _, node := range []string{"platz-2", "platz-3"} {
		receive(t, s, history(t, r, node))
	}
	write(t, s, zugang("a", 1), zugang("b", 2))
	closed(t, s)
	sound := bothWays(t, whole)
	if len(sound.Funde) > 0 || sound.Saetze < 700 || len(sound.Kopf) != 3 {
		t.Fatalf("%d records, %v %v", sound.Saetze, sound.Kopf, sound.Funde)
	}
	for range 3 {
		for _, in := range [][3]string{
			{"row", "value", "key"},
			{"record", "payload", "pos"},
			{"record", "prev", "pos"},
			{"record", "hash", "pos"},
			{"record", "input_hash", "pos"},
			{"origin", "hash", "id"},
		} {
			dir := t.TempDir()
			mustDo(t, os.CopyFS(dir, os.DirFS(whole)))
			flip(t, r, dir, in[0], in[1], in[2])
			if b := bothWays(t, dir); len(b.Funde) == 0 {
				t.Errorf("a bit of %s.%s: not found", in[0], in[1])
			}
		}
	}
}

// A record that was put in the place of another, with a hash of its own that fits, does not fit the one
// behind it, or the head.
func TestVerifyForgedRecord(t *testing.T) {
	for _, at := range []uint64{1, 2, 3} {
		dir := t.TempDir()
		s := open(t, dir)
		write(t, s, zugang("a", 1), zugang("b", 1), zugang("c", 1))
		var forged journal.Record
		mustDo(t, s.Records(t.Context(), s.Self(), at-1, func(r journal.Record) (bool, error) {
			forged = r
			return false, nil
		}))
		closed(t, s)
		forged.Actor = "XY"
		sum := forged.Sum()
		sql(t, dir, fmt.Sprintf("DROP TRIGGER record_update; UPDATE record SET actor = 'XY', hash = x'%x' WHERE seq = %d",
			sum[:], at))
		want := "schließt nicht an"
		if at == 3 {
			want = "Das Ende fehlt"
		}
		if b := bothWays(t, dir); len(b.Funde) == 0 || !strings.Contains(b.Funde[0].Text, want) {
			t.Errorf("record %d: %v, want %q", at, b.Funde, want)
		}
	}
}
