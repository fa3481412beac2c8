package event

// BesorgungAufgegeben is an errand to the outside: the machine that leads does it.
type BesorgungAufgegeben struct {
	ID     string `json:"id"`     // made with the act; the outside knows the errand by it
	Art    string `json:"art"`    // which protocol: "bestellung"
	Ziel   string `json:"ziel"`   // who gets it; errands to one go one after the other
	Inhalt []byte `json:"inhalt"` // as the protocol understands it; personal data only sealed
	Bis    int64  `json:"bis"`    // UTC nanoseconds; after that it is of no use any more
}

// EventType implements journal.Event.
func (BesorgungAufgegeben) EventType() string { return "besorgung.aufgegeben.v1" }

// BesorgungErledigt says that an errand is done, and stays so whatever comes later.
type BesorgungErledigt struct {
	ID       string `json:"id"`
	Ergebnis string `json:"ergebnis"` // what the outside answered
}

// EventType implements journal.Event.
func (BesorgungErledigt) EventType() string { return "besorgung.erledigt.v1" }

// BesorgungGescheitert says that an errand is not tried any more until a person decides.
type BesorgungGescheitert struct {
	ID   string `json:"id"`
	Code string `json:"code"`
	Text string `json:"text"`
}

// EventType implements journal.Event.
func (BesorgungGescheitert) EventType() string { return "besorgung.gescheitert.v1" }

// BesorgungEntschieden is what a person says of an errand that failed: try again, or drop it.
type BesorgungEntschieden struct {
	ID    string `json:"id"`
	Was   string `json:"was"` // "wiederholen" or "verwerfen"
	Grund string `json:"grund"`
}

// EventType implements journal.Event.
func (BesorgungEntschieden) EventType() string { return "besorgung.entschieden.v1" }
