package verkauf

import (
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
)

// ScanErgebnis is what a scan or a typed number led to. With Nr 0 nothing was added:
// Befunde say why, Treffer are what it might have been.
type ScanErgebnis struct {
	Nr      int             // line that was added or raised; 0: none
	PZN     kennung.PZN     // of the product, if the code named one
	Menge   int             // packs added
	Befunde []befund.Befund // advice, also beside an added line
	Treffer []artikel.Artikel
}

// SchalterEingabe are the switches of a cart.
type SchalterEingabe struct {
	Befreit   bool // exemption shown, valid on the day
	Schwanger bool // complaints of pregnancy, delivery: § 24e SGB V
}

// GebuehrEingabe is a fee to add.
type GebuehrEingabe struct {
	SOK    string     // Sonderkennzeichen, eight digits
	Betrag money.Cent // gross; 0: what law says, required where the fee is agreed
	Rezept string     // prescription it belongs to; empty: none
}

// Zahlung is how a cart is paid.
type Zahlung struct {
	Erwartet   money.Cent // what the screen said the patient pays
	Gegeben    money.Cent // cash handed over; 0: exactly what is due
	Karte      money.Cent // part paid by card; the rest is cash
	Bestaetigt []string   // codes of the Warnungen the user has confirmed
}

// BonAnsicht is a Bon as it is shown and printed.
type BonAnsicht struct {
	Bon      bon.Bon
	Summen   bon.Summen
	Steuern  []bon.Steuer // by rate of VAT, of the full gross amounts
	Benutzer string       // name of who sold; the Kuerzel if the name is not known
	Kunde    string       // name of the customer; empty: anonymous or erased
	// Zuzahlung is what the patient has paid as statutory Zuzahlung: the receipt of
	// § 61 S. 4 SGB V. Zero if none or if all of it was waived.
	Zuzahlung money.Cent
	Storniert string      // number of the Storno, empty if none
	Retouren  []string    // numbers of the Retouren
	Mehrfach  []string    // what undid it, if more came back than was sold: see retoure.Mehrfach
	Zurueck   map[int]int // packs already returned, by line
	Geuebt    bool        // paid in practice: nothing was sold
	Stornierbar,
	Retournierbar bool
	TSE string // the state of the technical security device, honestly
}
