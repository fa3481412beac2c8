package extsort_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/internal/extsort"
)

// What is given back is what was added, in order, however little memory there is; no file is left.
func TestSorts(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1500).Draw(t, "records")
		long := bytes.Repeat([]byte{7}, rapid.IntRange(0, 1500).Draw(t, "length"))
		s := extsort.New(dir, 0)
		var want, got [][]byte
		for i := range n {
			rec := append([]byte{byte(i * 7919), byte(i)}, long...)
			want = append(want, rec)
			if err := s.Add(rec); err != nil {
				t.Fatal(err)
			}
		}
		slices.SortFunc(want, bytes.Compare)
		if err := s.Each(func(rec []byte) error { got = append(got, bytes.Clone(rec)); return nil }); err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got, want, bytes.Equal) {
			t.Fatalf("%d records of %d, or in another order", len(got), len(want))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
	if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
		t.Errorf("%v %v", list, err)
	}
}

// A folder that is not there is an error of Add, and one of the caller ends the walk.
func TestErrors(t *testing.T) {
	s := extsort.New(t.TempDir()+"/none", 0)
	var err error
	for i := 0; err == nil && i < 5000; i++ {
		err = s.Add(make([]byte, 1000))
	}
	if err == nil {
		t.Error("written into no folder")
	}
	s = extsort.New(t.TempDir(), 0)
	for range 5000 {
		if err := s.Add(make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	stop := errors.New("stop")
	if err := s.Each(func([]byte) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
