package recht

import (
	"cmp"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/internal/fault"
)

//go:embed daten
var daten embed.FS

// Beginn is the first day for which the law is complete enough to compute.
const Beginn civil.Day = 20040101

// Zeile is one version of a parameter: what holds from Ab on.
type Zeile struct {
	Parameter  string
	Ab         civil.Day
	Wert       Wert
	Aufgehoben bool // repealed from Ab on; Wert is empty
	Norm       string
	Quelle     string
	Geprueft   civil.Day // day a person last compared it with the source
	Pruefen    string    // why it must be checked before release; empty if settled
	Art        fassung.Art
	Ort        string // file:line, or who laid it down
}

// WertText formats the value; a repealed one is "aufgehoben".
func (z Zeile) WertText() string {
	if z.Aufgehoben {
		return Aufgehoben
	}
	return z.Wert.String()
}

// Parameter is one legal parameter with its history, oldest first. ID is the path
// of its file and reads like the statute: "ampreisv/p3/fixum".
type Parameter struct {
	ID, Name string
	Typ      Typ
	Einheit  string
	SOK      []string // Sonderkennzeichen under which it is billed
	Zeilen   []Zeile
}

// Am returns the row in force on the day; ok is false before the first row. A row
// that repeals the parameter is returned like any other.
func (p Parameter) Am(day civil.Day) (Zeile, bool) {
	for _, v := range slices.Backward(p.Zeilen) {
		if v.Ab <= day {
			return v, true
		}
	}
	return Zeile{}, false
}

// Sammlung is the whole law as data. It is immutable and safe for concurrent use.
type Sammlung struct {
	parameter []Parameter // sorted by ID
	staende   []Stand     // one for each day on which anything changes, oldest first
	nummer    int         // of the last Nachtrag that is in it
}

// Load reads the law that ships with the program. An error is a fault of the
// release; tests prevent it.
func Load() (*Sammlung, error) { return LoadFS(daten) }

// LoadFS reads law files from any file system: every file below "daten" that ends
// in ".recht". An unknown column or value is refused with file and line.
func LoadFS(fsys fs.FS) (*Sammlung, error) {
	s := &Sammlung{nummer: Eingearbeitet}
	err := fs.WalkDir(fsys, "daten", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if len(s.parameter) == maxDateien || !e.Type().IsRegular() {
			return datei{name}.fehler("L-101", 0,
				"Es sind mehr als %d Rechtsdateien, oder dies ist keine gewöhnliche Datei.", maxDateien)
		}
		p, err := liesDatei(fsys, name)
		s.parameter = append(s.parameter, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load law: %w", err)
	}
	return s.ordne()
}

func liesDatei(fsys fs.FS, name string) (Parameter, error) {
	d := datei{name}
	id, ok := strings.CutSuffix(strings.TrimPrefix(name, "daten/"), ".recht")
	if !ok {
		return Parameter{}, d.fehler("L-101", 0, "Eine Rechtsdatei muss auf „.recht“ enden.")
	}
	data, err := liesBegrenzt(fsys, name)
	if err != nil {
		return Parameter{}, err
	}
	blocks, err := d.lies(data)
	if err != nil {
		return Parameter{}, err
	}
	if len(blocks) != 1 || blocks[0].kopf.felder["parameter"].text != id {
		return Parameter{}, d.fehler("L-106", 1, "Die Datei muss genau den Parameter „%s“ enthalten.", id)
	}
	return d.parameter(blocks[0])
}

// liesBegrenzt reads a file, but never more than is needed to see that it is too large.
func liesBegrenzt(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path.Base(name), err)
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(f, maxDatei+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path.Base(name), err)
	}
	return data, nil
}

// ordne sorts the parameters and prepares the Stand of every day of change.
func (s *Sammlung) ordne() (*Sammlung, error) {
	slices.SortFunc(s.parameter, func(a, b Parameter) int { return cmp.Compare(a.ID, b.ID) })
	b := binder{s: s}
	for _, day := range s.Aenderungen() {
		if day >= Beginn {
			s.staende = append(s.staende, b.stand(day))
		}
	}
	if b.err != nil {
		return nil, b.err
	}
	return s, nil
}

// Aenderungen returns every day on which anything changes, ascending, once each.
func (s *Sammlung) Aenderungen() []civil.Day {
	days := []civil.Day{Beginn}
	for _, p := range s.parameter {
		for _, z := range p.Zeilen {
			days = append(days, z.Ab)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// PruefeTag says whether the law of the day is known: a real day from 2004-01-01 on,
// else a Fault with code L-120.
func PruefeTag(day civil.Day) error {
	if day >= Beginn && day.Valid() {
		return nil
	}
	return fault.New(fault.Invalid, "L-120", "Für den Tag „"+day.German()+
		"“ ist kein Recht hinterlegt; bitte einen Tag ab dem "+Beginn.German()+" angeben.", nil)
}

// Am returns everything in force on the day, or the fault of PruefeTag.
func (s *Sammlung) Am(day civil.Day) (Stand, error) {
	if err := PruefeTag(day); err != nil {
		return Stand{}, err
	}
	i, found := slices.BinarySearchFunc(s.staende, day, func(st Stand, d civil.Day) int {
		return cmp.Compare(st.Tag, d)
	})
	if !found {
		i--
	}
	stand := s.staende[i]
	stand.Tag = day
	return stand, nil
}

// Parameter returns all parameters, sorted by ID. The caller must not change them.
func (s *Sammlung) Parameter() []Parameter { return s.parameter }

// Suche returns the parameter with the ID.
func (s *Sammlung) Suche(id string) (Parameter, bool) {
	i, ok := slices.BinarySearchFunc(s.parameter, id, func(p Parameter, id string) int {
		return cmp.Compare(p.ID, id)
	})
	if !ok {
		return Parameter{}, false
	}
	return s.parameter[i], true
}
