// Package hochstand remembers how far the log of a machine was: in a file of its data folder, which finds
// a database that was put back by hand, and in one outside of it, which finds a data folder that was put
// back as a whole. Both are a help: without them, or if they cannot be read, nobody knows (ADR 0037).
package hochstand

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/journal"
)

// File is the name of the file inside.
const File = "hochstand.json"

// ordnerHoechst is how many data folders are remembered of one machine: as often as it was moved or copied.
const ordnerHoechst = 20

// Marken are the two files of a machine. They are only touched at the start, by one after it, and at the end.
type Marken struct {
	innen  string
	aussen string // empty: there is none
	ordner string // the data folder, as it is told apart from a copy
}

// New returns the files of a machine: innen is the folder inside, daten the whole data folder, aussen the
// folder outside; empty: none is written. Each machine has its own file there, by the key that it is known by.
func New(innen, daten, aussen, maschine string) *Marken {
	m := &Marken{innen: filepath.Join(innen, File), ordner: Ganz(daten)}
	if aussen != "" {
		m.aussen = filepath.Join(aussen, "hochstand-"+maschine[:min(16, len(maschine))]+".json")
	}
	return m
}

// marke is how far a log was.
type marke struct {
	Platz       string `json:"platz"`
	Inkarnation string `json:"inkarnation"`
	Nr          uint64 `json:"nr"`
}

// aussen is the file outside: how far the log was in each data folder in which this machine lay.
type aussen struct {
	Ordner []eintrag `json:"ordner"` // the one written last is the last
}

type eintrag struct {
	marke

	Ordner string `json:"ordner"`
}

// Aelter names the file after which the journal ends before where it was, or knows nothing of the name
// under which it was written; empty: none does. The first head is the own one.
func (m *Marken) Aelter(heads []journal.Head) string {
	var in marke
	if lies(m.innen, &in) && (hinter(in, heads[0]) || fremd(in, heads)) {
		return m.innen
	}
	for _, e := range m.draussen().Ordner {
		// of another folder only the same life counts: a copy that is tried out goes on under names of its own
		if hinter(e.marke, heads[0]) || e.Ordner == m.ordner && fremd(e.marke, heads) {
			return m.aussen
		}
	}
	return ""
}

// hinter reports whether the own log ends before the mark of the same life.
func hinter(is marke, own journal.Head) bool {
	return own.Origin == is.origin() && own.Seq < is.Nr
}

// fremd reports whether the mark is of a life of this machine that the journal knows nothing of.
func fremd(is marke, heads []journal.Head) bool {
	return is.Nr > 0 && is.Platz == heads[0].Origin.Node && !slices.ContainsFunc(heads, func(h journal.Head) bool {
		return h.Origin == is.origin()
	})
}

func (m marke) origin() journal.Origin {
	return journal.Origin{Node: m.Platz, Incarnation: m.Inkarnation}
}

// Schreiben writes both; draussen is why the one outside could not be written.
func (m *Marken) Schreiben(own journal.Head) (drinnen, draussen error) {
	if own.Seq == 0 {
		return nil, nil
	}
	is := marke{own.Origin.Node, own.Origin.Incarnation, own.Seq}
	return schreibe(m.innen, is), m.schreibeDraussen(is)
}

func (m *Marken) schreibeDraussen(is marke) error {
	if m.aussen == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(m.aussen), 0o700); err != nil {
		return fmt.Errorf("make folder of the mark outside: %w", err)
	}
	all := m.draussen()
	all.Ordner = slices.DeleteFunc(all.Ordner, func(e eintrag) bool { return e.Ordner == m.ordner })
	all.Ordner = append(all.Ordner, eintrag{is, m.ordner})
	all.Ordner = all.Ordner[max(0, len(all.Ordner)-ordnerHoechst):]
	return schreibe(m.aussen, all)
}

func (m *Marken) draussen() (all aussen) {
	if m.aussen == "" || !lies(m.aussen, &all) {
		return aussen{}
	}
	return all
}

func lies(name string, v any) bool {
	b, err := os.ReadFile(name)
	return err == nil && json.Unmarshal(b, v) == nil
}

// schreibe writes a file, unless it says so already: a start should not wait for the disk for nothing.
func schreibe(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write mark of the journal: %w", err)
	}
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, b) {
		return nil
	}
	return platte.Replace(name, b)
}

// ErrKeinOrt is that this user has no folder outside the data folder where programs keep what they remember.
var ErrKeinOrt = errors.New("no folder outside the data folder")

// Ganz is a folder as it is told apart from others: whole, and without links as far as it exists.
func Ganz(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return filepath.Clean(dir)
	}
	if target, err := filepath.EvalSymlinks(abs); err == nil {
		return target
	}
	if up := filepath.Dir(abs); up != abs {
		return filepath.Join(Ganz(up), filepath.Base(abs))
	}
	return abs
}
