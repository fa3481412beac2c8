package geheim

import (
	"fmt"
	"io"
	"log/slog"
)

// Wort is a secret that the program has to use as it is, such as the PIN of a device or the
// key of a service. Whatever prints or logs it shows that there is one, never which.
type Wort string

const verdeckt = "(geheim)"

// Format implements fmt.Formatter: no verb shows the secret.
func (Wort) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, verdeckt) }

// LogValue implements slog.LogValuer.
func (Wort) LogValue() slog.Value { return slog.StringValue(verdeckt) }
