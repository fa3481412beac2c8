// Package abgabe chooses the article to hand over for a prescribed one: the same
// pack, the insurer's Rabattvertrag, one of the cheapest, an import. It orders the
// candidates and gives each its reasons with the norm (SGB V § 129, Rahmenvertrag
// §§ 9 to 14). It proposes; the pharmacist decides.
package abgabe

import (
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Recht is everything abgabe needs of the law of one day.
type Recht struct {
	Preisguenstigste fassung.Fassung[int] // Rahmenvertrag § 12(1): one of the n cheapest

	// § 129(1) S. 1 Nr. 2 SGB V: how much cheaper than its original an import must be
	// to count as preisgünstig. Up to Unten a share, up to Oben an amount, above a share.
	ImportUnten, ImportOben             fassung.Fassung[money.Cent]
	ImportAnteilUnten, ImportAnteilOben fassung.Fassung[money.PPM]
	ImportBetrag                        fassung.Fassung[money.Cent]
}

// Grund is why the order of the Rahmenvertrag need not be followed.
type Grund string

// The reasons. What cannot be had is said per candidate, not here.
const (
	KeinGrund Grund = ""
	Dringend  Grund = "dringend" // Rahmenvertrag § 14(2): acute supply, night service
	Bedenken  Grund = "bedenken" // pharmazeutische or other doubts, § 17(5) ApBetrO
)

// Kandidat is an article that could be handed over.
type Kandidat struct {
	Artikel artikel.Artikel
	Vertrag *zuzahlung.Vertrag // Rabattvertrag of the patient's insurer; nil: none
	Bestand int
	// NichtVerfuegbar says that it was asked for and cannot be had (§ 129(4c) SGB V).
	NichtVerfuegbar bool
}

// Fall is one prescribed line.
type Fall struct {
	Traeger    zuzahlung.Traeger
	Verordnet  kennung.PZN // empty: prescribed by ingredient
	Kreuz      bool        // aut idem excluded by the prescriber
	Grund      Grund
	Kandidaten []Kandidat // articles of the same group, the prescribed one among them
}

// Urteil is the verdict on a candidate.
type Urteil string

// The verdicts, best first.
const (
	Bevorzugt    Urteil = "bevorzugt"
	Erlaubt      Urteil = "erlaubt"
	NichtErlaubt Urteil = "nicht erlaubt"
)

// Vorschlag is one candidate with its verdict.
type Vorschlag struct {
	Kandidat
	Verordnet bool // it is the prescribed article itself
	Urteil    Urteil
	Gruende   []befund.Befund
	// Ziffer is the digit of the Sonderkennzeichen 02567024 that handing this article
	// over needs; 1 if it needs none.
	Ziffer int

	raus bool // out of the question, whatever it costs: not marketable, or not in scope
}

// Ergebnis are the candidates, best first, and what is to be said about all of them.
type Ergebnis struct {
	Vorschlaege []Vorschlag
	Befunde     []befund.Befund
}

// Wahl returns the best candidate that may be handed over; false if there is none.
func (e Ergebnis) Wahl() (Vorschlag, bool) {
	if len(e.Vorschlaege) == 0 || e.Vorschlaege[0].Urteil == NichtErlaubt {
		return Vorschlag{}, false
	}
	return e.Vorschlaege[0], true
}
