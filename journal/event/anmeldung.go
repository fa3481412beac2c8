package event

import (
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
)

// PinGesetzt is the PIN of a user, as a slow hash; never the PIN.
type PinGesetzt struct {
	Kuerzel string `json:"kuerzel"`
	Hash    string `json:"hash"` // argon2id, with its salt and cost
}

// EventType implements journal.Event.
func (PinGesetzt) EventType() string { return "pin.gesetzt.v1" }

// AusweisGesetzt is the badge of a user; an empty hash takes it away.
type AusweisGesetzt struct {
	Kuerzel string `json:"kuerzel"`
	Hash    string `json:"hash"`
}

// EventType implements journal.Event.
func (AusweisGesetzt) EventType() string { return "ausweis.gesetzt.v1" }

// ErlaubnisErteilt is a written permit (ApBetrO §§ 3(5b), 17(6), or of the house).
type ErlaubnisErteilt struct {
	ID         string     `json:"id"`
	Kuerzel    string     `json:"kuerzel"`
	Art        string     `json:"art"`
	Ab         civil.Day  `json:"ab"`
	Bis        civil.Day  `json:"bis"` // last day; 0: until revoked
	Dokument   string     `json:"dokument"`
	Datum      civil.Day  `json:"datum"` // of the document
	Aussteller string     `json:"aussteller"`
	Grenze     money.Cent `json:"grenze"`
}

// EventType implements journal.Event.
func (ErlaubnisErteilt) EventType() string { return "erlaubnis.erteilt.v1" }

// ErlaubnisWiderrufen ends a permit: it no longer holds from the day on.
type ErlaubnisWiderrufen struct {
	ID  string    `json:"id"`
	Ab  civil.Day `json:"ab"`
	Wem string    `json:"wem"` // Kuerzel of who had it
}

// EventType implements journal.Event.
func (ErlaubnisWiderrufen) EventType() string { return "erlaubnis.widerrufen.v1" }

// NotschluesselGesetzt is the sealed code of the Inhaber, as a slow hash.
type NotschluesselGesetzt struct {
	Kuerzel string `json:"kuerzel"`
	Hash    string `json:"hash"`
}

// EventType implements journal.Event.
func (NotschluesselGesetzt) EventType() string { return "notschluessel.gesetzt.v1" }

// NotschluesselBenutzt says that the seal is broken, the code is used up.
type NotschluesselBenutzt struct {
	Kuerzel string `json:"kuerzel"`
	Hash    string `json:"hash"`
}

// EventType implements journal.Event.
func (NotschluesselBenutzt) EventType() string { return "notschluessel.benutzt.v1" }

// AnmeldungVermerkt is a login, a failure or a step-up, for the audit.
type AnmeldungVermerkt struct {
	Kuerzel string `json:"kuerzel"`
	Was     string `json:"was"`   // "angemeldet", "abgelehnt", "verzoegert", "bestaetigt"
	Womit   string `json:"womit"` // "PIN", "Ausweis"
	Platz   string `json:"platz"`
}

// EventType implements journal.Event.
func (AnmeldungVermerkt) EventType() string { return "anmeldung.vermerkt.v1" }

// AbzeichnungOffen is a Bon that was dispensed by somebody who may not sign it.
type AbzeichnungOffen struct {
	Bon     string    `json:"bon"`
	Kuerzel string    `json:"kuerzel"` // who dispensed
	Tag     civil.Day `json:"tag"`
}

// EventType implements journal.Event.
func (AbzeichnungOffen) EventType() string { return "abzeichnung.offen.v1" }

// Abgezeichnet says that the actor, who may sign, has signed the dispensing (ApBetrO § 17(6)).
type Abgezeichnet struct {
	Bon     string `json:"bon"`
	Kuerzel string `json:"kuerzel"` // who signed
	Womit   string `json:"womit"`   // "PIN", "Ausweis"
}

// EventType implements journal.Event.
func (Abgezeichnet) EventType() string { return "abgezeichnet.v1" }
