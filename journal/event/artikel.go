package event

import (
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
)

// EigenerArtikelGesetzt is an article of the pharmacy's own, new or changed, as a whole.
type EigenerArtikelGesetzt struct {
	PZN              kennung.PZN  `json:"pzn"` // of the in-house ranges
	Name             string       `json:"name"`
	Menge            string       `json:"menge"`
	Einheit          string       `json:"einheit"`
	Darreichungsform string       `json:"darreichungsform,omitempty"` // KBV code
	Hersteller       string       `json:"hersteller,omitempty"`
	GTIN             kennung.GTIN `json:"gtin,omitempty"`
	MwSt             artikel.MwSt `json:"mwst"`
	Preis            money.Cent   `json:"preis"`            // gross
	Einkauf          money.Cent   `json:"einkauf,omitzero"` // net; 0: not stated
	Ausgelistet      bool         `json:"ausgelistet,omitempty"`
}

// EventType implements journal.Event.
func (EigenerArtikelGesetzt) EventType() string { return "eigener_artikel.gesetzt.v1" }

// EigenerPreisGesetzt is a price of the pharmacy's own for an article; a later one for the
// same article and first day takes its place.
type EigenerPreisGesetzt struct {
	PZN   kennung.PZN `json:"pzn"`
	Ab    civil.Day   `json:"ab"`
	Bis   civil.Day   `json:"bis,omitzero"`   // last day; 0: open
	Preis money.Cent  `json:"preis,omitzero"` // gross; 0: taken back
}

// EventType implements journal.Event.
func (EigenerPreisGesetzt) EventType() string { return "eigener_preis.gesetzt.v1" }
