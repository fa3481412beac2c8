package notfall

import (
	"context"
	"log/slog"
)

// Blick is the running program without its ticker: it looks when a test says so.
type Blick struct{ l *lauf }

// NewBlick returns it for Mappen.
func NewBlick(m *Mappen, log *slog.Logger) Blick { return Blick{m.newLauf(log)} }

// Schritt is one look.
func (b Blick) Schritt(ctx context.Context, told bool) { b.l.schritt(ctx, told) }

// Eingehaengt asks whether a folder is a stick.
func Eingehaengt(stick, daten string) error { return eingehaengt(stick, daten) }
