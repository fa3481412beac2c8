package verbund

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/simulation/welt"
)

// Regeln is how a run is played. The zero value is the real program.
type Regeln struct {
	Unsafe  string // planted: PRAGMA synchronous
	OhneKey bool   // planted: a repeated step has a new key
	Cron    bool   // planted: a job that compares the hands of the clock
	Plus24  bool   // planted: a day is 24 hours
	NachUhr bool   // planted: the last writer is the one whose clock says so
	NeueID  bool   // planted: each try of an errand has a new id

	OhneRueckfrage bool // a parent with two histories does not ask its children
	Rang           Rang // nil: Bester
	Spur           io.Writer
}

// Ergebnis is what a run showed.
type Ergebnis struct {
	Spur     string        // hash of all events
	Dauer    time.Duration // virtual
	Rechner  int
	Ereignis int // events that were noted

	Handlungen, Zusagen, Wiederholt, Stoerungen      int
	Stromausfaelle, PlattenVerloren, Zurueckgespielt int
	Wiedergeburten, Neubauten                        int
	Jobs, Repeated, Gemeldet                         int // done again as it was not recorded; told as late
	Besorgungen, Received, Known                     int // requests outside, and of what was known there
	Verloren, MitPlatte, DoppelteNummern             int // MitPlatte: booked, not safe, gone with the only disk
	Abgelehnt                                        map[string]int
	Fehler                                           []string
}

// Gut reports whether everything held.
func (e *Ergebnis) Gut() bool { return len(e.Fehler) == 0 }

// lauf is one run under way.
type lauf struct {
	ablauf
	Ergebnis
	seed    uint64
	dir     string
	regeln  Regeln
	welt    *welt.Welt
	beginn  time.Time
	rechner []*rechner
	netz    *netz
	summe   hash.Hash
	tempo   time.Duration // between two acts of a user

	protokoll  bytes.Buffer // what the programs log
	feierabend bool         // nothing more goes wrong, nobody begins anything
	nummer     int          // of the last act
	zusagen    []string     // keys of acts that were acknowledged
	bons       map[string]bon.Bon
	belege     map[string]string          // act that was acknowledged for a delivery note
	verloren   map[string]bool            // of them: gone with a disk, by key
	geloescht  map[string]string          // persons whose erasure was acknowledged, and the act
	gebeten    []string                   // persons whose erasure was asked for
	unsicher   map[string]bool            // tills that gave out numbers from an old copy
	jobs       map[string]map[string]bool // acts that record a job of a day
	getan      map[string]int             // how many times the work of it was done
	ziele      []*ziel
}

// beginne is when runs begin: before nights and days on which clocks and calendars are
// odd, and on ordinary ones.
func anfang(r *rand.Rand) time.Time {
	days := []time.Time{
		time.Date(2026, 3, 27, 8, 0, 0, 0, time.UTC), time.Date(2026, 10, 23, 8, 0, 0, 0, time.UTC),
		time.Date(2027, 3, 26, 8, 0, 0, 0, time.UTC), time.Date(2027, 10, 29, 8, 0, 0, 0, time.UTC),
		time.Date(2026, 12, 30, 8, 0, 0, 0, time.UTC), time.Date(2028, 2, 27, 8, 0, 0, 0, time.UTC),
		time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
	}
	return days[r.IntN(len(days))].Add(time.Duration(r.IntN(36)) * time.Hour)
}

// Laufe plays one seed. Dir is a folder for what is memory and not disk.
func Laufe(ctx context.Context, seed uint64, dir string, g Regeln) (Ergebnis, error) {
	w, err := welt.New()
	if err != nil {
		return Ergebnis{}, err
	}
	l, err := newLauf(seed, dir, g, w)
	if err != nil {
		return Ergebnis{}, err
	}
	defer l.raeume()
	l.spiele(ctx)
	l.pruefe(ctx)
	l.Spur, l.Dauer = hex.EncodeToString(l.summe.Sum(nil)), l.jetzt
	return l.Ergebnis, nil
}

func newLauf(seed uint64, dir string, g Regeln, w *welt.Welt) (*lauf, error) {
	r := rand.New(rand.NewPCG(seed, 0xa901e))
	l := &lauf{
		ablauf: ablauf{r: r, offen: map[*gang]bool{}}, seed: seed, dir: dir, regeln: g, welt: w, beginn: anfang(r),
		summe: sha256.New(), bons: map[string]bon.Bon{}, verloren: map[string]bool{}, unsicher: map[string]bool{},
		jobs: map[string]map[string]bool{}, getan: map[string]int{}, belege: map[string]string{},
		geloescht: map[string]string{},
	}
	l.Abgelehnt = map[string]int{}
	l.tempo = []time.Duration{20 * time.Second, 5 * time.Minute, time.Hour, 5 * time.Hour}[r.IntN(4)]
	n := 2 + r.IntN(4)
	l.netz, l.ziele = newNetz(l, n), newZiele(l)
	for i := range n {
		if err := os.MkdirAll(filepath.Join(dir, strconv.Itoa(i)), 0o700); err != nil {
			return nil, fmt.Errorf("make folder: %w", err)
		}
		l.rechner = append(l.rechner, newRechner(l, i))
	}
	l.Rechner = n
	return l, nil
}

