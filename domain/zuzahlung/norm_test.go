package zuzahlung_test

import (
	"testing"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// What binds the price is named as it is: the AMPreisV binds drugs on prescription,
// § 129(5a) SGB V others at the cost of the GKV, contracts the rest, and nothing what is
// bought privately (AMPreisV § 1 Abs. 4).
func TestNormOfThePrice(t *testing.T) {
	for want, f := range map[string]zuzahlung.Fall{
		"SGB V § 129 Abs. 3; AMPreisV": {Traeger: zuzahlung.GKV, Art: artikel.Arzneimittel, Rx: true},
		"SGB V § 129 Abs. 5a":          {Traeger: zuzahlung.GKV, Art: artikel.Arzneimittel, OTCErstattungsfaehig: true},
		"Vertrag mit dem Kostenträger": {Traeger: zuzahlung.GKV, Art: artikel.Hilfsmittel},
		"freier Preis":                 {Traeger: zuzahlung.GKV, Art: artikel.Arzneimittel},
	} {
		f.Tag, f.AVP, f.Packungen = 20261123, 1000, 1
		if got := zuzahlung.Compute(f, recht(f.Tag)).Schritte[0].Norm; got != want {
			t.Errorf("%q instead of %q", got, want)
		}
	}
}

// Whoever pays the whole line reads a reason that holds for it: a line of a GKV patient
// that the GKV does not bear is no privately insured one.
func TestReasonOfAPrivateLine(t *testing.T) {
	f := zuzahlung.Fall{Tag: 20261123, Traeger: zuzahlung.Selbstzahler, Art: artikel.Arzneimittel, Rx: true, AVP: 1000, Packungen: 1}
	steps := zuzahlung.Compute(f, recht(f.Tag)).Schritte
	want := "Diese Zeile rechnet keine Krankenkasse ab; der Patient zahlt den vollen Preis."
	if got := steps[len(steps)-1].Text; got != want {
		t.Errorf("%q", got)
	}
}
