package workflow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/recht"
)

// Recht answers what is in force on a day, with the Inhaber's Festlegungen.
type Recht interface {
	Am(day civil.Day) (recht.Stand, error)
}

// Kern is what every workflow stands on.
type Kern struct {
	Store   journal.Store
	Katalog catalogue.Catalogue // with what is the pharmacy's own; inside an act or a view: KatalogIn
	Recht   Recht
	Clock   clock.Clock
	Platz   string // this machine: "platz-1"
	Till    string // prefix of its receipt numbers: "1"

	// Programm is the version of the program, which every record of the till names; empty: none does.
	Programm string

	Nachbarn Nachbarn // nil: this machine is alone
	Sicht    Sicht    // nil: no other machine answers

	Absicherung Absicherung // nil: no TSE is set up for this till

	Uhr func() clock.Stand // how Clock stands; nil: it is never in doubt
}

// Absicherung has a TSE sign what the till records (ADR 0025).
type Absicherung interface {
	// Begonnen says that a Vorgang has a line. It does not wait.
	Begonnen(vorgang string)
	// Warten waits until the TSE has answered to the begin of a Vorgang, at most 3 s: a Bon that
	// names its transaction can be signed even after a kill.
	Warten(ctx context.Context, vorgang string)
	// Bon writes into a Bon that is about to be booked what is known of its transaction. It
	// does not wait.
	Bon(b *bon.Bon)
	// Gebucht has a booked record signed, within 3 s; only then its receipt may be issued.
	// Once more for the same record does nothing.
	Gebucht(ctx context.Context, b bon.Bon)
	// Nachher does the same without waiting: for records of which nobody gets a receipt.
	Nachher(b bon.Bon)
}

// Sicht says which other machines of the pharmacy answer.
type Sicht interface {
	// Antwortet reports whether the machine of a name has answered just now; it does not wait.
	Antwortet(platz string) bool
}

// Nachbarn are the other machines of the pharmacy.
type Nachbarn interface {
	// Anzahl is how many there are, whether they answer or not.
	Anzahl() int
	// Safe waits, at most as long as the context, until one of them has the records of an
	// origin up to a number durably. It does not wait if none answers.
	Safe(ctx context.Context, o journal.Origin, seq uint64) bool
	// Gesichert is up to where one of them has the records of an origin, as far as is known.
	Gesichert(o journal.Origin) uint64
}

// geduld is how long a sale waits for a second machine: a customer does not notice it.
const geduld = 200 * time.Millisecond

// Safe waits a moment until what an act wrote lies on a second machine. If it does not, the
// act is booked all the same.
func (k *Kern) Safe(ctx context.Context, res journal.Result) {
	if k.Nachbarn == nil || len(res.Records) == 0 {
		return
	}
	ctx, stop := context.WithTimeout(ctx, geduld)
	defer stop()
	last := res.Records[len(res.Records)-1]
	k.Nachbarn.Safe(ctx, last.Origin, last.Seq)
}

// Angemeldet refuses what nobody has asked for.
func Angemeldet(actor string) error {
	if actor != "" {
		return nil
	}
	return fault.New(fault.Denied, "V-001", "Niemand ist angemeldet – wählen Sie oben Ihr Kürzel.", nil)
}

// Do decides and writes one act. Input is what was asked, without personal data: only
// its hash is kept, but a hash of a name can be guessed.
func (k *Kern) Do(ctx context.Context, a Auftrag, input any, decide Decide) (journal.Result, error) {
	if err := Angemeldet(a.Actor); err != nil {
		return journal.Result{}, err
	}
	if !printable(a.Key) {
		return journal.Result{}, fault.New(fault.Invalid, "V-002",
			"Die Anfrage ist unvollständig – laden Sie die Seite neu und wiederholen Sie.", nil)
	}
	if g, far := GeraetVon(ctx); far {
		decide = g.vermerkt(decide)
	}
	r, err := k.Store.Append(ctx, journal.Act{
		Key: a.Key, Input: input, Actor: a.Actor, Wall: k.Clock.Now(), Decide: k.gestempelt(decide),
	})
	if errors.Is(err, ErrUnchanged) {
		return journal.Result{}, nil
	}
	return r, err
}

// gestempelt writes into each record of the till which program booked it: its closing has one state
// of the master data (DSFinV-K 2.4 Nr. 3.2, ADR 0034). And whether its time was in doubt (ADR 0039).
func (k *Kern) gestempelt(decide Decide) Decide {
	return func(rows journal.Rows) ([]journal.Event, error) {
		list, err := decide(rows)
		for i, e := range list {
			switch e := e.(type) {
			case event.VerkaufAbgeschlossen:
				e.Bon.Programm, e.Bon.Uhr = k.Programm, k.zweifel()
				list[i] = e
			case event.BelegGebucht:
				e.Bon.Programm, e.Bon.Uhr = k.Programm, k.zweifel()
				list[i] = e
			}
		}
		return list, err
	}
}

// zweifel is what a record of the till says of a clock in doubt; nil: it is not.
func (k *Kern) zweifel() *bon.Uhr {
	if k.Uhr == nil {
		return nil
	}
	s := k.Uhr()
	if !s.Zweifelhaft() {
		return nil
	}
	return &bon.Uhr{
		Verdacht: string(s.Verdacht), Von: s.Vorbild.Von, Seit: s.Seit.UnixNano(),
		Rechner: s.Rechner.UnixNano(), Gilt: s.Gilt.UnixNano(),
	}
}

// Zeilenkatalog is a catalogue that also stands in the journal: in rows it is that of
// their moment, and reads nothing else of the journal.
type Zeilenkatalog interface {
	catalogue.Catalogue
	In(rows journal.Rows) catalogue.Catalogue
}

// KatalogIn is the catalogue as of the rows. Within an act or a view it takes the place of
// Katalog: what is booked follows from these rows alone, and no second view is opened.
func (k *Kern) KatalogIn(rows journal.Rows) catalogue.Catalogue {
	if z, ok := k.Katalog.(Zeilenkatalog); ok {
		return z.In(rows)
	}
	return k.Katalog
}

// Decide reads the projections and returns the events of an act.
type Decide = func(journal.Rows) ([]journal.Event, error)

// ErrUnchanged ends an act that has nothing to write; Do takes it for success.
var ErrUnchanged = errors.New("nothing to change")

// ID derives the id of what an act makes from its key, so that a repeated act finds
// the same thing.
func ID(a Auftrag) string {
	sum := sha256.Sum256([]byte(a.Key))
	return hex.EncodeToString(sum[:8])
}

// View reads the projections and returns what f makes of them.
func View[T any](ctx context.Context, k *Kern, f func(journal.Rows) (T, error)) (T, error) {
	var v T
	err := k.Store.View(ctx, func(rows journal.Rows) error {
		var err error
		v, err = f(rows)
		return err
	})
	return v, err
}

func printable(key string) bool {
	return key != "" && len(key) <= 80 && strings.IndexFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
