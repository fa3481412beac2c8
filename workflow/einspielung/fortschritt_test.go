package einspielung_test

import (
	"testing"
	"time"

	"github.com/offizin/offizin/workflow/einspielung"
)

// The share done rises through the phases to the end; the rest follows from the pace of the
// phase and from what comes after it (of a thousand: 340, 540 and 80 for the index, 40).
func TestSchaetzung(t *testing.T) {
	var s einspielung.Schaetzung
	if _, ok := s.Rest(); ok || s.Promille() != 0 {
		t.Errorf("before anything: %+v", s)
	}
	for _, c := range []struct {
		mono     time.Duration
		zeile    einspielung.Zeile
		promille int
		rest     time.Duration // 0: not known
	}{
		{0, einspielung.Zeile{Phase: "lesen", Von: 1000}, 0, 0},
		{500 * time.Millisecond, einspielung.Zeile{Phase: "lesen", N: 250, Von: 1000}, 85, 0}, // too soon to tell
		{3 * time.Second, einspielung.Zeile{Phase: "lesen", N: 500, Von: 1000}, 170, 3*time.Second + 11647*time.Millisecond},
		{4 * time.Second, einspielung.Zeile{Text: "Warnung"}, 170, 14647 * time.Millisecond}, // no report of progress
		{6 * time.Second, einspielung.Zeile{Phase: "lesen", N: 1200, Von: 1000}, 340, 11647 * time.Millisecond},
		{7 * time.Second, einspielung.Zeile{Phase: "bauen", Von: 1000}, 340, 0},
		{23 * time.Second, einspielung.Zeile{Phase: "bauen", N: 500, Von: 1000}, 610, 16*time.Second + 7111*time.Millisecond},
		{40 * time.Second, einspielung.Zeile{Phase: "pruefen", N: 0, Von: 1000}, 960, 0},
		{42 * time.Second, einspielung.Zeile{Phase: "pruefen", N: 1000, Von: 1000}, 1000, 0},
	} {
		s.Melde(c.zeile, c.mono)
		rest, ok := s.Rest()
		if s.Promille() != c.promille || (rest-c.rest).Abs() > 50*time.Millisecond || c.rest > 0 && !ok {
			t.Errorf("%+v: %d ‰, %v %v, want %d ‰, %v", c.zeile, s.Promille(), rest, ok, c.promille, c.rest)
		}
	}
}

// With an unknown total nothing is promised.
func TestSchaetzungOhneZahl(t *testing.T) {
	var s einspielung.Schaetzung
	s.Melde(einspielung.Zeile{Phase: "lesen"}, 0)
	s.Melde(einspielung.Zeile{Phase: "lesen", N: 50_000}, time.Minute)
	if rest, ok := s.Rest(); ok || s.Promille() != 0 {
		t.Errorf("%v, %d", rest, s.Promille())
	}
}

// More articles than the catalogue before had are counted, and no total is named that is wrong.
func TestMehrAlsBisher(t *testing.T) {
	var s einspielung.Schaetzung
	s.Melde(einspielung.Zeile{Phase: "lesen", N: 500, Von: 1000}, 0)
	if s.Gesamt() != 1000 {
		t.Errorf("of %d", s.Gesamt())
	}
	s.Melde(einspielung.Zeile{Phase: "lesen", N: 1500, Von: 1000}, time.Second)
	if s.Gesamt() != 0 || s.Promille() != 340 {
		t.Errorf("1500 of %d, %d ‰", s.Gesamt(), s.Promille())
	}
}
