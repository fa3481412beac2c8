package pruefung

import (
	"errors"

	"github.com/offizin/offizin/internal/fault"
)

// Neubau is how far it is to build the read models anew beside the acts.
type Neubau struct {
	Laeuft  bool  // what other machines send counts when it has ended
	Prozent int   // of the records that are there now; 0 to 100
	Fehler  error // J-305: what holds it up; nil: nothing
}

// Stuck is the fault for read models that cannot be built: J-305.
func Stuck(cause error) error {
	return fault.New(fault.KindOf(cause), "J-305", "Die Auswertungen lassen sich nicht neu bilden und zeigen einen alten "+
		"Stand; bitte Offizin beenden, „offizin journal rebuild“ ausführen und neu starten.", cause)
}

// Same reports whether two faults have the same cause.
func Same(a, b error) bool {
	a, b = errors.Unwrap(a), errors.Unwrap(b)
	return a != nil && b != nil && a.Error() == b.Error()
}
