package event

import "github.com/offizin/offizin/journal"

// RechnerAufgenommen is a machine of the pharmacy, new or with another rank or address.
type RechnerAufgenommen struct {
	Fingerabdruck string `json:"fingerabdruck"` // SHA-256 of its public key, hex: what it is known by
	Platz         string `json:"platz"`
	Till          string `json:"till"` // prefix of its receipt numbers
	Rang          int    `json:"rang"` // 1 is best
	Adresse       string `json:"adresse"`
}

// EventType implements journal.Event.
func (RechnerAufgenommen) EventType() string { return "rechner.aufgenommen.v1" }

// RechnerEntfernt takes a machine out of the pharmacy for ever; the same hardware may come back
// with a new key.
type RechnerEntfernt struct {
	Fingerabdruck string `json:"fingerabdruck"`
	Platz         string `json:"platz"`
	Grund         string `json:"grund"`
}

// EventType implements journal.Event.
func (RechnerEntfernt) EventType() string { return "rechner.entfernt.v1" }

// AusstellerGesetzt is the authority that vouches for the machines; the highest epoch is the
// present one.
type AusstellerGesetzt struct {
	Epoche     int            `json:"epoche"`     // from 1
	Zertifikat []byte         `json:"zertifikat"` // DER
	Schluessel journal.Sealed `json:"schluessel"` // PKCS #8, sealed as a person's data are
}

// EventType implements journal.Event.
func (AusstellerGesetzt) EventType() string { return "aussteller.gesetzt.v1" }

// SchluesselHinterlegt keeps the key of a machine with the others: sealed as a person's data are, so
// that each of them can give it back to that machine, and a copy of its folder alone can not.
type SchluesselHinterlegt struct {
	Rechner    string         `json:"rechner"`    // fingerprint
	Hash       string         `json:"hash"`       // SHA-256 of the key, hex: whether it is still the same
	Schluessel journal.Sealed `json:"schluessel"` // 32 bytes
}

// EventType implements journal.Event.
func (SchluesselHinterlegt) EventType() string { return "schluessel.hinterlegt.v1" }
