package sqlite_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/sqlite"
)

// other writes acts on another machine and returns its records.
func other(t *testing.T, node string, acts ...journal.Act) []journal.Record {
	t.Helper()
	s := memory.New(memory.Options{Node: node, Projections: alle.Projections()})
	var list []journal.Record
	for _, a := range acts {
		r, err := s.Append(t.Context(), a)
		mustDo(t, err)
		list = append(list, r.Records...)
	}
	return list
}

func menge(t *testing.T, s *sqlite.Store) int {
	t.Helper()
	n := 0
	mustDo(t, s.View(t.Context(), func(rows journal.Rows) (err error) {
		n, err = bestand.Menge(rows, "01234562")
		return err
	}))
	return n
}

// sound fails if the check of the whole journal finds anything.
func sound(t *testing.T, s *sqlite.Store) {
	t.Helper()
	b, err := s.Verify(t.Context())
	if err != nil || len(b.Funde) > 0 {
		t.Errorf("%v %v", b.Funde, err)
	}
}

// The journal stays sound, and counts the same after a start and after a rebuild, whatever
// came from others: acts done twice, unreadable ones, and those of an earlier life.
func TestReceivedStays(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	write(t, s, zugang("a", 1), zugang("b", 2))
	_, err := s.Receive(t.Context(), other(t, "platz-2", zugang("c", 4), zugang("d", 8)))
	mustDo(t, err)
	_, err = s.Receive(t.Context(), other(t, "platz-3", zugang("d", 8))) // the earlier one
	mustDo(t, err)
	strange := other(t, "platz-4", zugang("e", 16))
	strange[0].Payload = []byte(`{"delta":"viel"}`)
	strange[0].Hash = strange[0].Sum()
	_, err = s.Receive(t.Context(), strange)
	mustDo(t, err)
	mustDo(t, s.Reincarnate(t.Context(), 2))
	write(t, s, zugang("f", 32))
	check := func(what string) {
		t.Helper()
		if n := menge(t, s); n != 1+2+4+8+32 {
			t.Errorf("%s: stock is %d", what, n)
		}
	}
	check("as it came")
	mustDo(t, s.Rebuild(t.Context()))
	check("rebuilt")
	closed(t, s)
	if b, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections()}); err != nil || len(b.Funde) != 1 {
		t.Errorf("the unreadable record is told, and nothing else: %v %v", b.Funde, err)
	}
	s = open(t, dir)
	check("started again")
}

// oldKeys makes the table of keys what it was before version 3.
const oldKeys = `DROP TABLE verlassen; DROP INDEX person_key_person; ALTER TABLE person_key RENAME TO k;
CREATE TABLE person_key (person TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO person_key SELECT person, wrapped FROM k; DROP TABLE k;`

// oldRows makes the table of rows what it was before ADR 0041, which has no version of its own.
const oldRows = `ALTER TABLE row RENAME TO r;
CREATE TABLE row (tab TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (tab, key)) STRICT, WITHOUT ROWID;
INSERT INTO row SELECT tab, key, value FROM r; DROP TABLE r;`

// A journal of an earlier version is taken over, with all that is in it.
func TestUpgrade(t *testing.T) {
	for from, change := range map[int]string{
		1: "DROP TABLE aside; DROP TABLE fork; DROP INDEX record_foreign; PRAGMA user_version=1;" + oldKeys + oldRows,
		2: "PRAGMA user_version=2;" + oldKeys + oldRows,
		3: oldRows,
	} {
		dir := t.TempDir()
		s := open(t, dir)
		write(t, s, zugang("a", 1))
		data, err := s.Seal(t.Context(), "p1", []byte("Anna"))
		mustDo(t, err)
		closed(t, s)
		sql(t, dir, change)
		if _, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: dir}); err == nil && from < 3 {
			t.Error("checked before it was taken over")
		}
		s = open(t, dir)
		_, err = s.Receive(t.Context(), other(t, "platz-2", zugang("b", 2)))
		mustDo(t, err)
		if n := menge(t, s); n != 3 {
			t.Errorf("from %d: stock is %d", from, n)
		}
		if got, err := s.Open(t.Context(), data); err != nil || string(got) != "Anna" {
			t.Errorf("from %d: %q %v", from, got, err)
		}
		sound(t, s)
	}
}

// A record of a type that an older version did not know counts from the first start of one
// that does.
func TestUnknownBecomesKnown(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, err := s.Receive(t.Context(), other(t, "platz-2", zugang("a", 1), zugang("b", 2)))
	mustDo(t, err)
	closed(t, s)
	sql(t, dir, "INSERT INTO aside SELECT origin, seq, 'unbekannt' FROM record WHERE seq = 2; "+
		"UPDATE row SET value = CAST(replace(CAST(value AS TEXT), '3', '1') AS BLOB) WHERE tab = 'bestand'")
	s = open(t, dir)
	if n := menge(t, s); n != 3 {
		t.Errorf("stock is %d", n)
	}
	sound(t, s)
}

// BenchmarkReceive is how fast a machine catches up: stock movements in batches of 500.
func BenchmarkReceive(b *testing.B) {
	src := memory.New(memory.Options{Node: "platz-2"})
	var list []journal.Record
	for i := range 10_000 {
		r, err := src.Append(context.Background(), act(fmt.Sprint(i), event.BestandGeaendert{PZN: "01234562", Delta: 1, Art: "zugang"}))
		if err != nil {
			b.Fatal(err)
		}
		list = append(list, r.Records...)
	}
	for b.Loop() {
		s, err := sqlite.Open(b.Context(), sqlite.Options{Dir: b.TempDir(), Projections: alle.Projections(), Ballast: -1})
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; i < len(list); i += 500 {
			if _, err := s.Receive(b.Context(), list[i:i+500]); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(list))*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
