package benchcmd

import (
	"context"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/internal/clock"
)

// Verkauf is `offizin bench verkauf`.
type Verkauf struct{ Gemeinsam }

// Run measures the paying request of a cart with three lines, one of them on
// prescription, and the flow of three scans and the payment.
func (c *Verkauf) Run(e *env.Env) error {
	return c.messe(e, func(l *lauf) ([]Messung, error) {
		limit, err := platte(e.Clock, l.dir, max(50, l.N/4))
		if err != nil {
			return nil, err
		}
		sale, err := l.reihe("s", (*lauf).mitRezept)
		if err != nil {
			return nil, err
		}
		flow, err := l.reihe("f", (*lauf).ablauf)
		if err != nil {
			return nil, err
		}
		after, err := platte(e.Clock, l.dir, max(50, l.N/4))
		if err != nil {
			return nil, err
		}
		limit.N, limit.P50 = limit.N+after.N, rounded((limit.P50+after.P50)/2)
		a, b := sale.messung("sale"), flow.messung("sale-flow")
		a.LimitP50, b.LimitP50 = limit.P50, limit.P50
		a.RSS, a.Privat = l.speicher()
		b.RSS, b.Privat = l.speicher()
		return []Messung{limit, a, b}, nil
	})
}

// reihe does one thing N times, after a few that are not counted.
func (l *lauf) reihe(what string, one func(*lauf, context.Context, string) (time.Duration, error)) (reihe, error) {
	var r reihe
	run := "bench-" + strconv.Itoa(os.Getpid()) + "-" + what
	for i := -10; i < l.N; i++ {
		d, err := one(l, l.env.Ctx, run+strconv.Itoa(i+10)+"-")
		if err != nil {
			return nil, err
		}
		if i >= 0 {
			r = append(r, d)
		}
	}
	return r, nil
}

// mitRezept fills a cart with a prescription, its article and two more, and measures
// the payment alone.
func (l *lauf) mitRezept(ctx context.Context, key string) (time.Duration, error) {
	insurer := muster.IKs()[0]
	a, err := l.client.Post(ctx, "/verkauf/muster16", key+"r", url.Values{
		"ausgestellt": {clock.Today(l.env.Clock).German()},
		"name":        {"Messung"}, "vorname": {"Erika"}, "geburt": {"03.05.1970"},
		"traeger": {"GKV"}, "ik": {insurer.IK},
		"pzn1": {string(muster.RxZuzahlung5.PZN())}, "packungen1": {"1"},
	})
	for i, p := range []muster.Rolle{muster.RxZuzahlung5, muster.OTCSchmerzmittel, muster.FreiwahlVoll} {
		if err == nil {
			a, err = l.client.Scan(ctx, key+strconv.Itoa(i), a.Vorgang, string(p.PZN()))
		}
	}
	if err != nil {
		return 0, err
	}
	return dauer(l.env.Clock, func() error {
		_, err := l.client.Bezahlen(ctx, key+"b", a.Vorgang, a.Patient)
		return err
	})
}

// ablauf measures three scans and the payment.
func (l *lauf) ablauf(ctx context.Context, key string) (time.Duration, error) {
	return dauer(l.env.Clock, func() error {
		var a driver.Antwort
		var err error
		for i, p := range []muster.Rolle{muster.OTCSchmerzmittel, muster.FreiwahlVoll, muster.FreiwahlErmaessigt} {
			if err == nil {
				a, err = l.client.Scan(ctx, key+strconv.Itoa(i), a.Vorgang, string(p.PZN()))
			}
		}
		if err == nil {
			_, err = l.client.Bezahlen(ctx, key+"b", a.Vorgang, a.Patient)
		}
		return err
	})
}
