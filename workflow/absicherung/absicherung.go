// Package absicherung has the TSE sign what the till records (§ 146a AO, KassenSichV): a
// transaction begins with the first line of a Vorgang, in the background, and is finished
// before the receipt is issued. A TSE that fails never stops a sale (ADR 0025).
package absicherung

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// Geraet is a TSE. All its errors are of type *tse.Fehler; the context bounds the wait.
type Geraet interface {
	Stand(ctx context.Context) (tse.Stand, error)
	Selbsttest(ctx context.Context) error
	// Stellen sets its clock.
	Stellen(ctx context.Context) error
	// Anmelden makes a till known to it; once more is no error.
	Anmelden(ctx context.Context, client string) error
	// Beginnen starts a transaction. The same schluessel gives the same one, where it can.
	Beginnen(ctx context.Context, client, schluessel string) (tse.Beginn, error)
	// Beenden finishes it.
	Beenden(ctx context.Context, client string, b tse.Beginn, prozess, daten string) (tse.Signatur, error)
	// Offene are the transactions of a till that are started and not finished.
	Offene(ctx context.Context, client string) ([]tse.Offen, error)
	// Beendet is how a transaction was finished, from its log; false: it was not.
	Beendet(ctx context.Context, client string, transaktion uint64) (tse.Signatur, bool, error)
	// Letzte is the last transaction of a till that it has ended, or answered for; false: none, or it does
	// not say.
	Letzte(ctx context.Context, client string) (uint64, bool, error)
}

// Actor is who does what nobody asked for.
const Actor = "system"

// geduld is the longest that a sale waits for the TSE (facts: 3 to 5 s are usual).
const geduld = 3 * time.Second

// Service is the TSE of one till.
type Service struct {
	kern   *workflow.Kern
	geraet Geraet
	inhalt func(ctx context.Context, vorgang string) (bon.Bon, error)
	zettel Merkzettel // nil: what a kill leaves open has no lines
	spur   Spur       // nil: the TSE is not asked for sales that the journal has lost
	melder func(context.Context)
	log    *slog.Logger
	serie  string // KassenSeriennummer
	tse    tse.Geraet
	alt    []bon.Bon // not secured when the program started; only Laufen touches them
	leben  string    // of this run: what an earlier one has begun is abandoned, not gone on with

	dran chan struct{} // held by who speaks to the TSE: it does one thing at a time

	mu      sync.Mutex
	laufend map[string]*lauf         // by Vorgang, or by number of a record that has none
	dabei   map[string]chan struct{} // records that are being signed, by number; closed when that is done
	ausfall *ausfall                 // nil: it signs
	offen   []kassenbeleg.Gesichert  // what was signed and could not be journalled: the disk was full
	wecken  chan struct{}            // an outage has begun
	gefragt bool                     // the TSE has said what it signed last
	alle    sync.WaitGroup           // starts under way
}

// ausfall is why nothing is signed.
type ausfall struct {
	grund string
	seit  int64         // UTC nanoseconds
	steht chan struct{} // closed when it is on record, or could not be written
}

// lauf is a transaction that was begun.
type lauf struct {
	seit   int64         // when the Vorgang began, UTC nanoseconds
	fertig chan struct{} // closed when the TSE has answered
	beginn *tse.Beginn   // nil: it failed, or has not answered yet
}

// Options are what the service needs besides the Kern and the TSE.
type Options struct {
	Log *slog.Logger
	// Inhalt is a cart as it would be booked now.
	Inhalt func(ctx context.Context, vorgang string) (bon.Bon, error)
	// Zettel remembers beyond a kill which cart a transaction was begun for; nil: nothing does.
	Zettel Merkzettel
	// Spur remembers transactions that no record names; nil: the TSE is never asked for lost sales.
	Spur Spur
	// Aelter hears that the TSE has signed what the journal does not know, if that was found only after
	// the start; nil: nobody does.
	Aelter func(context.Context)
}

// Merkzettel remembers which cart a transaction was begun for. Neither waits for a disk.
type Merkzettel interface {
	Merken(vorgang string, b tse.Beginn) error
	Vorgang(seriennummer string, transaktion uint64) (string, bool)
}

// New returns the TSE of this till as it was set up last; false if it never was. An outage that
// was going on goes on until the TSE answers.
func New(ctx context.Context, k *workflow.Kern, g Geraet, o Options) (*Service, bool, error) {
	set, found, err := gesetzt(ctx, k)
	if err != nil || !found {
		return nil, false, err
	}
	s := &Service{
		kern: k, geraet: g, log: o.Log, inhalt: o.Inhalt, zettel: o.Zettel, spur: o.Spur, melder: o.Aelter,
		leben: "-" + rand.Text(), serie: set.Serie, tse: set.Geraet, dran: make(chan struct{}, 1),
		laufend: map[string]*lauf{}, dabei: map[string]chan struct{}{}, wecken: make(chan struct{}, 1),
	}
	if s.alt, err = s.ungesichert(ctx); err != nil {
		return nil, false, err
	}
	last, err := s.letzterAusfall(ctx)
	if err != nil {
		return nil, false, err
	}
	if last != nil && last.Ende == 0 {
		s.ausfall = &ausfall{last.Grund, last.Beginn, make(chan struct{})}
		close(s.ausfall.steht)
	}
	return s, true, nil
}

func gesetzt(ctx context.Context, k *workflow.Kern) (set belege.Gesetzt, found bool, err error) {
	err = k.Store.View(ctx, func(rows journal.Rows) error {
		set, found, err = belege.TSE(rows, k.Till)
		return err
	})
	return set, found, err
}

