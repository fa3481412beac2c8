// Package pruefung lets an auditor of the tax office in: read only, for one span of days, without
// names of patients, until a day – and writes down every look (AO § 147 (6), GoBD Z1).
package pruefung

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/anmeldung"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/pruefungen"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// MaxTage is for how many days at most an auditor is let in; then the Inhaber opens it anew.
const MaxTage = 365

// Service lets auditors in.
type Service struct{ kern *workflow.Kern }

// New returns the service.
func New(k *workflow.Kern) *Service { return &Service{k} }

// Vorhaben is an audit that is to be opened.
type Vorhaben struct {
	Kuerzel  string    // of somebody with the role Prüfer
	Von, Bis civil.Day // that he may see
	Ende     civil.Day // last day on which he may look
	Anlass   string    // required
}

// Eroeffnen lets an auditor in. Nobody may work without a PIN then: the auditor could take his
// place.
func (s *Service) Eroeffnen(ctx context.Context, a workflow.Auftrag, v Vorhaben) error {
	today := clock.Today(s.kern.Clock)
	if v.Anlass = strings.TrimSpace(v.Anlass); v.Anlass == "" || !v.Von.Valid() || !v.Bis.Valid() || v.Von > v.Bis {
		return fault.New(fault.Invalid, "T-731",
			"Zeitraum oder Anlass der Prüfung fehlt – übernehmen Sie beides aus der Prüfungsanordnung.", nil)
	}
	if !v.Ende.Valid() || v.Ende < today || v.Ende.Sub(today) > MaxTage {
		return fault.New(fault.Invalid, "T-732",
			"Der letzte Tag des Zugangs fehlt oder ist falsch – nehmen Sie einen Tag ab heute, höchstens ein Jahr voraus.", nil)
	}
	_, err := s.kern.Do(ctx, a, v, func(rows journal.Rows) ([]journal.Event, error) {
		if err := s.darf(rows, a.Actor); err != nil {
			return nil, err
		}
		if err := s.bereit(rows, v.Kuerzel); err != nil {
			return nil, err
		}
		return []journal.Event{event.PruefungEroeffnet{
			ID: workflow.ID(a), Kuerzel: v.Kuerzel, Von: v.Von, Bis: v.Bis, Ende: v.Ende, Anlass: v.Anlass,
		}}, nil
	})
	return err
}

// bereit refuses an auditor who is none, and a pharmacy in which he could take another's place.
func (s *Service) bereit(rows journal.Rows, kuerzel string) error {
	armed, err := rechte.Scharf(rows)
	if err != nil {
		return err
	}
	staff, err := haus.Benutzer(rows)
	if err != nil {
		return err
	}
	found := false
	var ohne []string
	for _, b := range staff {
		if !b.Aktiv {
			continue
		}
		found = found || b.Kuerzel == kuerzel && b.Rolle == string(berechtigung.Pruefer)
		pin, err := anmeldung.PIN(rows, b.Kuerzel)
		if err != nil {
			return err
		}
		if pin == "" {
			ohne = append(ohne, b.Kuerzel)
		}
	}
	switch {
	case !found:
		return fault.New(fault.Invalid, "T-733",
			"Dieses Kürzel ist kein Prüfer – legen Sie in den Einstellungen jemanden mit der Rolle Prüfer an.", nil)
	case !armed || len(ohne) > 0:
		return fault.New(fault.Conflict, "T-734", fmt.Sprintf("Ohne PIN ist jemand am Platz nicht zu erkennen – "+
			"geben Sie zuerst allen eine PIN, es fehlt: %s.", strings.Join(ohne, ", ")), nil)
	}
	return nil
}

// Beenden ends an audit before its time.
func (s *Service) Beenden(ctx context.Context, a workflow.Auftrag, id string) error {
	_, err := s.kern.Do(ctx, a, []any{"Prüfung beenden", id}, func(rows journal.Rows) ([]journal.Event, error) {
		if err := s.darf(rows, a.Actor); err != nil {
			return nil, err
		}
		all, err := pruefungen.Alle(rows)
		if err == nil && !slices.ContainsFunc(all, func(p pruefungen.Pruefung) bool { return p.ID == id }) {
			err = fault.New(fault.NotFound, "T-735", "Diese Prüfung gibt es nicht – wählen Sie eine aus der Liste.", nil)
		}
		return []journal.Event{event.PruefungBeendet{ID: id}}, err
	})
	return err
}

func (s *Service) darf(rows journal.Rows, actor string) error {
	return rechte.Fordern(rows, actor, berechtigung.Verwalten, 0, clock.Today(s.kern.Clock))
}

// Akte is an audit with the looks that were taken.
type Akte struct {
	pruefungen.Pruefung
	Laeuft bool
	Blicke []pruefungen.Blick
}

// Akten are all audits, the newest first, for who may manage.
func (s *Service) Akten(ctx context.Context, wer string) ([]Akte, error) {
	today := clock.Today(s.kern.Clock)
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (list []Akte, err error) {
		if err := s.darf(rows, wer); err != nil {
			return nil, err
		}
		all, err := pruefungen.Alle(rows)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			looks, err := pruefungen.Blicke(rows, p.ID)
			if err != nil {
				return nil, err
			}
			list = append(list, Akte{p, p.Laeuft(today), looks})
		}
		slices.SortFunc(list, func(a, b Akte) int { return cmp.Compare(b.Zeit, a.Zeit) })
		return list, nil
	})
}

