package katalogcmd

import (
	"fmt"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/sqlite/generation"
)

// Vermerk is why a person chose.
type Vermerk struct {
	Grund string `help:"Warum; steht danach bei den Wahlen der Seite Kataloge." placeholder:"GRUND"`
	Wer   string `help:"Kürzel dessen, der wählt; ohne Angabe SYSTEM." placeholder:"KÜRZEL"`
}

func (v Vermerk) von(e *env.Env) generation.Vermerk {
	return generation.Vermerk{Zeit: e.Clock.Now().UTC(), Grund: v.Grund, Wer: v.Wer}
}

// Activate is `offizin catalogue activate`.
type Activate struct {
	Ordner
	Vermerk

	ID string `arg:"" help:"Kennung des Katalogs, auch eines in Quarantäne oder eines zurückgenommenen."`
}

// Run makes the generation the one that holds today, or from its first day on.
func (c *Activate) Run(e *env.Env) error {
	return c.mit(func(*generation.Ordner) error {
		today := clock.Today(e.Clock)
		m, err := generation.Activate(c.dir(), c.ID, today, c.von(e))
		if err != nil {
			return err
		}
		if m.GueltigAb > today {
			_, err = fmt.Fprintf(e.Stdout, "Katalog %s gilt ab %s.\n", m.ID, m.GueltigAb.German())
			return err //nolint:wrapcheck // standard output
		}
		return c.gilt(e, m)
	})
}

// Rollback is `offizin catalogue rollback`.
type Rollback struct {
	Ordner
	Vermerk
}

// Run takes out the generation that holds today.
func (c *Rollback) Run(e *env.Env) error {
	return c.mit(func(*generation.Ordner) error {
		gone, now, err := generation.Rollback(c.dir(), clock.Today(e.Clock), c.von(e))
		if err != nil {
			return err
		}
		fmt.Fprintf(e.Stdout, "Katalog %s ist zurückgenommen.\n", gone.ID)
		return c.gilt(e, now)
	})
}

// gilt says what holds now, and what comes.
func (o Ordner) gilt(e *env.Env, m catalogue.Manifest) error {
	fmt.Fprintf(e.Stdout, "Ab sofort gilt der Katalog %s.\n", m.ID)
	return o.mit(func(g *generation.Ordner) error {
		if next, ok := kommt(g.Generationen(), clock.Today(e.Clock)); ok {
			fmt.Fprintf(e.Stdout, "Am %s löst ihn %s ab.\n", next.GueltigAb.German(), next.ID)
		}
		return nil
	})
}

// kommt is the generation that holds next; the list is newest first.
func kommt(list []catalogue.Manifest, today civil.Day) (next catalogue.Manifest, ok bool) {
	for _, m := range list {
		if m.GueltigAb > today && (!ok || m.GueltigAb < next.GueltigAb) {
			next, ok = m, true
		}
	}
	return next, ok
}
