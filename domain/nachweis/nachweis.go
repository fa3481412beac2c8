// Package nachweis is the statement of what an insured person paid as Zuzahlung in a calendar
// year: the insurer needs it for the Belastungsgrenze (SGB V § 62, § 61 Satz 4).
package nachweis

import (
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Zeile is what one Bon counts for a person.
type Zeile struct {
	Nummer string     `json:"nummer"`
	Tag    civil.Day  `json:"tag"`
	Art    bon.Art    `json:"art"`
	Betrag money.Cent `json:"betrag"` // below zero: paid back
}

// Nachweis is the statement of a year.
type Nachweis struct {
	Apotheke  quittung.Apotheke
	Name      string
	Geburt    civil.Day
	KVNR      string
	Anschrift string
	Jahr      int
	Zeilen    []Zeile   // by day
	Erstellt  civil.Day // the year may not be over
}

// Summe is what was paid in the year.
func (n Nachweis) Summe() (sum money.Cent) {
	for _, z := range n.Zeilen {
		sum += z.Betrag
	}
	return sum
}

// Aus returns what a Bon counts for each person. Only the Zuzahlung of the GKV counts that the
// patient paid: no Mehrkosten, no Eigenbeteiligung, nothing that was waived, no practice.
func Aus(b bon.Bon) map[string]Zeile {
	if b.Uebung || b.Art != bon.Verkauf && b.Art != bon.Storno && b.Art != bon.Retoure {
		return nil
	}
	list := map[string]Zeile{}
	for _, p := range b.Positionen {
		if p.Person == "" || p.Traeger != zuzahlung.GKV || p.Zuzahlung == p.Kulanz {
			continue
		}
		z := list[p.Person]
		z.Nummer, z.Tag, z.Art = b.Nummer, b.Tag, b.Art
		z.Betrag += p.Zuzahlung - p.Kulanz
		list[p.Person] = z
	}
	return list
}
