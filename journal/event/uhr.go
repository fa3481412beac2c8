package event

// UhrBestaetigt is a person who said that the machine's clock is right although it was
// doubted, or who has seen that it had been. Times are UTC nanoseconds.
type UhrBestaetigt struct {
	Verdacht string `json:"verdacht"`      // as in clock.Verdacht
	Seit     int64  `json:"seit"`          // since when it was doubted, by the time that counted
	Von      string `json:"von,omitempty"` // machine whose time counted; empty: none
	Bis      int64  `json:"bis,omitempty"` // when the machine was believed again by itself; 0: not before this
	Gilt     int64  `json:"gilt"`          // what counted when it was confirmed
	Rechner  int64  `json:"rechner"`       // what the machine showed, and counts from then on
}

// EventType implements journal.Event.
func (UhrBestaetigt) EventType() string { return "uhr.bestaetigt.v1" }
