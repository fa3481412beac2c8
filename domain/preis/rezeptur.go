package preis

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/schritt"
)

// Bestandteil is a substance, a drug or the vessel of a Rezeptur.
type Bestandteil struct {
	Name string     `json:"name"`
	EK   money.Cent `json:"ek"` // purchase price of the pack, net
	// Teil of Ganz is the share of the pack that is billed; both zero: the whole
	// pack. Which of the two the law allows changed with time and contract.
	Teil int64 `json:"teil,omitempty"`
	Ganz int64 `json:"ganz,omitempty"`
}

// Rezeptur is a preparation for one patient (AMPreisV § 5(1) to (3)).
type Rezeptur struct {
	Bestandteile      []Bestandteil
	Arbeit            int   // § 5(3) Nr. 1, 2 or 3
	Menge, Grundmenge int64 // in the same unit; Grundmenge 0: not above it
	MwSt              artikel.MwSt
}

// ComputeRezeptur returns the price of a preparation: (EK · 1.90 of each component,
// rounded one by one) + Rezepturzuschlag + Festbetrag (since 2017-05-13) + VAT.
func ComputeRezeptur(z Rezeptur, r Recht) Preis {
	k := rechner{r: r, kette: Rezept}
	arbeit, ok := arbeitspreis(z.Arbeit, r)
	if !ok || z.Menge < 0 || z.Grundmenge < 0 || max(z.Menge, z.Grundmenge) > maxMenge {
		return Preis{Befunde: []befund.Befund{schlechteRezeptur("die Nummer des Rezepturzuschlags oder die Menge")}}
	}
	if r.ohneMwSt() || arbeit.Was <= 0 || r.RezepturAufschlag.Was <= 0 {
		return Preis{Befunde: []befund.Befund{ohneRegel(rezepturNorm)}}
	}
	if !k.bestandteile(z.Bestandteile, r.RezepturAufschlag) {
		return k.p
	}
	k.arbeit(arbeit, z)
	k.fest(r.RezepturFixum, "rezeptur.fixum", "Festbetrag der Rezeptur")
	return k.ausZuschlaegen(z.MwSt)
}

// ComputeUnverarbeitet returns the price of substances handed over unprocessed
// (AMPreisV § 4): (EK substance + EK vessel) · 2.00 + VAT.
func ComputeUnverarbeitet(teile []Bestandteil, m artikel.MwSt, r Recht) Preis {
	k := rechner{r: r, kette: Rezept}
	if r.ohneMwSt() || r.UnverarbeitetAufschlag.Was <= 0 {
		return Preis{Befunde: []befund.Befund{ohneRegel("AMPreisV § 4")}}
	}
	if !k.bestandteile(teile, r.UnverarbeitetAufschlag) {
		return k.p
	}
	return k.ausZuschlaegen(m)
}

// Parenteral is a parenteral preparation (§ 5(6) AMPreisV, Hilfstaxe Anlage 3).
type Parenteral struct {
	Einheiten int64        // ready-to-use units
	Stoffe    []money.Cent // per unit, net, as Hilfstaxe or purchase price gives them
	Nummer    int          // § 5(6) Nr. 1 to 7
	GKV       bool         // the Hilfstaxe replaces § 5(6)
	Verwurf   money.Cent   // net, once
	MwSt      artikel.MwSt
}

// ComputeParenteral returns the price: units · (substances + surcharge) + Verwurf +
// VAT. For the GKV the surcharge of the Hilfstaxe is known for Zytostatika only.
func ComputeParenteral(z Parenteral, r Recht) Preis {
	k := rechner{r: r, kette: Rezept}
	if z.Nummer < 1 || z.Nummer > len(r.Parenteral) || z.Einheiten < 1 || z.Einheiten > maxEinheiten {
		return Preis{Befunde: []befund.Befund{schlechteRezeptur("die Nummer des Zuschlags oder die Zahl der Einheiten")}}
	}
	zuschlag := r.Parenteral[z.Nummer-1]
	if z.GKV {
		zuschlag = r.HilfstaxeParenteral
	}
	if r.ohneMwSt() || zuschlag.Was <= 0 || z.GKV && z.Nummer != 1 {
		return Preis{Befunde: []befund.Befund{ohneRegel(parenteralNorm(z.GKV))}}
	}
	return k.parenteral(z, zuschlag)
}

const maxEinheiten = 1000

const rezepturNorm = "AMPreisV § 5"

func parenteralNorm(gkv bool) string {
	if gkv {
		return "Hilfstaxe Anlage 3"
	}
	return rezepturNorm + " Abs. 6"
}

