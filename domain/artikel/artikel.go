// Package artikel describes what a pharmacy sells. The catalogue delivers
// articles; price and patient payment are computed from them.
package artikel

import (
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
)

// Art is the kind of an article, as far as law tells kinds apart.
type Art string

// The kinds of article.
const (
	Arzneimittel            Art = "arzneimittel"
	Impfstoff               Art = "impfstoff"
	Teststreifen            Art = "teststreifen"
	Hilfsmittel             Art = "hilfsmittel"
	HilfsmittelZumVerbrauch Art = "hilfsmittel-verbrauch"
	Pflegehilfsmittel       Art = "pflegehilfsmittel"
	Verbandmittel           Art = "verbandmittel"
	Medizinprodukt          Art = "medizinprodukt"
	Freiwahl                Art = "freiwahl" // cosmetics, food, sundries
)

// Status is the distribution state of an article.
type Status string

// The states; only Verkehr can be ordered.
const (
	Verkehr        Status = "verkehr"
	AusserVertrieb Status = "ausser-vertrieb"
	Rueckruf       Status = "rueckruf"
)

// MwSt is the VAT class of an article (ABDATA ID 37); the rate follows from the day.
type MwSt int

// The VAT classes.
const (
	MwStVoll MwSt = 1 + iota
	MwStErmaessigt
	MwStOhne
)

// Artikel is one pack. Amounts are cents; net or gross as stated; zero means
// "not stated by the catalogue".
type Artikel struct {
	PZN              kennung.PZN `json:"pzn"`
	Name             string      `json:"name"`
	Hersteller       string      `json:"hersteller"`
	Darreichungsform string      `json:"darreichungsform"` // KBV code: TAB, FTA, SAF …
	Menge            string      `json:"menge"`            // "20", "10X3", "15"
	Einheit          string      `json:"einheit"`          // "St", "ml", "g"
	Normgroesse      string      `json:"normgroesse"`      // N1 N2 N3 KA KTP NB or empty
	ATC              string      `json:"atc"`
	Wirkstoff        string      `json:"wirkstoff"`
	Wirkstaerke      string      `json:"wirkstaerke"` // "400 mg"
	Art              Art         `json:"art"`
	Status           Status      `json:"status"`

	ApU        money.Cent `json:"apu"`        // net
	AEP        money.Cent `json:"aep"`        // net
	AVP        money.Cent `json:"avp"`        // gross; by law for Rx, else the price for the GKV (§ 129(5a))
	UVP        money.Cent `json:"uvp"`        // gross; the free price of what is not Rx
	Festbetrag money.Cent `json:"festbetrag"` // gross
	MwSt       MwSt       `json:"mwst"`

	Verschreibungspflichtig bool   `json:"rx"`
	Apothekenpflichtig      bool   `json:"apothekenpflichtig"`
	Zuzahlungsfrei          bool   `json:"zuzahlungsfrei"` // list of § 31(3) S. 4 SGB V, flag 88
	BtM                     bool   `json:"btm"`
	TRezept                 bool   `json:"t_rezept"`
	Kuehlkette              bool   `json:"kuehlkette"`
	Import                  bool   `json:"import"`
	Negativliste            bool   `json:"negativliste"`
	Lifestyle               bool   `json:"lifestyle"`
	Homoeopathisch          bool   `json:"homoeopathisch"` // also anthroposophic
	Cannabisblueten         bool   `json:"cannabisblueten"`
	OTCAusnahme             bool   `json:"otc_ausnahme"`       // AM-RL Anlage I
	Lagerung                string `json:"lagerung,omitempty"` // "2–8 °C"

	// Geheimpreis is the transmitted Zuzahlung of a drug with a secret price
	// (§ 130b(1c) SGB V, field I6); zero if it has none.
	Geheimpreis money.Cent `json:"geheimpreis,omitempty"`
	// FestbetragAus and ZuzahlungsfreiAus name the official list that says so, if it was not
	// the source of the catalogue: "Festbetragsliste ab 01.12.2026".
	FestbetragAus     string `json:"festbetrag_aus,omitempty"`
	ZuzahlungsfreiAus string `json:"zuzahlungsfrei_aus,omitempty"`
	// ImportVon is the PZN of the original of an import.
	ImportVon kennung.PZN `json:"import_von,omitempty"`
	// GTIN is the code on the pack of what carries no PZN; empty where it is not known.
	GTIN kennung.GTIN `json:"gtin,omitempty"`
	// EigenerPreis is the price of the pharmacy, gross, instead of the UVP; zero: none. A
	// catalogue never states it.
	EigenerPreis money.Cent `json:"eigener_preis,omitempty"`
}

// Packung formats the pack for people: "20 St N1".
func (a Artikel) Packung() string {
	s := a.Menge + " " + a.Einheit
	if a.Normgroesse != "" {
		s += " " + a.Normgroesse
	}
	return s
}

// Verkaufspreis is the gross price at the till without a prescription for the
// GKV: the AVP of an Rx drug, else the free price (AVP where there is none).
func (a Artikel) Verkaufspreis() money.Cent {
	if p := a.FreierPreis(); p != 0 && !a.Verschreibungspflichtig {
		return p
	}
	return a.AVP
}

// FreierPreis is the gross price that the pharmacy asks where it sets the price alone: its
// own, else the UVP; zero where neither is stated. It says nothing of Rx drugs, and a sale
// at the expense of the GKV keeps the price of the law.
func (a Artikel) FreierPreis() money.Cent {
	if a.EigenerPreis != 0 {
		return a.EigenerPreis
	}
	return a.UVP
}
