package einspielung

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow"
)

// Zustand is how a build stands.
type Zustand string

// The states.
const (
	Laeuft       Zustand = "laeuft"
	Fertig       Zustand = "fertig"       // there is a new generation
	Quarantaene  Zustand = "quarantaene"  // built, and held by the gate
	Abgelehnt    Zustand = "abgelehnt"    // the source is wrong
	Abgebrochen  Zustand = "abgebrochen"  // somebody has ended it
	Unterbrochen Zustand = "unterbrochen" // the program ended in between
	Gescheitert  Zustand = "gescheitert"  // the machine: disk full, killed, it hung
)

// maxTexte is how many lines of a build are kept for people; of more the last.
const maxTexte = 200

// Lauf is a build, from its start to what became of it.
type Lauf struct {
	Quelle   string    `json:"quelle"`
	Ab       civil.Day `json:"ab,omitempty"`
	Wer      string    `json:"wer"`
	Begonnen time.Time `json:"begonnen"`
	Beendet  time.Time `json:"beendet,omitzero"`
	Zustand  Zustand   `json:"zustand"`
	Katalog  string    `json:"katalog,omitempty"` // the generation
	Texte    []string  `json:"texte,omitempty"`   // what it printed
	Fehler   string    `json:"fehler,omitempty"`  // one sentence with its code

	Phase    Phase         `json:"phase,omitempty"`
	N        int           `json:"n,omitempty"`
	Von      int           `json:"von,omitempty"`      // 0: not known
	Promille int           `json:"promille,omitempty"` // 0 to 1000
	Rest     time.Duration `json:"-"`                  // 0: not known
	Ende     bool          `json:"-"`                  // somebody has asked it to end
}

// Options are what the service stands on.
type Options struct {
	Clock     clock.Clock
	Log       *slog.Logger
	Werkstatt Werkstatt
	Stille    time.Duration // without a sign of life a build is ended after it; 0: three minutes
	Geduld    time.Duration // that a build has to end when asked; 0: ten seconds
}

// Service reads catalogues in, one at a time.
type Service struct {
	opt Options

	mu   sync.Mutex
	lauf *lauf // the present one, or the last of this program
}

// lauf is a build of this program.
type lauf struct {
	Lauf
	key        string
	bau        Bau
	schaetzung Schaetzung
	zuletzt    time.Duration // monotonic: the last sign of life
	gebeten    time.Duration // monotonic: when it was asked to end
	haengt     bool
	fertig     chan struct{}
}

// New returns the service.
func New(o Options) *Service {
	if o.Stille == 0 {
		o.Stille = 3 * time.Minute
	}
	if o.Geduld == 0 {
		o.Geduld = 10 * time.Second
	}
	return &Service{opt: o}
}

// Quellen lists what can be read in.
func (s *Service) Quellen() ([]Quelle, error) { return s.opt.Werkstatt.Quellen() }

// Ort is where people put sources.
func (s *Service) Ort() string { return s.opt.Werkstatt.Ort() }

// Annehmen puts a file that somebody sends into the inbox.
func (s *Service) Annehmen(wer, name string, r io.Reader) error {
	if wer == "" {
		return niemand()
	}
	return s.opt.Werkstatt.Annehmen(name, r)
}

func niemand() error {
	return fault.New(fault.Denied, "A-739", "Niemand ist angemeldet – wählen Sie oben Ihr Kürzel.", nil)
}

// Stand is the build that goes on, or the last one; false if there never was one.
func (s *Service) Stand() (Lauf, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lauf == nil {
		l, ok := s.opt.Werkstatt.Gemerkt()
		if l.Zustand == Laeuft { // of a program that has ended since, and its build with it
			l.Zustand, l.Fehler = Unterbrochen, fault.New(fault.Unavailable, "A-745", "Offizin wurde währenddessen beendet; es "+
				"wurde nichts eingespielt – bitte neu beginnen.", nil).Error()
		}
		return l, ok
	}
	l := s.lauf.Lauf
	l.Texte = slices.Clone(l.Texte)
	l.Phase, l.N, l.Von = s.lauf.schaetzung.Phase, s.lauf.schaetzung.N, s.lauf.schaetzung.Gesamt()
	l.Promille = s.lauf.schaetzung.Promille()
	l.Rest, _ = s.lauf.schaetzung.Rest()
	return l, true
}

