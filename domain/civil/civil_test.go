package civil_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/civil"
)

// Age by §§ 187(2), 188(2) BGB: complete with the day before the birthday.
func TestAge(t *testing.T) {
	for _, c := range []struct {
		born, on string
		want     int
	}{
		{"2008-11-23", "2026-11-22", 17},
		{"2008-11-23", "2026-11-23", 18},
		{"2008-02-29", "2026-02-28", 17},
		{"2008-02-29", "2026-03-01", 18},
		{"2004-02-29", "2024-02-29", 20},
		{"2026-11-24", "2026-11-23", -1},
	} {
		born, _ := civil.Parse(c.born)
		on, _ := civil.Parse(c.on)
		if got := born.AgeOn(on); got != c.want {
			t.Errorf("born %s, on %s: %d, want %d", c.born, c.on, got, c.want)
		}
	}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]civil.Day{
		"23.11.2026": 20261123, "1.2.2026": 20260201, "23112026": 20261123, "2026-11-23": 20261123,
	} {
		if got, err := civil.ParseGerman(in); err != nil || got != want {
			t.Errorf("ParseGerman(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "31.02.2026", "29.02.2025", "23.11.26", "2026-13-01", "1874-12-31", "abc", "23.11.2026x"} {
		if got, err := civil.ParseGerman(in); err == nil {
			t.Errorf("ParseGerman(%q) = %d, want an error", in, got)
		}
	}
}

func TestDaysCountLikeACalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := civil.Must(1980, 1, 1).AddDays(rapid.IntRange(0, 30_000).Draw(t, "day"))
		n := rapid.IntRange(-2000, 2000).Draw(t, "n")
		if got := d.AddDays(n).Sub(d); got != n {
			t.Fatalf("%v + %d days is %d days later", d, n, got)
		}
		if back, err := civil.ParseGerman(d.German()); err != nil || back != d {
			t.Fatalf("%v reads back as %v, %v", d, back, err)
		}
	})
}
