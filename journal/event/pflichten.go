package event

import (
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenmeldung"
)

// TillBeendet takes a till out of use, until somebody puts it into use again (§ 146a (4) Nr. 6 AO).
type TillBeendet struct {
	Till  string    `json:"till"`
	Tag   civil.Day `json:"tag"` // its last one
	Grund string    `json:"grund"`
}

// EventType implements journal.Event.
func (TillBeendet) EventType() string { return "till.beendet.v1" }

// TillWieder puts a till into use again that was taken out of it.
type TillWieder struct {
	Till string    `json:"till"`
	Tag  civil.Day `json:"tag"`           // since when
	Bon  string    `json:"bon,omitempty"` // number of the sale that it was done with; empty: of none
}

// EventType implements journal.Event.
func (TillWieder) EventType() string { return "till.wieder.v1" }

// KassenmeldungGesendet says that the tax office was notified of these systems (§ 146a (4) AO).
type KassenmeldungGesendet struct {
	Tag     civil.Day              `json:"tag"`
	Weg     string                 `json:"weg"` // "Mein ELSTER", ticket, …
	Systeme []kassenmeldung.System `json:"systeme"`
}

// EventType implements journal.Event.
func (KassenmeldungGesendet) EventType() string { return "kassenmeldung.gesendet.v1" }

// PruefungEroeffnet lets an auditor in: what he may see, and until when (§ 147 (6) AO).
type PruefungEroeffnet struct {
	ID      string    `json:"id"`
	Kuerzel string    `json:"kuerzel"` // of the auditor
	Von     civil.Day `json:"von"`     // first day that he sees
	Bis     civil.Day `json:"bis"`     // last one
	Ende    civil.Day `json:"ende"`    // last day on which he may look
	Anlass  string    `json:"anlass"`  // Prüfungsanordnung, Kassen-Nachschau, …
}

// EventType implements journal.Event.
func (PruefungEroeffnet) EventType() string { return "pruefung.eroeffnet.v1" }

// PruefungBeendet ends it before its time.
type PruefungBeendet struct {
	ID string `json:"id"`
}

// EventType implements journal.Event.
func (PruefungBeendet) EventType() string { return "pruefung.beendet.v1" }

// PruefungEingesehen is one look of an auditor, or one file that he took.
type PruefungEingesehen struct {
	ID    string `json:"id"`
	Was   string `json:"was"` // the address, without what was searched for
	Platz string `json:"platz"`
}

// EventType implements journal.Event.
func (PruefungEingesehen) EventType() string { return "pruefung.eingesehen.v1" }