// Starten begins to read a source in. One goes on at a time; the same key twice is one.
func (s *Service) Starten(ctx context.Context, a workflow.Auftrag, x Auftrag) error {
	x.Wer = a.Actor
	if x.Wer == "" {
		return niemand()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lauf != nil && s.lauf.key == a.Key {
		return nil
	}
	if s.lauf != nil && s.lauf.Zustand == Laeuft {
		return fault.New(fault.Conflict, "A-740", "Es wird schon ein Katalog eingespielt („"+s.lauf.Quelle+"“); bitte sein "+
			"Ende abwarten oder es abbrechen.", nil)
	}
	if err := s.pruefe(&x); err != nil {
		return err
	}
	bau, err := s.opt.Werkstatt.Starte(ctx, x)
	if err != nil {
		return fault.New(fault.Unavailable, "A-744", "Das Einspielen lässt sich nicht starten; bitte noch einmal versuchen "+
			"oder „offizin catalogue import“ am Rechner aufrufen.", err)
	}
	l := &lauf{key: a.Key, bau: bau, zuletzt: s.opt.Clock.Mono(), fertig: make(chan struct{})}
	l.Quelle, l.Ab, l.Wer, l.Begonnen, l.Zustand = x.Quelle, x.Ab, x.Wer, s.opt.Clock.Now(), Laeuft
	s.lauf = l
	s.merke(l.Lauf)
	go s.folge(l)
	return nil
}

// pruefe refuses what does not lie in the inbox, and a day that is missing.
func (s *Service) pruefe(x *Auftrag) error {
	list, err := s.Quellen()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(q Quelle) bool { return q.Name == x.Quelle })
	switch {
	case x.Quelle == "":
		return fault.New(fault.Invalid, "A-741", "Bitte eine Quelle aus der Liste wählen.", nil)
	case i < 0:
		return fault.New(fault.NotFound, "A-742", "Diese Quelle liegt nicht (mehr) im Eingang; bitte die Seite neu laden.",
			nil)
	case list[i].Hinweis != "":
		return fault.New(fault.Invalid, "A-743", "Diese Quelle lässt sich nicht einspielen: "+list[i].Hinweis, nil)
	case x.Liste != "" && (list[i].Art != CSV || !slices.Contains(Listen(), x.Liste)):
		return fault.New(fault.Invalid, "A-758",
			"Eine amtliche Liste ist eine CSV-Datei; bitte die Datei oder „Artikelliste“ wählen.", nil)
	case list[i].Art != CSV:
		x.Ab = 0 // it says so itself
	case x.Ab == 0:
		return fault.New(fault.Invalid, "A-746", "Bitte den Tag angeben, ab dem die Liste gilt: Eine CSV-Datei nennt ihn "+
			"nicht.", nil)
	}
	return nil
}

// merke keeps the state for the next start; without it only the sentence about it is lost.
func (s *Service) merke(l Lauf) {
	if err := s.opt.Werkstatt.Merke(l); err != nil {
		s.opt.Log.Warn("state of the import not kept", slog.Any("error", err))
	}
}

// Abbrechen asks the build to end; it is ended if it does not.
func (s *Service) Abbrechen(wer string) error {
	if wer == "" {
		return niemand()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lauf == nil || s.lauf.Zustand != Laeuft {
		return fault.New(fault.Conflict, "A-747", "Es wird gerade nichts eingespielt; bitte die Seite neu laden.", nil)
	}
	s.bitte(s.lauf)
	return nil
}

// bitte asks a build to end, once. The caller holds the mutex.
func (s *Service) bitte(l *lauf) {
	if !l.Ende {
		l.Ende, l.gebeten = true, s.opt.Clock.Mono()
		l.bau.Ende()
	}
}

// Close ends the build that goes on, and waits for it. Nothing of it is left.
func (s *Service) Close() {
	s.mu.Lock()
	l := s.lauf
	if l == nil || l.Zustand != Laeuft {
		s.mu.Unlock()
		return
	}
	s.bitte(l)
	s.mu.Unlock()
	<-l.fertig
}

// Erholen removes what the builds of an earlier program have left.
func (s *Service) Erholen() {
	if err := s.opt.Werkstatt.Raeume(); err != nil {
		s.opt.Log.Warn("rest of an import not removed", slog.Any("error", err))
	}
}
