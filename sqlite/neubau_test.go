package sqlite_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/sqlite"
)

// beside opens a journal whose read models are never built anew while acts wait.
func beside(t *testing.T, dir string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{
		Dir: dir, Projections: alle.Projections(), Ballast: -1, InPlace: -1, CheckpointPages: 1 << 30,
	})
	mustDo(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func building(t *testing.T, s *sqlite.Store) bool {
	t.Helper()
	b, err := s.Neubau(t.Context())
	mustDo(t, err)
	return b.Laeuft
}

func built(t *testing.T, s *sqlite.Store) {
	t.Helper()
	for start := clock.NewReal(); building(t, s); time.Sleep(time.Millisecond) {
		if start.Mono() > time.Minute {
			t.Fatal("read models are not built")
		}
	}
}

// receive takes records in, in batches as they travel.
func receive(t *testing.T, s *sqlite.Store, list []journal.Record) {
	t.Helper()
	for len(list) > 0 {
		n := min(len(list), 500)
		_, err := s.Receive(t.Context(), list[:n])
		mustDo(t, err)
		list = list[n:]
	}
}

// many are acts of platz-2, one piece of stock each, and then the act d.
func many(t *testing.T, n int) []journal.Record {
	t.Helper()
	var acts []journal.Act
	for i := range n {
		acts = append(acts, zugang(fmt.Sprint("platz-2", i), 1))
	}
	return other(t, "platz-2", append(acts, zugang("d", 1000))...)
}

// An act that was done twice has the read models built anew. Meanwhile sales go on: what they
// see is what there was, with what they do; what others send counts at the end.
func TestSalesGoOnWhileReadModelsAreBuilt(t *testing.T) {
	s := beside(t, t.TempDir())
	receive(t, s, many(t, 5000))
	if n := menge(t, s); n != 6000 {
		t.Fatalf("stock is %d", n)
	}
	receive(t, s, other(t, "platz-3", zugang("d", 1000), zugang("e", 100))) // the earlier one
	_, err := s.Receive(t.Context(), other(t, "platz-4", zugang("h", 7)))
	mustDo(t, err)
	_, err = s.Append(t.Context(), journal.Act{Key: "f", Actor: "AB", Decide: func(rows journal.Rows) ([]journal.Event, error) {
		n, err := bestand.Menge(rows, "01234562")
		if building(t, s) && n != 6000 {
			t.Errorf("stock is %d while read models are built", n)
		}
		return []journal.Event{event.BestandGeaendert{PZN: "01234562", Delta: 10, Art: "zugang"}}, err
	}})
	mustDo(t, err)
	during := 0
	for i := 0; building(t, s); i++ {
		write(t, s, zugang(fmt.Sprint("g", i), 1))
		during++
	}
	if n := menge(t, s); n != 6117+during || during == 0 {
		t.Errorf("stock is %d after %d acts meanwhile", n, during)
	}
	sound(t, s)
}

// Killed while the read models are built, a machine goes on with it at the next start: what
// lies on the disk in the middle of it is opened as it is.
func TestKilledWhileReadModelsAreBuilt(t *testing.T) {
	dir, dead := t.TempDir(), t.TempDir()
	s := beside(t, dir)
	receive(t, s, many(t, 5000))
	receive(t, s, other(t, "platz-3", zugang("d", 1000)))
	copied := false
	for i := 0; building(t, s); i++ {
		_, err := s.Append(t.Context(), journal.Act{
			Key: fmt.Sprint("g", i), Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) {
				if copied = building(t, s); copied { // nobody else writes now
					for _, name := range []string{sqlite.File, sqlite.File + "-wal", "knoten.key"} {
						b, err := os.ReadFile(filepath.Join(dir, name))
						if err == nil {
							err = os.WriteFile(filepath.Join(dead, name), b, 0o600)
						}
						mustDo(t, err)
					}
				}
				return []journal.Event{event.BestandGeaendert{PZN: "01234562", Delta: 10_000, Art: "zugang"}}, nil
			},
		})
		mustDo(t, err)
		if copied && i == 1 {
			break
		}
	}
	if !copied {
		t.Fatal("never in the middle of it")
	}
	d := beside(t, dead)
	if !building(t, d) {
		t.Error("the start does not know that read models are to be built")
	}
	built(t, d)
	if n := menge(t, d); n != 16_000 { // the first act meanwhile is there, the second was under way
		t.Errorf("stock is %d", n)
	}
	sound(t, d)
	built(t, s)
	sound(t, s)
}

