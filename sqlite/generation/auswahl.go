package generation

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation/datei"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
)

// What a person has chosen against the day, and the lock of those who write it.
const (
	auswahlFile   = "auswahl.json"
	auswahlSperre = "auswahl.sperre"
	auswahlFormat = 1
	auswahlWarten = 5000 // ms; writing takes a few
)

// Vermerk says of an act of a person when it was and why, and who did it if that is known.
type Vermerk struct {
	Zeit  time.Time `json:"zeit"` // UTC
	Grund string    `json:"grund,omitempty"`
	Wer   string    `json:"wer,omitempty"`
}

// Ausgelassen is a generation that a person has taken out: it is not chosen on any day.
type Ausgelassen struct {
	ID string `json:"id"`
	Vermerk
}

// auswahl is what stands in the file. An older program reads the first two.
type auswahl struct {
	Format      int           `json:"format"`
	Ausgelassen []Ausgelassen `json:"ausgelassen"`
	// Stand is the choice in the journal of which the file is the effect; empty: none.
	Stand string `json:"stand,omitempty"`
	// Offen are the choices of commands which the journal does not have yet.
	Offen []catalogue.Wahl `json:"offen,omitempty"`
}

// liesAuswahl decodes the file; nothing is nobody left out.
func liesAuswahl(text string) (a auswahl, err error) {
	if text == "" {
		return a, nil
	}
	err = json.Unmarshal([]byte(text), &a)
	if err == nil && a.Format != auswahlFormat {
		err = catalogue.ErrAuswahl
	}
	if err != nil {
		return auswahl{}, fault.New(fault.Corrupt, "A-625", "Welche Kataloge zurückgenommen sind, ist nicht lesbar "+
			"(katalog/auswahl.json); bitte mit „offizin catalogue list“ nachsehen, welcher gilt, und „activate“ oder "+
			"„rollback“ wiederholen.", errors.Join(catalogue.ErrAuswahl, err))
	}
	return a, nil
}

// schreibe replaces the file; a program that runs beside it reads it with its next lookup.
func schreibe(dir string, a auswahl) error {
	a.Format = auswahlFormat
	b, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return fmt.Errorf("encode selection: %w", err)
	}
	platte.Reste(filepath.Join(dir, auswahlFile))
	return datei.Explain(dir, platte.Replace(filepath.Join(dir, auswahlFile), append(b, '\n')))
}

func (o *Ordner) ausgelassen(id string) bool {
	return slices.ContainsFunc(o.aus, func(a Ausgelassen) bool { return a.ID == id })
}

// Ausgelassen lists the generations that a person has taken out, newest first.
func (o *Ordner) Ausgelassen() []catalogue.Manifest {
	o.frisch()
	o.mu.Lock()
	defer o.mu.Unlock()
	return manifests(o.ausManifeste)
}

// Rollback takes out the generation that is valid on the day, so that the one before is;
// it returns both. It refuses if there is none before.
func Rollback(dir string, day civil.Day, v Vermerk) (weg, nun catalogue.Manifest, err error) {
	err = Waehlend(dir, func(a *Auswahl) error {
		w, err := a.Plan(catalogue.Vorhaben{Art: catalogue.Zurueckgenommen}, day)
		if err != nil {
			return err
		}
		weg, _ = a.Manifest(w.Vorher)
		nun, _ = a.Manifest(w.Nachher)
		return a.vermerke(w, v)
	})
	return weg, nun, err
}

// Activate makes a generation the one that is valid on the day, or on its first day if that
// is later: what stands before it then is taken out, and itself is taken in. One that the
// gate held is released for the reason given.
func Activate(dir, id string, day civil.Day, v Vermerk) (m catalogue.Manifest, err error) {
	err = Waehlend(dir, func(a *Auswahl) error {
		w, err := a.Plan(catalogue.Vorhaben{Art: catalogue.Aktiviert, Katalog: id}, day)
		if err != nil {
			return err
		}
		m, _ = a.Manifest(id)
		if w.Leer() && !a.o.unlesbar {
			return nil
		}
		return a.vermerke(w, v)
	})
	return m, err
}

// freigeben gives a generation in quarantine its name, and its report the reason why.
func freigeben(dir, id string, v Vermerk) error {
	name, err := ordnerVon(dir, id)
	if err != nil || name == id {
		return err
	}
	if strings.TrimSpace(v.Grund) == "" {
		return fault.New(fault.Invalid, "A-627", "Dieser Katalog liegt in Quarantäne; bitte den Bericht lesen (offizin "+
			"catalogue gate) und mit --grund sagen, warum er trotzdem gelten soll.", nil)
	}
	held := filepath.Join(dir, name)
	text, err := os.ReadFile(filepath.Join(held, berichtFile))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read report: %w", err)
	}
	if err := ganz(dir, held, id); err != nil {
		return err
	}
	text = append(text, FreigabeZeile(v)...)
	platte.Reste(filepath.Join(held, berichtFile))
	err = platte.Replace(filepath.Join(held, berichtFile), text)
	if err == nil {
		err = platte.Rename(held, filepath.Join(dir, id))
	}
	if err == nil {
		err = datei.SyncDir(dir)
	}
	return datei.Explain(dir, err)
}

// FreigabeZeile is the line of a report that keeps why a person let a generation pass.
func FreigabeZeile(v Vermerk) string {
	return fmt.Sprintf("\nVon Hand freigegeben am %s: %s\n",
		v.Zeit.In(clock.Berlin()).Format("02.01.2006 15:04"), strings.Join(strings.Fields(v.Grund), " "))
}

// ganz reports a folder whose files cannot be opened, or whose signature does not count.
func ganz(dir, folder, id string) error {
	m, err := signierteManifest(folder, vertrauen.Lies(dir))
	if err != nil {
		return damaged(id, err)
	}
	g, err := open(folder, m)
	if err != nil {
		return err
	}
	return g.close()
}
