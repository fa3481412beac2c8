package rechte

import (
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/haus"
)

// Posten is a line of a cart that is about to be sold.
type Posten struct {
	Artikel  artikel.Artikel // zero for fees and Rezepturen
	Position vorgang.Position
	Rechnung bon.Position
}

// Verkauf holds a sale to what the actor may sell (ApBetrO § 3(5)) and to the amount by
// which he may change prices.
func Verkauf(rows journal.Rows, actor string, list []Posten, day civil.Day) error {
	tat := berechtigung.Freiverkauf
	var change money.Cent
	for _, p := range list {
		if p.Artikel.Apothekenpflichtig || p.Artikel.Verschreibungspflichtig || p.Position.Rezept != "" ||
			p.Position.Art == vorgang.Rezeptur {
			tat = berechtigung.Abgeben
		}
		change += p.Rechnung.Rabatt + p.Rechnung.Kulanz + p.override()
	}
	if err := Fordern(rows, actor, tat, 0, day); err != nil || change == 0 {
		return err
	}
	return Fordern(rows, actor, berechtigung.Preis, change, day)
}

// override is by how much a price by hand differs from the one on file; where there is
// none, somebody must enter one.
func (p Posten) override() money.Cent {
	is := p.Artikel.FreierPreis()
	if p.Position.Preis == nil || is == 0 {
		return 0
	}
	d := *p.Position.Preis - is
	return max(d, -d) * money.Cent(p.Position.Menge)
}

// Umkehr holds Storno and Retoure to what the actor may undo.
func Umkehr(rows journal.Rows, actor string, b bon.Bon, day civil.Day) error {
	var sum money.Cent
	for _, p := range b.Positionen {
		sum += max(p.Gesamt, -p.Gesamt)
	}
	return Fordern(rows, actor, berechtigung.Storno, sum, day)
}

// Gebucht is the Bon as events: in practice a record that is no sale; with a sale, what is still
// to be signed of a dispensing on prescription by somebody who may not sign it (ApBetrO § 17(6)).
func Gebucht(rows journal.Rows, actor string, b bon.Bon, day civil.Day) ([]journal.Event, error) {
	practice, err := uebung(rows, b)
	if err != nil || practice {
		return []journal.Event{event.BelegGebucht{Bon: b}}, err
	}
	list := []journal.Event{event.VerkaufAbgeschlossen{Bon: b}}
	if b.Art != bon.Verkauf || !verordnet(b) {
		return list, nil
	}
	sign, err := Check(rows, actor, berechtigung.Abzeichnen, 0, day)
	if err == nil && !sign.Erlaubt {
		list = append(list, event.AbzeichnungOffen{Bon: b.Nummer, Kuerzel: actor, Tag: b.Tag})
	}
	return list, err
}

// uebung says whether a Bon is booked without effect: its till practises. A practice
// prescription alone does not make it so (ADR 0031).
func uebung(rows journal.Rows, b bon.Bon) (bool, error) {
	till, _, err := bons.Split(b.Nummer)
	if err != nil || !b.Uebung {
		return false, err
	}
	return haus.Uebungsbetrieb(rows, till)
}

func verordnet(b bon.Bon) bool {
	for _, p := range b.Positionen {
		if p.Rx || p.Rezept != "" {
			return true
		}
	}
	return false
}
