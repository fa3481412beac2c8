// Package vorgang describes a Vorgang: what lies on the counter before it is paid,
// the cart. It holds inputs only; prices are computed anew whenever it is looked at.
package vorgang

import (
	"slices"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
)

// Zustand is the state of a Vorgang.
type Zustand string

// The states. Bezahlt and Verworfen are final.
const (
	Offen     Zustand = "offen"
	Geparkt   Zustand = "geparkt"
	Bezahlt   Zustand = "bezahlt"
	Verworfen Zustand = "verworfen"
)

// Kopf is the head of a Vorgang: everything that is not a line.
type Kopf struct {
	Platz     string   `json:"platz"`  // node that owns it
	Epoche    int      `json:"epoche"` // rises when another node takes it over
	Zustand   Zustand  `json:"zustand"`
	Kunde     string   `json:"kunde,omitempty"`     // person id; empty: anonymous
	Rezepte   []string `json:"rezepte,omitempty"`   // ids of the prescriptions it serves
	Befreit   bool     `json:"befreit,omitempty"`   // shown exemption, valid on the day
	Schwanger bool     `json:"schwanger,omitempty"` // § 24e SGB V
	Notiz     string   `json:"notiz,omitempty"`     // of a parked Vorgang
	// Geschehen is the true time, UTC nanoseconds, of a sale made by hand in an
	// outage that is entered afterwards (Nacherfassung); zero otherwise.
	Geschehen int64     `json:"geschehen,omitempty"`
	Beleg     string    `json:"beleg,omitempty"` // number of the handwritten slip
	Tag       civil.Day `json:"tag"`             // day the prices shown belong to
}

// Vorgang is a cart.
type Vorgang struct {
	ID       string `json:"id"`
	Version  int    `json:"version"` // rises with each change
	Benutzer string `json:"benutzer"`
	Kopf
	Positionen []Position `json:"positionen"`
}

// Art is the kind of a line.
type Art string

// The kinds of line.
const (
	Artikel  Art = "artikel"
	Gebuehr  Art = "gebuehr"  // a fee with its Sonderkennzeichen
	Rezeptur Art = "rezeptur" // a preparation, price entered or computed

	// Geschaeft is a business case that is no goods: a voucher, a credit, a prepayment.
	Geschaeft Art = "geschaeft"
)

// Position is one line of a Vorgang.
type Position struct {
	Nr    int         `json:"nr"` // stable within the Vorgang
	Art   Art         `json:"art"`
	PZN   kennung.PZN `json:"pzn,omitempty"`
	Menge int         `json:"menge"` // packs, 1–999

	SOK         string     `json:"sok,omitempty"`         // of a fee or Rezeptur
	Bezeichnung string     `json:"bezeichnung,omitempty"` // of what has no PZN
	Betrag      money.Cent `json:"betrag,omitempty"`      // gross, of what has no catalogue price

	// Zubereitung is what a Rezeptur is made of: the law prices it. Nil: its Betrag is
	// stated, as contract has it.
	Zubereitung *preis.Zubereitung `json:"zubereitung,omitempty"`

	// Geschaeft is the business case of a line of that kind (GV_TYP, DSFinV-K 2.4 Anhang C), Bezug
	// what it is about: number of the voucher, of the Bon that is paid, id of the Vormerkung.
	Geschaeft string `json:"geschaeft,omitempty"`
	Bezug     string `json:"bezug,omitempty"`
	// Satz is the VAT of the goods that a prepayment is for.
	Satz money.PPM `json:"satz,omitempty"`

	Rezept     string `json:"rezept,omitempty"` // id; empty: sold without prescription
	Verordnung int    `json:"verordnung"`       // index of the line of that prescription

	Preis  *money.Cent `json:"preis,omitempty"`  // price given by hand, not for Rx
	Rabatt money.PPM   `json:"rabatt,omitempty"` // discount on non-Rx
	Kulanz string      `json:"kulanz,omitempty"` // reason for waiving the Zuzahlung

	NichtVerfuegbar bool        `json:"nicht_verfuegbar,omitempty"` // § 129(4c) SGB V
	Wunsch          bool        `json:"wunsch,omitempty"`           // Wunscharzneimittel
	EngpassPZN      kennung.PZN `json:"engpass_pzn,omitempty"`      // prescribed pack that could not be had
	EngpassMenge    int         `json:"engpass_menge,omitempty"`
	TeilMenge       int         `json:"teil_menge,omitempty"` // units taken from one pack
	TeilVon         int         `json:"teil_von,omitempty"`   // units of that pack

	Charge  string    `json:"charge,omitempty"` // from the pack's code
	Serie   string    `json:"serie,omitempty"`
	Verfall civil.Day `json:"verfall,omitempty"`
}

// Find returns the line with the number, or nil.
func (v *Vorgang) Find(nr int) *Position {
	for i := range v.Positionen {
		if v.Positionen[i].Nr == nr {
			return &v.Positionen[i]
		}
	}
	return nil
}

// NextNr returns the number for a new line.
func (v *Vorgang) NextNr() int {
	next := 1
	for _, p := range v.Positionen {
		next = max(next, p.Nr+1)
	}
	return next
}

// HatGebuehr says whether the fee stands in the Vorgang for the prescription; empty: for none.
func (v *Vorgang) HatGebuehr(sok, rezept string) bool {
	return slices.ContainsFunc(v.Positionen, func(p Position) bool { return p.SOK == sok && p.Rezept == rezept })
}
