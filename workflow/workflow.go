// Package workflow is what people do in a pharmacy: sell, take prescriptions in,
// keep stock. Its subpackages read the projections, decide with the domain and
// write the journal; they know no screen and no disk.
package workflow

// Auftrag is who does something, and the idempotency key of the intent: a repeated
// request with the same key does nothing twice.
type Auftrag struct {
	Key   string // 1–80 printable ASCII characters, made by whoever starts the act
	Actor string // Kuerzel of the user
}
