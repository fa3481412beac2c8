// Package kassenbeleg says what a Bon is to the tax office: its business cases, VAT keys and
// payments (DSFinV-K 2.4), and the text of them that the TSE signs (Anhang I).
package kassenbeleg

import (
	"cmp"
	"slices"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
)

// Typ is the kind of a record (BON_TYP, DSFinV-K 2.4 Anhang B). AVBelegstorno is not among
// them: with a TSE it is forbidden, a Storno is a Beleg with reversed signs.
type Typ string

// The kinds that a pharmacy writes.
const (
	Beleg          Typ = "Beleg"
	AVTransfer     Typ = "AVTransfer"
	AVBestellung   Typ = "AVBestellung"
	AVTraining     Typ = "AVTraining"
	AVBelegabbruch Typ = "AVBelegabbruch"
	AVSachbezug    Typ = "AVSachbezug"
	AVSonstige     Typ = "AVSonstige"
	AVRechnung     Typ = "AVRechnung"
)

// Zahlart is a means of payment (ZAHLART_TYP, DSFinV-K 2.4 Anhang D).
type Zahlart string

// The means of payment.
const (
	Bar           Zahlart = "Bar"
	Unbar         Zahlart = "Unbar"
	Keine         Zahlart = "Keine"
	ECKarte       Zahlart = "ECKarte"
	Kreditkarte   Zahlart = "Kreditkarte"
	Dienstleister Zahlart = "ElZahlungsdienstleister"
	Guthabenkarte Zahlart = "Guthabenkarte"
)

// The VAT keys (UST_SCHLUESSEL, DSFinV-K 2.4 Anhang H) that a pharmacy needs.
const (
	Allgemein      = 1 // § 12 (1) UStG
	Ermaessigt     = 2 // § 12 (2) UStG
	NichtSteuerbar = 5
	Steuerfrei     = 6
	Nullsatz       = 8 // § 12 (3) UStG
)

// Geschaeft is one business case of a record. Brutto is Netto + Steuer.
type Geschaeft struct {
	Position              int // number of the line it belongs to; 0: to the whole record
	Typ                   bon.Geschaeft
	Name                  string // GV_NAME
	Bezeichnung           string // what stands on the receipt
	Schluessel            int    // UST_SCHLUESSEL
	Satz                  money.PPM
	Menge                 int
	Brutto, Netto, Steuer money.Cent
}

// Zahlung is what was paid by one means.
type Zahlung struct {
	Art    Zahlart
	Name   string // ZAHLART_NAME
	Betrag money.Cent
}

// Kassenbeleg is a record as the tax office sees it. For a Beleg the sum of the business cases
// is the sum of the payments.
type Kassenbeleg struct {
	Typ        Typ
	Geschaefte []Geschaeft
	Zahlungen  []Zahlung

	// Entfernt are business cases that were taken back while the record came about: they are in no
	// sum and not signed, but recorded with their counter-lines (DSFinV-K 4.2.3).
	Entfernt []Geschaeft
}

// Aus reads a Bon. What an insurer pays is a claim that arises: the goods are turnover with
// their VAT at the full price, whoever pays (facts of the supply: § 1 UStG, § 10 UStG), and a
// Forderungsentstehung per insurer takes off what the patient does not pay; or, where the
// Bon says so, a payment. A waived Zuzahlung lowers the price (§ 17 UStG).
func Aus(b bon.Bon) Kassenbeleg {
	k := Kassenbeleg{Typ: typ(b)}
	for _, p := range b.Positionen {
		k.Geschaefte = append(k.Geschaefte, zeile(p)...)
	}
	verteilt(k.Geschaefte)
	for _, p := range b.Entfernt {
		k.Entfernt = append(k.Entfernt, zeile(p)[0])
	}
	for _, t := range traeger(b) {
		if b.Unbar {
			k.Zahlungen = append(k.Zahlungen, Zahlung{Art: Unbar, Name: "Rezept " + t.name, Betrag: t.betrag})
			continue
		}
		k.Geschaefte = append(k.Geschaefte, Geschaeft{
			Typ: bon.Forderung, Name: "Rezept " + t.name, Bezeichnung: "Forderung " + t.name,
			Schluessel: NichtSteuerbar, Menge: 1, Brutto: -t.betrag, Netto: -t.betrag,
		})
	}
	for _, z := range b.Zahlungen {
		k.Zahlungen = append(k.Zahlungen, zahlung(z))
	}
	return k
}

// Summe is what the business cases add up to: UMS_BRUTTO.
func (k Kassenbeleg) Summe() (sum money.Cent) {
	for _, g := range k.Geschaefte {
		sum += g.Brutto
	}
	return sum
}

// Gezahlt is what the payments add up to.
func (k Kassenbeleg) Gezahlt() (sum money.Cent) {
	for _, z := range k.Zahlungen {
		sum += z.Betrag
	}
	return sum
}

// Steuer is what one VAT key adds up to on a record: a row of transactions_vat.
type Steuer struct {
	Schluessel            int
	Satz                  money.PPM
	Brutto, Netto, Betrag money.Cent
}

// Steuern are the sums by key, the lowest key first. The tax is taken out of the sum, not of
// each line: it is what stands on the receipt.
func (k Kassenbeleg) Steuern() []Steuer {
	var list []Steuer
	for _, g := range k.Geschaefte {
		i := slices.IndexFunc(list, func(s Steuer) bool { return s.Schluessel == g.Schluessel })
		if i < 0 {
			list = append(list, Steuer{Schluessel: g.Schluessel, Satz: g.Satz})
			i = len(list) - 1
		}
		list[i].Brutto += g.Brutto
	}
	for i := range list {
		list[i].Betrag = preis.MwStEnthalten(list[i].Brutto, list[i].Satz)
		list[i].Netto = list[i].Brutto - list[i].Betrag
	}
	slices.SortFunc(list, func(a, b Steuer) int { return cmp.Compare(a.Schluessel, b.Schluessel) })
	return list
}
