package event

import "github.com/offizin/offizin/domain/abschluss"

// TagAbgeschlossen is the Kassenabschluss of a till: its Z, with the master data as they were
// then (AEAO zu § 146a Nr. 2.2.3.3, DSFinV-K 2.4 Nr. 3.2).
type TagAbgeschlossen struct {
	abschluss.Abschluss
}

// EventType implements journal.Event.
func (TagAbgeschlossen) EventType() string { return "tag.abgeschlossen.v1" }
