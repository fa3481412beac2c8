package event

import "github.com/offizin/offizin/domain/civil"

// EinstellungGesetzt is one setting of the pharmacy.
type EinstellungGesetzt struct {
	Schluessel string `json:"schluessel"`
	Wert       string `json:"wert"`
}

// EventType implements journal.Event.
func (EinstellungGesetzt) EventType() string { return "einstellung.gesetzt.v1" }

// BenutzerGesetzt is a person of the staff, new or changed.
type BenutzerGesetzt struct {
	Kuerzel string `json:"kuerzel"`
	Name    string `json:"name"`
	Rolle   string `json:"rolle"` // "Apotheker", "PTA", "PKA", "Inhaber"
	Aktiv   bool   `json:"aktiv"`
}

// EventType implements journal.Event.
func (BenutzerGesetzt) EventType() string { return "benutzer.gesetzt.v1" }

// RechtFestgelegt is an eigene Festlegung of the Inhaber on a legal parameter.
type RechtFestgelegt struct {
	Parameter   string    `json:"parameter"`
	Ab          civil.Day `json:"ab"`
	Wert        string    `json:"wert"` // as in the law files; "aufgehoben" repeals
	Begruendung string    `json:"begruendung"`
}

// EventType implements journal.Event.
func (RechtFestgelegt) EventType() string { return "recht.festgelegt.v1" }
