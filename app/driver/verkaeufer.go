package driver

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// Bestaetigung is a sale that a till has acknowledged. Times are milliseconds.
type Bestaetigung struct {
	Key      string  `json:"key"` // of the payment: the journal has its record as key/0
	Bon      string  `json:"bon"`
	Cent     int64   `json:"cent"`             // what the patient pays
	Schild   string  `json:"schild,omitempty"` // "sicher", "gebucht" or "allein": what the till said of it
	An       string  `json:"an"`               // the till
	MS       float64 `json:"ms"`               // of the request that was answered
	SeitMS   float64 `json:"seit_ms"`          // since the sale began, with all repetitions
	Versuche int     `json:"versuche"`         // of the payment
}

// Offen is a sale that was begun and never acknowledged: nobody knows what became of it.
type Offen struct {
	Key      string `json:"key"`
	An       string `json:"an"`
	Grund    string `json:"grund"`    // of the last try
	Bezahlen bool   `json:"bezahlen"` // the payment was sent
}

// Verkaeufer is one person who sells in cash, at the first till of a list that answers. A cart
// belongs to the machine where it was begun: if that does not answer, the next sale is made at
// the next till, and the open one is finished at its own, with the same keys, when it answers
// again. It is never paid at two tills.
type Verkaeufer struct {
	Tills  []*Client
	Waren  []string      // codes that are scanned for each sale
	Name   string        // begins all keys; another for each person and run
	Geduld time.Duration // how long a sale is repeated
	Pause  time.Duration // between two sales
	Clock  clock.Clock
	Tell   func(Bestaetigung) // hears of each acknowledged sale at once

	halt  atomic.Bool
	begun int
	down  map[*Client]time.Duration // until when a till is left alone
	open  []*vorgang
	lost  []Offen
}

// vorgang is a sale on its way: steps that were acknowledged are never repeated, one that was
// not is repeated with its key.
type vorgang struct {
	key   string
	till  *Client
	step  int
	id    string
	cent  int64
	began time.Duration
	again time.Duration // not before
	tries int
}

// wieder is how long a till that did not answer is left alone.
const wieder = 200 * time.Millisecond

// Verkaufe makes n sales, or as many as there is time for, and returns those that were begun
// and not acknowledged.
func (v *Verkaeufer) Verkaufe(ctx context.Context, n int) []Offen {
	v.down = map[*Client]time.Duration{}
	for ctx.Err() == nil && (v.mehr(n) || len(v.open) > 0) {
		now := v.Clock.Mono()
		if i := slices.IndexFunc(v.open, func(o *vorgang) bool { return o.again <= now }); i >= 0 {
			o := v.open[i]
			v.open = slices.Delete(v.open, i, i+1)
			v.versuche(ctx, o)
			continue
		}
		if till := v.till(now); till != nil && v.mehr(n) {
			v.begun++
			v.versuche(ctx, &vorgang{key: fmt.Sprintf("%s-%d", v.Name, v.begun), till: till, began: now})
			ruhe(ctx, v.Pause)
			continue
		}
		ruhe(ctx, 10*time.Millisecond)
	}
	for _, o := range v.open {
		v.lost = append(v.lost, o.offen(v, context.Cause(ctx)))
	}
	return v.lost
}

func (v *Verkaeufer) mehr(n int) bool { return v.begun < n && !v.halt.Load() }

// Halt lets nothing new begin; what is open is finished.
func (v *Verkaeufer) Halt() { v.halt.Store(true) }

// till is the first one that is not known to be away.
func (v *Verkaeufer) till(now time.Duration) *Client {
	for _, c := range v.Tills {
		if v.down[c] <= now {
			return c
		}
	}
	return nil
}

// versuche goes on with a sale until it is acknowledged or a step is not.
func (v *Verkaeufer) versuche(ctx context.Context, o *vorgang) {
	b, err := v.weiter(ctx, o)
	now := v.Clock.Mono()
	switch {
	case err == nil:
		v.Tell(b)
	case ctx.Err() != nil || now-o.began < v.Geduld:
		v.down[o.till], o.again = now+wieder, now+wieder
		v.open = append(v.open, o)
	default:
		v.lost = append(v.lost, o.offen(v, err))
	}
}

func (o *vorgang) offen(v *Verkaeufer, err error) Offen {
	return Offen{Key: o.bezahlKey(v), An: o.till.base, Grund: fmt.Sprint(err), Bezahlen: o.tries > 0}
}

func (o *vorgang) stepKey(i int) string           { return fmt.Sprintf("%s-%d", o.key, i) }
func (o *vorgang) bezahlKey(v *Verkaeufer) string { return o.stepKey(len(v.Waren) + 1) }

// weiter does the steps that are left: begin, scan each article, pay.
func (v *Verkaeufer) weiter(ctx context.Context, o *vorgang) (Bestaetigung, error) {
	for ; o.step <= len(v.Waren); o.step++ {
		var a Antwort
		var err error
		if o.step == 0 {
			a, err = o.till.Post(ctx, "/verkauf/beginnen", o.stepKey(0), nil)
		} else {
			a, err = o.till.Scan(ctx, o.stepKey(o.step), o.id, v.Waren[o.step-1])
		}
		if err != nil {
			return Bestaetigung{}, err
		}
		o.id, o.cent = a.Vorgang, a.Patient
	}
	o.tries++
	start := v.Clock.Mono()
	a, err := o.till.Bezahlen(ctx, o.bezahlKey(v), o.id, o.cent)
	if err != nil {
		return Bestaetigung{}, err
	}
	now := v.Clock.Mono()
	return Bestaetigung{
		Key: o.bezahlKey(v), Bon: a.Bon, Cent: a.Patient, Schild: a.Schild, An: o.till.base,
		MS: inMS(now - start), SeitMS: inMS(now - o.began), Versuche: o.tries,
	}, nil
}

// inMS is a duration in milliseconds, to the microsecond.
func inMS(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// ruhe waits, unless the context ends before.
func ruhe(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	over, stop := context.WithTimeout(ctx, d)
	defer stop()
	<-over.Done()
}
