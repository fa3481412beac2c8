package folding_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/journaltest"
	"github.com/offizin/offizin/projection"
	"github.com/offizin/offizin/sqlite/folding"
)

type rows = journaltest.Table

// probe is a projection that does to its rows what the key of a record says, often to the same.
type probe struct{}

var errRefused = errors.New("refused")

func (probe) Name() string { return "probe" }
func (probe) Schema() int  { return 1 }

func (probe) Apply(tx journal.Tx, r journal.Record, _ journal.Event) error {
	rnd := rand.New(rand.NewPCG(r.Seq, 7))
	for range 1 + rnd.IntN(4) {
		key := fmt.Sprintf("%d/%d", rnd.IntN(9), rnd.IntN(1+int(r.Seq)))
		if err := act(tx, rnd.IntN(6), key); err != nil {
			return err
		}
	}
	if rnd.IntN(20) == 0 { // after it has changed something
		return errRefused
	}
	return nil
}

func act(tx journal.Tx, what int, key string) error {
	switch what {
	case 0:
		return tx.Delete("probe", key)
	case 1:
		return projection.Hold(tx, "probe", key, key+"h")
	case 2: // what stands there counts
		s, _, err := projection.Get[string](tx, "probe", key)
		return errors.Join(err, projection.Put(tx, "probe", key, s+"x"))
	case 3: // and what stands near it, or does not
		n := 0
		err := projection.Keys(tx, "probe", journal.Prefix(key[:2]), func(string) (bool, error) {
			n++
			return true, nil
		})
		return errors.Join(err, projection.Put(tx, "probe", "n/"+key, n))
	default:
		return projection.Put(tx, "probe", key, key)
	}
}

func records(n int) (list []journal.Record) {
	for i := range n {
		list = append(list, journal.Record{Seq: uint64(i + 1), Key: fmt.Sprint(i)})
	}
	return list
}

func seen(base rows) folding.View {
	return func(f func(journal.Rows) error) error { return f(base) }
}

// What is folded beside comes to the same rows as what is folded at once, and the same records
// are refused.
func TestBesideIsHere(t *testing.T) {
	for _, n := range []int{0, 1, 63, 64, 65, 700, 4_000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			base := rows{"1/0": `"a"`, "2/3": `"b"`, "8/50": `"c"`}
			here, beside := maps.Clone(base), maps.Clone(base)
			a, b := folding.Here(here, here), folding.Beside(seen(base), beside)
			for _, r := range records(n) {
				list, judged := []journal.Projection{probe{}}, r.Seq%2 == 0
				if err := errors.Join(a.Add(list, &r, nil, judged), b.Add(list, &r, nil, judged)); err != nil {
					t.Fatal(err)
				}
			}
			refused, err := a.Flush()
			other, bad := b.Flush()
			b.Close()
			if diff := cmp.Diff(refused, other); diff != "" || err != nil || bad != nil {
				t.Fatal(diff, err, bad)
			}
			if diff := cmp.Diff(here, beside); diff != "" {
				t.Fatal(diff)
			}
			if n == 4_000 && (len(refused) < 50 || len(here) < 500) {
				t.Fatalf("%d refused, %d rows: hardly anything was tried", len(refused), len(here))
			}
		})
	}
}

// failing are rows that cannot be written.
type failing struct{ rows }

var errDisk = errors.New("disk")

func (failing) Put(string, string, []byte) error { return errDisk }

// A disk that fails, rows that cannot be read and a caller that gives up end it, and nobody waits.
func TestBesideEnds(t *testing.T) {
	list := records(5_000)
	add := func(f *folding.Incoming) (n int, err error) {
		for ; n < len(list) && err == nil; n++ {
			err = f.Add([]journal.Projection{probe{}}, &list[n], nil, true)
		}
		return n, err
	}
	t.Run("writes fail", func(t *testing.T) {
		f := folding.Beside(seen(rows{}), failing{rows{}})
		defer f.Close()
		if n, err := add(f); !errors.Is(err, errDisk) || n == len(list) { // not only at the end: the transaction may be gone
			t.Error(n, err)
		}
		if _, err := f.Flush(); !errors.Is(err, errDisk) {
			t.Error(err)
		}
	})
	t.Run("no base", func(t *testing.T) {
		f := folding.Beside(func(func(journal.Rows) error) error { return errDisk }, rows{})
		defer f.Close()
		if _, err := add(f); err != nil {
			t.Error(err)
		}
		if _, err := f.Flush(); !errors.Is(err, errDisk) {
			t.Error(err)
		}
	})
	t.Run("given up", func(*testing.T) { // and nobody hangs
		to := rows{}
		f := folding.Beside(seen(rows{}), to)
		_, _ = add(f)
		f.Close()
		f.Close()
	})
}

// broken are rows that cannot be read.
type broken struct{ rows }

func (broken) Get(string, string) ([]byte, error) { return nil, sqlite3.IOERR }

// What is folded at once reads from the connection that writes: an error of it is told with the next records,
// too, as the database may have ended the transaction by itself.
func TestHereTellsAtOnce(t *testing.T) {
	f, list := folding.Here(broken{rows{}}, rows{}), records(1_000)
	for i := range list {
		if err := f.Add([]journal.Projection{probe{}}, &list[i], nil, true); errors.Is(err, sqlite3.IOERR) {
			return
		}
	}
	t.Error("not told before the end")
}

// A projection keeps to its table, folded beside or not: what it does elsewhere is refused.
func TestOwnTable(t *testing.T) {
	f := folding.Beside(seen(rows{}), rows{})
	defer f.Close()
	r := records(1)[0]
	if err := f.Add([]journal.Projection{stranger{}}, &r, nil, true); err != nil {
		t.Error(err)
	}
	if refused, err := f.Flush(); err != nil || len(refused) != 1 {
		t.Error(refused, err)
	}
}

type stranger struct{ probe }

func (stranger) Name() string { return strings.ToUpper("other") }
