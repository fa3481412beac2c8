package katalogcmd

import (
	"fmt"
	"io"
	"os"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue/signatur"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
)

// Schluessel is `offizin catalogue schluessel`.
type Schluessel struct{ Ordner }

// Run prints the public key of this machine as `catalogue trust` takes it on another one, and
// as comments the keys that are trusted here.
func (c *Schluessel) Run(e *env.Env) error {
	own, others, err := generation.Schluessel(c.dir())
	if err != nil {
		return ende(err)
	}
	fmt.Fprintln(e.Stdout, own)
	for _, line := range others {
		if _, err := fmt.Fprintf(e.Stdout, "# vertraut: %s\n", line); err != nil {
			return fmt.Errorf("write keys: %w", err)
		}
	}
	return nil
}

// Trust is `offizin catalogue trust`.
type Trust struct {
	Ordner

	Datei string `arg:"" help:"Die Ausgabe von „offizin catalogue schluessel“ des anderen Rechners." type:"path"`
}

// Run lays the keys of the file down beside the catalogues.
func (c *Trust) Run(e *env.Env) error {
	f, err := os.Open(c.Datei)
	if err != nil {
		return env.Usage("Die Datei „%s“ ist nicht lesbar; bitte den Namen prüfen. (A-649)", c.Datei)
	}
	defer f.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(f, signatur.MaxDatei+1))
	if err != nil {
		return fmt.Errorf("read key: %w", err)
	}
	added, err := vertrauen.Vertraue(c.dir(), text)
	if err != nil {
		return ende(err)
	}
	for _, line := range added {
		fmt.Fprintf(e.Stdout, "Katalogen mit diesem Schlüssel wird jetzt vertraut: %s\n", line)
	}
	if len(added) == 0 {
		fmt.Fprintln(e.Stdout, "Diesem Schlüssel wird schon vertraut.")
	}
	return nil
}
