package merkzettel

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/offizin/offizin/internal/platte"
)

// SpurDatei is the file of a Spur in a data folder.
const SpurDatei = "tse-spur.json"

// spurLaenge is how many transactions a Spur keeps.
const spurLaenge = 20

// Spur implements absicherung.Spur: transactions of the TSE that no record of the journal names.
type Spur struct {
	mu   sync.Mutex
	name string
	is   spur
}

// spur is the file. With another till or another TSE it begins anew.
type spur struct {
	Serie         string   `json:"kasse"`
	Seriennummer  string   `json:"tse"`
	Transaktionen []uint64 `json:"transaktionen"` // the last one last
}

// OpenSpur reads the file; one that is not there, or damaged, is as good as none.
func OpenSpur(name string) *Spur {
	s := &Spur{name: name}
	if b, err := os.ReadFile(name); err != nil || json.Unmarshal(b, &s.is) != nil {
		s.is = spur{}
	}
	return s
}

// Kennt implements absicherung.Spur.
func (s *Spur) Kennt(serie, seriennummer string, transaktion uint64) (known, begun bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.is.Serie != serie || s.is.Seriennummer != seriennummer {
		return false, false
	}
	return slices.Contains(s.is.Transaktionen, transaktion), len(s.is.Transaktionen) > 0
}

// Merken implements absicherung.Spur.
func (s *Spur) Merken(serie, seriennummer string, transaktion uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.is.Serie != serie || s.is.Seriennummer != seriennummer {
		s.is = spur{Serie: serie, Seriennummer: seriennummer}
	}
	s.is.Transaktionen = append(s.is.Transaktionen, transaktion)
	s.is.Transaktionen = slices.Clone(s.is.Transaktionen[max(0, len(s.is.Transaktionen)-spurLaenge):])
	b, err := json.Marshal(s.is)
	if err != nil {
		return fmt.Errorf("encode transactions without record: %w", err)
	}
	return platte.Replace(s.name, b)
}
