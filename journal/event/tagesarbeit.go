package event

import "github.com/offizin/offizin/domain/civil"

// TagesarbeitErledigt is a job of the program that was done for a civil day. It is written
// once for a job, a machine and a day: that is what keeps it from being done twice.
type TagesarbeitErledigt struct {
	Arbeit string    `json:"arbeit"`
	Platz  string    `json:"platz"` // empty: for the whole pharmacy
	Tag    civil.Day `json:"tag"`
}

// EventType implements journal.Event.
func (TagesarbeitErledigt) EventType() string { return "tagesarbeit.erledigt.v1" }
