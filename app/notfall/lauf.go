package notfall

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/offizin/offizin/domain/civil"
	druck "github.com/offizin/offizin/integration/notfallmappe"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/wacht"
)

// How often the running program looks; by the monotonic clock, which nobody sets.
const (
	takt     = time.Minute      // whether a new day has begun
	nochmals = 10 * time.Minute // after what failed
	geduld   = 30 * time.Second // with a stick; then it goes on beside
	pruefung = time.Hour        // whether somebody was erased whom nobody told of
)

// lauf is what the running program remembers from one look to the next.
type lauf struct {
	m         *Mappen
	log       *slog.Logger
	versucht  time.Duration // when a Mappe could not be made; negative: it could
	kataloge  []string      // the generations that the Mappe of today is known to be made from
	bereinigt time.Duration // when somebody last looked for erased persons; negative: never
}

// Laufen makes the Mappe of each civil day as soon as it begins, until ctx ends. It only
// reads the journal; no sale waits for it.
func (m *Mappen) Laufen(ctx context.Context, log *slog.Logger) {
	l := m.newLauf(log)
	tick := time.NewTicker(takt)
	defer tick.Stop()
	for told := true; ; {
		wacht.Runde(ctx)
		l.schritt(ctx, told)
		select {
		case <-ctx.Done():
			return
		case <-m.wecker:
			told = true
		case <-tick.C:
			told = false
		}
	}
}

func (m *Mappen) newLauf(log *slog.Logger) *lauf {
	return &lauf{m: m, log: log, versucht: -1, bereinigt: -1}
}

// schritt does what is due: the Mappe of today, erasures, the copy for the stick. Told means
// that somebody asked for it: then nothing waits.
func (l *lauf) schritt(ctx context.Context, told bool) {
	now := l.m.kern.Clock.Mono()
	if !l.aktuell(ctx) && (told || faellig(now, l.versucht, nochmals)) {
		l.versucht = now
		_, err := l.m.Erstellen(ctx)
		if err == nil {
			l.versucht = -1
		}
		protokolliere(ctx, l.log, "not made", err)
	}
	wait := pruefung
	if l.m.Stand(ctx).Geloescht {
		wait = nochmals
	}
	if told || faellig(now, l.bereinigt, wait) {
		l.bereinigt = now
		protokolliere(ctx, l.log, "an erased person may still be named", l.m.Bereinigen(ctx))
	}
	protokolliere(ctx, l.log, "not on the stick", l.m.aufStick(ctx, told))
}

// aktuell reports whether the Mappe of today is there, with the prices of the catalogue that
// holds: another may have been read in or chosen since.
func (l *lauf) aktuell(ctx context.Context) bool {
	if !l.m.Stand(ctx).Heute {
		return false
	}
	today := clock.Today(l.m.kern.Clock)
	want, err := l.m.inhalt.Kataloge(today)
	if err != nil || slices.Equal(want, l.kataloge) {
		return true // without a catalogue there is nothing to make one from
	}
	pdf, err := l.m.ablage.lies(today)
	if err != nil || !slices.Equal(druck.Kataloge(pdf), want) {
		return false
	}
	l.kataloge = want
	return true
}

func faellig(now, last, wait time.Duration) bool { return last < 0 || now-last >= wait }

// kopie is the copy on the stick, as far as this run of the program knows.
type kopie struct {
	stick    string
	tag      civil.Day // of the Mappe that was copied
	zeit     time.Time // when that was written
	versucht time.Duration
	running  bool // a dying stick may hold a copy for long
}

var errHaengt = errors.New("the copy takes too long")

// aufStick copies the newest Mappe if that is due. A stick that does not answer is told
// about after a while; the copy goes on beside, and everything else too.
func (m *Mappen) aufStick(ctx context.Context, told bool) error {
	stick, err := m.Stick(ctx)
	if err != nil || stick == "" {
		return err
	}
	newest, ok, err := m.ablage.neueste(clock.Today(m.kern.Clock))
	if err != nil || !ok {
		return err
	}
	if !m.kopieBeginnt(stick, newest, told) {
		return nil
	}
	ended := make(chan error, 1)
	go func() { ended <- m.kopieEndet(m.Kopieren(stick)) }()
	patience := time.NewTimer(geduld)
	defer patience.Stop()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return nil
	case <-patience.C:
	}
	err = fault.New(fault.Unavailable, "A-716", "Der Stick „"+stick+"“ antwortet nicht, die Notfallmappe ist nicht "+
		"darauf; bitte einen anderen nehmen.", errHaengt)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kopie.running {
		m.stand.StickFehler = err
	}
	return err
}

// kopieBeginnt reports whether a copy is due and is not running yet.
func (m *Mappen) kopieBeginnt(stick string, d datei, told bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, now := &m.kopie, m.kern.Clock.Mono()
	other := k.stick != stick || k.tag != d.tag || !k.zeit.Equal(d.zeit)
	failed := m.stand.StickFehler != nil && (told || faellig(now, k.versucht, nochmals))
	if k.running || !other && !failed {
		return false
	}
	if k.stick != stick {
		m.stand.StickZeit, m.stand.StickFehler = time.Time{}, nil
	}
	*k = kopie{stick, d.tag, d.zeit, now, true}
	m.stand.Stick = stick
	return true
}

func (m *Mappen) kopieEndet(err error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kopie.running, m.stand.StickFehler = false, err
	if err == nil {
		m.stand.StickZeit = m.kern.Clock.Now()
	}
	return err
}