// Darf says whether somebody may change the TSE; the fault is V-001 for nobody, or one of G-1xx.
func Darf(ctx context.Context, k *workflow.Kern, actor string) error {
	if err := workflow.Angemeldet(actor); err != nil {
		return err
	}
	return k.Store.View(ctx, func(rows journal.Rows) error {
		return rechte.Fordern(rows, actor, berechtigung.Verwalten, 0, clock.Today(k.Clock))
	})
}

// Einrichten has a TSE sign for this till from now on: it is registered there and journalled.
// The serial number of the till stays when the TSE is changed.
func Einrichten(ctx context.Context, k *workflow.Kern, a workflow.Auftrag, treiber string, g Geraet) error {
	set, found, err := gesetzt(ctx, k)
	if err != nil {
		return err
	}
	serie := set.Serie
	if !found {
		serie = neueSerie(k, a)
	}
	stand, err := bereit(ctx, g, serie)
	if err != nil {
		return fault.New(fault.Unavailable, "T-601",
			"Die TSE lässt sich nicht einrichten – prüfen Sie Adresse, PIN und Zertifikat, dann noch einmal.", err)
	}
	stand.Treiber = treiber
	if found && set.Geraet.Seriennummer == stand.Seriennummer {
		return nil
	}
	e := event.TSEGesetzt{Till: k.Till, Serie: serie, Geraet: stand.Geraet}
	_, err = k.Do(ctx, a, []any{"TSE", treiber, stand.Seriennummer}, func(rows journal.Rows) ([]journal.Event, error) {
		return ersetzt(rows, k, e)
	})
	return err
}

// ersetzt is that another TSE signs from now on; it ends the outage of the one before.
func ersetzt(rows journal.Rows, k *workflow.Kern, e event.TSEGesetzt) ([]journal.Event, error) {
	list := []journal.Event{e}
	past, err := belege.Ausfaelle(rows, k.Till)
	if n := len(past); n > 0 && past[n-1].Ende == 0 {
		list = append(list, event.TSEZurueck{
			Till: k.Till, Seriennummer: e.Geraet.Seriennummer, Zeit: k.Clock.Now().UnixNano(),
		})
	}
	return list, err
}

// neueSerie is a serial number that no other till has: what the TSE and the tax office call it
// (at most 30 characters of PrintableString, AEAO zu § 146a Nr. 2.2.3.1).
func neueSerie(k *workflow.Kern, a workflow.Auftrag) string {
	return "OFFIZIN-" + workflow.ID(workflow.Auftrag{Key: k.Store.Self().String() + a.Key})
}

// bereit makes a TSE ready to sign for a till.
func bereit(ctx context.Context, g Geraet, serie string) (tse.Stand, error) {
	stand, err := g.Stand(ctx)
	if err == nil && stand.Selbsttest {
		err = g.Selbsttest(ctx)
	}
	if err != nil {
		return stand, err
	}
	return stand, anmelden(ctx, g, serie)
}

func anmelden(ctx context.Context, g Geraet, serie string) error {
	if err := g.Stellen(ctx); err != nil {
		return err
	}
	return g.Anmelden(ctx, serie)
}

// Bon implements workflow.Absicherung.
func (s *Service) Bon(b *bon.Bon) {
	b.Serie = s.serie
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.laufend[b.Vorgang]
	if l == nil {
		b.Beginn = b.Zeit
		return
	}
	b.Beginn, b.Transaktion = min(l.seit, b.Zeit), l.beginn // the clock may have been set back, a slip is of before
}

// Warten implements workflow.Absicherung.
func (s *Service) Warten(ctx context.Context, vorgang string) {
	s.mu.Lock()
	l := s.laufend[vorgang]
	s.mu.Unlock()
	if l == nil || l.fertig == nil {
		return
	}
	ctx, stop := context.WithTimeout(ctx, geduld)
	defer stop()
	select {
	case <-l.fertig:
	case <-ctx.Done():
	}
}

// Begonnen implements workflow.Absicherung.
func (s *Service) Begonnen(vorgang string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.laufend[vorgang] != nil {
		return
	}
	l := &lauf{seit: s.kern.Clock.Now().UnixNano(), fertig: make(chan struct{})}
	s.laufend[vorgang] = l
	if s.ausfall != nil {
		close(l.fertig)
		return
	}
	s.alle.Go(func() {
		defer close(l.fertig)
		ctx, stop := context.WithTimeout(context.Background(), geduld)
		defer stop()
		b, err := s.beginnen(ctx, vorgang, l)
		if err != nil {
			s.faellt(ctx, err)
			return
		}
		if s.zettel != nil {
			if err := s.zettel.Merken(vorgang, b); err != nil {
				s.log.Error("transaction not written down", slog.Any("error", err)) // a kill would leave it without lines
			}
		}
		s.log.Debug("transaction begun", slog.Uint64("number", b.Transaktion))
	})
}

// beginnen starts the transaction of a Vorgang; what the TSE answered is known before anybody
// else asks it anything.
func (s *Service) beginnen(ctx context.Context, schluessel string, l *lauf) (b tse.Beginn, err error) {
	err = s.allein(ctx, func() error {
		if b, err = s.geraet.Beginnen(ctx, s.serie, schluessel+s.leben); err != nil {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		l.beginn = &b
		return nil
	})
	return b, err
}

// allein waits for its turn at the TSE.
func (s *Service) allein(ctx context.Context, f func() error) error {
	select {
	case s.dran <- struct{}{}:
	case <-ctx.Done():
		return &tse.Fehler{Art: tse.Ausfall, Text: "Gerät ist noch mit der vorigen Anfrage beschäftigt", Err: ctx.Err()}
	}
	defer func() { <-s.dran }()
	return f()
}

// Close waits for the starts under way.
func (s *Service) Close() { s.alle.Wait() }