// Pruefer lists those who have the role.
func (s *Service) Pruefer(ctx context.Context) ([]string, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (list []string, err error) {
		staff, err := haus.Benutzer(rows)
		for _, b := range staff {
			if b.Aktiv && b.Rolle == string(berechtigung.Pruefer) {
				list = append(list, b.Kuerzel)
			}
		}
		return list, err
	})
}

// Zugang is what somebody may see.
type Zugang struct {
	ID       string // of the audit; empty: one of the house looks
	Von, Bis civil.Day
	Ende     civil.Day
	Anlass   string
}

// Laeuft says whether an auditor may look today.
func (s *Service) Laeuft(ctx context.Context) (bool, error) {
	today := clock.Today(s.kern.Clock)
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (bool, error) {
		all, err := pruefungen.Alle(rows)
		return slices.ContainsFunc(all, func(p pruefungen.Pruefung) bool { return p.Laeuft(today) }), err
	})
}

// Offene are the audits that somebody may look at today, the one that ends first first; none for
// one of the house.
func (s *Service) Offene(ctx context.Context, wer string) ([]Zugang, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]Zugang, error) {
		list, _, err := s.offene(rows, wer)
		return list, err
	})
}

func (s *Service) offene(rows journal.Rows, wer string) (list []Zugang, pruefer bool, err error) {
	staff, err := haus.Benutzer(rows)
	if err != nil {
		return nil, false, err
	}
	is := func(b event.BenutzerGesetzt) bool {
		return b.Kuerzel == wer && b.Rolle == string(berechtigung.Pruefer)
	}
	if !slices.ContainsFunc(staff, is) {
		return nil, false, nil
	}
	today := clock.Today(s.kern.Clock)
	all, err := pruefungen.Alle(rows)
	for _, p := range all {
		if p.Kuerzel == wer && p.Laeuft(today) {
			list = append(list, Zugang{p.ID, p.Von, p.Bis, p.Ende, p.Anlass})
		}
	}
	slices.SortFunc(list, func(a, b Zugang) int {
		return cmp.Or(cmp.Compare(a.Ende, b.Ende), cmp.Compare(a.Von, b.Von), cmp.Compare(a.ID, b.ID))
	})
	return list, true, err
}

// Blick says what somebody wants to look at: an auditor an audit of his, empty: the only one that
// is open; one of the house the days, 0: the present year.
type Blick struct {
	Pruefung string
	Von, Bis civil.Day
}

// Zugang says what somebody may see: an auditor what the audit covers, who may manage everything
// of the days that he asks for.
func (s *Service) Zugang(ctx context.Context, wer string, b Blick) (Zugang, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (z Zugang, err error) {
		list, auditor, err := s.offene(rows, wer)
		if err != nil {
			return z, err
		}
		if auditor {
			return waehle(list, b.Pruefung)
		}
		z = Zugang{Von: b.Von, Bis: b.Bis}
		if !b.Von.Valid() || !b.Bis.Valid() || b.Von > b.Bis {
			today := clock.Today(s.kern.Clock)
			z.Von, z.Bis = civil.Must(today.Year(), 1, 1), today
		}
		return z, s.darf(rows, wer)
	})
}

// waehle is the audit that is meant.
func waehle(list []Zugang, id string) (Zugang, error) {
	i := slices.IndexFunc(list, func(z Zugang) bool { return z.ID == id })
	switch {
	case i >= 0:
		return list[i], nil
	case len(list) == 0 || id != "":
		return Zugang{}, fault.New(fault.Denied, "T-736",
			"Für Sie ist gerade keine Prüfung offen – der Inhaber öffnet den Zugang.", nil)
	case len(list) > 1:
		return Zugang{}, fault.New(fault.Conflict, "D-720",
			"Für Sie sind mehrere Prüfungen offen – wählen Sie auf der Seite „Prüfung“ zuerst eine.", nil)
	}
	return list[0], nil
}

// Einsehen is Zugang, and puts the look on record before anything is shown.
func (s *Service) Einsehen(ctx context.Context, wer, was string, b Blick) (Zugang, error) {
	z, err := s.Zugang(ctx, wer, b)
	if err != nil || z.ID == "" {
		return z, err
	}
	e := event.PruefungEingesehen{ID: z.ID, Was: was, Platz: s.kern.Platz}
	a := workflow.Auftrag{Key: "pruefung-" + rand.Text(), Actor: wer}
	_, err = s.kern.Do(ctx, a, e, func(journal.Rows) ([]journal.Event, error) { return []journal.Event{e}, nil })
	return z, err
}

// darin refuses a day outside of what may be seen.
func (z Zugang) darin(d civil.Day) error {
	if d >= z.Von && d <= z.Bis {
		return nil
	}
	return fault.New(fault.Denied, "T-737", fmt.Sprintf(
		"Dieser Tag gehört nicht zur Prüfung – wählen Sie einen vom %s bis zum %s.", z.Von.German(), z.Bis.German()), nil)
}

// Pseudonym stands for a person: the same within an audit, another one in the next.
func (z Zugang) Pseudonym(person string) string {
	if person == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(z.ID + "/" + person))
	return "P-" + hex.EncodeToString(sum[:4])
}