func (k *rechner) parenteral(z Parenteral, zuschlag Betrag) Preis {
	n := money.Cent(z.Einheiten)
	for i, c := range append(slices.Clip(z.Stoffe), z.Verwurf) {
		if c < 0 || c > Hoechstbetrag {
			return Preis{Befunde: []befund.Befund{zuGross(c)}}
		}
		if i < len(z.Stoffe) {
			k.zuschlag(n * c)
			k.sum("parenteral.stoff", "Stoff", fmt.Sprintf("%d × %s", z.Einheiten, c), n*c)
		}
	}
	k.zuschlag(n * zuschlag.Was)
	step(k, zuschlag, "parenteral.zuschlag", "Zuschlag je Einheit",
		fmt.Sprintf("%d × %s", z.Einheiten, zuschlag.Was), n*zuschlag.Was)
	if z.Verwurf > 0 {
		k.zuschlag(z.Verwurf)
		k.sum("parenteral.verwurf", "Verwurf", z.Verwurf.String(), z.Verwurf)
	}
	return k.ausZuschlaegen(z.MwSt)
}

// bestandteile adds every component with its markup, rounded one by one.
func (k *rechner) bestandteile(teile []Bestandteil, aufschlag Anteil) bool {
	faktor := 100*int64(money.Percent) + int64(aufschlag.Was)
	for _, b := range teile {
		ganz, teil := max(b.Ganz, 1), b.Teil
		if b.Ganz == 0 && b.Teil == 0 {
			teil = 1
		}
		if b.EK < 0 || b.EK > Hoechstbetrag || teil < 1 || teil > ganz || ganz > maxMenge {
			k.p = Preis{Befunde: []befund.Befund{schlechteRezeptur("den Bestandteil „" + b.Name + "“")}}
			return false
		}
		c := mulDiv(int64(b.EK)*teil, faktor, ganz*100*int64(money.Percent))
		k.zuschlag(c)
		step(k, aufschlag, "rezeptur.bestandteil", bezeichne(b),
			fmt.Sprintf("(%s + %s) × %d/%d = %s", b.EK, aufschlag.Was, teil, ganz, c), c)
	}
	return true
}

// mulDiv returns a·b/den rounded half up; the product may need 128 bits. All
// arguments are positive or zero, den is not zero, and the result fits.
func mulDiv(a, b, den int64) money.Cent {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, rem := bits.Div64(hi, lo, uint64(den))
	if 2*rem >= uint64(den) {
		q++
	}
	return money.Cent(q)
}

func bezeichne(b Bestandteil) string {
	if b.Name == "" {
		return "Bestandteil"
	}
	return b.Name
}

func arbeitspreis(nr int, r Recht) (Betrag, bool) {
	list := [...]Betrag{r.Arbeitspreis1, r.Arbeitspreis2, r.Arbeitspreis3}
	if nr < 1 || nr > len(list) {
		return Betrag{}, false
	}
	return list[nr-1], true
}

// arbeit adds the Rezepturzuschlag: for each further quantity up to the Grundmenge
// half of it again.
func (k *rechner) arbeit(f fassung.Fassung[money.Cent], z Rezeptur) {
	weitere := int64(0)
	if z.Grundmenge > 0 && z.Menge > z.Grundmenge {
		weitere = (z.Menge - 1) / z.Grundmenge
	}
	c := f.Was + money.Ratio(f.Was, weitere*int64(k.r.ArbeitspreisMehrmenge.Was), 100*int64(money.Percent))
	text := f.Was.String()
	if weitere > 0 {
		text = fmt.Sprintf("%s + %d × %s davon: %d bei Grundmenge %d",
			f.Was, weitere, k.r.ArbeitspreisMehrmenge.Was, z.Menge, z.Grundmenge)
	}
	step(k, f, "rezeptur.arbeit", "Rezepturzuschlag", text, c)
	k.zuschlag(c)
}

// ausZuschlaegen ends a preparation, whose net price is the sum of its parts.
func (k *rechner) ausZuschlaegen(m artikel.MwSt) Preis {
	k.p.Netto = k.p.Zuschlag()
	if k.p.Netto > Hoechstbetrag {
		return Preis{Befunde: []befund.Befund{zuGross(k.p.Netto)}}
	}
	k.p.Schritte = append(k.p.Schritte, schritt.Schritt{
		Name: "Preis netto", Text: "Summe der Bestandteile und Zuschläge", Betrag: k.p.Netto, Regel: "preis.netto",
	})
	k.umsatzsteuer(m)
	return k.fertig()
}

func schlechteRezeptur(was string) befund.Befund {
	return befund.Befund{
		Code: "P-104", Schwere: befund.Hindernis, Norm: rezepturNorm,
		Text: "Die Zubereitung lässt sich nicht berechnen; bitte " + was + " prüfen.",
	}
}
