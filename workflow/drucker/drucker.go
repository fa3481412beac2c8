// Package drucker prints receipts beside the sales: a printer that hangs, is empty or is not
// there holds up nobody. What waits and what went wrong can be seen and tried again.
package drucker

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/verkauf"
)

// ErrUncertain reports that data went to the printer and nobody knows what was printed: such a
// receipt is not printed again by itself.
var ErrUncertain = errors.New("nobody knows what was printed")

// Geraet is what reaches a printer. Its errors are faults with a code.
type Geraet interface {
	// Check says what is wrong with an address; nil: it can be one.
	Check(adresse string) error
	// Drucken prints a receipt; it ends with ctx.
	Drucken(ctx context.Context, e Einstellung, b quittung.Beleg) error
	// Lade opens the drawer.
	Lade(ctx context.Context, e Einstellung) error
	// Zustand asks the printer how it is.
	Zustand(ctx context.Context, e Einstellung) error
}

// Ablage keeps over restarts which receipts are printed; the machine has its own.
type Ablage interface {
	Lesen() (Stand, error)
	Schreiben(Stand) error
}

// Stand is what is kept.
type Stand struct {
	Letzter  string   `json:"letzter"`  // the last Bon that was looked at
	Gedruckt []string `json:"gedruckt"` // Bons whose original is printed, the last 500
	Offen    []string `json:"offen"`    // Bons whose original is to be printed and is not yet
}

// Dienste is what the service stands on.
type Dienste struct {
	Verkauf  *verkauf.Service
	Haus     *haus.Service
	Personen *person.Service
	Geraet   Geraet
	Ablage   Ablage        // nil: forgotten at the end
	Geduld   time.Duration // for one receipt; 0: 30 s, the longest takes 20 s of paper
}

// Service prints.
type Service struct {
	Dienste

	kern *workflow.Kern
	neu  chan struct{} // something waits
	bell journal.Bell  // a print is further

	mu      sync.Mutex
	stand   Stand
	liste   []*auftrag // oldest first
	zustand error      // of the printer, when it was asked last
	bekannt bool       // it was asked
	fragen  bool       // ask soon: the settings have changed
}

// New returns the service. What was sold before is not printed.
func New(k *workflow.Kern, d Dienste) *Service {
	s := &Service{Dienste: d, kern: k, neu: make(chan struct{}, 1)}
	s.Geduld = cmp.Or(d.Geduld, geduld)
	if d.Ablage != nil {
		s.stand, _ = d.Ablage.Lesen() // one that cannot be read begins anew
	}
	return s
}

// The limits of time.
const (
	geduld     = 30 * time.Second // for one receipt, unless told otherwise
	ladeFrist  = 20 * time.Second // after that the drawer stays shut: nobody may stand there
	alter      = 10 * time.Minute // after that nobody waits for the receipt any more
	pause      = 3 * time.Second  // between two tries
	nachsehen  = time.Minute      // between two looks at an idle printer
	fragen     = 5 * time.Second  // for an answer to that
	tseFrist   = 10 * time.Second // for the TSE to answer; after that the receipt is marked
	tag        = 24 * time.Hour   // for so long somebody may still want a receipt
	hoechstens = 200              // Bons looked at in one go
)

// Laufen prints what this till sells until ctx ends.
func (s *Service) Laufen(ctx context.Context) {
	var follow sync.WaitGroup
	s.wiederaufnehmen(ctx)
	follow.Go(func() { s.folgen(ctx) })
	s.drucken(ctx)
	follow.Wait()
}

