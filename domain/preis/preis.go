package preis

import (
	"fmt"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/schritt"
)

// Hoechstbetrag is the largest amount a price is computed from or to: 999 999,99 €.
const Hoechstbetrag money.Cent = 99_999_999

// Kette is the price formula that law prescribes for an article.
type Kette string

// The formulas.
const (
	Rx           Kette = "rx"       // AMPreisV §§ 2(1), 3(1) S. 1: human Rx drug
	RxDirekt     Kette = "direkt"   // § 3(2) Nr. 2: sold by the maker directly only, no GH markup
	RxTier       Kette = "tier"     // § 3(1) S. 2: human Rx drug used on animals
	OTCErstattet Kette = "otc"      // § 129(5a) SGB V: OTC at GKV cost, AMPreisV of 31.12.2003
	Frei         Kette = "frei"     // everything else: the seller sets the price
	Rezept       Kette = "rezeptur" // AMPreisV §§ 4, 5: entered at its net price only
)

// Stelle is the point at which a known amount enters the chain.
type Stelle int

// The points of entry, lowest first.
const (
	AbApU    Stelle = iota // Abgabepreis des pharmazeutischen Unternehmers, net
	AbAEP                  // Apothekeneinkaufspreis, net
	AbNetto                // AVP without VAT
	AbBrutto               // AVP with VAT: only what it contains is computed
)

// Eingabe is one price to compute.
type Eingabe struct {
	Kette  Kette
	Stelle Stelle
	Betrag money.Cent // the amount at Stelle, 0,01 € to Hoechstbetrag
	MwSt   artikel.MwSt
}

// Preis is a computed price. Amounts below the point of entry are zero.
type Preis struct {
	ApU        money.Cent        `json:"apu"` // net
	GH         money.Cent        `json:"gh"`  // wholesale markup in total, net
	AEP        money.Cent        `json:"aep"` // net
	Zuschlaege []money.Cent      `json:"zuschlaege,omitempty"`
	Netto      money.Cent        `json:"netto"`
	Satz       money.PPM         `json:"satz"` // rate of VAT
	MwSt       money.Cent        `json:"mwst"`
	Brutto     money.Cent        `json:"brutto"`
	Schritte   []schritt.Schritt `json:"schritte"`
	Befunde    []befund.Befund   `json:"befunde,omitempty"`
}

// Zuschlag is the pharmacy's markup in total, net.
func (p Preis) Zuschlag() money.Cent {
	var sum money.Cent
	for _, z := range p.Zuschlaege {
		sum += z
	}
	return sum
}

// Compute runs the chain from the point of entry up to the gross price. Each
// component is rounded half up to the cent before the next step (facts: ABDA
// worked example). What law does not allow to compute is a Befund with Hindernis;
// amounts are then not to be used.
func Compute(e Eingabe, r Recht) Preis {
	k := rechner{r: r, kette: e.Kette}
	if b, ok := pruefe(e); !ok {
		return Preis{Befunde: []befund.Befund{b}}
	}
	if norm, ok := r.fehlt(e); ok {
		return Preis{Befunde: []befund.Befund{ohneRegel(norm)}}
	}
	switch e.Stelle {
	case AbApU:
		k.grosshandel(e.Betrag)
		k.apotheke()
		k.umsatzsteuer(e.MwSt)
	case AbAEP:
		k.p.AEP = e.Betrag
		k.apotheke()
		k.umsatzsteuer(e.MwSt)
	case AbNetto:
		k.p.Netto = e.Betrag
		k.umsatzsteuer(e.MwSt)
	case AbBrutto:
		k.enthalten(e.Betrag, e.MwSt)
	}
	return k.fertig()
}

func pruefe(e Eingabe) (befund.Befund, bool) {
	if e.Betrag < 0 || e.Betrag > Hoechstbetrag || e.Betrag == 0 && e.Stelle < AbNetto {
		return zuGross(e.Betrag), false
	}
	if e.Stelle < AbNetto && (e.Kette == Frei || e.Kette == Rezept) {
		return befund.Befund{
			Code: "P-103", Schwere: befund.Hindernis, Norm: "AMPreisV § 1 Abs. 4",
			Text: "Für diesen Artikel schreibt das Gesetz keinen Preis vor; bitte den Verkaufspreis eingeben.",
		}, false
	}
	return befund.Befund{}, true
}

// fehlt names the norm that a computation turns on and that the law of the day does
// not have; an overlay may have brought anything.
func (r Recht) fehlt(e Eingabe) (string, bool) {
	switch {
	case r.ohneMwSt():
		return "UStG § 12", true
	case e.Stelle > AbAEP:
		return "", false
	case e.Kette == OTCErstattet:
		return "SGB V § 129 Abs. 5a", len(r.GHStufen2003.Was) == 0 || len(r.ApothekeStufen2003.Was) == 0
	case e.Kette == RxTier && r.TierFixum.Was <= 0:
		return "AMPreisV § 3 Abs. 1 Satz 2", true
	}
	gh := r.GHAnteil.Was > 0 || len(r.GHStufen2004.Was) > 0
	return "AMPreisV §§ 2, 3", !gh || r.ApothekeAnteil.Was <= 0 || r.Fixum.Was <= 0
}

func (r Recht) ohneMwSt() bool { return r.MwStVoll.Was <= 0 || r.MwStErmaessigt.Was <= 0 }

func zuGross(c money.Cent) befund.Befund {
	return befund.Befund{
		Code: "P-101", Schwere: befund.Hindernis,
		Text: fmt.Sprintf("Der Betrag %s liegt außerhalb von 0,01 € bis %s; bitte die Eingabe prüfen.",
			c, Hoechstbetrag),
	}
}

func ohneRegel(norm string) befund.Befund {
	return befund.Befund{
		Code: "P-102", Schwere: befund.Hindernis, Norm: norm,
		Text: "Für diesen Tag ist die Regel „" + norm + "“ nicht in Kraft; bitte das Datum prüfen.",
	}
}

// MwStSatz returns the rate in force for the class of an article.
func (r Recht) MwStSatz(m artikel.MwSt) Anteil {
	switch m {
	case artikel.MwStErmaessigt:
		return r.MwStErmaessigt
	case artikel.MwStOhne:
		return Anteil{Norm: "UStG § 4"}
	default:
		return r.MwStVoll
	}
}
