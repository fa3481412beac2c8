package offeneposten

import (
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection"
)

// Find returns an item by the business case that began it and its number; false if there is none.
func Find(rows journal.Rows, g bon.Geschaeft, nummer string) (Posten, bool, error) {
	return projection.Get[Posten](rows, table, "p/"+string(g)+"/"+nummer)
}

// List returns all items that a business case began, in order of number.
func List(rows journal.Rows, g bon.Geschaeft) ([]Posten, error) {
	var list []Posten
	each := func(_ string, p Posten) (bool, error) {
		list = append(list, p)
		return true, nil
	}
	return list, projection.Each(rows, table, journal.Prefix("p/"+string(g)+"/"), each)
}

// Bewegungen returns what was done to an item, in order.
func Bewegungen(rows journal.Rows, g bon.Geschaeft, nummer string) ([]Bewegung, error) {
	var list []Bewegung
	each := func(_ string, m Bewegung) (bool, error) {
		list = append(list, m)
		return true, nil
	}
	return list, projection.Each(rows, table, journal.Prefix("b/"+string(g)+"/"+nummer+"/"), each)
}

// Kunde returns the items of a customer, settled ones too.
func Kunde(rows journal.Rows, id string, g bon.Geschaeft) ([]Posten, error) {
	return keyed(rows, "k/"+id+"/"+string(g)+"/")
}

// Kredit is what a customer owes.
func Kredit(rows journal.Rows, id string) (sum money.Cent, err error) {
	list, err := Kunde(rows, id, bon.Forderung)
	for _, p := range list {
		sum += p.Offen
	}
	return sum, err
}

// Ueberzogen returns the items from which more was taken than was on them.
func Ueberzogen(rows journal.Rows) ([]Posten, error) { return keyed(rows, "x/") }

func keyed(rows journal.Rows, prefix string) ([]Posten, error) {
	var keys []string
	each := func(_ string, key string) (bool, error) {
		keys = append(keys, key)
		return true, nil
	}
	if err := projection.Each(rows, table, journal.Prefix(prefix), each); err != nil {
		return nil, err
	}
	var list []Posten
	for _, key := range keys {
		p, _, err := projection.Get[Posten](rows, table, "p/"+key)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}
