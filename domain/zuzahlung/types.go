// Package zuzahlung computes what a patient pays for a dispensed line: the
// statutory Zuzahlung (§§ 31, 33, 61, 62 SGB V), the Mehrkosten above the
// Festbetrag and any other Eigenbeteiligung, each with its reason. The three are
// kept apart for ever: DAV KostenVersicherter categories 0, 1 and 2.
package zuzahlung

import (
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/schritt"
)

// Traeger is the kind of payer (Kostenträger).
type Traeger string

// The kinds of payer.
const (
	GKV          Traeger = "GKV"
	PKV          Traeger = "PKV"
	BG           Traeger = "BG"     // accident insurer, Unfallkasse
	SKT          Traeger = "SKT"    // sonstige Kostenträger: Heilfürsorge, Bundeswehr, Bundespolizei
	Pflege       Traeger = "PFLEGE" // Pflegekasse
	Selbstzahler Traeger = "SEL"
)

// Privat reports whether the patient pays and settles with the insurer, if any.
func (t Traeger) Privat() bool { return t == PKV || t == Selbstzahler }

// Recht is everything zuzahlung needs of the law of one day.
type Recht struct {
	Anteil              fassung.Fassung[money.PPM]  // § 61: 10 %
	Mindest, Hoechst    fassung.Fassung[money.Cent] // § 61, per pack
	VerbrauchHoechst    fassung.Fassung[money.Cent] // § 33(8) S. 3: cap per month
	EinmalBeiEngpass    fassung.Fassung[bool]       // § 61 S. 5/6: once on the reference pack
	BefruchtungAnteil   fassung.Fassung[money.PPM]  // § 27a(3): 50 % Eigenanteil
	PG54Pauschale       fassung.Fassung[money.Cent] // Pflegehilfsmittel PG 54, month
	PG51Hoechst         fassung.Fassung[money.Cent] // § 40(3) SGB XI cap
	Geheimpreis         fassung.Fassung[bool]       // § 130b(1c): transmitted amount counts
	Altersgrenze        fassung.Fassung[int]        // free below this age in years
	OhneHomoeopathie    fassung.Fassung[bool]       // GKV-BStabG: no longer at GKV cost
	OhneCannabisblueten fassung.Fassung[bool]
	AbschlagRx          fassung.Fassung[money.Cent] // § 130(1): Kassenabschlag per Rx pack, gross
	AbschlagSonst       fassung.Fassung[money.PPM]  // § 130(2): 5 %
}

// Vertrag is the Rabattvertrag of the patient's insurer for the pack.
type Vertrag struct {
	Faktor             int  `json:"faktor"` // Zuzahlung in per cent: 100, 50 or 0
	MehrkostenErlassen bool `json:"mehrkosten_erlassen"`
}

// Referenz is the pack that was prescribed and could not be supplied.
type Referenz struct {
	AVP, Festbetrag money.Cent // gross, per pack; Festbetrag 0 if none
	Packungen       int

	Zuzahlungsfrei bool       // the prescribed pack is on the list of § 31(3) S. 4
	Vertrag        *Vertrag   // Rabattvertrag of the prescribed pack; nil: none
	Bereits        money.Cent // Zuzahlung already taken on other lines of the same exchange
}

