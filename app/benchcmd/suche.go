package benchcmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/offizin/offizin/app/env"
)

// Suche is `offizin bench suche`.
type Suche struct{ Gemeinsam }

// Run measures searches of each kind as they are typed, and the page of the till.
func (c *Suche) Run(e *env.Env) error {
	return c.messe(e, func(l *lauf) ([]Messung, error) {
		f, err := l.fragen(e.Ctx)
		if err != nil {
			return nil, err
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
			list = append(list, x)
		}
		return list, nil
	})
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
