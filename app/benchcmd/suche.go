package benchcmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/app/env"
)

// Suche is `offizin bench suche`.
type Suche struct {
	Gemeinsam

	Seed   uint64 `help:"Eine Zahl, die andere Anfragen aus dem Katalog zieht." default:"1"`
	Quelle string `help:"Der Katalog: demo oder bdpm, die französische Liste." enum:"demo,bdpm" default:"demo"`
	BDPM   string `help:"Ordner der französischen Liste; sonst aus OFFIZIN_REFERENZ." name:"bdpm" placeholder:"DIR"`
}

// Run measures scans and searches of each kind as they are typed, and the page of the till.
func (c *Suche) Run(e *env.Env) error {
	french := ""
	if c.Quelle == "bdpm" {
		var err error
		if french, err = c.bdpmOrdner(e); err != nil {
			return err
		}
		c.Artikel = min(c.Artikel, 2000) // of the demo, which gives way
	}
	return c.messe(e, func(l *lauf) ([]Messung, error) {
		if err := l.morgens(e.Ctx, french); err != nil {
			return nil, err
		}
		return l.suchen(e, c.Seed)
	})
}

// morgens starts a pharmacy of our own again: what built the catalogue keeps memory that
// a till does not have. French is the folder of the French list, if that is to hold.
func (l *lauf) morgens(ctx context.Context, french string) error {
	if l.process == nil {
		return nil
	}
	if french != "" {
		if err := l.bdpm(ctx, french); err != nil {
			return err
		}
	}
	l.process.Stop()
	return l.start(ctx)
}

func (l *lauf) suchen(e *env.Env, seed uint64) ([]Messung, error) {
	f, err := l.fragen(e.Ctx, seed)
	if err != nil {
		return nil, err
	}
	if !l.JSON {
		fmt.Fprintf(e.Stdout, "Die Anfragen sind aus %d Artikeln des Katalogs gezogen, --seed %d.\n", len(f["pzn"]), seed)
	}
	var list []Messung
	for _, name := range []string{
		"pzn", "prefix", "words-2", "words-3", "words", "typo", "nomatch", "broad", "page",
	} {
		r, err := l.oft(l.frage(name, f[name]))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		x := r.messung(name)
		x.RSS, x.Privat = l.speicher()
		x.Seed = seed
		list = append(list, x)
	}
	scan, err := l.scannen(e, f[scans])
	return append(list, scan...), err
}

// scannen measures scans until the cart is on disk and shown with its price, each into a
// cart of its own, beside what the disk can do.
func (l *lauf) scannen(e *env.Env, codes []string) ([]Messung, error) {
	if len(codes) == 0 || l.process == nil {
		return nil, nil
	}
	disk, err := platte(e.Clock, l.dir, max(50, l.N/4))
	if err != nil {
		return nil, err
	}
	r, err := l.reihe("k", func(l *lauf, ctx context.Context, key string) (took time.Duration, err error) {
		var a driver.Antwort
		took, err = dauer(l.env.Clock, func() (err error) {
			a, err = l.client.Scan(ctx, key, "", codes[0])
			return err
		})
		codes = append(codes[1:], codes[0])
		if err == nil {
			_, err = l.client.Bezahlen(ctx, key+"b", a.Vorgang, a.Patient)
		}
		return took, err
	})
	if err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	x := r.messung(scans)
	x.LimitP50 = disk.P50
	x.RSS, x.Privat = l.speicher()
	return []Messung{x}, nil
}

// frage asks one query after the other. A measure of pages has none.
func (l *lauf) frage(name string, list []string) func(context.Context, int) error {
	return func(ctx context.Context, i int) error {
		if name == "page" {
			return l.client.Get(ctx, "/verkauf", nil)
		}
		if len(list) == 0 {
			return errors.New("the catalogue gives no such query")
		}
		q := list[i%len(list)]
		n, err := l.client.Suche(ctx, q)
		switch {
		case err != nil:
			return err
		case name == "nomatch" && n > 0:
			return fmt.Errorf("%q finds %d articles", q, n)
		case (name == "pzn" || name == "broad" || name == "prefix") && n == 0:
			return fmt.Errorf("%q finds nothing", q)
		}
		return nil
	}
}

// oft does one thing N times, after a few that are not counted.
func (l *lauf) oft(one func(context.Context, int) error) (reihe, error) {
	var r reihe
	for i := -20; i < l.N; i++ {
		var d time.Duration
		d, err := dauer(l.env.Clock, func() error { return one(l.env.Ctx, i+20) })
		if err != nil {
			return nil, err
		}
		if i >= 0 {
			r = append(r, d)
		}
	}
	return r, nil
}

// worte are queries as people type them: beginnings, any order, one typo.
func worte() []string {
	return []string{
		"ibu 400 20", "para 500", "rami 5 mg n3", "400 ibu", "metop ret 100", "omepra 20", "ibuprofn 600", "nasenspray",
		"hustensaft", "tabl ramipril", "creme 50 g", "diclo gel", "pantop 40 100 st", "simva", "amlo 5", "tropfen 20 ml",
	}
}

func found(n int, err error) error {
	if err == nil && n == 0 {
		err = fmt.Errorf("an article of the demo was not found")
	}
	return err
}
