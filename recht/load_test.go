package recht_test

import (
	"testing"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/recht"
)

func load(tb testing.TB) *recht.Sammlung {
	tb.Helper()
	s, err := recht.Load()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func BenchmarkAm(b *testing.B) {
	s := load(b)
	for b.Loop() {
		if _, err := s.Am(civil.Day(20261123)); err != nil {
			b.Fatal(err)
		}
	}
}
