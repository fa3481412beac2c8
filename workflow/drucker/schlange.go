package drucker

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/internal/wacht"
)

// Lage is how far a print is.
type Lage string

// The states.
const (
	Wartet    Lage = "wartet"
	Druckt    Lage = "druckt"
	Fertig    Lage = "fertig"
	Gestoert  Lage = "gestoert"  // the printer refused; tried again by itself
	Ungewiss  Lage = "ungewiss"  // nobody knows what came out; a person decides
	Verfallen Lage = "verfallen" // given up: too old, or it cannot be printed
)

// Druck is one print, as it is shown.
type Druck struct {
	Nummer  string
	Art     quittung.Art
	Kopie   bool
	NurLade bool // no receipt, only the drawer
	Lage    Lage
	Fehler  error // why not; nil if nothing went wrong
}

// auftrag is one print in the queue.
type auftrag struct {
	Nummer  string
	Art     quittung.Art
	Patient string
	Kopie   time.Time // zero: the original
	NurLade bool

	key    string // of the act that asked for it; empty: the sale itself
	lade   bool
	lage   Lage
	fehler error
	seit   time.Duration // when it was asked for, by the monotonic clock
}

// merkt is how many prints are remembered.
const merkt = 100

// anstellen puts a print in the queue; the same act does it once.
func (s *Service) anstellen(a auftrag) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.liste, func(o *auftrag) bool {
		return o.key == a.key && o.Nummer == a.Nummer && o.Art == a.Art && o.Patient == a.Patient
	}) {
		return
	}
	a.lage, a.seit = cmp.Or(a.lage, Wartet), s.kern.Clock.Mono()
	s.bell.Ring()
	s.liste = append(s.liste, &a)
	if over := len(s.liste) - merkt; over > 0 {
		s.liste = slices.DeleteFunc(s.liste, func(o *auftrag) bool {
			done := over > 0 && (o.lage == Fertig || o.lage == Verfallen || o.lage == Ungewiss)
			if done {
				over--
			}
			return done
		})
	}
	s.wecken()
}

func (s *Service) wecken() {
	select {
	case s.neu <- struct{}{}:
	default: // it wakes already
	}
}

// sollFragen says whether the printer is to be asked at once, and takes note of it.
func (s *Service) sollFragen() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	ask := s.fragen
	s.fragen = false
	return ask
}

// wartet reports whether the next print is one that was not refused: those behind it are not reached before it
// is tried again, in its time.
func (s *Service) wartet() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.liste {
		if a.lage == Wartet || a.lage == Gestoert {
			return a.lage == Wartet
		}
	}
	return false
}

// drucken works the queue until ctx ends, and looks now and then how an idle printer is.
func (s *Service) drucken(ctx context.Context) {
	again := time.NewTicker(pause)
	defer again.Stop()
	asked := time.Duration(-1)
	s.begonnene()
	for {
		wacht.Runde(ctx)
		busy := s.abarbeiten(ctx)
		if now := s.kern.Clock.Mono(); !busy && (asked < 0 || now-asked >= nachsehen || s.sollFragen()) {
			s.nachsehen(ctx)
			asked = now
		}
		select {
		case <-s.neu:
		case <-again.C:
		case <-ctx.Done():
			return
		}
	}
}

// begonnene are prints during which the queue was stopped.
func (s *Service) begonnene() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.liste {
		if a.lage == Druckt {
			a.lage = Ungewiss
		}
	}
}

// abarbeiten prints what waits, in order, until the printer refuses; it reports whether there
// was something.
func (s *Service) abarbeiten(ctx context.Context) (busy bool) {
	for ctx.Err() == nil {
		a := s.naechster()
		if a == nil {
			return busy
		}
		busy = true
		if !s.einen(ctx, a) {
			return true
		}
	}
	return busy
}

// naechster is the next print, marked as going on; nil: none.
func (s *Service) naechster() *auftrag {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.kern.Clock.Mono()
	for _, a := range s.liste {
		if a.lage != Wartet && a.lage != Gestoert {
			continue
		}
		late := now-a.seit >= ladeFrist
		if now-a.seit >= alter || a.NurLade && late {
			a.lage = Verfallen
			s.stand.erledigt(a.Nummer)
			s.schreiben()
			continue
		}
		a.lade = a.lade && !late
		a.lage = Druckt
		return a
	}
	return nil
}

