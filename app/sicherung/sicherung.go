// Package sicherung makes backups of a data folder beside the sales, restores them, and
// proves every week that they can be restored. Nothing of it ever stops a sale; what fails
// is told.
package sicherung

import (
	"log/slog"
	"runtime/debug"
	"sync"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/seal"
)

// Dir is the folder of the keys and of what is under way, inside the data folder.
const Dir = "sicherung"

// Options say what is saved.
type Options struct {
	Daten       string // the data folder; its journal is open in this process
	Clock       clock.Clock
	Log         *slog.Logger // nil: silent
	Projections []journal.Projection
	// Kataloge names the generations in use, which are saved; nil: all.
	Kataloge func() []string
	// Schluessel is the key of the node, which is saved wherever it lies; nil, or none: its file, if
	// there is one.
	Schluessel func() *seal.Key
}

// Sicherungen are the backups of a data folder.
type Sicherungen struct {
	Options

	wecker chan struct{} // something is to be done before the next look
	wunsch chan int      // somebody asked for the job of this number
	einer  sync.Mutex    // one backup or test at a time

	mu     sync.Mutex
	stand  stand
	laeuft string // what is under way, German; empty: nothing
	ort    string // why the folder cannot be used now; empty: it can
}

// New returns the backups of a data folder.
func New(o Options) *Sicherungen {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Sicherungen{Options: o, wecker: make(chan struct{}, 1), wunsch: make(chan int, 2)}
	s.stand = liesStand(o.Daten)
	return s
}

// programm is the version of this program.
func programm() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unbekannt"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return info.Main.Version
}

// Progress hears how far something is, in bytes or records; it may be nil.
type Progress func(was string, done, total int64)

func (p Progress) sage(was string, done, total int64) {
	if p != nil {
		p(was, done, total)
	}
}
