package katalogcmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/telefon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/web/preisauskunft"
)

// Preisauskunft is `offizin catalogue preisauskunft`.
type Preisauskunft struct {
	Ordner

	Datei   string `help:"Die HTML-Datei, die geschrieben wird." required:"" placeholder:"DATEI"`
	Artikel int    `help:"Nur so viele, die meistverlangten; 0: alle." default:"0"`

	Telefon bool `hidden:"" help:"Nur die Daten, nach dem Auftrag in der Standardeingabe; was es ist, als JSON."`
}

// Run writes the price list of today into one file.
func (c *Preisauskunft) Run(e *env.Env) error {
	if c.Artikel < 0 {
		return env.Usage("Bitte mit --artikel eine Zahl ab 1 angeben, oder 0 für alle. (A-562)")
	}
	if c.Telefon {
		return c.mit(func(g *generation.Ordner) error { return c.fuerTelefon(e, g) })
	}
	return c.mit(func(g *generation.Ordner) error {
		law, err := recht.Load()
		if err != nil {
			return fmt.Errorf("load law: %w", err)
		}
		ctx := e.Ctx
		if ctx == nil {
			ctx = context.Background()
		}
		l, err := preisauskunft.New(ctx, preisauskunft.Quelle{
			Katalog: g, Tag: clock.Today(e.Clock), Artikel: c.Artikel,
			Recht: func(day civil.Day) (preisauskunft.Recht, error) {
				s, err := law.Am(day)
				return preisauskunft.Recht{Preis: s.Preis, Zuzahlung: s.Zuzahlung}, err
			},
		})
		if err != nil {
			return err
		}
		n, err := schreibeGanz(c.Datei, l.Write)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(e.Stdout, "%s: %d Artikel, %s, Stand %s, gilt bis %s.\n",
			c.Datei, l.Artikel(), groesse(n), l.Tag.German(), l.Bis.German())
		return err //nolint:wrapcheck // standard output
	})
}

// maxAuftrag is more than the law of a year and a half takes.
const maxAuftrag = 16 << 20

// fuerTelefon writes the bare data by the law of the running pharmacy, which asks for it and
// alone knows the Festlegungen of the Inhaber.
func (c *Preisauskunft) fuerTelefon(e *env.Env, g *generation.Ordner) error {
	var order telefon.Auftrag
	if err := json.NewDecoder(io.LimitReader(e.Stdin, maxAuftrag)).Decode(&order); err != nil {
		return fmt.Errorf("read order: %w", err)
	}
	l, err := preisauskunft.New(e.Ctx, preisauskunft.Quelle{
		Katalog: g, Tag: order.Tag, Recht: order.Recht.Am, Eigene: order.Eigene, Wechsel: order.Wechsel,
	})
	if err != nil {
		return err
	}
	if _, err := schreibeGanz(c.Datei, l.WriteDaten); err != nil {
		return err
	}
	return json.NewEncoder(e.Stdout).Encode(l.Stand()) //nolint:wrapcheck // standard output
}

// groesse writes "26 KB" or "6,4 MB".
func groesse(n int64) string {
	if n < 1_000_000 {
		return fmt.Sprintf("%d KB", (n+500)/1000)
	}
	tenth := (n + 50_000) / 100_000
	return fmt.Sprintf("%d,%d MB", tenth/10, tenth%10)
}

// schreibeGanz writes a file wholly or not at all: whoever opens it meanwhile has the one
// before. It returns the size.
func schreibeGanz(name string, write func(io.Writer) error) (size int64, err error) {
	dir := filepath.Dir(name)
	f, err := os.CreateTemp(dir, "."+strings.TrimPrefix(filepath.Base(name), ".")+"-*")
	if err != nil {
		return 0, nichtGeschrieben(name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	err = write(f)
	if fi, statErr := f.Stat(); statErr == nil {
		size = fi.Size()
	}
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err == nil { // prices are no secret
		err = platte.Rename(f.Name(), name)
	}
	if err != nil {
		return size, nichtGeschrieben(name, err)
	}
	return size, nil
}

// nichtGeschrieben says why there is no file.
func nichtGeschrieben(name string, cause error) error {
	switch {
	case errors.Is(cause, context.Canceled):
		return cause
	case errors.Is(platte.Hindernis(filepath.Dir(name)), platte.ErrVoll):
		return fault.New(fault.Unavailable, "A-563",
			"Für die Preisauskunft ist kein Platz auf der Platte; bitte Platz schaffen und wiederholen.", cause)
	}
	return fault.New(fault.Unavailable, "A-564", "Die Datei „"+name+"“ lässt sich nicht schreiben; bitte den Ordner und "+
		"seine Rechte prüfen und ob sie gerade geöffnet ist.", cause)
}
