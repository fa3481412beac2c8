// Package notfall writes the Notfallmappe: every day and on demand into the data folder, and
// from there to a stick. Nothing of it ever stops a sale; what fails is told.
package notfall

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/mappe"
	druck "github.com/offizin/offizin/integration/notfallmappe"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/personen"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/notfallmappe"
	"github.com/offizin/offizin/workflow/person"
)

// Mappen are the Mappen of an open pharmacy.
type Mappen struct {
	kern   *workflow.Kern
	inhalt *notfallmappe.Service
	daten  string // the data folder
	ablage ablage
	wecker chan struct{} // something is to be done before the next look
	einer  sync.Mutex    // one Mappe is made at a time

	beilagen func(context.Context) (map[string][]byte, error) // nil: none

	mu    sync.Mutex
	stand notfallmappe.Stand
	kopie kopie
}

// New returns the Mappen of a data folder.
func New(k *workflow.Kern, p *person.Service, daten string) *Mappen {
	return &Mappen{
		kern: k, inhalt: notfallmappe.New(k, p), daten: daten, ablage: ablage{filepath.Join(daten, Dir)},
		wecker: make(chan struct{}, 1),
	}
}

// BeilagenDir is the folder of the instructions for an outage, inside the data folder.
const BeilagenDir = "anleitungen"

// Beilegen says which instructions go with a Mappe, by name; they are written anew with each.
func (m *Mappen) Beilegen(f func(context.Context) (map[string][]byte, error)) { m.beilagen = f }

// beilegen writes them, if it can: the Mappe is there without them, Störungen prints them at
// any time, and a disk that does not take them is told of by its own link.
func (m *Mappen) beilegen(ctx context.Context) {
	if m.beilagen == nil {
		return
	}
	dir := filepath.Join(m.daten, BeilagenDir)
	files, err := m.beilagen(ctx)
	if err != nil || os.MkdirAll(dir, 0o700) != nil {
		return
	}
	for name, b := range files {
		_ = platte.Replace(filepath.Join(dir, name), b)
	}
}

// Ergebnis is a Mappe that was just written.
type Ergebnis struct {
	Tag, Bis     civil.Day
	Datei        string
	Bytes        int
	Seiten       int
	Auswahl      mappe.Auswahl
	Vormerkungen int
	Warnung      error // why reservations are missing; nil: they are not
}