// Whatever comes in which order, acts done twice and three times among it, own acts and starts
// in between, in tables of today and of earlier programs: in the end the read models are what a fresh fold of
// the journal makes.
func TestBuiltBesideIsTheSame(t *testing.T) {
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 0))
		dir := t.TempDir()
		s := beside(t, dir)
		logs := map[int][]journal.Record{}
		for m := range 3 {
			logs[m] = history(t, r, fmt.Sprint("platz-", m+2))
		}
		for i := 0; len(logs) > 0; i++ {
			m := r.IntN(3)
			n := min(len(logs[m]), 1+r.IntN(400))
			for n < len(logs[m]) && logs[m][n].InputHash == logs[m][n-1].InputHash {
				n++ // whole acts
			}
			if n == 0 {
				delete(logs, m)
				continue
			}
			_, err := s.Receive(t.Context(), logs[m][:n])
			mustDo(t, err)
			logs[m] = logs[m][n:]
			switch r.IntN(12) {
			case 0:
				_, err := s.Append(t.Context(), step(r, fmt.Sprint("eigen", i)))
				mustDo(t, err)
			case 1:
				closed(t, s)
				if seed%2 == 1 {
					sql(t, dir, oldRows)
				}
				s = beside(t, dir)
			case 2:
				mustDo(t, s.Rebuild(t.Context()))
			case 3:
				built(t, s)
			}
		}
		built(t, s)
		sound(t, s)
		closed(t, s)
	}
}

// history is the log of a machine; a third of its acts are done on others, too.
func history(t *testing.T, r *rand.Rand, node string) (list []journal.Record) {
	t.Helper()
	m := memory.New(memory.Options{Node: node, Projections: alle.Projections()})
	for i := range 250 {
		key := fmt.Sprint(node, i)
		if r.IntN(3) == 0 {
			key = fmt.Sprint("alle", r.IntN(400))
		}
		res, err := m.Append(t.Context(), step(r, key))
		mustDo(t, err)
		if !res.Repeated {
			list = append(list, res.Records...)
		}
	}
	return list
}

// step is an act that changes several read models; what it does follows from its key.
func step(r *rand.Rand, key string) journal.Act {
	n := len(key)*7 + int(key[len(key)-1])
	id := fmt.Sprint("v-", n%40)
	return journal.Act{Key: key, Input: key, Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) {
		list := []journal.Event{event.BestandGeaendert{PZN: "01234562", Delta: n, Art: "zugang"}}
		for i := range n % 3 {
			list = append(list, event.VorgangGeaendert{
				ID: id, Version: i + 1 + r.IntN(3), Was: key, Gesetzt: []vorgang.Position{{Nr: i + 1, PZN: "01234562", Menge: n % 9}},
			})
		}
		if n%17 == 0 {
			list = append(list, event.VorgangGeaendert{
				ID: id, Version: 9, Was: key, Kopf: &vorgang.Kopf{Platz: "platz-2", Epoche: 1, Zustand: vorgang.Verworfen},
			})
		}
		return list, nil
	}}
}

