// Package rezeptur judges a preparation as it is entered, before it is a line of a cart:
// what it is billed as and what it may be made of. Package preis prices it.
package rezeptur

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/internal/fault"
)

// The Sonderkennzeichen of preparations that bear another Kassenabschlag (TA1 Anhang 1
// and 2).
const (
	SOK              = "09999011" // § 5(3) AMPreisV
	SOKUnverarbeitet = "06460702" // § 4 AMPreisV
	SOKParenteral    = "09999092" // § 5(6) AMPreisV, Hilfstaxe Anlage 3
)

// The limits of a preparation.
const (
	MaxBestandteile = 12
	maxName         = 100       // characters of an ingredient
	maxMenge        = 1_000_000 // of the whole, and the parts a pack is divided into
	maxPreis        = money.Cent(9_999_999)
)

// Eingabe is a preparation with its composition or, where contract or Hilfstaxe set it,
// with its price; never with both.
type Eingabe struct {
	Rezept      string
	Verordnung  int
	Bezeichnung string
	SOK         string             // of a stated price; empty: 09999011
	Betrag      money.Cent         // gross; 0: the composition is priced by law
	Zubereitung *preis.Zubereitung // its Sonderkennzeichen follows from the work
}

// Check returns the Sonderkennzeichen of a preparation; an error if it is none. What the
// law says of the composition is a Befund of the line.
func (in Eingabe) Check() (string, error) {
	z := in.Zubereitung
	switch {
	case z != nil && (in.Betrag != 0 || in.SOK != ""):
		return "", fault.New(fault.Invalid, "V-142",
			"Zusammensetzung und fester Preis schließen sich aus – lassen Sie eines von beiden leer.", nil)
	case in.Bezeichnung == "" || len(in.Bezeichnung) > 200 || z == nil && (in.Betrag < 1 || in.Betrag > maxPreis):
		return "", fault.New(fault.Invalid, "V-114",
			"Bezeichnung und Preis der Rezeptur fehlen oder sind zu groß.", nil)
	case z != nil:
		return check(*z)
	}
	switch in.SOK {
	case "":
		return SOK, nil
	case SOK, SOKUnverarbeitet, SOKParenteral:
		return in.SOK, nil
	}
	return "", fault.New(fault.Invalid, "V-139",
		"Dieses Sonderkennzeichen gehört zu keiner Rezeptur – möglich sind 09999011, 06460702 und 09999092.", nil)
}

func check(z preis.Zubereitung) (sok string, err error) {
	is := func(a preis.Arbeitsart) bool { return a.Arbeit == z.Arbeit }
	switch {
	case !slices.ContainsFunc(preis.Arbeiten(preis.Recht{}), is):
		return "", fault.New(fault.Invalid, "V-143",
			"Wählen Sie die Arbeit der Rezeptur aus der Liste – nach ihr richtet sich der Rezepturzuschlag.", nil)
	case z.Menge < 0 || z.Menge > maxMenge || z.Menge == 0 && z.Arbeit != preis.Unverarbeitet:
		return "", fault.New(fault.Invalid, "V-144",
			"Die Menge der Rezeptur fehlt oder ist zu groß – geben Sie ganze Gramm oder Stück an, 1 bis 1.000.000.", nil)
	case len(z.Bestandteile) < 1 || len(z.Bestandteile) > MaxBestandteile:
		return "", fault.New(fault.Invalid, "V-145",
			"Eine Rezeptur hat 1 bis 12 Bestandteile mit Einkaufspreis – tragen Sie auch das Gefäß ein.", nil)
	}
	for i, b := range z.Bestandteile {
		if b.Name == "" || utf8.RuneCountInString(b.Name) > maxName || b.EK < 0 || b.EK > maxPreis || !teil(b) {
			return "", fault.New(fault.Invalid, "V-146", fmt.Sprintf(
				"Bestandteil %d: Geben Sie Name (bis 100 Zeichen) und Einkaufspreis (bis 99.999,99 €) an, "+
					"dazu nichts oder den Teil der Packung, etwa 30 von 100.", i+1), nil)
		}
	}
	if z.Arbeit == preis.Unverarbeitet {
		return SOKUnverarbeitet, nil
	}
	return SOK, nil
}

// teil reports whether the share of the pack is one: none stated is the whole pack.
func teil(b preis.Bestandteil) bool {
	return b.Teil == 0 && b.Ganz == 0 || b.Teil >= 1 && b.Teil <= b.Ganz && b.Ganz <= maxMenge
}
