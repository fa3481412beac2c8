package civil_test

import (
	"testing"

	"github.com/offizin/offizin/domain/civil"
)

// FuzzParse: whatever is taken for a day is one, and reads back from either form.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"2026-11-23", "23.11.2026", "29.02.2024", "2023-02-29", "0000-00-00", "1.1.70", "٢٠٢٦-١١-٢٣", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, parse := range []func(string) (civil.Day, error){civil.Parse, civil.ParseGerman} {
			d, err := parse(s)
			if err != nil {
				continue
			}
			iso, err := civil.Parse(d.String())
			german, err2 := civil.ParseGerman(d.German())
			if !d.Valid() || iso != d || german != d || err != nil || err2 != nil {
				t.Errorf("%q is %d, which reads back as %d (%v) and %d (%v)", s, d, iso, err, german, err2)
			}
		}
	})
}
