package sqlite_test

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// A record that the disk has spoiled is found and put back as another machine has it, and
// nothing else can be put in its place.
func TestRepair(t *testing.T) {
	dir := t.TempDir()
	src := memory.New(memory.Options{Node: "platz-2"})
	var list []journal.Record
	for _, a := range []journal.Act{zugang("a", 1), zugang("b", 2), zugang("c", 4)} {
		r, err := src.Append(t.Context(), a)
		mustDo(t, err)
		list = append(list, r.Records...)
	}
	s := open(t, dir)
	_, err := s.Receive(t.Context(), list)
	mustDo(t, err)
	closed(t, s)
	for i, spoil := range []string{
		"UPDATE record SET payload = CAST(replace(CAST(payload AS TEXT), '2', '9') AS BLOB) WHERE seq = 2",
		"UPDATE record SET hash = x'00' WHERE seq = 3",
		"UPDATE record SET actor = 'XX' WHERE seq = 1",
	} {
		sql(t, dir, "DROP TRIGGER record_update; "+spoil+"; CREATE TRIGGER record_update BEFORE UPDATE ON record BEGIN "+
			"SELECT RAISE(ABORT, 'records never change'); END;")
		s = open(t, dir)
		b, err := s.Verify(t.Context())
		mustDo(t, err)
		want := []uint64{2, 3, 1}[i]
		if len(b.Damaged) != 1 || b.Damaged[0].Seq != want {
			t.Fatalf("%s: %+v", spoil, b)
		}
		wrong := list[want-1]
		wrong.Actor = "CD"
		wrong.Hash = wrong.Sum()
		if err := s.Repair(t.Context(), wrong); err == nil || !strings.Contains(err.Error(), "belong") {
			t.Errorf("another record was put in its place: %v", err)
		}
		mustDo(t, s.Repair(t.Context(), list[want-1]))
		if b, err := s.Verify(t.Context()); err != nil || len(b.Funde) != 0 {
			t.Errorf("%s: %+v %v", spoil, b, err)
		}
		if n := menge(t, s); n != 7 {
			t.Errorf("stock is %d", n)
		}
		closed(t, s)
	}
	if b, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections()}); err != nil || len(b.Funde) != 0 {
		t.Errorf("%+v %v", b, err)
	}
}
