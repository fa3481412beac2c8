package apotheke

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/workflow/stoerung"
)

// How often the machine is asked: a page shows what was found last.
const (
	platteAlle  = 20 * time.Second
	journalAlle = 6 * time.Hour

	// So long the day's own check may have been done already: after a start, both are due.
	frisch = time.Hour

	// While many records come in, the check waits: it would take the processor from them and
	// see half of them. It does not wait longer than a daily job may take.
	nachzuegler = 5 * time.Minute
	nachsehen   = 500 * time.Millisecond
)

// errAbgebrochen reports a check that ended with the program.
var errAbgebrochen = errors.New("check of the journal was broken off")

// errFunde reports a journal that a check found fault with.
var errFunde = errors.New("journal is not whole")

// probe is what this machine knows of its disk and its journal.
type probe struct {
	dir   string
	clock clock.Clock
	store *sqlite.Store
	log   *slog.Logger
	// hole gets a record from another machine; nil: there is none.
	hole func(context.Context, journal.Origin, uint64) (journal.Record, bool)
	// behind reports whether many records are coming from other machines; nil: never.
	behind func() bool

	life context.Context //nolint:containedctx // of the program: a check is of nobody's request
	stop context.CancelFunc

	mu           sync.Mutex
	platte       stoerung.Platte
	platteMono   time.Duration
	platteWar    bool
	pruefung     stoerung.Journalpruefung
	pruefungMono time.Duration
	pruefungWar  bool
	laeuft       chan struct{} // closed when the check that is under way has ended; nil: there is none
}

var _ stoerung.Probe = (*probe)(nil)

func newProbe(a *Apotheke, o Options) *probe {
	p := &probe{dir: o.Dir, clock: a.Kern.Clock, store: a.Store, log: o.Log, hole: o.Fetch, behind: o.Behind}
	p.life, p.stop = context.WithCancel(context.Background())
	return p
}

// Platte implements stoerung.Probe.
func (p *probe) Platte(context.Context) (stoerung.Platte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.platteWar && p.clock.Mono()-p.platteMono < platteAlle {
		return p.platte, nil
	}
	free, all, err := platte.Frei(p.dir)
	if err != nil {
		return stoerung.Platte{}, fmt.Errorf("ask for free space: %w", err)
	}
	took, failed := platte.Schreibtest(p.dir, p.clock)
	p.platte = stoerung.Platte{Frei: free, Gesamt: all, Schreibtest: took, Geprueft: p.clock.Now(), Fehler: failed}
	p.platteMono, p.platteWar = p.clock.Mono(), true
	return p.platte, nil
}

// Journal implements stoerung.Probe. The check reads everything: it runs beside the
// sales, and what is shown is the last result.
func (p *probe) Journal(ctx context.Context) (stoerung.Journalpruefung, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.juenger(journalAlle) && p.laeuft == nil {
		p.beginne()
	}
	last := p.pruefung
	last.Running = p.laeuft != nil
	b, err := p.store.Neubau(ctx)
	last.Neubau = stoerung.Neubau(b)
	return last, err
}

// desTages is the check that is due each day. It reads everything once for all who want to know.
func (p *probe) desTages(ctx context.Context) error {
	p.mu.Lock()
	if p.laeuft == nil && (p.pruefung.Fehler != nil || !p.juenger(frisch)) {
		p.beginne()
	}
	ends := p.laeuft
	p.mu.Unlock()
	if ends != nil {
		select {
		case <-ends:
		case <-ctx.Done():
			return fmt.Errorf("wait for the check of the journal: %w", ctx.Err())
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.juenger(frisch) {
		return errAbgebrochen
	}
	return p.pruefung.Fehler
}

// juenger reports whether the last check is not older than that, by both clocks: one stands still while the
// machine sleeps. It needs the lock, as does beginne.
func (p *probe) juenger(d time.Duration) bool {
	return p.pruefungWar && p.clock.Mono()-p.pruefungMono <= d && p.clock.Now().Sub(p.pruefung.Zeit).Abs() <= d
}

// beginne begins a check. It ends with the program, whoever asked for it.
func (p *probe) beginne() {
	ends := make(chan struct{})
	p.laeuft = ends
	go func() {
		defer close(ends)
		p.pruefe(p.life)
	}()
}

// heile puts damaged records back as another machine has them; true if there were any.
func (p *probe) heile(ctx context.Context, b sqlite.Bericht) (healed bool) {
	if p.hole == nil {
		return false
	}
	for _, s := range b.Damaged {
		r, ok := p.hole(ctx, s.Origin, s.Seq)
		if !ok {
			continue
		}
		if err := p.store.Repair(ctx, r); err != nil {
			p.log.Error("damaged record not put back", slog.String("record", r.Key), slog.Any("error", err))
			continue
		}
		p.log.Warn("damaged record put back from another machine", slog.String("record", r.Key))
		healed = true
	}
	return healed
}

// warte waits while many records come in.
func (p *probe) warte(ctx context.Context) {
	look := time.NewTicker(nachsehen)
	defer look.Stop()
	for began := p.clock.Mono(); p.behind != nil && p.behind() && p.clock.Mono()-began < nachzuegler; {
		select {
		case <-look.C:
		case <-ctx.Done():
			return
		}
	}
}

// pruefe checks the whole journal and keeps what was found.
func (p *probe) pruefe(ctx context.Context) {
	p.warte(ctx)
	b, err := p.store.Verify(ctx)
	if err == nil && p.heile(ctx, b) {
		b, err = p.store.Verify(ctx)
	}
	if err == nil && len(b.Funde) > 0 {
		err = fmt.Errorf("%w: %s: %s", errFunde, b.Funde[0].Ort, b.Funde[0].Text)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.laeuft = nil
	if ctx.Err() != nil {
		return // it was broken off and has found nothing
	}
	p.pruefung = stoerung.Journalpruefung{Zeit: p.clock.Now(), Fehler: err}
	p.pruefungMono, p.pruefungWar = p.clock.Mono(), true
}
