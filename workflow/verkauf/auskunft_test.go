package verkauf_test

import (
	"testing"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/workflow/artikelsuche"
)

// What the page of an article tells an adult of the GKV is what the till takes: also for
// what the GKV may not pay (§ 34 SGB V), where no Zuzahlung may be told.
func TestAuskunftWieVerkauf(t *testing.T) {
	for _, pzn := range []kennung.PZN{lthyrox, ramipril, teuer, klein, binden, hustensaft, lifestyle} {
		x := neu(t, "2026-11-23 12:00")
		id := x.beginne()
		m := x.muster(pzn)
		m.Kostentraeger.IK = "109900122" // without contracts: nobody knows the insurer beforehand
		x.auf(id, pzn, x.nimm(id, m), 0)
		sold := x.zahle(id).Positionen[0]
		told, err := artikelsuche.New(x.kern).Artikel(x.ctx, pzn, "")
		x.must(err)
		if len(told.Zuzahlung) == 0 {
			if sold.TraegerZahlt != 0 || sold.Zuzahlung != 0 {
				t.Errorf("%s: no Zuzahlung is told, the till takes %v", told.Artikel.Name, sold.Zuzahlung)
			}
			continue
		}
		e := told.Zuzahlung[0].Ergebnis
		if e.Patient() != sold.Patient() || e.Zuzahlung != sold.Zuzahlung {
			t.Errorf("%s: %v is told, the till takes %v", told.Artikel.Name, e.Patient(), sold.Patient())
		}
	}
}
