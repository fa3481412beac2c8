package drucker

import (
	"context"
	"strings"
	"unicode"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// Wann is when a receipt is printed.
type Wann string

// The choices.
const (
	Immer     Wann = "immer"
	NurWunsch Wann = "wunsch" // only when somebody asks for it
)

// Einstellung is how one till prints.
type Einstellung struct {
	Adresse string // "192.168.1.20", "/dev/usb/lp0", "seriell:COM3,9600"; empty: no printer
	Wann    Wann
	Lade    bool // a drawer hangs at the printer; it opens for cash
	Dots    bool // the printer knows no QR codes: they are sent as dots
	Mute    bool // the printer never answers
}

// Einstellung returns the settings of this till.
func (s *Service) Einstellung(ctx context.Context) (Einstellung, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (Einstellung, error) {
		m := map[string]string{}
		for _, key := range schluessel() {
			v, err := haus.Einstellung(rows, s.key(key))
			if err != nil {
				return Einstellung{}, err
			}
			m[key] = v
		}
		e := Einstellung{
			Adresse: m["adresse"], Wann: Wann(m["wann"]), Lade: m["lade"] == "ja", Dots: m["punkte"] == "ja",
			Mute: m["stumm"] == "ja",
		}
		if e.Wann != NurWunsch {
			e.Wann = Immer
		}
		return e, nil
	})
}

// Setzen stores the settings of this till that changed.
func (s *Service) Setzen(ctx context.Context, a workflow.Auftrag, e Einstellung) error {
	e.Adresse = strings.TrimSpace(e.Adresse)
	if err := s.check(e); err != nil {
		return err
	}
	yes := map[bool]string{true: "ja", false: "nein"}
	next := map[string]string{
		"adresse": e.Adresse, "wann": string(e.Wann), "lade": yes[e.Lade], "punkte": yes[e.Dots], "stumm": yes[e.Mute],
	}
	_, err := s.kern.Do(ctx, a, []any{"Drucker", s.kern.Platz, next}, func(rows journal.Rows) ([]journal.Event, error) {
		today := clock.Today(s.kern.Clock)
		if err := rechte.Fordern(rows, a.Actor, berechtigung.Verwalten, 0, today); err != nil {
			return nil, err
		}
		var events []journal.Event
		for _, key := range schluessel() {
			old, err := haus.Einstellung(rows, s.key(key))
			if err != nil {
				return nil, err
			}
			if old != next[key] {
				events = append(events, event.EinstellungGesetzt{Schluessel: s.key(key), Wert: next[key]})
			}
		}
		if len(events) == 0 {
			return nil, workflow.ErrUnchanged
		}
		return events, nil
	})
	s.mu.Lock()
	s.fragen, s.bekannt, s.zustand = true, false, nil
	s.mu.Unlock()
	s.wecken()
	return err
}

func (s *Service) check(e Einstellung) error {
	if len(e.Adresse) > 200 || strings.ContainsFunc(e.Adresse, unicode.IsControl) {
		return fault.New(fault.Invalid, "T-310", "Die Adresse des Druckers ist zu lang – höchstens 200 Zeichen.", nil)
	}
	if e.Wann != Immer && e.Wann != NurWunsch {
		return fault.New(fault.Invalid, "T-311", "Wählen Sie, ob der Bon immer oder auf Wunsch gedruckt wird.", nil)
	}
	if e.Adresse == "" {
		return nil
	}
	return s.Geraet.Check(e.Adresse)
}

func schluessel() []string { return []string{"adresse", "wann", "lade", "punkte", "stumm"} }

// key is the name of a setting of this till.
func (s *Service) key(name string) string { return "drucker." + s.kern.Platz + "." + name }
