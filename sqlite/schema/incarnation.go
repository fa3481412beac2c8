package schema

import (
	"crypto/rand"
	"encoding/hex"
)

// NewIncarnation is the random name of a history, 16 hex digits.
func NewIncarnation() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b[:])
}
