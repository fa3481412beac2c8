package sicherung

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/kopie"
	"github.com/offizin/offizin/workflow/stoerung"
)

// How often the running program looks; by the monotonic clock, which nobody sets.
const (
	takt      = time.Minute      // whether a new day has begun
	nochmals  = 15 * time.Minute // after a backup that failed
	spaeter   = 6 * time.Hour    // after a test that failed
	probeTage = 7                // civil days between two tests
)

// Job is something that is due once and again; a scheduler may run them instead of Laufen.
type Job interface {
	Faellig() bool
	Lauf(ctx context.Context) error
}

// Jobs are the daily backup and the weekly test.
func (s *Sicherungen) Jobs() []Job { return []Job{taeglich{s}, woechentlich{s}} }

type taeglich struct{ s *Sicherungen }

// Faellig: no backup of today lies in the folder that was set.
func (t taeglich) Faellig() bool {
	z, err := liesZiel(t.s.Daten)
	k, bad := liesSchluessel(t.s.Daten)
	if err != nil || bad != nil || z.Ordner == "" {
		return false
	}
	list, err := t.s.liste(z.Ordner, k.Apotheke)
	if err != nil {
		return true // Lauf says why
	}
	today := clock.Today(t.s.Clock)
	for _, d := range list {
		if clock.DayOf(d.zeit) == today {
			return false
		}
	}
	return true
}

// Lauf makes the backup of today.
func (t taeglich) Lauf(ctx context.Context) error { return t.s.Jetzt(ctx) }

type woechentlich struct{ s *Sicherungen }

// Faellig: there is a backup, and the last test is a week old.
func (w woechentlich) Faellig() bool {
	z, err := liesZiel(w.s.Daten)
	k, bad := liesSchluessel(w.s.Daten)
	if err != nil || bad != nil || z.Ordner == "" || !w.s.probeFaellig() {
		return false
	}
	list, err := w.s.liste(z.Ordner, k.Apotheke)
	return err == nil && len(list) > 0
}

// Lauf tests the newest backup.
func (w woechentlich) Lauf(ctx context.Context) error { return w.s.Probe(ctx, nil) }

