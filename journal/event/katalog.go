package event

import "github.com/offizin/offizin/domain/civil"

// KatalogGewaehlt is a choice of a person among the generations of the catalogue: which
// are left out from then on, and what that changed on Tag. The file of the selection is an
// effect of it.
type KatalogGewaehlt struct {
	ID          string    `json:"id"`
	Art         string    `json:"art"` // "aktiviert", "zurueckgenommen", "freigegeben", "rueckgaengig"
	Katalog     string    `json:"katalog"`
	Tag         civil.Day `json:"tag"`
	Vorher      string    `json:"vorher"`      // held on Tag without it; empty: none
	Nachher     string    `json:"nachher"`     // held on Tag with it
	Hinaus      []string  `json:"hinaus"`      // left out by it
	Hinein      []string  `json:"hinein"`      // taken in by it
	Ausgelassen []string  `json:"ausgelassen"` // all that is left out after it
	Bezug       string    `json:"bezug"`       // ID of the choice that it undoes; else empty
	Grund       string    `json:"grund"`
	Zeit        int64     `json:"zeit"` // when it was made, UTC nanoseconds; a command books later
}

// EventType implements journal.Event.
func (KatalogGewaehlt) EventType() string { return "katalog.gewaehlt.v1" }
