package benchcmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/sqlite/generation"
)

// Import is `offizin bench import`.
type Import struct{ Gemeinsam }

// vieleArtikel are so many that a rate means something.
const vieleArtikel = 100_000

// wechsel is how often a catalogue is taken back and put in force again.
const wechsel = 20

// Run measures how a delivery of that many articles is read in beside a small pharmacy, then
// its changes, then going back and forth while somebody sells. The gate is overruled: a
// measurement begins with another catalogue on purpose.
func (c *Import) Run(e *env.Env) error {
	if c.An != "" {
		return env.Usage("Das Einspielen misst Offizin nur an einem eigenen; bitte ohne --an aufrufen.")
	}
	artikel := c.Artikel
	c.Artikel = min(artikel, 2000)
	return c.messe(e, func(l *lauf) ([]Messung, error) {
		d := lieferung{lauf: l, artikel: artikel, ab: clock.Today(e.Clock).AddDays(-1)}
		var err error
		if d.dir, err = os.MkdirTemp(l.dir, "lieferung-"); err != nil {
			return nil, fmt.Errorf("make folder of the delivery: %w", err)
		}
		defer os.RemoveAll(d.dir) //nolint:errcheck // close removes the folder above
		return d.messe(e.Ctx)
	})
}

// lieferung is the delivery that is read in.
type lieferung struct {
	*lauf
	dir     string
	artikel int
	ab      civil.Day
}

func (d *lieferung) messe(ctx context.Context) ([]Messung, error) {
	next := d.ab.AddDays(1)
	if _, err := d.ruf(ctx, "catalogue", "lieferung", d.dir, "--artikel", strconv.Itoa(d.artikel), "--ab", d.ab.String(),
		"--delta", next.String()); err != nil {
		return nil, err
	}
	full, err := d.einspielen(ctx, "full", "GES*")
	if err != nil {
		return nil, err
	}
	before, after, during, err := d.wechsel(ctx)
	if err != nil {
		return nil, err
	}
	delta, err := d.einspielen(ctx, "delta", "UPD*")
	if err != nil {
		return nil, err
	}
	return []Messung{
		full, delta, after.messung("activate"), before.messung("rollback"), during.messung("sale-during-activate"),
	}, nil
}

// einspielen reads one folder of the delivery in.
func (d *lieferung) einspielen(ctx context.Context, name, pattern string) (Messung, error) {
	list, err := filepath.Glob(filepath.Join(d.dir, pattern))
	if err != nil || len(list) != 1 {
		return Messung{}, errors.Join(fmt.Errorf("no delivery %s", pattern), err)
	}
	var cmd *exec.Cmd
	took, err := dauer(d.env.Clock, func() error {
		var err error
		cmd, err = d.ruf(ctx, "catalogue", "import", list[0], "--daten", d.lauf.dir, "--freigabe", "Messung")
		return err
	})
	if err != nil {
		return Messung{}, err
	}
	gen, err := d.juengste()
	if err != nil {
		return Messung{}, err
	}
	m := reihe{took}.messung(name)
	m.N, m.PerS, m.RSS = gen.Artikel, rounded(float64(gen.Artikel)/took.Seconds()), maxRSS(cmd.ProcessState)
	m.CPU = rounded((cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
	if gen.Artikel < vieleArtikel {
		m.Grenzen.PerS = 0 // the start of the program counts for more than the articles
	}
	return m, nil
}

// juengste is the generation that was read in last.
func (d *lieferung) juengste() (m catalogue.Manifest, err error) {
	o, err := generation.OpenOrdner(filepath.Join(d.lauf.dir, apotheke.KatalogDir))
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	list := o.Generationen()
	i := slices.IndexFunc(list, func(m catalogue.Manifest) bool { return strings.HasPrefix(m.Quelle, "ABDATA") })
	if i < 0 {
		return m, errors.New("the delivery is not among the catalogues")
	}
	return list[i], nil
}

// wechsel takes the catalogue back and puts it in force again while somebody sells, and
// measures the commands and the payments.
func (d *lieferung) wechsel(ctx context.Context) (back, forth, sales reihe, err error) {
	gen, err := d.juengste()
	if err != nil {
		return nil, nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var selling sync.WaitGroup
	var failed error
	selling.Go(func() { sales, failed = d.verkaufe(ctx) })
	for range min(d.N, wechsel) {
		for _, x := range []struct {
			to   *reihe
			args []string
		}{{&back, []string{"rollback"}}, {&forth, []string{"activate", gen.ID}}} {
			took, err2 := dauer(d.env.Clock, func() error {
				_, err := d.ruf(ctx, append(append([]string{"catalogue"}, x.args...), "--daten", d.lauf.dir)...)
				return err
			})
			*x.to = append(*x.to, took)
			err = errors.Join(err, err2)
		}
	}
	cancel()
	selling.Wait()
	return back, forth, sales, errors.Join(err, failed)
}

// verkaufe sells until the context ends; it returns how long the payments took.
func (d *lieferung) verkaufe(ctx context.Context) (paid reihe, err error) {
	for i := 0; ctx.Err() == nil; i++ {
		key := "import-" + strconv.Itoa(os.Getpid()) + "-" + strconv.Itoa(i)
		a, err := d.client.Scan(context.WithoutCancel(ctx), key, "", string(muster.OTCSchmerzmittel.PZN()))
		if err != nil {
			return paid, err
		}
		took, err := dauer(d.env.Clock, func() error {
			_, err := d.client.Bezahlen(context.WithoutCancel(ctx), key+"b", a.Vorgang, a.Patient)
			return err
		})
		if err != nil {
			return paid, err
		}
		paid = append(paid, took)
	}
	return paid, nil
}

// ruf runs a command of ours to its end.
func (d *lieferung) ruf(ctx context.Context, args ...string) (*exec.Cmd, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program: %w", err)
	}
	cmd := exec.CommandContext(ctx, binary, args...) //nolint:gosec // our own binary
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, out)
	}
	return cmd, nil
}
