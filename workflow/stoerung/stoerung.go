// Package stoerung watches the links of the chain on which a sale depends: disk,
// clock, journal, safe copies, catalogue, law. Each has a state, since when, one
// sentence and the way round it.
package stoerung

import (
	"context"
	"sync"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/wacht"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/notfallmappe"
	"github.com/offizin/offizin/workflow/tagesarbeit"
)

// Zustand is the state of a link.
type Zustand string

// The states.
const (
	Gut      Zustand = "gut"
	Warnung  Zustand = "warnung"  // it works, somebody should see to it
	Gestoert Zustand = "gestoert" // it does not work, or sales are in danger
)

// Glied is one link.
type Glied struct {
	ID      string // "platte": stable, for addresses and tests
	Name    string
	Zustand Zustand
	Seit    time.Time // in this state since, UTC; of the start of the program at the earliest
	Code    string    // explained in the manual; empty if all is well
	Text    string    // one sentence
	Ausweg  string    // the way round; empty if none is needed
}

// Farbe is the colour of the Ampel; it never stands alone, Text says the same.
type Farbe string

// The colours.
const (
	Gruen Farbe = "gruen"
	Gelb  Farbe = "gelb"
	Rot   Farbe = "rot"
)

// Ampel is the whole chain in one word.
type Ampel struct {
	Farbe Farbe
	Text  string // "alles läuft"
}

// Lage is every link with the Ampel over them.
type Lage struct {
	Ampel   Ampel
	Glieder []Glied
	Verlauf []Ausfall // of the last 30 days, by link, newest first
}

// Platte is what the machine says of the disk with the data.
type Platte struct {
	Frei, Gesamt int64         // bytes
	Schreibtest  time.Duration // how long the last append with fsync took
	Geprueft     time.Time     // when, UTC; zero: never
	Fehler       error         // of the last test; nil: it succeeded
}

// Journalpruefung is the last complete check of the journal's chain.
type Journalpruefung struct {
	Zeit    time.Time // UTC; zero: not yet
	Running bool      // one is going on
	Fehler  error     // nil: whole
	Neubau  Neubau
}

// Neubau is how far it is to build the read models anew beside the sales.
type Neubau struct {
	Laeuft  bool
	Prozent int   // 0 to 100
	Fehler  error // J-305: what holds it up; nil: nothing
}

// Probe is what only the machine knows; the composition root supplies it.
type Probe interface {
	Platte(ctx context.Context) (Platte, error)
	Journal(ctx context.Context) (Journalpruefung, error)
}

// Options are what the service needs besides the Kern; all may be nil.
type Options struct {
	Probe      Probe
	RechtOffen func() int // points of law still to be checked
	// Damaged names the generations of the catalogue that are damaged and left out.
	Damaged func() []error
	// Quarantaene lists the generations that the gate keeps in quarantine.
	Quarantaene func() []catalogue.Manifest
	// Notfallmappe says how the Notfallmappen stand; nil: there are none here.
	Notfallmappe func(context.Context) notfallmappe.Stand
	// Datensicherung says how the backups stand; nil: there are none here.
	Datensicherung func() Datensicherung
	// Kataloge says how catalogues stand on the other machines; false: there is no other.
	Kataloge func() (Kataloge, bool)
	// Ausgang says how the errands to the outside stand; nil: there are none here.
	Ausgang func(context.Context) Ausgang
	// Bondrucker says how the printer of receipts stands; nil: there is none here.
	Bondrucker func(context.Context) Bondrucker
	// Uhr says whether the machine's clock is in doubt; nil: only its jumps are watched.
	Uhr func() clock.Stand
	// Tagesarbeiten says how the jobs of the day stand; nil: there are none here.
	Tagesarbeiten func(context.Context) ([]tagesarbeit.Stand, error)
	// Teile says which parts of the program had to be stopped; nil: nobody watches them.
	Teile func() wacht.Lage
	// Anmeldung says how logins stand; nil: nobody has a PIN.
	Anmeldung func(context.Context) Anmeldung
	// Rechner says how this machine stands among the others; nil: it is alone.
	Rechner func(context.Context) Rechnerlage
	// TSE says how the TSE of this till stands; nil: nobody knows of one.
	TSE func(context.Context) TSE
	// Schluessel says how the key of the personal data is kept; nil: nobody knows.
	Schluessel func() Schluessel
	// Kassenmeldung says what is still to be told to the tax office; nil: nobody knows.
	Kassenmeldung func(context.Context) Meldepflicht
	// Verlauf keeps over restarts what was wrong; nil: it is forgotten.
	Verlauf Ablage
}