// Jetzt makes a backup in the folder that was set.
func (s *Sicherungen) Jetzt(ctx context.Context) error {
	e, err := s.jetzt(ctx)
	if ctx.Err() != nil {
		return err
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Code == "D-107" {
		return err // the other one says how it went
	}
	s.merke(func(st *stand) {
		st.Fehler = satz(err)
		if e.Bytes > 0 {
			st.Letzte = e
		}
	})
	return err
}

func (s *Sicherungen) jetzt(ctx context.Context) (Ergebnis, error) {
	k, err := liesSchluessel(s.Daten)
	if err != nil {
		return Ergebnis{}, err
	}
	z, err := liesZiel(s.Daten)
	if err == nil && z.Ordner == "" {
		err = fault.New(fault.NotFound, "D-124", "Es ist noch kein Ordner für die Sicherung eingestellt; bitte unten "+
			"einen angeben.", nil)
	}
	if err == nil {
		err = eingelegt(z.Ordner, k.Apotheke)
	}
	if err != nil {
		return Ergebnis{}, err
	}
	return s.Erstellen(ctx, z.Ordner, nil)
}

// Laufen does what is due and what was asked for, until ctx ends. It only reads the journal;
// no sale waits for it.
func (s *Sicherungen) Laufen(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(takt)
	defer tick.Stop()
	l := lauf{s: s, log: log, jobs: s.Jobs(), warten: []time.Duration{nochmals, spaeter}}
	l.gescheitert = make([]time.Duration, len(l.jobs))
	for told := true; ; {
		l.geduldig(ctx, geduld, func() {
			s.sieh()
			if told {
				s.merkeGeloeschte(log)
			}
		})
		for i := range l.jobs {
			if l.dran(ctx, i, told) {
				l.tue(ctx, i)
			}
		}
		told = false
		select {
		case <-ctx.Done():
			return
		case <-s.wecker:
			told = true
		case i := <-s.wunsch:
			l.tue(ctx, i)
		case <-tick.C:
		}
	}
}

// lauf is what the running program remembers from one look to the next.
type lauf struct {
	s           *Sicherungen
	log         *slog.Logger
	jobs        []Job
	warten      []time.Duration // after the job failed
	gescheitert []time.Duration // when it did; 0: it did not
	haengt      chan struct{}   // what does not come back; nil: nothing
}

// dran reports whether a job is to be done now. Told means that nothing waits.
func (l *lauf) dran(ctx context.Context, i int, told bool) (due bool) {
	if !l.frei() || l.gescheitert[i] != 0 && l.s.Clock.Mono()-l.gescheitert[i] < l.warten[i] && !told {
		return false
	}
	answer := make(chan bool, 1)
	l.geduldig(ctx, geduld, func() { answer <- l.jobs[i].Faellig() })
	select {
	case due = <-answer:
	default: // the folder does not answer
	}
	return due
}

func (l *lauf) tue(ctx context.Context, i int) {
	if !l.frei() {
		l.s.beginnt("") // it was said that this is under way; the folder that hangs is told of
		return
	}
	l.gescheitert[i] = 0
	l.geduldig(ctx, ewig, func() {
		defer l.s.beginnt("") // also what was refused at once was asked for
		if err := l.jobs[i].Lauf(ctx); err != nil && ctx.Err() == nil {
			l.gescheitert[i] = max(l.s.Clock.Mono(), 1)
			l.log.Warn("Datensicherung", slog.Any("error", err), slog.Any("cause", errors.Unwrap(err)))
		}
	})
}

// How long something may take that touches the folder.
const (
	geduld  = 30 * time.Second    // to look at it
	ewig    = 24 * 60 * time.Hour // to write to it
	abgang  = time.Second         // when the program ends; the next one clears away what is left
	hinweis = "Es wird gerade gesichert."
)

// frei reports whether nothing hangs any more.
func (l *lauf) frei() bool {
	if l.haengt == nil {
		return true
	}
	select {
	case <-l.haengt:
		l.haengt = nil
		return true
	default:
		return false
	}
}

// geduldig does something that may never end, because a network drive does not answer: then
// the program goes on, and ends, without it, and begins nothing else until it has come back.
func (l *lauf) geduldig(ctx context.Context, wait time.Duration, f func()) {
	if !l.frei() {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	patience := time.NewTimer(wait)
	defer patience.Stop()
	select {
	case <-done:
		return
	case <-ctx.Done():
		end := time.NewTimer(abgang)
		defer end.Stop()
		select {
		case <-done:
		case <-end.C:
		}
	case <-patience.C:
		l.s.setzeOrt(fault.New(fault.Unavailable, "D-125", "Der Ordner für die Sicherung antwortet nicht; bitte das "+
			"Netzlaufwerk oder den Stick prüfen und neu verbinden.", nil))
	}
	l.haengt = done
}

// sieh looks whether the folder is there.
func (s *Sicherungen) sieh() {
	k, err := liesSchluessel(s.Daten)
	z, bad := liesZiel(s.Daten)
	if err != nil || bad != nil || z.Ordner == "" {
		s.setzeOrt(nil)
		return
	}
	s.setzeOrt(eingelegt(z.Ordner, k.Apotheke))
}

func (s *Sicherungen) setzeOrt(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ort = satz(err)
}

// Sichern asks the running program for a backup now.
func (s *Sicherungen) Sichern() { s.wuensche(0, hinweis) }

// Pruefen asks the running program for a test of the newest backup now.
func (s *Sicherungen) Pruefen() {
	s.wuensche(1, "Es wird gerade geprüft, ob sich die Sicherung wiederherstellen lässt.")
}

// wuensche asks for a job. That it is under way is said before it can end.
func (s *Sicherungen) wuensche(job int, was string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.wunsch <- job:
		s.laeuft = was
	default: // enough was asked for
	}
}

// Erneuern lets the running program look at once what is to be done: a person was erased, a
// folder was set.
func (s *Sicherungen) Erneuern() {
	select {
	case s.wecker <- struct{}{}:
	default: // it will look anyway
	}
}

// merkeGeloeschte writes beside the backups who was erased, so that none of them brings
// anybody back. A folder that is not there is written with the next backup.
func (s *Sicherungen) merkeGeloeschte(log *slog.Logger) {
	k, err := liesSchluessel(s.Daten)
	z, bad := liesZiel(s.Daten)
	if err != nil || bad != nil || z.Ordner == "" || eingelegt(z.Ordner, k.Apotheke) != nil {
		return
	}
	gone, err := kopie.Geloescht(s.Daten)
	if err == nil {
		err = s.schreibeLoeschliste(z.Ordner, k, gone)
	}
	if err != nil {
		log.Warn("list of erased persons not written", slog.Any("error", err))
	}
}

func (s *Sicherungen) beginnt(was string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.laeuft = was
}

// Stand says how the backups stand, without touching the folder: a network drive that does not
// answer holds nobody up.
func (s *Sicherungen) Stand() stoerung.Datensicherung {
	s.mu.Lock()
	d := stoerung.Datensicherung{
		Laeuft: s.laeuft, Fehler: s.stand.Fehler, Letzte: s.stand.Letzte.Zeit, Bytes: s.stand.Letzte.Bytes,
		Datei: filepath.Base(s.stand.Letzte.Datei), Geprueft: s.stand.Probe.Zeit, GeprueftVon: s.stand.Probe.Von,
		Saetze: s.stand.Probe.Saetze, ProbeFehler: s.stand.PFehler,
	}
	if d.Fehler == "" {
		d.Fehler = s.ort
	}
	s.mu.Unlock()
	k, err := liesSchluessel(s.Daten)
	d.Code = err == nil
	d.CodeSeit = k.Seit
	if z, err := liesZiel(s.Daten); err == nil {
		d.Ordner, d.Seit = z.Ordner, z.Seit
	}
	return d
}
