package money_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/money"
)

// Round half up at each step, ABDA worked example of 2023-09-01 (ApU 50,00 €).
func TestShare(t *testing.T) {
	for _, c := range []struct {
		amount money.Cent
		share  money.PPM
		want   money.Cent
	}{
		{5000, 31_500, 158},            // 1,575 -> 1,58
		{5231, 3 * money.Percent, 157}, // 1,5693 -> 1,57
		{6264, 19 * money.Percent, 1190},
		{5005, 10 * money.Percent, 501}, // half a cent goes up
		{-5005, 10 * money.Percent, -501},
		{0, 31_500, 0},
	} {
		if got := c.share.Of(c.amount); got != c.want {
			t.Errorf("%v of %v = %v, want %v", c.share, c.amount, got, c.want)
		}
	}
}

func TestFormat(t *testing.T) {
	for c, want := range map[money.Cent]string{
		0: "0,00 €", 5: "0,05 €", 123456: "1.234,56 €", -123456789: "-1.234.567,89 €",
	} {
		if got := c.String(); got != want {
			t.Errorf("%d: %q, want %q", int64(c), got, want)
		}
	}
	if got := money.PPM(31_500).String(); got != "3,15 %" {
		t.Errorf("31500 ppm: %q", got)
	}
	if got := money.PPM(100_000).String(); got != "10 %" {
		t.Errorf("100000 ppm: %q", got)
	}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]money.Cent{
		"12,34": 1234, "12,3": 1230, "12": 1200, "1.234,56": 123456,
		" 12,34 € ": 1234, "-0,05": -5,
	} {
		if got, err := money.Parse(in); err != nil || got != want {
			t.Errorf("Parse(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", ",5", "12,345", "1.2,3", "12.34", "abc", "--1", "99999999,99", "1,-5"} {
		if got, err := money.Parse(in); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", in, got)
		}
	}
}

func TestParseReadsWhatIsPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := money.Cent(rapid.Int64Range(-int64(money.MaxInput), int64(money.MaxInput)).Draw(t, "cent"))
		if got, err := money.Parse(c.String()); err != nil || got != c {
			t.Fatalf("Parse(%q) = %v, %v", c.String(), got, err)
		}
		if got, err := money.ParseDecimal(c.Decimal()); err != nil || got != c {
			t.Fatalf("ParseDecimal(%q) = %v, %v", c.Decimal(), got, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("1.234,56 €")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := money.Parse(s)
		if err == nil && (c > money.MaxInput || c < -money.MaxInput) {
			t.Errorf("Parse(%q) = %v beyond the limit", s, c)
		}
	})
}
