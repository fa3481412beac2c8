// Package fault sorts operating errors into the few kinds that an edge (HTTP,
// command line, queue) must tell apart, and gives those a user meets a stable
// code and a German sentence. Verdicts of law are not faults: see domain/befund.
package fault

import "errors"

// Kind is what an edge does about an error.
type Kind int

// The kinds.
const (
	Internal    Kind = iota // our fault or the machine's
	Invalid                 // the input is wrong
	NotFound                // there is no such thing
	Conflict                // it clashes with what is already there
	Denied                  // not allowed
	Unavailable             // not now: disk full, busy, link down
	Corrupt                 // stored data is damaged
)

// Fault is an error a user may see: a stable code ("J-101") and one German
// sentence that says what to do. The cause stays in the log.
type Fault struct {
	Kind  Kind
	Code  string
	Text  string
	Cause error
}

// New returns a Fault; cause may be nil.
func New(kind Kind, code, text string, cause error) *Fault {
	return &Fault{Kind: kind, Code: code, Text: text, Cause: cause}
}

// Error returns the German sentence with its code; never the cause.
func (f *Fault) Error() string { return f.Text + " (" + f.Code + ")" }

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// KindOf returns the kind of the first Fault in err's chain, else Internal.
func KindOf(err error) Kind {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Kind
	}
	return Internal
}