// folgen watches the journal.
func (s *Service) folgen(ctx context.Context) {
	for {
		changed := s.kern.Store.Changed()
		s.nachlesen(ctx)
		if s.wartet() {
			s.wecken() // the TSE may have answered
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// nachlesen looks at the Bons since the last look.
func (s *Service) nachlesen(ctx context.Context) {
	s.mu.Lock()
	since := s.stand.Letzter
	s.mu.Unlock()
	list, last, err := s.seit(ctx, since)
	if err != nil || last == since {
		return // the next change looks again
	}
	e, err := s.Einstellung(ctx)
	if err != nil {
		return
	}
	var jobs []auftrag
	var open []string
	for _, b := range list {
		paper, cash := s.verkauft(e, b)
		if paper || cash {
			jobs = append(jobs, auftrag{Nummer: b.Nummer, NurLade: !paper, lade: cash})
		}
		if paper {
			open = append(open, b.Nummer)
		}
	}
	s.merken(func(st *Stand) { // first: what is printed takes itself out
		st.Letzter = last
		st.Offen = append(st.Offen, open...)
		st.Offen = st.Offen[max(0, len(st.Offen)-merkt):]
	})
	for _, a := range jobs {
		s.anstellen(a)
	}
}

// wiederaufnehmen lists what was not printed when the program ended. Nobody knows how far it
// was: a person looks and decides.
func (s *Service) wiederaufnehmen(ctx context.Context) {
	s.mu.Lock()
	open := slices.Clone(s.stand.Offen)
	s.mu.Unlock()
	for _, nummer := range open {
		v, err := s.Verkauf.Bon(ctx, nummer)
		if err == nil && s.kern.Clock.Now().Sub(time.Unix(0, v.Bon.Zeit).UTC()) < tag {
			s.anstellen(auftrag{Nummer: nummer, lage: Ungewiss})
			continue
		}
		s.merken(func(st *Stand) { st.erledigt(nummer) })
	}
}

// erledigt forgets what is printed or given up.
func (st *Stand) erledigt(nummer string) {
	st.Offen = slices.DeleteFunc(slices.Clone(st.Offen), func(n string) bool { return n == nummer })
}

// seit returns the Bons of this till after a number, and the number of the last. Without a
// number, or with that of another till, there are none.
func (s *Service) seit(ctx context.Context, nummer string) (list []bon.Bon, last string, err error) {
	list, err = workflow.View(ctx, s.kern, func(rows journal.Rows) ([]bon.Bon, error) {
		b, found, err := bons.Last(rows, s.kern.Till)
		if err != nil || !found {
			return nil, err
		}
		last = b.Nummer
		till, running, err := bons.Split(nummer)
		if err != nil || till != s.kern.Till {
			return nil, nil //nolint:nilerr // nothing was looked at yet
		}
		_, end, err := bons.Split(last)
		var list []bon.Bon
		for n := max(running+1, end-hoechstens); n <= end && err == nil; n++ {
			b, found, err = bons.Find(rows, bons.Number(till, n))
			if found {
				list = append(list, b)
			}
		}
		return list, err
	})
	if last == "" {
		last = bons.Number(s.kern.Till, 0)
	}
	return list, last, err
}

// verkauft says whether a new Bon is printed, and whether the drawer opens, as the settings say.
func (s *Service) verkauft(e Einstellung, b bon.Bon) (paper, cash bool) {
	if e.Adresse == "" || !gedruckt(b.Art) {
		return false, false
	}
	age := s.kern.Clock.Now().Sub(time.Unix(0, b.Zeit).UTC())
	cash = e.Lade && quittung.Barzahlung(b) && !b.Nacherfassung && age.Abs() < ladeFrist
	return e.Wann == Immer && (b.Nacherfassung || age < alter), cash
}

// gedruckt says whether a kind of Bon has a receipt for a customer.
func gedruckt(a bon.Art) bool {
	switch a {
	case bon.Verkauf, bon.Storno, bon.Retoure:
		return true
	case bon.Bewegung, bon.Abbruch, bon.Bestellung:
	}
	return false
}

// merken changes what is kept; what the disk does not take is kept until it does.
func (s *Service) merken(change func(*Stand)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.stand)
	s.schreiben()
}

// schreiben keeps what is to be kept; who calls it holds mu.
func (s *Service) schreiben() {
	if s.Ablage != nil {
		_ = s.Ablage.Schreiben(s.stand) // the link of the disk tells of it
	}
}