// stepwise opens a journal whose read models are built beside the acts, and only by Build.
func stepwise(t *testing.T, dir string, failed func(error)) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{
		Dir: dir, Projections: alle.Projections(), Ballast: -1, Inline: true, InPlace: -1, BuildStep: 10, Failed: failed,
	})
	mustDo(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// toTheEnd builds until there is nothing to build.
func toTheEnd(t *testing.T, s *sqlite.Store) {
	t.Helper()
	for more := true; more; {
		var err error
		more, err = s.Build(t.Context())
		mustDo(t, err)
	}
}

// halfway is a journal in the middle of building, which goes on only with Build.
func halfway(t *testing.T, dir string, failed func(error)) *sqlite.Store {
	t.Helper()
	s := stepwise(t, dir, failed)
	receive(t, s, many(t, 100))
	receive(t, s, other(t, "platz-3", zugang("d", 1000)))
	for range 5 {
		_, err := s.Build(t.Context())
		mustDo(t, err)
	}
	return s
}

// A program that knows nothing of building would show the old rows for ever, and spoil the new
// ones: it finds a schema later than its own and refuses (J-213), until building has ended.
func TestOlderProgramsRefuseWhatIsBeingBuilt(t *testing.T) {
	const older = 3 // the last version of which a program knows nothing of row_neu
	dir := t.TempDir()
	s := halfway(t, dir, nil)
	if v := userVersion(t, dir); v <= older {
		t.Errorf("version %d while read models are built", v)
	}
	if b, err := s.Neubau(t.Context()); err != nil || !b.Laeuft || b.Prozent < 40 || b.Prozent > 60 {
		t.Errorf("%+v, %v: 50 of 102 records are folded", b, err)
	}
	if b, err := s.Verify(t.Context()); err != nil || !b.Neubau || len(b.Funde) > 0 {
		t.Errorf("the check says nothing of it: %+v, %v", b, err)
	}
	toTheEnd(t, s)
	if v := userVersion(t, dir); v != older {
		t.Errorf("version %d after read models are built, want %d", v, older)
	}
	if b, err := s.Verify(t.Context()); err != nil || b.Neubau || len(b.Funde) > 0 {
		t.Errorf("%+v, %v", b, err)
	}
}

func userVersion(t *testing.T, dir string) int {
	t.Helper()
	return number(t, dir, "PRAGMA user_version")
}

// number asks the file of a journal for one.
func number(t *testing.T, dir, question string) (v int) {
	t.Helper()
	c, err := sqlite3.Open(filepath.Join(dir, sqlite.File))
	mustDo(t, err)
	st, _, err := c.Prepare(question)
	mustDo(t, err)
	if st.Step() {
		v = st.ColumnInt(0)
	}
	mustDo(t, errors.Join(st.Close(), c.Close()))
	return v
}

// What holds building up for good is said once and shown, sales go on, and a rebuild is the way
// out.
func TestBuildingThatCannotGoOn(t *testing.T) {
	dir := t.TempDir()
	var said []error
	s := halfway(t, dir, func(err error) { said = append(said, err) })
	sql(t, dir, "UPDATE row_neu SET value = CAST('zur Hälfte' AS BLOB) WHERE tab = ''")
	for range 3 {
		if _, err := s.Build(t.Context()); err == nil {
			t.Error("goes on from nowhere")
		}
	}
	b, err := s.Neubau(t.Context())
	if f, ok := errors.AsType[*fault.Fault](b.Fehler); err != nil || !ok || f.Code != "J-305" || !b.Laeuft || len(said) != 1 {
		t.Errorf("%+v, %v, said %v", b, err, said)
	}
	write(t, s, zugang("g", 10))
	mustDo(t, s.Rebuild(t.Context()))
	toTheEnd(t, s)
	if b, err := s.Neubau(t.Context()); err != nil || b.Laeuft || b.Fehler != nil {
		t.Errorf("%+v, %v after the rebuild", b, err)
	}
	if n := menge(t, s); n != 1110 {
		t.Errorf("stock is %d", n)
	}
	sound(t, s)
}

// A record that is put back has the read models built anew beside the sales, too.
func TestRepairBuildsBeside(t *testing.T) {
	dir := t.TempDir()
	list := many(t, 400)
	s := beside(t, dir)
	receive(t, s, list)
	closed(t, s)
	sql(t, dir, "DROP TRIGGER record_update; UPDATE record SET actor = 'XX' WHERE seq = 7; "+
		"CREATE TRIGGER record_update BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'records never change'); END;")
	s = stepwise(t, dir, nil)
	write(t, s, zugang("g", 10))
	mustDo(t, s.Repair(t.Context(), list[6]))
	if !building(t, s) {
		t.Error("built while sales wait")
	}
	write(t, s, zugang("h", 100))
	if n := menge(t, s); n != 1510 {
		t.Errorf("stock is %d meanwhile", n)
	}
	toTheEnd(t, s)
	if n := menge(t, s); n != 1510 {
		t.Errorf("stock is %d", n)
	}
	sound(t, s)
}
