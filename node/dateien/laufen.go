package dateien

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/fault"
)

// The pauses: between two looks, and after what failed.
const (
	takt         = 250 * time.Millisecond
	ersteWeg     = time.Second // a machine that was gone
	letzteWeg    = 30 * time.Second
	ersteFalsch  = 5 * time.Second // a piece that was not taken in
	letzteFalsch = time.Hour
)

// Run looks at what is here and fetches what the others have, until the context ends. quellen
// are the machines that answer now, the one to ask first in front.
func (d *Dateien) Run(ctx context.Context, quellen func() []Quelle) {
	if err := os.MkdirAll(d.opt.Dir, 0o700); err != nil {
		d.opt.Log.Error("folder for what comes", slog.Any("error", err)) // each piece says it again
	}
	d.blick()
	var both sync.WaitGroup
	both.Go(func() { jede(ctx, func() { d.blick() }) })
	both.Go(func() {
		jede(ctx, func() {
			for more := true; more && ctx.Err() == nil; {
				more = d.runde(ctx, quellen())
			}
		})
	})
	both.Wait()
}

func jede(ctx context.Context, f func()) {
	t := time.NewTicker(takt)
	defer t.Stop()
	for {
		f()
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// blick looks at what is here, for the others to ask.
func (d *Dateien) blick() {
	l, err := d.eigene()
	if err != nil {
		d.log.Warn("files not listed", slog.Any("error", err))
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.habe, d.stand = l.Liste, l.zusammen()
}

// runde asks the machines of which something is not known yet, and fetches at most one piece.
// It reports whether it has: there may be more.
func (d *Dateien) runde(ctx context.Context, list []Quelle) bool {
	d.vergiss(list)
	var wanted []Eintrag
	known := true
	for _, q := range list {
		n, want, err := d.frage(ctx, q)
		if err != nil {
			d.opt.Log.Debug("files not listed", slog.String("of", q.Platz), slog.Any("error", err))
			d.spaeter(n)
			known = false
			continue
		}
		wanted = append(wanted, want...)
		for _, e := range want {
			if !d.dran(q, e) || !d.ordner(e.Art).Wants(e) { // it may have come from another since
				continue
			}
			if d.versuche(ctx, q, n, e) {
				return true
			}
			if ctx.Err() != nil {
				return false
			}
			if d.fern(n) {
				known = false
				break // the next machine may have it, too
			}
		}
	}
	if known && len(list) > 0 {
		d.raeume(wanted)
	}
	return false
}

// frage asks a machine what it has, if that may be something else than the last time, and
// says what of it is lacking here.
func (d *Dateien) frage(ctx context.Context, q Quelle) (*nachbar, []Eintrag, error) {
	now := d.opt.Clock.Mono()
	d.mu.Lock()
	n := d.bei[q.Platz]
	if n == nil {
		n = &nachbar{}
		d.bei[q.Platz] = n
	}
	stand := q.Stand + "/" + d.stand
	due := q.Stand != "" && n.gesehen != stand && now >= n.wieder
	same, hat, missing := q.Stand == d.stand, d.habe, n.fehlt
	d.mu.Unlock()
	if !due {
		return n, missing, nil
	}
	missing = nil
	wieder := time.Duration(0)
	if !same {
		l, err := q.liste(ctx)
		if err != nil {
			return n, nil, err
		}
		d.beilagen(q, l)
		hat = l.Liste
		if said := l.zusammen(); said != q.Stand { // it has changed meanwhile, or is not what was meant
			stand, wieder = "", now+ersteWeg
		}
		missing = slices.DeleteFunc(slices.Clone(hat), func(e Eintrag) bool {
			o := d.ordner(e.Art)
			return o == nil || !o.Wants(e)
		})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n.hat, n.fehlt, n.gesehen, n.pause, n.wieder = hat, missing, stand, 0, wieder
	return n, missing, nil
}

// beilagen takes in what another machine has said beside its list.
func (d *Dateien) beilagen(q Quelle, l liste) {
	for _, o := range d.opt.Ordner {
		if err := o.TakeAside(l.Aside[o.Art()]); err != nil {
			d.log.Warn("what another machine says of its files is not taken in",
				slog.String("from", q.Platz), slog.String("kind", o.Art()), slog.Any("error", err))
		}
	}
}

// vergiss forgets machines that do not answer any more; they are asked again when they do. A piece
// that was not taken in and has not been offered for an hour since it was due is forgotten, too.
func (d *Dateien) vergiss(list []Quelle) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name := range d.bei {
		if !slices.ContainsFunc(list, func(q Quelle) bool { return q.Platz == name }) {
			delete(d.bei, name)
		}
	}
	now := d.opt.Clock.Mono()
	for key, p := range d.stuecke {
		if now-p.bis > letzteFalsch {
			delete(d.stuecke, key)
		}
	}
}

// spaeter asks a machine again after a while.
func (d *Dateien) spaeter(n *nachbar) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n.pause = min(max(2*n.pause, ersteWeg), letzteWeg)
	n.gesehen, n.wieder, n.hat, n.fehlt = "", d.opt.Clock.Mono()+n.pause, nil, nil
}

// fern says whether a machine is left alone for a while.
func (d *Dateien) fern(n *nachbar) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return n.wieder > d.opt.Clock.Mono()
}

// dran says whether it is time to try a piece of a machine.
func (d *Dateien) dran(q Quelle, e Eintrag) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.stuecke[q.Platz+"/"+e.key()]
	return p == nil || d.opt.Clock.Mono() >= p.bis
}

// versuche fetches a piece. One that was not taken in is tried again after a while; if the
// machine was gone, the next one is tried at once.
func (d *Dateien) versuche(ctx context.Context, q Quelle, n *nachbar, e Eintrag) bool {
	err := d.hole(ctx, q, d.ordner(e.Art), e)
	if ctx.Err() != nil {
		return false
	}
	defer d.blick()
	d.mu.Lock()
	d.fehler = err
	if err == nil {
		delete(d.stuecke, q.Platz+"/"+e.key())
	}
	d.mu.Unlock()
	if err == nil {
		d.opt.Log.Info("fetched", slog.String("what", e.key()), slog.String("from", q.Platz), slog.Int64("bytes", e.Bytes))
		return true
	}
	d.opt.Log.Warn("not fetched", slog.String("what", e.key()), slog.String("from", q.Platz), slog.Any("error", err))
	if errors.Is(err, errWeg) || fault.KindOf(err) == fault.NotFound {
		d.spaeter(n)
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.stuecke[q.Platz+"/"+e.key()]
	if p == nil {
		p = &pause{}
		d.stuecke[q.Platz+"/"+e.key()] = p
	}
	p.dauer = min(max(2*p.dauer, ersteFalsch), letzteFalsch)
	p.bis = d.opt.Clock.Mono() + p.dauer
	n.gesehen, n.wieder = "", p.bis // then its list is asked for anew, too
	return false
}
