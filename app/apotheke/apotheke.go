// Package apotheke opens the folder of a pharmacy and connects its parts: journal,
// catalogue, law, workflows and pages. Every command that touches data goes through it.
package apotheke

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/notfall"
	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/app/uhr"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/wacht"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/absicherung"
	"github.com/offizin/offizin/workflow/eigene"
	"github.com/offizin/offizin/workflow/festlegung"
	"github.com/offizin/offizin/workflow/kartenzahlung"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/tagesarbeit"
)

// The folders inside the data folder.
const (
	KatalogDir = "katalog"
	RechtDir   = "recht"
)

// Options says which pharmacy to open and how.
type Options struct {
	Dir   string // data folder; made if absent
	Platz string // name of this machine; empty: the one the data belong to, else "platz-1"
	Till  string // prefix of its receipt numbers; empty: "1"
	Clock clock.Clock
	Log   *slog.Logger
	// Programm is this program, which builds catalogues in a process of its own; nil: as the
	// system names it.
	Programm func() (string, error)
	// PruefenNach is how long after the start the files of the catalogue are compared with what
	// was signed, not while the first customer is served; 0: a minute.
	PruefenNach time.Duration
	// Schluessel are whose amendments of the law count; nil: those of the release.
	Schluessel recht.Schluesselbund
	// Ballast is how many bytes to keep ready for a full disk; 0: as usual, negative: none.
	Ballast int64
	// Progress hears of a rebuild of the projections, the only slow part of opening.
	Progress func(done, total int64)
	// Fuehrt says whether this machine leads the pharmacy and does the jobs of all; nil: it does.
	Fuehrt func() bool
	// Fetch gets a record of the journal from another machine; nil: there is none.
	Fetch func(context.Context, journal.Origin, uint64) (journal.Record, bool)
	// Behind reports whether this machine is taking many records in from others: what reads
	// the whole journal waits for that. Nil: never.
	Behind func() bool
	// Rechner says how this machine stands among the others; nil: it is alone.
	Rechner func(context.Context) stoerung.Rechnerlage
	// Aelter hears that the TSE has signed what the journal does not know, if that was found only after the
	// start; nil: nobody does.
	Aelter func(context.Context)
	// Kartenterminal takes payments by card; nil: they are typed in by hand.
	Kartenterminal kartenzahlung.Terminal
	// Fassung is the version of the program, as its records and closings name it; empty: that of this one.
	Fassung string
}

// Apotheke is an open pharmacy.
type Apotheke struct {
	Store   *sqlite.Store
	Katalog *generation.Ordner
	eigene  *eigene.Katalog // Katalog with what is the pharmacy's own
	Recht   *festlegung.Service
	// Schluessel are whose amendments of the law count.
	Schluessel recht.Schluesselbund
	Kern       *workflow.Kern
	Uhr        *uhr.Uhr // the clock of all parts
	Mappen     *notfall.Mappen

	// Absicherung is where the TSE of this till is plugged in.
	Absicherung *absicherung.Anschluss

	Sicherung *sicherung.Sicherungen
	Dienste   web.Dienste
	// Kataloge says how catalogues stand on the other machines; false, or nil: there is no other.
	Kataloge func() (stoerung.Kataloge, bool)
	// Wacht watches the parts that run beside the sales.
	Wacht *wacht.Waechter
	// Arbeiten are the jobs of each civil day.
	Arbeiten *tagesarbeit.Service
	probe    *probe
	dir      string

	pruefenNach time.Duration
	fuehrt      func() bool
	abzug       sync.Mutex // held while the snapshot is written
	tseLock     sync.Mutex // held while a TSE is connected
	tseOffen    anschluss.TSE
	aelter      func(context.Context)
}

// Exists reports whether a folder holds a pharmacy already.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, sqlite.File))
	return err == nil
}

