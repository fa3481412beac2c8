package sqlite_test

import (
	"testing"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/journaltest"
	"github.com/offizin/offizin/sqlite"
)

func TestStore(t *testing.T) {
	journaltest.Run(t, func(t *testing.T) journal.Store {
		t.Helper()
		s, err := sqlite.Open(t.Context(), sqlite.Options{
			Dir: t.TempDir(), Node: "platz-1", Projections: journaltest.Projections(), Ballast: -1,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	})
}
