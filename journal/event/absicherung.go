package event

import (
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
)

// TSEGesetzt says which TSE signs for a till from now on, and under which serial number of the
// till (§ 146a AO; the same number stands on the receipt, in exports and in the Mitteilung).
type TSEGesetzt struct {
	Till   string     `json:"till"`  // prefix of its receipt numbers
	Serie  string     `json:"serie"` // KassenSeriennummer, at most 30 characters
	Geraet tse.Geraet `json:"geraet"`
}

// EventType implements journal.Event.
func (TSEGesetzt) EventType() string { return "tse.gesetzt.v1" }

// TSEAusgefallen says that the TSE of a till signs no more (AEAO zu § 146a Nr. 1.14).
type TSEAusgefallen struct {
	Till         string `json:"till"`
	Seriennummer string `json:"seriennummer"` // of the TSE
	Zeit         int64  `json:"zeit"`         // UTC nanoseconds
	Grund        string `json:"grund"`
}

// EventType implements journal.Event.
func (TSEAusgefallen) EventType() string { return "tse.ausgefallen.v1" }

// TSEZurueck says that it signs again.
type TSEZurueck struct {
	Till         string `json:"till"`
	Seriennummer string `json:"seriennummer"`
	Zeit         int64  `json:"zeit"` // UTC nanoseconds
}

// EventType implements journal.Event.
func (TSEZurueck) EventType() string { return "tse.zurueck.v1" }

// BelegGebucht is a record of the till that is no sale: cash moved, a cart dropped or kept
// overnight. It has a number of the same sequence as the sales.
type BelegGebucht struct {
	Bon bon.Bon `json:"bon"`
}

// EventType implements journal.Event.
func (BelegGebucht) EventType() string { return "beleg.gebucht.v1" }

// BelegGesichert is what the TSE signed for a Bon, or why it did not.
type BelegGesichert struct {
	kassenbeleg.Gesichert
}

// EventType implements journal.Event.
func (BelegGesichert) EventType() string { return "beleg.gesichert.v1" }
