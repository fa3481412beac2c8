package pruefung_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/sqlite/pruefung"
)

// rows are rows in memory, in order of their keys; reading fails behind as many, if that is set.
type rows struct {
	of   map[string]string
	fail int
}

var errDisk = errors.New("disk")

func (r rows) Get(_, key string) ([]byte, error) { return []byte(r.of[key]), nil }

func (r rows) Scan(_ string, _ journal.Range, f func(string, []byte) (bool, error)) error {
	for i, key := range slices.Sorted(maps.Keys(r.of)) {
		if r.fail > 0 && i == r.fail {
			return errDisk
		}
		if more, err := f(key, []byte(r.of[key])); err != nil || !more {
			return err
		}
	}
	return nil
}

func compare(have, want rows) (map[string]string, error) {
	var b pruefung.Bericht
	err := b.Rows(have, want, []journal.Projection{bestand.Projection{}})
	found := map[string]string{}
	for _, f := range b.Funde {
		found[f.Ort] = f.Text[:len("Die Zeile steht")]
	}
	return found, err
}

// Every row that is missing, too many or another one is named, and no other.
func TestRowsThatDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint(rapid.IntRange(0, 60).Draw(t, "key")) })
		some := rapid.MapOfN(key, rapid.SampledFrom([]string{"", "a", "b"}), 0, 40)
		have, want, expect := some.Draw(t, "have"), some.Draw(t, "want"), map[string]string{}
		for k, v := range have {
			switch w, ok := want[k]; {
			case !ok:
				expect["Zeile bestand "+k] = "Die Zeile steht"
			case v != w:
				expect["Zeile bestand "+k] = "Die Zeile weich"
			}
		}
		for k := range want {
			if _, ok := have[k]; !ok {
				expect["Zeile bestand "+k] = "Die Zeile fehlt"
			}
		}
		got, err := compare(rows{of: have}, rows{of: want})
		if diff := cmp.Diff(expect, got); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	})
}

// Where rows cannot be read to their end it is that which is told, and not that the others are missing.
func TestRowsThatCannotBeRead(t *testing.T) {
	many := map[string]string{}
	for i := range 5_000 {
		many[fmt.Sprintf("%06d", i)] = "x"
	}
	for _, n := range []int{1, 199, 200, 201, 4_999} {
		for _, sides := range [][2]rows{{{many, n}, {many, 0}}, {{many, 0}, {many, n}}} {
			if found, err := compare(sides[0], sides[1]); !errors.Is(err, errDisk) || len(found) > 0 {
				t.Errorf("behind %d: %v, %v", n, err, found)
			}
		}
	}
	if found, err := compare(rows{of: many}, rows{of: many}); err != nil || len(found) > 0 {
		t.Errorf("the same: %v, %v", err, found)
	}
}

// What is handed over is worked off in order, and after an error nothing more.
func TestBeside(t *testing.T) {
	var done []int
	hand, wait := pruefung.Beside(func(n int) error {
		if n == 50 {
			return errDisk
		}
		done = append(done, n)
		return nil
	})
	var err error
	for i := 0; err == nil; i++ {
		err = hand(i)
	}
	if after := wait(); !errors.Is(err, errDisk) || !errors.Is(after, errDisk) || len(done) != 50 || !slices.IsSorted(done) {
		t.Errorf("%v, %v, %v", err, after, done)
	}
}
