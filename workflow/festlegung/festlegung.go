// Package festlegung is the law in force in this pharmacy: what ships with the
// program, the Nachträge in the data folder and the Festlegungen of the Inhaber in
// the journal. It answers workflow.Recht on the path of every sale.
package festlegung

import (
	"context"
	"io/fs"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow"
)

// Options says what lies below the Festlegungen.
type Options struct {
	Basis      *recht.Sammlung      // law that ships with the program
	Nachtraege fs.FS                // folder of signed law files; nil: none
	Schluessel recht.Schluesselbund // who may sign them
}

// Service keeps the law in force. It is safe for concurrent use.
type Service struct {
	kern *workflow.Kern
	opt  Options

	laden   sync.Mutex // one reads at a time
	current atomic.Pointer[lage]
	version atomic.Uint64 // rises with every change; a lage of an older one is stale
}

// lage is the law as of one version.
type lage struct {
	version     uint64
	gespeichert []recht.Festlegung // as the journal has them
	grund       *recht.Sammlung    // without Festlegungen
	festgelegt  recht.Festlegungen
	sammlung    *recht.Sammlung
	nachtraege  []recht.Nachtrag
	stoerungen  []error
}

var _ workflow.Recht = (*Service)(nil)

// New reads the Nachträge and the Festlegungen. What of them is refused does not
// stop the pharmacy: see Stoerungen.
func New(ctx context.Context, k *workflow.Kern, o Options) (*Service, error) {
	s := &Service{kern: k, opt: o}
	return s, s.Aktualisiere(ctx)
}

// Aktualisiere reads everything anew. Who brings records or Nachträge in from
// elsewhere calls it; the service does it by itself after its own acts.
func (s *Service) Aktualisiere(ctx context.Context) error {
	s.version.Add(1)
	_, err := s.lade(ctx)
	return err
}

// AktualisiereNeues reads the law anew if Festlegungen have come from another machine, or if the
// caller knows of something else that has.
func (s *Service) AktualisiereNeues(ctx context.Context, anderes bool) error {
	stored, err := s.gespeichert(ctx)
	if err != nil {
		return err
	}
	if l := s.current.Load(); !anderes && l != nil && slices.Equal(l.gespeichert, stored) {
		return nil
	}
	return s.Aktualisiere(ctx)
}

// Am returns everything in force on the day. It costs no I/O unless something has
// changed.
func (s *Service) Am(day civil.Day) (recht.Stand, error) {
	l, err := s.lage()
	if err != nil {
		return recht.Stand{}, err
	}
	return l.sammlung.Am(day)
}

// Sammlung returns the whole law in force, with its history.
func (s *Service) Sammlung() (*recht.Sammlung, error) {
	l, err := s.lage()
	if err != nil {
		return nil, err
	}
	return l.sammlung, nil
}

// Nachtraege returns the Nachträge in force, oldest first.
func (s *Service) Nachtraege() []recht.Nachtrag {
	if l := s.current.Load(); l != nil {
		return l.nachtraege
	}
	return nil
}

// Stoerungen returns why Nachträge or Festlegungen were refused at the last reading.
func (s *Service) Stoerungen() []error {
	if l := s.current.Load(); l != nil {
		return l.stoerungen
	}
	return nil
}

func (s *Service) lage() (*lage, error) {
	if l := s.current.Load(); l != nil && l.version == s.version.Load() {
		return l, nil
	}
	return s.lade(context.Background())
}

// lade builds the law of the present version.
func (s *Service) lade(ctx context.Context) (*lage, error) {
	s.laden.Lock()
	defer s.laden.Unlock()
	l := &lage{version: s.version.Load()}
	if old := s.current.Load(); old != nil && old.version == l.version {
		return old, nil
	}
	festgelegt, err := s.gespeichert(ctx)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "L-130",
			"Die Festlegungen können gerade nicht gelesen werden; bitte gleich noch einmal versuchen.", err)
	}
	l.gespeichert = festgelegt
	l.grund = s.opt.Basis
	if s.opt.Nachtraege != nil {
		list, refused := recht.LiesNachtraege(s.opt.Nachtraege, s.opt.Schluessel)
		l.stoerungen = refused
		l.grund, l.nachtraege, refused = s.opt.Basis.MitNachtraegen(list)
		l.stoerungen = append(l.stoerungen, refused...)
	}
	l.brauchbar(festgelegt)
	if l.sammlung, err = l.mit(l.festgelegt); err != nil {
		return nil, err
	}
	s.current.Store(l)
	return l, nil
}

// brauchbar keeps those Festlegungen that can be laid over the law; a parameter may have
// changed its kind since one was made.
func (l *lage) brauchbar(all []recht.Festlegung) {
	for _, f := range all {
		if _, err := l.grund.Pruefe(f); err != nil {
			l.stoerungen = append(l.stoerungen, err)
			continue
		}
		l.festgelegt = append(l.festgelegt, f)
	}
}

// mit is the law with these Festlegungen.
func (l *lage) mit(list recht.Festlegungen) (*recht.Sammlung, error) {
	if len(list) == 0 {
		return l.grund, nil
	}
	return l.grund.Mit(list)
}

// gespeichert returns the Festlegungen of the journal, oldest first.
func (s *Service) gespeichert(ctx context.Context) ([]recht.Festlegung, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]recht.Festlegung, error) {
		stored, err := haus.Festlegungen(rows)
		list := make([]recht.Festlegung, 0, len(stored))
		for _, f := range stored {
			list = append(list, vonJournal(f))
		}
		return list, err
	})
}

func vonJournal(f haus.Festlegung) recht.Festlegung {
	return recht.Festlegung{
		Parameter: f.Parameter, Ab: f.Ab, Wert: f.Wert, Begruendung: f.Begruendung,
		Wer: f.Wer, Am: clock.DayOf(time.Unix(0, f.Zeit).UTC()),
	}
}