// einen prints one; it reports whether the next may follow at once.
func (s *Service) einen(ctx context.Context, a *auftrag) bool {
	e, err := s.Einstellung(ctx)
	if err != nil || e.Adresse == "" {
		s.setzen(a, Verfallen, err)
		return true
	}
	limit, stop := context.WithTimeout(ctx, s.Geduld)
	defer stop()
	if a.lade {
		if err := s.Geraet.Lade(limit, e); err != nil && !errors.Is(err, ErrUncertain) {
			s.setzen(a, Gestoert, err)
			return false
		}
		a.lade = false // once: what is tried again opens nothing
	}
	if a.NurLade {
		s.setzen(a, Fertig, nil)
		return true
	}
	b, ready, err := s.beleg(ctx, a)
	if err != nil {
		s.setzen(a, Verfallen, err)
		return true
	}
	if !ready {
		s.setzen(a, Wartet, nil)
		return false
	}
	return s.gelungen(a, s.Geraet.Drucken(limit, e, b))
}

// gelungen notes how a print ended.
func (s *Service) gelungen(a *auftrag, err error) bool {
	switch {
	case err == nil:
		s.setzen(a, Fertig, nil)
		if a.original() {
			s.merken(func(st *Stand) { st.gedruckt(a.Nummer) })
		}
	case errors.Is(err, ErrUncertain):
		s.setzen(a, Ungewiss, err)
	default:
		s.setzen(a, Gestoert, err)
		return false
	}
	return true
}

// gedruckt keeps the number of a Bon whose original is printed.
func (st *Stand) gedruckt(nummer string) {
	const keep = 500
	if !slices.Contains(st.Gedruckt, nummer) {
		st.Gedruckt = append(st.Gedruckt[max(0, len(st.Gedruckt)-keep+1):], nummer)
	}
}

func (s *Service) setzen(a *auftrag, l Lage, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.lage, a.fehler = l, err
	if (l == Fertig || l == Verfallen) && slices.Contains(s.stand.Offen, a.Nummer) && a.original() {
		s.stand.erledigt(a.Nummer)
		s.schreiben()
	}
	s.bell.Ring()
	if l == Fertig || err != nil && l != Verfallen {
		s.zustand, s.bekannt = err, true
	}
}

// nachsehen asks an idle printer how it is.
func (s *Service) nachsehen(ctx context.Context) {
	e, err := s.Einstellung(ctx)
	if err != nil {
		return
	}
	if e.Adresse != "" {
		limit, stop := context.WithTimeout(ctx, fragen)
		defer stop()
		err = s.Geraet.Zustand(limit, e)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if (err == nil) != (s.zustand == nil) || s.bekannt != (e.Adresse != "") {
		s.bell.Ring()
	}
	s.zustand, s.bekannt = err, e.Adresse != ""
}

// beleg is what a print prints; ready is false while the TSE may still answer: a receipt is not
// issued before (ADR 0025).
func (s *Service) beleg(ctx context.Context, a *auftrag) (b quittung.Beleg, ready bool, err error) {
	b, err = s.Beleg(ctx, a.Nummer, Wunsch{Art: a.Art, Patient: a.Patient})
	if err != nil {
		return b, false, err
	}
	b.Kopie = a.Kopie
	_, settled, err := s.sicherung(ctx, b.Bon)
	return b, settled || s.kern.Clock.Mono()-a.seit >= tseFrist, err
}

// Changed returns a channel that is closed when a print has gone further.
func (s *Service) Changed() <-chan struct{} { return s.bell.Changed() }

// Von returns the prints of a Bon, the last one first.
func (s *Service) Von(nummer string) (list []Druck) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range slices.Backward(s.liste) {
		if a.Nummer == nummer {
			list = append(list, a.druck())
		}
	}
	return list
}

// original says whether it is the receipt itself, for the first time.
func (a *auftrag) original() bool { return a.Kopie.IsZero() && a.Art == quittung.Bon && !a.NurLade }

func (a *auftrag) druck() Druck {
	return Druck{a.Nummer, a.Art, !a.Kopie.IsZero(), a.NurLade, a.lage, a.fehler}
}

// Schlange is how printer and queue stand.
type Schlange struct {
	Einstellung Einstellung
	Offen       []Druck // that wait, failed or are uncertain, oldest first
	Fehler      error   // of the printer, when it was asked last
	Bekannt     bool    // it was asked
}

// Schlange looks now; it never waits for the printer.
func (s *Service) Schlange(ctx context.Context) (Schlange, error) {
	e, err := s.Einstellung(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	u := Schlange{Einstellung: e, Fehler: s.zustand, Bekannt: s.bekannt}
	for _, a := range s.liste {
		if a.lage != Fertig && a.lage != Verfallen {
			u.Offen = append(u.Offen, a.druck())
		}
	}
	return u, err
}
