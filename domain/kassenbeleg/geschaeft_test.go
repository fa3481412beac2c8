package kassenbeleg_test

import (
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
)

// DSFinV-K 2.4 Anhang C and H: a voucher for anything, a credit and its payment are not taxable
// (key 5); a prepayment bears the VAT of the goods. The name that the Z report sums up by
// (GV_NAME) holds no number of a voucher and no name.
func TestGeschaefte(t *testing.T) {
	for _, c := range []struct {
		g          bon.Geschaeft
		satz       money.PPM
		name       string
		schluessel int
	}{
		{bon.Gutscheinkauf, 0, "Gutschein", kassenbeleg.NichtSteuerbar},
		{bon.Gutscheineinloesung, 0, "Gutschein", kassenbeleg.NichtSteuerbar},
		{bon.Forderung, 0, "Kundenkredit", kassenbeleg.NichtSteuerbar},
		{bon.Forderungsausgleich, 0, "Kundenkredit", kassenbeleg.NichtSteuerbar},
		{bon.Anzahlung, voll, "Abholer", kassenbeleg.Allgemein},
		{bon.Anzahlungsausgleich, 7 * money.Percent, "Abholer", kassenbeleg.Ermaessigt},
		{bon.Umsatz, 0, "", kassenbeleg.Steuerfrei},
	} {
		b := bon.Bon{Positionen: []bon.Position{{
			Nr: 1, Menge: 1, Geschaeft: c.g, Bezug: "2167074874797998", Bezeichnung: "Gutschein 2167", MwSt: c.satz,
			Gesamt: 1190, Privat: 1190,
		}}}
		g := kassenbeleg.Aus(b).Geschaefte[0]
		if g.Typ != c.g || g.Name != c.name || g.Schluessel != c.schluessel || g.Netto+g.Steuer != 1190 {
			t.Errorf("%s: %+v", c.g, g)
		}
	}
}
