// Package retoure says which lines of a Bon come back, and as what they are booked.
package retoure

import (
	"fmt"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/fault"
)

// Zeile is how much of a line of a Bon comes back.
type Zeile struct {
	Nr        int  // line of the Bon
	Menge     int  // packs
	OhneLager bool // may not be sold again; for Rx drugs always
}

// Bisher counts the packs that came back, by line.
func Bisher(undoing []bon.Bon) map[int]int {
	n := map[int]int{}
	for _, u := range undoing {
		for _, p := range u.Positionen {
			n[p.Nr] -= p.Menge
		}
	}
	return n
}

// Mehrfach are the numbers of what undid a Bon, if more came back than was sold: two machines undid it in the same
// moment, or while they did not reach each other. nil: it did not.
func Mehrfach(old bon.Bon, undoing []bon.Bon) (list []string) {
	back, more, whole := Bisher(undoing), false, false
	for _, p := range old.Positionen {
		more = more || p.Menge > 0 && back[p.Nr] > p.Menge
	}
	for _, u := range undoing {
		list, whole = append(list, u.Nummer), whole || u.Art == bon.Storno
	}
	if more || whole && len(undoing) > 1 {
		return list
	}
	return nil
}

// Zurueck makes the lines of a Retoure; before is how many packs of each line came back already.
// The faults are V-405 to V-408.
func Zurueck(old bon.Bon, zeilen []Zeile, before map[int]int) ([]bon.Position, error) {
	var list []bon.Position
	seen := map[int]bool{}
	for _, z := range zeilen {
		if z.Menge == 0 {
			continue
		}
		p, ok := line(old, z.Nr)
		switch rest := p.Menge - before[z.Nr]; {
		case !ok || seen[z.Nr]:
			return nil, fault.New(fault.Invalid, "V-405",
				"Diese Zeile hat der Bon nicht, oder sie ist doppelt genannt – wählen Sie neu.", nil)
		case !p.Retournierbar():
			return nil, fault.New(fault.Denied, "V-406",
				"Gebühren und Rezepturen lassen sich nicht zurücknehmen – nur Artikel.", nil)
		case z.Menge < 0 || z.Menge > rest:
			return nil, fault.New(fault.Invalid, "V-407", fmt.Sprintf(
				"Von dieser Zeile können noch %d Packungen zurückkommen.", rest), nil)
		}
		seen[z.Nr] = true
		q := p.Retoure(before[z.Nr], z.Menge)
		q.OhneLager = z.OhneLager || p.Rx // a drug that left the pharmacy is not sold again
		list = append(list, q)
	}
	if len(list) == 0 {
		return nil, fault.New(fault.Invalid, "V-408",
			"Es ist nichts zum Zurücknehmen gewählt – geben Sie bei einer Zeile die Menge ein.", nil)
	}
	return list, nil
}

func line(b bon.Bon, nr int) (bon.Position, bool) {
	for _, p := range b.Positionen {
		if p.Nr == nr {
			return p, true
		}
	}
	return bon.Position{}, false
}