// Erstellen makes the Mappe of today and puts it in the place of the one that is there. One
// at a time: who comes second is told so.
func (m *Mappen) Erstellen(ctx context.Context) (Ergebnis, error) {
	if !m.einer.TryLock() {
		return Ergebnis{}, fault.New(fault.Conflict, "A-719",
			"Die Notfallmappe wird gerade schon erstellt; bitte in einer Minute wiederholen.", nil)
	}
	defer m.einer.Unlock()
	n, err := m.erstelle(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stand.Fehler = err; err == nil {
		m.stand.Warnung = n.Warnung
	}
	return n, err
}

func (m *Mappen) erstelle(ctx context.Context) (Ergebnis, error) {
	x, warnung, err := m.inhalt.Mappe(ctx)
	if err != nil {
		return Ergebnis{}, err
	}
	d, err := druck.PDF(x)
	if err != nil {
		return Ergebnis{}, err
	}
	if err := m.ablage.schreibe(x.Tag, d.PDF); err != nil {
		return Ergebnis{}, err
	}
	m.beilegen(ctx)
	return Ergebnis{
		Tag: x.Tag, Bis: x.Bis, Datei: m.ablage.name(x.Tag), Bytes: len(d.PDF), Seiten: d.Seiten, Auswahl: x.Auswahl,
		Vormerkungen: len(x.Vormerken), Warnung: warnung,
	}, nil
}

// Lesen returns the newest Mappe; a fault of kind NotFound if there is none.
func (m *Mappen) Lesen() (pdf []byte, tag civil.Day, err error) {
	d, ok, err := m.ablage.neueste(clock.Today(m.kern.Clock))
	if err != nil {
		return nil, 0, err
	}
	if !ok {
		return nil, 0, fault.New(fault.NotFound, "A-717",
			"Es gibt noch keine Notfallmappe; bitte unter Berichte, Notfallmappe eine erstellen.", nil)
	}
	pdf, err = m.ablage.lies(d.tag)
	return pdf, d.tag, err
}

// Stick is the folder of the stick that was set; empty: none.
func (m *Mappen) Stick(ctx context.Context) (string, error) {
	return workflow.View(ctx, m.kern, func(rows journal.Rows) (string, error) {
		return haus.Einstellung(rows, "notfall_stick")
	})
}

// Kopieren copies the newest Mappe to a stick.
func (m *Mappen) Kopieren(stick string) error {
	pdf, _, err := m.Lesen()
	if err != nil {
		return err
	}
	return kopiere(stick, m.daten, pdf)
}

// Stand says how the Mappen stand.
func (m *Mappen) Stand(ctx context.Context) notfallmappe.Stand {
	m.mu.Lock()
	s := m.stand
	m.mu.Unlock()
	today := clock.Today(m.kern.Clock)
	d, ok, err := m.ablage.neueste(today)
	if ok {
		s.Tag, s.Zeit, s.Bytes, s.Heute = d.tag, d.zeit, d.bytes, d.tag == today
	}
	if err != nil && s.Fehler == nil {
		s.Fehler = err
	}
	stick, err := m.Stick(ctx)
	if err == nil && stick != s.Stick { // the copy was to another one, or is not due any more
		s.Stick, s.StickZeit, s.StickFehler = stick, time.Time{}, nil
	}
	return s
}

// Erneuern lets the running program look at once what is to be done: a person was erased, a
// stick was set, a Mappe was made.
func (m *Mappen) Erneuern() {
	select {
	case m.wecker <- struct{}{}:
	default: // it will look anyway
	}
}

// veraltet are the Mappen that name a person who was erased since.
func (m *Mappen) veraltet(ctx context.Context) ([]civil.Day, error) {
	list, err := m.ablage.liste()
	if err != nil {
		return nil, err
	}
	var days []civil.Day
	for _, d := range list {
		pdf, err := m.ablage.lies(d.tag)
		if err != nil {
			return nil, err
		}
		gone, err := m.jemandGeloescht(ctx, druck.Personen(pdf))
		if err != nil {
			return nil, err
		}
		if gone {
			days = append(days, d.tag)
		}
	}
	return days, nil
}

func (m *Mappen) jemandGeloescht(ctx context.Context, ids []string) (bool, error) {
	return workflow.View(ctx, m.kern, func(rows journal.Rows) (bool, error) {
		for _, id := range ids {
			if _, ok, err := personen.Find(rows, id); err != nil || !ok {
				return err == nil, err
			}
		}
		return false, nil
	})
}

// Bereinigen makes sure that no Mappe names a person who was erased: the newest is made
// anew, older ones are removed. If that fails the newest stays – in an outage it is all
// there is – and Störungen says so until it is gone.
func (m *Mappen) Bereinigen(ctx context.Context) error {
	days, err := m.veraltet(ctx)
	if err != nil || len(days) == 0 {
		return m.bereinigt(err == nil, err)
	}
	today := clock.Today(m.kern.Clock)
	newest, _, err := m.ablage.neueste(today)
	keep := civil.Day(0)
	if err == nil && slices.Contains(days, newest.tag) {
		keep = today
		if _, err = m.Erstellen(ctx); err != nil {
			keep = newest.tag
		}
	}
	for _, day := range days {
		if day != keep {
			err = errors.Join(err, m.ablage.entferne(day))
		}
	}
	return m.bereinigt(err == nil, err)
}

func (m *Mappen) bereinigt(rein bool, err error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stand.Geloescht = !rein
	return err
}

// protokolliere writes what went wrong to the log: codes and causes, no personal data.
func protokolliere(ctx context.Context, log *slog.Logger, what string, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	attrs := []slog.Attr{slog.String("what", what), slog.Any("error", err)}
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Cause != nil {
		attrs = append(attrs, slog.String("cause", f.Cause.Error()))
	}
	log.LogAttrs(ctx, slog.LevelWarn, "Notfallmappe", attrs...)
}
