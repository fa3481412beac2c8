package haus

import (
	"fmt"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/kassenbuch"
)

// stamm are the settings that a closing freezes (DSFinV-K 2.4 Nr. 3.2).
func stamm() []string { return []string{"name", "strasse", "plz", "ort", "steuernummer", "ustid"} }

// eingefroren refuses to change what a closing freezes while a till has records that stand in
// none. What was missing may be added: a closing needs it.
func eingefroren(rows journal.Rows, old, next map[string]string) error {
	changes := old["rezept_unbar"] != next["rezept_unbar"] // one day, one way of booking
	for _, key := range stamm() {
		changes = changes || old[key] != "" && old[key] != next[key]
	}
	if !changes {
		return nil
	}
	tills, err := kassenbuch.Laden(rows)
	if err != nil {
		return err
	}
	for _, t := range tills {
		_, open, err := kassenbuch.Offen(rows, t.Till)
		if err != nil {
			return err
		}
		if open {
			return fault.New(fault.Conflict, "T-531", fmt.Sprintf("Name, Anschrift, Steuernummer und die Buchung der "+
				"Rezepte gehören zum Tagesabschluss – schließen Sie zuerst den Tag an Kasse %s ab, dann ändern Sie sie.",
				t.Till), nil)
		}
	}
	return nil
}
