package sqlite_test

import (
	"fmt"
	"testing"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// A program that goes back to an older version meets own records with what it does not know: it says so and
// changes nothing. That they are damaged it says only if they are not what was written; who believed it would put
// a backup in the place of a sound journal.
func TestEigenesVonNeuererFassung(t *testing.T) {
	for _, c := range []struct {
		name, code  string
		geschrieben bool
	}{{"a newer program wrote it", "J-213", true}, {"it was changed afterwards", "J-203", false}} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			res, err := s.Append(t.Context(), zugang("a", 1))
			mustDo(t, err)
			r := res.Records[0]
			closed(t, s)
			r.Payload = append(r.Payload[:len(r.Payload)-1:len(r.Payload)-1], `,"spaeteres":1}`...)
			if c.geschrieben {
				r.Hash = r.Sum()
			}
			umschreiben(t, dir, r)
			refused(t, sqlite.Options{Dir: dir, Projections: alle.Projections()}, c.code)
		})
	}
}

// umschreiben puts other bytes into the only record of a journal, and has its read models made anew.
func umschreiben(t *testing.T, dir string, r journal.Record) {
	t.Helper()
	sql(t, dir, fmt.Sprintf("DROP TRIGGER record_update; UPDATE record SET payload = x'%x', hash = x'%x'; "+
		"UPDATE origin SET hash = x'%[2]x' WHERE self = 1; UPDATE projection SET schema = schema - 1; "+
		"CREATE TRIGGER record_update BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'records never change'); END;",
		r.Payload, r.Hash))
}
