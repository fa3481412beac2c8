package katalogcmd

import (
	"context"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation"
)

// uebernehmen takes in a generation that another machine has built and signed. It goes
// through the gate as if it had been built here: another pharmacy has another stock.
func (c *Import) uebernehmen(e *env.Env) error {
	liste := len(c.Spalte) > 0 || c.Zuordnung != "" || c.Vorlage != "" && c.Vorlage != "eigene"
	if c.Ab != "" || liste || c.Pruefen {
		return fault.New(fault.Invalid, "A-653", "Ein fertiger Katalog nennt seinen Tag selbst und wird beim Einspielen "+
			"geprüft; bitte --ab, --spalte, --zuordnung, --vorlage und --pruefen weglassen.", nil)
	}
	m, err := generation.ManifestOf(c.dir(), c.Datei)
	if err != nil {
		return falsch(err)
	}
	return falsch(c.mitGate(e, m.GueltigAb, func(mit ...generation.Option) error {
		return baue(e, c.anzeige, c.dir(), m, m.Artikel, func(
			ctx context.Context, _ catalogue.Manifest, _ func(int),
		) (catalogue.Manifest, error) {
			return generation.Uebernehmen(ctx, c.dir(), c.Datei, mit...)
		})
	}))
}

// falsch gives what is wrong with the folder the exit code of a wrong input.
func falsch(err error) error {
	if fault.KindOf(err) == fault.Corrupt {
		return &env.Exit{Code: env.ExitUsage, Text: err.Error(), Cause: err}
	}
	return err
}
