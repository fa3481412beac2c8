// Package abrechnung describes what a pharmacy bills for one prescription: the
// Abgabedaten of the DAV, as read or to be written.
package abrechnung

import (
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
)

// Abgabedaten are the lines of one supply.
type Abgabedaten struct {
	Profil     string // "DAV-PR-ERP-AbgabedatenBundle|1.5"
	PKV        bool
	Rezept     string // id of the prescription
	Abgabe     civil.Day
	ApothekeIK string
	// Aenderungen are the keys of the DAV for what the pharmacy changed: 13 shortage …
	Aenderungen     []int
	Zeilen          []Zeile
	Brutto          money.Cent // totalGross
	Gesamtzuzahlung money.Cent
}

// The systems of a line's code.
const (
	SystemPZN  = "pzn"
	SystemSOK  = "sok"
	SystemHMNR = "hmnr"
)

// Zeile is one line. Betrag is of the whole line.
type Zeile struct {
	Nr           int
	System, Code string
	Text         string
	Faktor       int
	Betrag       money.Cent
	MwSt         money.PPM
	// Kosten are Zuzahlung, Mehrkosten and Eigenbeteiligung as stated (categories 0 to 2).
	Kosten   [3]money.Cent
	Attribut Attribute
	Chargen  []string
}

// Attribute are the Zusatzattribute of a line.
type Attribute struct {
	// Markt, Rabattvertrag, Preisguenstig and Import are the keys of groups 1 to 4; -1 if
	// not stated.
	Markt, Rabattvertrag, Preisguenstig, Import int
	Mehrkostenuebernahme                        int // group 5: 1 § 129(4c), 2 Rabattvertrag; 0 none
	Wunsch                                      bool
	Wirkstoff                                   bool
	Ersatz                                      bool
	Befruchtung                                 bool
	Einzelimport                                bool
	Noctu                                       bool
	Angaben                                     string // group 12: free text
	Genehmigung                                 string
	Zuzahlungsstatus                            int // group 15: 0 liable, 1 free; -1 not stated
	Teilmenge                                   bool
	SpenderPZN                                  string
}
