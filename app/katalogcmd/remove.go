package katalogcmd

import (
	"fmt"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/sqlite/generation"
)

// Remove is `offizin catalogue remove`: it takes a wrong import back.
type Remove struct {
	Ordner

	ID string `arg:"" help:"Kennung des Katalogs, wie „catalogue list“ sie zeigt."`
}

// Run removes the generation and says which one is valid now.
func (c *Remove) Run(e *env.Env) error {
	return c.mit(func(g *generation.Ordner) error {
		today := clock.Today(e.Clock)
		if err := generation.Remove(c.dir(), c.ID, today); err != nil {
			return err
		}
		now := "es ist keiner mehr da, bitte einen einspielen"
		if gen, err := g.Am(today); err == nil {
			now = "heute gilt " + gen.Manifest().ID
		}
		_, err := fmt.Fprintf(e.Stdout, "Katalog %s entfernt; %s.\n", c.ID, now)
		return err //nolint:wrapcheck // standard output
	})
}
