package benchcmd

import (
	"context"
	"fmt"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue/muster"
)

// Suche is `offizin bench suche`.
type Suche struct{ Gemeinsam }

// Run measures searches as they are typed, and the page of the till.
func (c *Suche) Run(e *env.Env) error {
	return c.messe(e, func(l *lauf) ([]Messung, error) {
		var list []Messung
		for _, m := range []struct {
			name string
			one  func(context.Context, int) error
		}{
			{"pzn", l.pzn}, {"words", l.words}, {"page", l.page},
		} {
			r, err := l.oft(m.one)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", m.name, err)
			}
			x := r.messung(m.name)
			x.RSS = l.rss()
			list = append(list, x)
		}
		return list, nil
	})
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

func (l *lauf) pzn(ctx context.Context, i int) error {
	known := muster.Bekannt()
	return found(l.client.Suche(ctx, string(known[i%len(known)].Artikel.PZN)))
}

// worte are queries as people type them: beginnings, any order, one typo.
func worte() []string {
	return []string{
		"ibu 400 20", "para 500", "rami 5 mg n3", "400 ibu", "metop ret 100", "omepra 20", "ibuprofn 600", "nasenspray",
		"hustensaft", "tabl ramipril", "creme 50 g", "diclo gel", "pantop 40 100 st", "simva", "amlo 5", "tropfen 20 ml",
	}
}

func (l *lauf) words(ctx context.Context, i int) error {
	list := worte()
	_, err := l.client.Suche(ctx, list[i%len(list)])
	return err
}

func (l *lauf) page(ctx context.Context, _ int) error { return l.client.Get(ctx, "/verkauf", nil) }

func found(n int, err error) error {
	if err == nil && n == 0 {
		err = fmt.Errorf("an article of the demo was not found")
	}
	return err
}
