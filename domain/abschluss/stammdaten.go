package abschluss

import (
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/tse"
)

// Stammdaten are the master data of a closing, frozen with it (DSFinV-K 2.4 Nr. 3.2).
type Stammdaten struct {
	Betrieb Betrieb      `json:"betrieb"`
	Geraet  Geraet       `json:"geraet"`
	TSE     []tse.Geraet `json:"tse,omitempty"` // that signed for its records; none: no TSE was set up
	Saetze  []Satz       `json:"saetze"`
}

// Betrieb is who runs the till, and where: cashpointclosing.csv and location.csv.
type Betrieb struct {
	Name         string `json:"name"`
	Strasse      string `json:"strasse"`
	PLZ          string `json:"plz"`
	Ort          string `json:"ort"`
	Land         string `json:"land"` // ISO 3166 alpha-3: "DEU"
	Steuernummer string `json:"steuernummer,omitempty"`
	USTID        string `json:"ustid,omitempty"` // USt-IdNr., § 27a UStG
}

// Geraet is the till as a machine: cashregister.csv.
type Geraet struct {
	Marke    string `json:"marke"`    // KASSE_BRAND
	Modell   string `json:"modell"`   // KASSE_MODELL
	Serie    string `json:"serie"`    // KASSE_SERIENNR: what the TSE knows it as
	Software string `json:"software"` // KASSE_SW_BRAND
	Fassung  string `json:"fassung"`  // KASSE_SW_VERSION
}

// Satz is a VAT key with its rate: a row of vat.csv.
type Satz struct {
	Schluessel   int       `json:"schluessel"`
	Satz         money.PPM `json:"satz"`
	Beschreibung string    `json:"beschreibung"` // UST_BESCHR
}
