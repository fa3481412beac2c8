package preis

import (
	"fmt"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/schritt"
)

// MwStEnthalten returns the VAT contained in a gross amount, rounded half up:
// r(brutto · satz / (100 % + satz)).
func MwStEnthalten(brutto money.Cent, satz money.PPM) money.Cent {
	return money.Ratio(brutto, int64(satz), 100*int64(money.Percent)+int64(satz))
}

// Rechnungszeile is one line of the bill to the insurer (TA3). Amounts are gross
// and hold for the whole line.
type Rechnungszeile struct {
	Brutto            money.Cent // EFP-04: what the insurer owes before discounts
	Mehrkosten        money.Cent // EFP-11
	Eigenbeteiligung  money.Cent // EFP-12
	Abschlag          money.Cent // R001
	SonstigerAbschlag money.Cent // R003
	MwSt              artikel.MwSt
}

// ZeilenMwSt returns the VAT contained in a bill line (TA3 EFP-14): of EFP-04 +
// EFP-11 + EFP-12 less the amounts of the discounts R001 and R003.
func ZeilenMwSt(z Rechnungszeile, r Recht) (money.Cent, schritt.Schritt) {
	base := z.Brutto + z.Mehrkosten + z.Eigenbeteiligung - abs(z.Abschlag) - abs(z.SonstigerAbschlag)
	satz := r.MwStSatz(z.MwSt)
	c := MwStEnthalten(base, satz.Was)
	s := schritt.Von(satz, "enthaltene Umsatzsteuer", fmt.Sprintf("%s, enthalten in %s", satz.Was, base), c)
	s.Norm, s.Regel = "TA3 EFP-14; "+satz.Norm, "preis.mwst.zeile"
	return c, s
}

// Teilmenge is a part of a pack handed over: Menge of PackMenge units.
type Teilmenge struct {
	Menge, PackMenge int64
	AVP              money.Cent // gross, of the pack the part is taken from
	KleinsteAVP      money.Cent // gross, of the smallest pack on the market; 0 if not known
}

// Auseinzelung returns the gross price of a part of an unchanged pack: AVP · n/N,
// rounded half up. It lies outside the AMPreisV (§ 1(3) Nr. 7); a contract may say
// otherwise.
func Auseinzelung(t Teilmenge) (money.Cent, []schritt.Schritt, []befund.Befund) {
	if b, ok := t.pruefe(t.AVP); !ok {
		return 0, nil, []befund.Befund{b}
	}
	c := money.Ratio(t.AVP, t.Menge, t.PackMenge)
	return c, []schritt.Schritt{{
		Name: "Auseinzelung", Betrag: c, Norm: "AMPreisV § 1 Abs. 3 Nr. 7; TA1 Nr. 4.11", Regel: "preis.auseinzelung",
		Text: fmt.Sprintf("%s × %d / %d = %s", t.AVP, t.Menge, t.PackMenge, c),
	}}, nil
}

// TeilmengePreis returns the gross price of a Teilmenge handed over instead of the
// prescribed pack: since 2023-07-27 that of the smallest pack (§ 3(5) S. 2),
// before that the share of the pack.
func TeilmengePreis(t Teilmenge, r Recht) (money.Cent, []schritt.Schritt, []befund.Befund) {
	f := r.TeilmengeKleinstePackung
	if f.Repealed || !f.Was {
		return Auseinzelung(t)
	}
	if b, ok := t.pruefe(t.KleinsteAVP); !ok {
		return 0, nil, []befund.Befund{b}
	}
	s := schritt.Von(f, "Teilmenge", "Preis der kleinsten Packung: "+t.KleinsteAVP.String(), t.KleinsteAVP)
	s.Regel = "preis.teilmenge"
	return t.KleinsteAVP, []schritt.Schritt{s}, nil
}

func (t Teilmenge) pruefe(preis money.Cent) (befund.Befund, bool) {
	if preis <= 0 || preis > Hoechstbetrag {
		return zuGross(preis), false
	}
	if t.Menge < 1 || t.Menge > t.PackMenge || t.PackMenge > maxMenge {
		return befund.Befund{
			Code: "P-105", Schwere: befund.Hindernis,
			Text: fmt.Sprintf("Die Teilmenge %d von %d ist nicht möglich; bitte beide Mengen prüfen.", t.Menge, t.PackMenge),
		}, false
	}
	return befund.Befund{}, true
}

// maxMenge keeps amount · quantity far from the end of 64 bits.
const maxMenge = 1_000_000

func abs(c money.Cent) money.Cent {
	if c < 0 {
		return -c
	}
	return c
}
