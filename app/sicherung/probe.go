package sicherung

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

// stand is what the backups remember over a start.
type stand struct {
	Letzte  Ergebnis `json:"letzte"`
	Probe   probe    `json:"probe"`
	Fehler  string   `json:"fehler,omitempty"`       // of the last backup, German with code
	PFehler string   `json:"probe_fehler,omitempty"` // of the last test
}

// probe is a restore that was tested.
type probe struct {
	Zeit   time.Time `json:"zeit"` // UTC; zero: never
	Von    time.Time `json:"von"`  // the moment that is saved in what was restored
	Datei  string    `json:"datei"`
	Saetze int64     `json:"saetze"`
}

func liesStand(daten string) stand {
	var s stand
	_ = liesJSON(filepath.Join(daten, Dir, standFile), &s) // without it everything is due
	return s
}

func (s *Sicherungen) merke(f func(*stand)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.stand)
	if err := schreibeJSON(filepath.Join(s.Daten, Dir, standFile), s.stand); err != nil {
		s.Log.Warn("state of the backups not written", slog.Any("error", err)) // after a start they are due again
	}
}

// Probe restores the newest backup into a folder of its own, checks everything as for a real
// restore, and removes it.
func (s *Sicherungen) Probe(ctx context.Context, p Progress) error {
	if !s.einer.TryLock() {
		return fault.New(fault.Conflict, "D-107",
			"Es wird gerade schon gesichert oder eine Sicherung geprüft; bitte in einigen Minuten wiederholen.", nil)
	}
	defer s.einer.Unlock()
	s.beginnt("Es wird gerade geprüft, ob sich die Sicherung wiederherstellen lässt.")
	defer s.beginnt("")
	b, name, err := s.probe(ctx, p)
	if ctx.Err() != nil {
		return err
	}
	s.merke(func(st *stand) {
		if st.PFehler = satz(err); err == nil {
			st.Probe = probe{s.Clock.Now(), b.Kopf.Zeit, name, b.Saetze}
		}
	})
	return err
}

func (s *Sicherungen) probe(ctx context.Context, p Progress) (b Bericht, name string, err error) {
	k, err := liesSchluessel(s.Daten)
	if err != nil {
		return b, "", err
	}
	z, err := liesZiel(s.Daten)
	if err == nil {
		err = eingelegt(z.Ordner, k.Apotheke)
	}
	if err != nil {
		return b, "", err
	}
	list, err := s.liste(z.Ordner, k.Apotheke)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "D-121", "Im Ordner „"+z.Ordner+"“ liegt noch keine Sicherung; bitte jetzt "+
			"sichern.", nil)
	}
	if err != nil {
		return b, "", err
	}
	own, err := LiesApotheke(filepath.Join(s.Daten, Dir, apothekeFile))
	if err != nil {
		return b, "", err
	}
	tmp := filepath.Join(s.Daten, Dir, "probe.tmp")
	if err := os.RemoveAll(tmp); err != nil {
		return b, "", fmt.Errorf("remove earlier test: %w", err)
	}
	defer os.RemoveAll(tmp) //nolint:errcheck // the next one tries again
	a := Auftrag{
		Von: filepath.Join(z.Ordner, list[0].name), Nach: tmp, Mit: []age.Identity{own}, Clock: s.Clock,
		Projections: s.Projections, Progress: p, Beside: true,
	}
	if b, err = a.entpacke(ctx, tmp); err == nil && b.Verschloss {
		err = fault.New(fault.Corrupt, "D-122", "Die Sicherung lässt sich wiederherstellen, aber ihre Personendaten "+
			"bleiben "+
			"verschlossen; bitte knoten.key prüfen.", errors.New("key of the node"))
	}
	return b, list[0].name, err
}

// satz is an error as a sentence with its code; empty: none.
func satz(err error) string {
	if err == nil {
		return ""
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Error()
	}
	return fault.New(fault.Internal, "D-123", "Die Datensicherung ist an einem unerwarteten Fehler gescheitert, er "+
		"steht im "+
		"Protokoll; bitte noch einmal versuchen.", err).Error()
}

// probeFaellig reports whether a restore is to be tested: every week, by civil days. A test of a day to come
// was made by a clock that was wrong, and says nothing: it could put the next one off for years.
func (s *Sicherungen) probeFaellig() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.stand.Probe.Zeit
	days := clock.Today(s.Clock).Sub(clock.DayOf(last))
	return last.IsZero() || days < 0 || days >= probeTage || s.stand.PFehler != ""
}