// Open opens a pharmacy. Its catalogue may be empty: the till says so, all else works.
func Open(ctx context.Context, o Options) (*Apotheke, error) {
	o = o.filled()
	clk, memorised := uhr.New(o.Dir, o.Clock)
	o.Clock = clk
	store, err := sqlite.Open(ctx, sqlite.Options{
		Dir: o.Dir, Node: o.Platz, Clock: o.Clock, Projections: alle.Projections(), Progress: o.Progress,
		Ballast: o.Ballast, Failed: o.nichtGebildet,
	})
	if err != nil {
		return nil, err
	}
	a := &Apotheke{
		Store: store, Uhr: clk, Wacht: wacht.New(clk, o.Log), dir: o.Dir, pruefenNach: o.PruefenNach, fuehrt: o.Fuehrt,
		aelter: o.Aelter,
	}
	if !memorised {
		err = a.seen(ctx)
	}
	if err := errors.Join(err, a.connect(ctx, o)); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return a, nil
}

// nichtGebildet logs why read models cannot be built anew, down to the cause.
func (o Options) nichtGebildet(err error) {
	cause := err
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(next) {
		cause = next
	}
	o.Log.Error("read models cannot be built anew", slog.Any("error", err), slog.Any("cause", cause))
}

func (o Options) filled() Options {
	if o.Till == "" {
		o.Till = "1"
	}
	if o.Fassung == "" {
		o.Fassung = env.Version()
	}
	if o.PruefenNach == 0 {
		o.PruefenNach = time.Minute
	}
	if o.Clock == nil {
		o.Clock = clock.NewReal()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func (a *Apotheke) connect(ctx context.Context, o Options) error {
	var err error
	if a.Katalog, err = generation.OpenOrdner(filepath.Join(o.Dir, KatalogDir)); err != nil {
		return err
	}
	a.eigene = eigene.NewKatalog(a.Store, a.Katalog)
	a.Kern = &workflow.Kern{
		Store: a.Store, Katalog: a.eigene, Clock: o.Clock, Platz: a.Store.Self().Node,
		Till: o.Till, Programm: o.Fassung, Uhr: a.Uhr.Stand,
	}
	if a.Schluessel = o.Schluessel; a.Schluessel == nil {
		if a.Schluessel, err = recht.ReleaseSchluessel(); err != nil {
			return err
		}
	}
	if a.Recht, err = law(ctx, a.Kern, o.Dir, a.Schluessel); err != nil {
		return err
	}
	a.Kern.Recht = a.Recht
	a.Absicherung = absicherung.NewAnschluss()
	a.Kern.Absicherung = a.Absicherung
	a.Dienste = a.dienste(o)
	if err := a.Dienste.Katalogwahl.Abgleich(ctx); err != nil {
		o.Log.Error("choice of catalogue not settled", slog.Any("error", err)) // Wahlen does it later
	}
	return nil
}

// law is what ships with the program, what lies signed in the data folder, and what
// the Inhaber has laid down.
func law(ctx context.Context, k *workflow.Kern, dir string, keys recht.Schluesselbund) (*festlegung.Service, error) {
	basis, err := recht.Load()
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(dir, RechtDir)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fault.New(fault.Unavailable, "L-149", "Der Ordner „recht“ lässt sich nicht anlegen; "+
			"bitte prüfen, ob im Datenordner etwas anderes so heißt, und seine Rechte.", err)
	}
	return festlegung.New(ctx, k, festlegung.Options{Basis: basis, Nachtraege: os.DirFS(folder), Schluessel: keys})
}

// Handler is the till of this machine.
func (a *Apotheke) Handler() (http.Handler, error) { return web.New(a.Dienste) }

// Close ends the work of the pharmacy.
func (a *Apotheke) Close() error {
	a.tseLock.Lock()
	defer a.tseLock.Unlock()
	a.probe.stop() // else its check would hold the journal up, and the next one begin on a closed one
	return errors.Join(a.tseZu(), a.Uhr.Merken(), a.Store.Close(), a.Katalog.Close())
}
