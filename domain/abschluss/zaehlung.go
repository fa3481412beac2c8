package abschluss

import (
	"errors"
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/money"
)

// Nennwerte are the coins and notes in euro, in cents, the highest first. The note of 500 € is
// issued no more and stays legal tender.
func Nennwerte() []money.Cent {
	return []money.Cent{50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1}
}

// MaxStueck is the most of one coin or note that a count holds.
const MaxStueck = 99_999

// Stueck is how many of one coin or note there are.
type Stueck struct {
	Wert   money.Cent `json:"wert"` // of one
	Anzahl int        `json:"anzahl"`
}

// Zaehlung is cash counted by coin and note. What is not listed was not there.
type Zaehlung []Stueck

// Summe is what was counted.
func (z Zaehlung) Summe() (sum money.Cent) {
	for _, s := range z {
		sum += s.Wert * money.Cent(s.Anzahl)
	}
	return sum
}

// ErrZaehlung reports a count that cannot be.
var ErrZaehlung = errors.New("impossible count")

// Check refuses coins and notes that do not exist or are listed twice, and numbers that no
// drawer holds.
func (z Zaehlung) Check() error {
	var seen []money.Cent
	for _, s := range z {
		if !slices.Contains(Nennwerte(), s.Wert) || slices.Contains(seen, s.Wert) || s.Anzahl < 0 || s.Anzahl > MaxStueck {
			return fmt.Errorf("%w: %d times %s", ErrZaehlung, s.Anzahl, s.Wert)
		}
		seen = append(seen, s.Wert)
	}
	return nil
}
