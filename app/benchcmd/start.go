package benchcmd

import (
	"errors"
	"os"
	"strconv"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue/muster"
)

// Start is `offizin bench start`.
type Start struct{ Gemeinsam }

// Run stops and starts a pharmacy with data, until it answers a search, and until it has
// booked a first sale of three articles.
func (c *Start) Run(e *env.Env) error {
	if c.An != "" {
		return env.Usage("Den Start misst Offizin nur an einem eigenen; bitte ohne --an aufrufen.")
	}
	return c.messe(e, func(l *lauf) ([]Messung, error) {
		if _, err := l.reihe("v", (*lauf).ablauf); err != nil { // data to start with
			return nil, err
		}
		var r, sold reihe
		for i := range min(l.N, 20) {
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
			sale, err := l.ablauf(e.Ctx, "start-"+strconv.Itoa(os.Getpid())+"-"+strconv.Itoa(i)+"-")
			if err != nil {
				return nil, err
			}
			r, sold = append(r, d), append(sold, d+sale)
		}
		start, first := r.messung("start"), sold.messung("start-sale")
		first.RSS, first.Privat = l.speicher()
		start.RSS, start.Privat = first.RSS, first.Privat
		return []Messung{start, first}, nil
	})
}
