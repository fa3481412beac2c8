// Package befund holds verdicts: what law or data say about a request. A verdict
// is a value, never a Go error, so that all of them can be collected and shown.
package befund

// Schwere says what a verdict stops.
type Schwere int

// The grades of a verdict.
const (
	Hinweis   Schwere = iota // worth knowing
	Warnung                  // must be confirmed
	Hindernis                // the act is not possible this way
)

// Befund is one verdict. Code is stable for ever ("Z-104") and explained in the
// manual; Text is one German sentence that says what to do next.
type Befund struct {
	Code    string  `json:"code"`
	Schwere Schwere `json:"schwere"`
	Norm    string  `json:"norm,omitempty"`
	Subject string  `json:"subject,omitempty"` // what it is about: a PZN, a field
	Text    string  `json:"text"`
}

// Error lets a Befund travel as an error through layers that only pass it on.
func (b Befund) Error() string { return b.Text + " (" + b.Code + ")" }

// Hindert reports whether any verdict in the list stops the act.
func Hindert(list []Befund) bool {
	for _, b := range list {
		if b.Schwere == Hindernis {
			return true
		}
	}
	return false
}
