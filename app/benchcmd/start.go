package benchcmd

import (
	"errors"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue/muster"
)

// Start is `offizin bench start`.
type Start struct{ Gemeinsam }

// Run stops and starts a pharmacy with data, until it answers a search.
func (c *Start) Run(e *env.Env) error {
	if c.An != "" {
		return env.Usage("Den Start misst Offizin nur an einem eigenen; bitte ohne --an aufrufen.")
	}
	return c.messe(e, func(l *lauf) ([]Messung, error) {
		if _, err := l.reihe("v", (*lauf).ablauf); err != nil { // data to start with
			return nil, err
		}
		var r reihe
		for range min(l.N, 20) {
			l.process.Stop()
			d, err := dauer(e.Clock, func() error {
				err := l.start(e.Ctx)
				if err == nil {
					err = found(l.client.Suche(e.Ctx, string(muster.OTCSchmerzmittel.PZN())))
				}
				return err
			})
			if err != nil {
				return nil, errors.Join(err)
			}
			r = append(r, d)
		}
		m := r.messung("start")
		m.RSS = l.rss()
		return []Messung{m}, nil
	})
}
