// Package bon describes a Bon: a finished sale with everything that was computed,
// as it was computed. A Bon never changes; a mistake is undone by another Bon.
package bon

import (
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/karte"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/schritt"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Art is the kind of a Bon.
type Art string

// The kinds.
const (
	Verkauf Art = "verkauf"
	Storno  Art = "storno"  // counter-sale of a whole Bon
	Retoure Art = "retoure" // goods brought back
)

// The kinds of records of the till that are no sale.
const (
	Bewegung   Art = "bewegung"   // cash in or out, without goods
	Abbruch    Art = "abbruch"    // a cart that was dropped before it was paid
	Bestellung Art = "bestellung" // a cart that waits longer than a business day
)

// Bon is a finished sale.
type Bon struct {
	Nummer        string     `json:"nummer"` // "1-000417": till and running number, gapless per till
	Vorgang       string     `json:"vorgang,omitempty"`
	Art           Art        `json:"art"`
	Platz         string     `json:"platz,omitempty"`     // machine it was booked on
	Bezug         string     `json:"bezug,omitempty"`     // number of the Bon it undoes
	BezugTag      civil.Day  `json:"bezug_tag,omitempty"` // civil day of that Bon
	Grund         string     `json:"grund,omitempty"`     // of a Storno or Retoure
	Nacherfassung bool       `json:"nacherfassung,omitempty"`
	Uebung        bool       `json:"uebung,omitempty"` // a line is on a practice prescription
	Beleg         string     `json:"beleg,omitempty"`
	Zeit          int64      `json:"zeit"` // when it happened, UTC nanoseconds
	Tag           civil.Day  `json:"tag"`  // civil day of handing over: decides price and Zuzahlung
	Benutzer      string     `json:"benutzer"`
	Kunde         string     `json:"kunde,omitempty"` // person id
	Katalog       string     `json:"katalog"`         // generation the prices are from
	Positionen    []Position `json:"positionen"`
	Zahlungen     []Zahlung  `json:"zahlungen"`

	// Entfernt are lines taken out before it was finished, at most MaxEntfernt: they are kept for the
	// tax office and count towards nothing (DSFinV-K 4.2.3).
	Entfernt []Position `json:"entfernt,omitempty"`

	// Serie is the KassenSeriennummer of the till; empty: no TSE was set up for it.
	Serie string `json:"serie,omitempty"`
	// Beginn is when the Vorgang began, UTC nanoseconds; 0: with Zeit (§ 6 KassenSichV).
	Beginn int64 `json:"beginn,omitempty"`
	// Transaktion is what the TSE answered to the first line; nil: it had not answered yet.
	Transaktion *tse.Beginn `json:"transaktion,omitempty"`
	// Unbar says that what the insurer pays was booked as a payment, not as a claim.
	Unbar bool `json:"unbar,omitempty"`
	// Lade is the till whose cash a Bewegung moves; empty: that of Nummer.
	Lade string `json:"lade,omitempty"`
	// BarGrund is why money that was paid by card went back in cash; empty: it did not.
	BarGrund string `json:"bar_grund,omitempty"`
	// Ueberzogen is what the drawer had by book after it, if that was below zero and somebody confirmed it.
	Ueberzogen money.Cent `json:"ueberzogen,omitempty"`
	// Programm is the version that booked it; empty: an older one, that did not say so.
	Programm string `json:"programm,omitempty"`
	// Uhr is how the clock stood while it was in doubt; nil: it was not.
	Uhr *Uhr `json:"uhr,omitempty"`
}

// Uhr is a clock in doubt: the till went on with another time than the machine showed.
type Uhr struct {
	Verdacht string `json:"verdacht"`      // as in clock.Verdacht
	Von      string `json:"von,omitempty"` // machine whose time counted; empty: the till went on by itself
	Seit     int64  `json:"seit"`          // since when, by the time that counted then, UTC nanoseconds
	Rechner  int64  `json:"rechner"`       // what the machine showed when this was booked, UTC nanoseconds
	Gilt     int64  `json:"gilt"`          // what counted then
}

// Abstand is how far the machine was ahead of the time that counted, to the second.
func (u Uhr) Abstand() time.Duration { return time.Duration(u.Rechner - u.Gilt).Round(time.Second) }

// Position is one line. Amounts are gross, for the whole line; those of a Storno
// or Retoure are negative.
type Position struct {
	Nr          int         `json:"nr"`
	Art         vorgang.Art `json:"art"`
	PZN         kennung.PZN `json:"pzn,omitempty"`
	SOK         string      `json:"sok,omitempty"`
	Bezeichnung string      `json:"bezeichnung"`
	Packung     string      `json:"packung,omitempty"`
	Menge       int         `json:"menge"`
	Preis       money.Cent  `json:"preis"` // per pack, before discount
	Rabatt      money.Cent  `json:"rabatt,omitempty"`
	Gesamt      money.Cent  `json:"gesamt"` // Preis × Menge − Rabatt
	MwSt        money.PPM   `json:"mwst"`
	Rx          bool        `json:"rx,omitempty"`

	Geschaeft  Geschaeft `json:"geschaeft,omitempty"`  // empty: Umsatz
	Schluessel int       `json:"schluessel,omitempty"` // UST_SCHLUESSEL; 0: follows from MwSt
	// Bezug is what a business case is about: number of the voucher, of the Bon whose credit it
	// is, id of the Vormerkung.
	Bezug string `json:"bezug,omitempty"`

	Zubereitung *preis.Zubereitung `json:"zubereitung,omitempty"` // what a Rezeptur was priced from

	Traeger          zuzahlung.Traeger `json:"traeger,omitempty"` // empty: no prescription
	IK               string            `json:"ik,omitempty"`
	Rezept           string            `json:"rezept,omitempty"`
	Verordnung       int               `json:"verordnung"`
	Person           string            `json:"person,omitempty"`      // id of the patient
	EngpassPZN       kennung.PZN       `json:"engpass_pzn,omitempty"` // prescribed pack that could not be had
	EngpassMenge     int               `json:"engpass_menge,omitempty"`
	NichtVerfuegbar  bool              `json:"nicht_verfuegbar,omitempty"` // § 129(4c) SGB V
	Wunsch           bool              `json:"wunsch,omitempty"`           // Wunscharzneimittel
	TeilMenge        int               `json:"teil_menge,omitempty"`       // units taken from one pack
	TeilVon          int               `json:"teil_von,omitempty"`         // units of that pack
	Zuzahlung        money.Cent        `json:"zuzahlung,omitempty"`
	Mehrkosten       money.Cent        `json:"mehrkosten,omitempty"`
	Eigenbeteiligung money.Cent        `json:"eigenbeteiligung,omitempty"`
	Privat           money.Cent        `json:"privat,omitempty"` // sold without GKV: paid in full
	TraegerZahlt     money.Cent        `json:"traeger_zahlt,omitempty"`
	Kulanz           money.Cent        `json:"kulanz,omitempty"` // Zuzahlung the pharmacy bears
	KulanzGrund      string            `json:"kulanz_grund,omitempty"`
	Abschlag         money.Cent        `json:"abschlag,omitempty"` // § 130 SGB V

	OhneLager bool `json:"ohne_lager,omitempty"` // a returned drug that may not be sold again

	Charge   string            `json:"charge,omitempty"`
	Serie    string            `json:"serie,omitempty"`
	Verfall  civil.Day         `json:"verfall,omitempty"`
	Regel    string            `json:"regel,omitempty"`
	Schritte []schritt.Schritt `json:"schritte,omitempty"`
}

// Patient is what the patient pays for the line. Together with Kulanz and
// TraegerZahlt it is Gesamt.
func (p Position) Patient() money.Cent {
	return p.Zuzahlung + p.Mehrkosten + p.Eigenbeteiligung + p.Privat - p.Kulanz
}

// Zahlungsart is a means of payment.
type Zahlungsart string

// The means.
const (
	Bar   Zahlungsart = "bar"
	Karte Zahlungsart = "karte"
)

// Zahlung is one payment. Betrag counts towards the sum; Gegeben is what was
// handed over in cash.
type Zahlung struct {
	Art     Zahlungsart `json:"art"`
	Betrag  money.Cent  `json:"betrag"`
	Gegeben money.Cent  `json:"gegeben,omitempty"`
	// Beleg is what a card terminal said; nil: cash, or a card that was typed in by hand.
	Beleg *karte.Beleg `json:"kartenbeleg,omitempty"`
}

// Rueckgeld is the change of all cash payments.
func (b Bon) Rueckgeld() money.Cent {
	var sum money.Cent
	for _, z := range b.Zahlungen {
		if z.Gegeben > 0 {
			sum += z.Gegeben - z.Betrag
		}
	}
	return sum
}

// Summen are the totals of a Bon.
type Summen struct {
	Gesamt, Zuzahlung, Mehrkosten, Eigenbeteiligung, Privat, Kulanz, TraegerZahlt, Patient, Rabatt money.Cent
}

// Summen adds the lines up.
func (b Bon) Summen() Summen { return Sum(b.Positionen) }

// Sum adds lines up.
func Sum(list []Position) Summen {
	var s Summen
	for _, p := range list {
		s.Gesamt += p.Gesamt
		s.Zuzahlung += p.Zuzahlung
		s.Mehrkosten += p.Mehrkosten
		s.Eigenbeteiligung += p.Eigenbeteiligung
		s.Privat += p.Privat
		s.Kulanz += p.Kulanz
		s.TraegerZahlt += p.TraegerZahlt
		s.Patient += p.Patient()
		s.Rabatt += p.Rabatt
	}
	return s
}
