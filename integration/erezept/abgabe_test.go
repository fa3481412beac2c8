package erezept_test

import (
	"testing"

	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/integration/erezept"
)

func TestParseAbgabedatenReferenz(t *testing.T) {
	n := each(t, referenz(t, "abgabedaten"), func(name string, data []byte) {
		a, err := erezept.ParseAbgabedaten(data, true)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		var gross, paid money.Cent
		for _, z := range a.Zeilen {
			gross += z.Betrag
			paid += z.Kosten[0]
		}
		if gross != a.Brutto || paid != a.Gesamtzuzahlung {
			t.Errorf("%s: lines %v and %v, totals %v and %v", name, gross, paid, a.Brutto, a.Gesamtzuzahlung)
		}
	})
	if n < 158 {
		t.Errorf("%d bundles read, want 158", n)
	}
}

func TestParseAbgabedatenInvalid(t *testing.T) {
	each(t, referenz(t, "invalid/abgabedaten"), func(name string, data []byte) {
		if _, err := erezept.ParseAbgabedaten(data, true); err == nil {
			t.Errorf("%s: accepted", name)
		}
	})
}