// Service watches.
type Service struct {
	kern   *workflow.Kern
	opt    Options
	start  time.Time     // wall clock when the program began
	mono   time.Duration // monotonic clock then
	blicke []*blick

	mu      sync.Mutex
	seit    map[string]since
	zuletzt time.Time                // latest time of a record that was seen
	lange   map[string]time.Duration // since when something is so that may be so for a while
	verlauf []Ausfall
	neu     bool // something in it is not kept yet
}

type since struct {
	zustand Zustand
	at      time.Time
}

// New returns the service; it compares the clock with the moment of this call.
func New(k *workflow.Kern, o Options) *Service {
	s := &Service{
		kern: k, opt: o, start: k.Clock.Now(), mono: k.Clock.Mono(), seit: map[string]since{},
		lange: map[string]time.Duration{},
	}
	if o.Verlauf != nil {
		s.verlauf, _ = o.Verlauf.Lesen() // one that cannot be read begins anew
	}
	s.blicke = append([]*blick{
		s.eins("platte", "Festplatte", s.platte),
		s.eins("uhr", "Uhr", s.uhr),
		s.eins("journal", "Journal", s.journal),
		s.eins("sicherung", "Zweite Kopie", s.sicherung),
		s.eins("katalog", "Artikelkatalog", func(context.Context) Glied { return s.katalog() }),
		s.eins("recht", "Rechtsstand", func(context.Context) Glied { return s.recht() }),
		{id: "offeneposten", name: "Offene Posten", sieh: s.offenePosten},
		{id: "bons", name: "Bons", sieh: s.bonnummern},
	}, s.mehr()...)
	return s
}

// Zustand looks at every link, each by itself: one that does not answer holds up none. A link
// that cannot be looked at is out of order; the call itself never fails.
func (s *Service) Zustand(ctx context.Context) Lage {
	l := Lage{Glieder: s.ansehen(ctx)}
	l.Verlauf = s.remember(l.Glieder)
	l.Ampel = Zusammen(l.Glieder)
	return l
}

// remember sets since when each link is in its state, and returns what was wrong before.
func (s *Service) remember(list []Glied) []Ausfall {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.kern.Clock.Now()
	for i := range list {
		g := &list[i]
		old, known := s.seit[g.ID]
		if !known && g.Zustand == Gut {
			old = since{Gut, s.start}
		} else if !known || old.zustand != g.Zustand {
			old = since{g.Zustand, begann(s.verlauf, *g, now)}
		}
		s.seit[g.ID] = old
		g.Seit = old.at
	}
	var changed bool
	s.verlauf, changed = fortschreiben(s.verlauf, list, now, s.kern.Clock.Mono()-s.mono < suche)
	s.neu = s.neu || changed
	return geordnet(s.verlauf)
}

// Zusammen is the Ampel over some links: the worst one gives its colour and its name.
func Zusammen(list []Glied) Ampel {
	for _, z := range []struct {
		zustand Zustand
		farbe   Farbe
		text    string
	}{{Gestoert, Rot, " gestört"}, {Warnung, Gelb, ": bitte ansehen"}} {
		for _, g := range list {
			if g.Zustand == z.zustand {
				return Ampel{z.farbe, g.Name + z.text}
			}
		}
	}
	return Ampel{Gruen, "alles läuft"}
}

// gut is a link in order.
func gut(id, name, text string) Glied { return Glied{ID: id, Name: name, Zustand: Gut, Text: text} }

// bad is a link that needs somebody.
func bad(id, name string, z Zustand, code, text, ausweg string) Glied {
	return Glied{ID: id, Name: name, Zustand: z, Code: code, Text: text, Ausweg: ausweg}
}