// Fall is one dispensed line: everything on which the patient's payment depends.
type Fall struct {
	Tag      civil.Day // day of handing over
	Traeger  Traeger
	Art      artikel.Art
	Rezeptur bool // a Rezeptur or another preparation without PZN

	AVP                money.Cent // gross per pack; of a Rezeptur the total
	Festbetrag         money.Cent // gross per pack; 0 if none
	Packungen          int        // at least 1
	TeilVon, TeilMenge int        // Auseinzelung/Teilmenge: TeilMenge of TeilVon units; 0 if whole packs

	Rx                  bool
	Geburt              civil.Day // zero: not known
	Befreit             bool      // Befreiungsbescheid valid on the day, or StatusCoPayment 1
	Schwanger           bool      // complaints of pregnancy, delivery: § 24e
	Arbeitsunfall       bool      // BG, Berufskrankheit
	Befruchtung         bool      // StatusCoPayment 2: § 27a
	Ersatzverordnung    bool      // § 31(3) S. 7, after a recall
	Sprechstundenbedarf bool
	Zuzahlungsfrei      bool       // list of § 31(3) S. 4
	Vertrag             *Vertrag   // nil: no Rabattvertrag
	NichtVerfuegbar     bool       // § 129(4c): no drug at Festbetrag or contract available
	Engpass             *Referenz  // § 61 S. 5/6: exchanged for other packs or a Teilmenge
	Wunsch              bool       // Wunscharzneimittel § 129(1) S. 5: patient pays all
	Geheimpreis         money.Cent // § 130b(1c): transmitted Zuzahlung per pack; 0 if none

	// FestbetragAus and ZuzahlungsfreiAus name the list that says so, for the steps; empty: the
	// catalogue itself.
	FestbetragAus, ZuzahlungsfreiAus string

	// MonatBereits is what this month already used up: of a Hilfsmittel zum Verbrauch
	// the Zuzahlung paid, of a Pflegehilfsmittel PG 54 the part of the lump sum.
	MonatBereits                    money.Cent
	Beihilfe                        bool // Pflegehilfsmittel with Beihilfe: half each
	OTCErstattungsfaehig            bool // non-Rx at GKV cost (child, Anlage I)
	Homoeopathisch, Cannabisblueten bool

	Parenteral     bool // preparation of § 5(6) AMPreisV: no Kassenabschlag
	Unverarbeitet  bool // Rezeptur of § 4 AMPreisV, an unprocessed substance: Abschlag in per cent
	Entschaedigung bool // soziale Entschädigung (SGB XIV, formerly BVG): no Zuzahlung
	AutIdemKreuz   bool // BG only: the prescriber insists on the dearer drug, no Mehrkosten
	Produktgruppe  int  // of a Pflegehilfsmittel: 54 zum Verbrauch, 50 to 52 technical; 0 not known
}

// Ergebnis is what the patient pays and why. All amounts are for the whole line.
// Patient = Zuzahlung + Mehrkosten + Eigenbeteiligung; Patient + TraegerZahlt =
// line total.
type Ergebnis struct {
	Zuzahlung        money.Cent        `json:"zuzahlung"`
	Mehrkosten       money.Cent        `json:"mehrkosten"`
	Eigenbeteiligung money.Cent        `json:"eigenbeteiligung"`
	TraegerZahlt     money.Cent        `json:"traeger_zahlt"`
	Gesamt           money.Cent        `json:"gesamt"`
	Abschlag         money.Cent        `json:"abschlag"` // Kassenabschlag § 130, whole line
	Regel            string            `json:"regel"`    // id of the rule that decided: "befreit", "mindest", "anteil" …
	Schritte         []schritt.Schritt `json:"schritte"`
	Befunde          []befund.Befund   `json:"befunde,omitempty"`
	// Privat says that the line is no business of a Kostenträger: the patient pays the
	// pharmacy the full price (PKV, Selbstzahler, Wunscharzneimittel, excluded goods).
	Privat bool `json:"privat,omitempty"`
}

// Patient is the sum the patient pays.
func (e Ergebnis) Patient() money.Cent { return e.Zuzahlung + e.Mehrkosten + e.Eigenbeteiligung }

// KostenVersicherter returns the DAV categories 0, 1 and 2 as Abgabedaten state
// them: all zero where the patient pays privately.
func (e Ergebnis) KostenVersicherter() [3]money.Cent {
	if e.Privat {
		return [3]money.Cent{}
	}
	return [3]money.Cent{e.Zuzahlung, e.Mehrkosten, e.Eigenbeteiligung}
}
