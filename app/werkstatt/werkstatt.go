// Package werkstatt is where a running pharmacy builds new catalogues: an inbox for what
// arrives, a process of its own for the build, a note of how it stands.
package werkstatt

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow/einspielung"
)

// EingangDir is the inbox in the data folder.
const EingangDir = "eingang"

// merkFile keeps how the last build stands; maxMerk is more than it ever has.
const (
	merkFile = "einspielung.json"
	maxMerk  = 4 << 20
)

// Options say which pharmacy it is.
type Options struct {
	Dir      string                      // data folder
	Katalog  string                      // folder of the generations
	Programm func() (string, error)      // the program itself; nil: os.Executable
	Abzug    func(context.Context) error // draws a snapshot for the gate; nil: the last one is taken
	Grenzen  Grenzen                     // of what is sent; zero: the usual ones
}

// Grenzen are the limits of what is sent, in bytes.
type Grenzen struct {
	Datei      int64 // one file, as it is sent
	Ausgepackt int64 // all that a ZIP holds
	Reserve    int64 // stays free on the disk
}

// ueblich are the usual limits: ten times a delivery of 500,000 articles (ADR 0008).
func ueblich() Grenzen { return Grenzen{Datei: 512 << 20, Ausgepackt: 3 << 30, Reserve: 1 << 30} }

// Werkstatt builds catalogues for one data folder.
type Werkstatt struct {
	opt      Options
	annehmen sync.Mutex // one at a time gives a name to what arrives
}

var _ einspielung.Werkstatt = (*Werkstatt)(nil)

// New returns the workshop.
func New(o Options) *Werkstatt {
	if o.Programm == nil {
		o.Programm = os.Executable
	}
	if o.Grenzen == (Grenzen{}) {
		o.Grenzen = ueblich()
	}
	return &Werkstatt{opt: o}
}

func (w *Werkstatt) eingang() string { return filepath.Join(w.opt.Dir, EingangDir) }

// Raeume implements einspielung.Werkstatt.
func (w *Werkstatt) Raeume() error {
	if err := w.raeumeEingang(); err != nil {
		return err
	}
	return generation.Raeume(w.opt.Katalog)
}

// Merke implements einspielung.Werkstatt.
func (w *Werkstatt) Merke(l einspielung.Lauf) error {
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("encode state of import: %w", err)
	}
	if err := os.MkdirAll(w.opt.Katalog, 0o700); err != nil {
		return fmt.Errorf("make catalogue folder: %w", err)
	}
	return platte.Replace(filepath.Join(w.opt.Katalog, merkFile), b)
}

// Gemerkt implements einspielung.Werkstatt. What cannot be read is nothing.
func (w *Werkstatt) Gemerkt() (l einspielung.Lauf, ok bool) {
	name := filepath.Join(w.opt.Katalog, merkFile)
	if fi, err := os.Stat(name); err != nil || fi.Size() > maxMerk {
		return l, false
	}
	b, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(b, &l)
	}
	return l, err == nil && l.Zustand != ""
}
