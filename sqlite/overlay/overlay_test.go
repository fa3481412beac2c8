package overlay_test

import (
	"errors"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/journaltest"
	"github.com/offizin/offizin/sqlite/overlay"
)

// table is what an overlay over others has to look like.
type table = journaltest.Table

// scan reads at most limit rows and deletes those whose key ends with del on the way.
func scan(tx journal.Tx, g journal.Range, limit int, del string) (list []string, err error) {
	err = tx.Scan("t", g, func(key string, value []byte) (bool, error) {
		list = append(list, key+"="+string(value))
		if del != "" && strings.HasSuffix(key, del) {
			if err := tx.Delete("t", key); err != nil {
				return false, err
			}
		}
		return len(list) < limit, nil
	})
	return list, err
}

func encode(v any) ([]byte, error) {
	s, _ := v.(string)
	return []byte(s), nil
}

// Whatever is put, deleted, read, scanned, taken back and flushed: an overlay looks like rows
// that were written at once, and after a flush its base is those rows.
func TestLikePlainRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`[ab][ab]?/?[xy]?`)
		base, want, kept := table{}, table{}, table{}
		to := base // where it is written: seen by the overlay, or not
		if rapid.Bool().Draw(t, "apart") {
			to = table{}
		}
		o := overlay.New(base)
		for range rapid.IntRange(1, 60).Draw(t, "n") {
			switch rapid.IntRange(0, 9).Draw(t, "op") {
			case 0, 1:
				k, v := key.Draw(t, "key"), rapid.StringN(0, 2, -1).Draw(t, "value")
				if err := errors.Join(o.Put("t", k, []byte(v)), want.Put("t", k, []byte(v))); err != nil {
					t.Fatal(err)
				}
			case 2:
				k := key.Draw(t, "key")
				if err := errors.Join(o.Delete("t", k), want.Delete("t", k)); err != nil {
					t.Fatal(err)
				}
			case 3:
				k := key.Draw(t, "key")
				got, err := o.Get("t", k)
				v, ok := want[k]
				if err != nil || string(got) != v || ok != (got != nil) {
					t.Fatalf("%s: %q, want %q %v", k, got, v, ok)
				}
			case 4:
				g := journal.Range{
					From: key.Draw(t, "from"), To: rapid.SampledFrom([]string{"", "b", "ax"}).Draw(t, "to"),
					Reverse: rapid.Bool().Draw(t, "reverse"),
				}
				if rapid.Bool().Draw(t, "prefix") {
					g = journal.Prefix(rapid.SampledFrom([]string{"a/", "ab/", "b/"}).Draw(t, "of"))
				}
				limit, del := rapid.IntRange(1, 5).Draw(t, "limit"), rapid.SampledFrom([]string{"", "x"}).Draw(t, "del")
				a, err := scan(want, g, limit, del)
				b, bad := scan(o, g, limit, del)
				if diff := cmp.Diff(a, b); diff != "" || err != nil || bad != nil {
					t.Fatal(g, diff, err, bad)
				}
			case 5:
				o.Keep()
				kept = maps.Clone(want)
			case 6:
				o.Undo()
				want = maps.Clone(kept)
			case 7:
				k, v := key.Draw(t, "key"), rapid.StringN(1, 2, -1).Draw(t, "held")
				if err := errors.Join(o.Hold("t", k, v, encode), want.Put("t", k, []byte(v))); err != nil {
					t.Fatal(err)
				}
				if got, ok := o.Held("t", k); !ok || got != v {
					t.Fatal(got)
				}
			case 8:
				var a []string
				err := o.Keys("t", journal.Prefix("a"), func(k string) (bool, error) {
					a = append(a, k)
					return true, nil
				})
				b, bad := scan(want, journal.Prefix("a"), 100, "")
				for i := range b {
					b[i], _, _ = strings.Cut(b[i], "=")
				}
				if diff := cmp.Diff(b, a); diff != "" || err != nil || bad != nil {
					t.Fatal(diff, err, bad)
				}
			case 9:
				o.Keep()
				kept = maps.Clone(want)
				if err := o.Spill(to); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := o.Flush(to); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, to); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Many keys, in whatever order they come, stand in order.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, want := table{}, table{}
		o := overlay.New(base)
		n, step := rapid.IntRange(1, 3000).Draw(t, "n"), rapid.SampledFrom([]int{1, 7, 1999, -1}).Draw(t, "step")
		for i := range n {
			k := strconv.Itoa((i*step + n) % n)
			if err := errors.Join(o.Put("t", k, []byte("1")), want.Put("t", k, []byte("1"))); err != nil {
				t.Fatal(err)
			}
			if i%100 == 99 {
				o.Keep()
			}
		}
		o.Undo()
		for i := n - n%100; i < n; i++ {
			k := strconv.Itoa((i*step + n) % n)
			if err := o.Put("t", k, []byte("1")); err != nil {
				t.Fatal(err)
			}
		}
		g := journal.Range{From: rapid.StringMatching(`[0-9]{1,3}`).Draw(t, "from"), To: rapid.SampledFrom([]string{"", "5", "77"}).Draw(t, "to")}
		a, err := scan(want, g, n, "")
		b, bad := scan(o, g, n, "")
		if diff := cmp.Diff(a, b); diff != "" || err != nil || bad != nil {
			t.Fatal(diff, err, bad)
		}
	})
}
