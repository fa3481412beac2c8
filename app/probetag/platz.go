package probetag

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/merkzettel"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/node/shipping"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/absicherung"
)

// platz is one machine with its till and its TSE. The TSE is a device of its own: it goes on when
// the program ends, and stays when the disk is lost.
type platz struct {
	*apotheke.Apotheke // of the program that runs; nil: it is off

	l         *lauf
	name, dir string
	till      string // prefix of its receipt numbers
	tse       *simulator.Simulator
	tseDir    string
	fassung   string // of the program
	alte      []*simulator.Simulator
	geraet    *geraet // the TSE as the running program has it
	server    *shipping.Server
	anhalten  func()
}

func (l *lauf) neuerPlatz(till string) (*platz, error) {
	p := &platz{
		l: l, name: "platz-" + till, till: till,
		dir: filepath.Join(l.dir, "platz-"+till), tseDir: filepath.Join(l.dir, "tse-"+till), fassung: "Probetag 1",
	}
	var err error
	p.tse, err = simulator.Open(simulator.Optionen{Ordner: p.tseDir}, l.uhr)
	return p, err
}

// auftrag is the next act of whoever stands at the till.
func (p *platz) auftrag() workflow.Auftrag {
	p.l.act++
	return workflow.Auftrag{Key: fmt.Sprintf("probetag-%d-%s-%d", p.l.seed, p.till, p.l.act), Actor: inhaberin}
}

// starten starts the program. What it finds begun and not ended at its TSE it puts in order first.
func (p *platz) starten(ctx context.Context) error {
	a, err := apotheke.Open(ctx, apotheke.Options{
		Dir: p.dir, Platz: p.name, Till: p.till, Clock: p.l.uhr, Ballast: -1, Fassung: p.fassung,
	})
	if err != nil {
		return err
	}
	p.Apotheke = a
	p.server = shipping.NewServer(a.Store, slog.New(slog.DiscardHandler))
	p.geraet = &geraet{TSE: p.tse, geordnet: make(chan struct{})}
	if len(a.Katalog.Generationen()) == 0 {
		if err := p.katalog(ctx); err != nil {
			return err
		}
	}
	return p.anstecken(ctx)
}

// katalog builds the articles: the same on each machine.
func (p *platz) katalog(ctx context.Context) error {
	m := catalogue.Manifest{
		Quelle: "Probetag (erfundene Artikel)", GueltigAb: civil.Must(2026, 11, 15), Gebaut: "2026-11-14T12:00:00Z",
	}
	q := muster.Quelle(muster.Options{Seed: 1, Artikel: 60})
	if _, err := generation.Build(ctx, filepath.Join(p.dir, apotheke.KatalogDir), m, q, nil); err != nil {
		return err
	}
	return p.Katalog.Reload()
}

// anstecken has the TSE sign that was set up for this till; none was: nothing happens.
func (p *platz) anstecken(ctx context.Context) error {
	s, set, err := absicherung.New(ctx, p.Kern, p.geraet, absicherung.Options{
		Log: slog.New(slog.DiscardHandler), Inhalt: p.Dienste.Verkauf.Inhalt,
		Zettel: merkzettel.Open(filepath.Join(p.dir, merkzettel.Datei)),
	})
	if err != nil || !set {
		return err
	}
	p.Absicherung.Einstecken(s)
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.Absicherung.Laufen(ctx)
	}()
	p.anhalten = func() {
		stop()
		<-done
	}
	return p.geordnet(ctx)
}

// geordnet waits until the program has put in order what the one before has left at the TSE.
func (p *platz) geordnet(ctx context.Context) error {
	select {
	case <-p.geraet.geordnet:
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // who called it off knows why
	}
	err := bis(ctx, func() (bool, error) {
		set, _, err := p.Absicherung.Lage(ctx)
		if err != nil || set.Grund != "" {
			return false, err
		}
		open, err := p.tse.Offene(ctx, set.Serie)
		return len(open) == 0, err
	})
	if err != nil {
		return err
	}
	return p.gesichert(ctx)
}

// einrichten has the TSE sign for this till from now on.
func (p *platz) einrichten(ctx context.Context) error {
	if err := absicherung.Einrichten(ctx, p.Kern, p.auftrag(), simulator.Name, p.geraet); err != nil {
		return err
	}
	if err := (anschluss.Konfig{Treiber: simulator.Name, Ordner: p.tseDir}).Schreiben(p.dir); err != nil {
		return err
	}
	return p.anstecken(ctx)
}

// gesichert waits until it is known of each record of the till whether it was signed.
func (p *platz) gesichert(ctx context.Context) error {
	return bis(ctx, func() (bool, error) {
		set, _, err := p.Absicherung.Lage(ctx)
		return set.Ungesichert == 0, err
	})
}

// geduld is how long something is waited for that goes on beside.
const geduld = 30 * time.Second

var errDauert = errors.New("what goes on beside does not come to its end")

// bis waits until something is so.
func bis(ctx context.Context, f func() (bool, error)) error {
	end := time.NewTimer(geduld)
	defer end.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if done, err := f(); done || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-end.C:
			return errDauert
		case <-ctx.Done():
			return ctx.Err() //nolint:wrapcheck // who called it off knows why
		}
	}
}

// beenden ends the program in order.
func (p *platz) beenden() error {
	if p.Apotheke == nil {
		return nil
	}
	if p.anhalten != nil {
		p.anhalten()
		p.anhalten = nil
	}
	err := p.Close()
	p.Apotheke = nil
	return err
}

// neustart ends the program and starts it again.
func (p *platz) neustart(ctx context.Context) error {
	if err := p.beenden(); err != nil {
		return err
	}
	return p.starten(ctx)
}

// verlieren loses the disk: the folder is gone with all that was in it.
func (p *platz) verlieren() error {
	if err := p.beenden(); err != nil {
		return err
	}
	if err := os.RemoveAll(p.dir); err != nil {
		return fmt.Errorf("lose the disk: %w", err)
	}
	return nil
}
