package eigene

import (
	"encoding/json"
	"fmt"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
)

// form is how articles and prices go to another process. The same ones always give the same
// bytes.
type form struct {
	Artikel []artikel.Artikel       `json:"artikel,omitempty"`
	Preise  map[kennung.PZN][]Preis `json:"preise,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (e *Eigene) MarshalJSON() ([]byte, error) {
	b, err := json.Marshal(form{e.artikel, e.preise})
	if err != nil {
		return nil, fmt.Errorf("encode own articles: %w", err)
	}
	return b, nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (e *Eigene) UnmarshalJSON(b []byte) error {
	var f form
	if err := json.Unmarshal(b, &f); err != nil {
		return fmt.Errorf("decode own articles: %w", err)
	}
	fresh, err := New(f.Artikel, f.Preise)
	if err != nil {
		return err
	}
	*e = *fresh
	return nil
}

// Katalog lays articles and prices over every generation of a catalogue.
func (e *Eigene) Katalog(basis catalogue.Catalogue) catalogue.Catalogue { return &katalog{basis, e} }

type katalog struct {
	catalogue.Catalogue

	eigene *Eigene
}

// Am implements catalogue.Catalogue.
func (k *katalog) Am(day civil.Day) (catalogue.Generation, error) {
	gen, err := k.Catalogue.Am(day)
	if err != nil {
		return nil, err
	}
	return k.eigene.Ueber(gen, day), nil
}
