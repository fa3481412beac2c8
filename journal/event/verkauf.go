package event

import (
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/vorgang"
)

// VorgangGeaendert is one change of a cart: a new head, lines set and lines removed.
type VorgangGeaendert struct {
	ID       string             `json:"id"`
	Version  int                `json:"version"` // after the change; 1 opens the cart
	Kopf     *vorgang.Kopf      `json:"kopf,omitempty"`
	Gesetzt  []vorgang.Position `json:"gesetzt,omitempty"`
	Entfernt []int              `json:"entfernt,omitempty"`
	Was      string             `json:"was"`               // what was done, for the undo list: "Menge", "Scan"
	Zurueck  bool               `json:"zurueck,omitempty"` // takes the last change back
	Von      string             `json:"von,omitempty"`     // machine it was taken over from

	// Storniert is what was taken out of the cart by this, as it was priced then (DSFinV-K 4.2.3).
	Storniert []bon.Position `json:"storniert,omitempty"`
}

// EventType implements journal.Event.
func (VorgangGeaendert) EventType() string { return "vorgang.geaendert.v1" }

// VerkaufAbgeschlossen is a finished sale, counter-sale or return.
type VerkaufAbgeschlossen struct {
	Bon bon.Bon `json:"bon"`
}

// EventType implements journal.Event.
func (VerkaufAbgeschlossen) EventType() string { return "verkauf.abgeschlossen.v1" }

// BelegGedruckt is a print of a form.
type BelegGedruckt struct {
	Bon    string `json:"bon"`
	Art    string `json:"art"`    // "muster-16"
	Rezept string `json:"rezept"` // id of the prescription it was printed on
	Druck  int    `json:"druck"`  // 1: the first; from 2 on a reprint
}

// EventType implements journal.Event.
func (BelegGedruckt) EventType() string { return "beleg.gedruckt.v1" }

// BelegNachgedruckt is a reprint of a receipt. Until prints of forms were counted, it was
// also written for every print of a form, the first one included.
type BelegNachgedruckt struct {
	Bon string `json:"bon"`
	Art string `json:"art"` // "bon"; of old "muster-16", too
}

// EventType implements journal.Event.
func (BelegNachgedruckt) EventType() string { return "beleg.nachgedruckt.v1" }

// BelegDigital is a receipt that a customer was given as QR code (AEAO zu § 146a Nr. 2.5.4).
type BelegDigital struct {
	Bon   string `json:"bon"`
	Kopie bool   `json:"kopie,omitempty"` // the original had been given before
}

// EventType implements journal.Event.
func (BelegDigital) EventType() string { return "beleg.digital.v1" }

// UebernahmeGeklaert says that somebody has settled what was left over when one machine went
// on with the cart of another.
type UebernahmeGeklaert struct {
	Vorgang string `json:"vorgang"`
	Platz   string `json:"platz"`  // whose changes are settled; empty: that it was sold twice
	Epoche  int    `json:"epoche"` // in which it wrote them
	Bis     int    `json:"bis"`    // up to this version of the cart
	Wie     string `json:"wie"`    // "geparkt", "verworfen", "beide"
}

// EventType implements journal.Event.
func (UebernahmeGeklaert) EventType() string { return "uebernahme.geklaert.v1" }