// spiele lets people work and things go wrong, and then everything heal.
func (l *lauf) spiele(ctx context.Context) {
	for _, m := range l.rechner {
		l.nach(l.zufall(0, time.Minute), m.starte)
		l.nach(l.zufall(time.Minute, l.tempo+time.Minute), m.benutz.arbeite)
	}
	l.nach(l.zufall(l.tempo, 4*l.tempo), func(context.Context) { l.rechner[l.r.IntN(len(l.rechner))].kopiere() })
	l.nach(l.zufall(l.tempo/4, 3*l.tempo), l.stoere)
	l.bis(ctx, time.Duration(handlungen)*l.tempo/time.Duration(len(l.rechner)))
	l.feierabend = true
	l.netz.heile()
	for _, z := range l.ziele {
		z.fern = 0
	}
	for _, m := range l.rechner {
		m.uhr.falsch, m.uhr.gang = 0, 0
		if !m.disk.Dead() {
			m.disk.Set(faultless())
		}
		m.starte(ctx)
		if m.leben != nil {
			m.leben.pause = time.Second
			m.leben.bald(0)
			m.leben.schicke(time.Second)
		}
		l.nach(l.zufall(2*time.Minute, 3*time.Minute), m.schautNach)
	}
	l.bis(ctx, l.jetzt+5*time.Minute)
}

// handlungen is about how many acts a run has.
const handlungen = 60

// raeume ends what is still open.
func (l *lauf) raeume() {
	for _, m := range l.rechner {
		m.stirb(true)
	}
	l.ende()
	for _, m := range l.rechner {
		m.disk.Close()
	}
}

// sage notes an event: it goes into the hash that must be the same in every run.
func (l *lauf) sage(format string, args ...any) {
	l.Ereignis++
	text := fmt.Sprintf("%s ", l.jetzt) + fmt.Sprintf(format, args...) + "\n"
	l.summe.Write([]byte(text))
	if l.regeln.Spur != nil {
		_, _ = io.WriteString(l.regeln.Spur, text) // to look at
	}
}

// fehler notes what must not be.
func (l *lauf) fehler(format string, args ...any) {
	l.sage("MUST NOT BE: "+format, args...)
	if len(l.Fehler) < 20 {
		l.Fehler = append(l.Fehler, fmt.Sprintf("after %s: ", l.jetzt)+fmt.Sprintf(format, args...))
	}
}

// zugesagt notes that an act was acknowledged.
func (l *lauf) zugesagt(m *rechner, h *handlung, key string) {
	if m.leben == nil {
		return // it died right after its answer; what it wrote is looked at when it starts
	}
	if _, ok := m.inhalt[key]; !ok {
		if h.art != "preis" && h.art != "einstellung" { // what is so already is not set again
			l.fehler("act %s (%s) was acknowledged, and machine %d does not have it", key, h.art, m.nr)
		}
		return
	}
	l.zusagen = append(l.zusagen, key)
	l.Zusagen++
	switch h.art {
	case "verkauf", "rezept":
		l.bons[key] = h.bon
	case "zugang":
		l.belege[key] = beleg(h.nr)
	case "loeschen":
		l.geloescht[h.person] = key
	}
}

// String sums a result up for a log.
func (e *Ergebnis) String() string {
	var refused []string
	for _, c := range slices.Sorted(maps.Keys(e.Abgelehnt)) {
		refused = append(refused, fmt.Sprintf("%s×%d", c, e.Abgelehnt[c]))
	}
	return fmt.Sprintf("%d machines, %s: %d acts, %d acknowledged, %d repeated, refused %v; %d troubles, %d power cuts, "+
		"%d disks lost, %d old copies, %d reborn, %d built beside sales; %d jobs, %d done again, %d looks told one late; "+
		"%d errands, %d requests outside, %d known there; %d gone with a disk, %d numbers twice from old copies; %q",
		e.Rechner, e.Dauer, e.Handlungen, e.Zusagen, e.Wiederholt, refused, e.Stoerungen, e.Stromausfaelle,
		e.PlattenVerloren, e.Zurueckgespielt, e.Wiedergeburten, e.Neubauten, e.Jobs, e.Repeated, e.Gemeldet,
		e.Besorgungen, e.Received, e.Known, e.MitPlatte, e.DoppelteNummern, e.Fehler)
}

// Add adds the counts of another run.
func (e *Ergebnis) Add(o Ergebnis) {
	e.Rechner, e.Dauer, e.Ereignis = e.Rechner+o.Rechner, e.Dauer+o.Dauer, e.Ereignis+o.Ereignis
	e.Handlungen, e.Zusagen, e.Wiederholt = e.Handlungen+o.Handlungen, e.Zusagen+o.Zusagen, e.Wiederholt+o.Wiederholt
	e.Stoerungen, e.Stromausfaelle = e.Stoerungen+o.Stoerungen, e.Stromausfaelle+o.Stromausfaelle
	e.PlattenVerloren, e.Zurueckgespielt = e.PlattenVerloren+o.PlattenVerloren, e.Zurueckgespielt+o.Zurueckgespielt
	e.Wiedergeburten, e.Jobs = e.Wiedergeburten+o.Wiedergeburten, e.Jobs+o.Jobs
	e.Neubauten += o.Neubauten
	e.Repeated, e.Gemeldet, e.Besorgungen = e.Repeated+o.Repeated, e.Gemeldet+o.Gemeldet, e.Besorgungen+o.Besorgungen
	e.Received, e.Known = e.Received+o.Received, e.Known+o.Known
	e.Verloren, e.MitPlatte = e.Verloren+o.Verloren, e.MitPlatte+o.MitPlatte
	e.DoppelteNummern += o.DoppelteNummern
	e.Fehler = append(e.Fehler, o.Fehler...)
	if e.Abgelehnt == nil {
		e.Abgelehnt = map[string]int{}
	}
	for c, n := range o.Abgelehnt {
		e.Abgelehnt[c] += n
	}
}
