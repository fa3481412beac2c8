package recht

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"

	"github.com/offizin/offizin/internal/fault"
)

// Overlay is rows laid over the law that ships with the program: a Nachtrag or the
// Festlegungen of the Inhaber.
type Overlay interface{ ueber(k *Sammlung) error }

// Mit returns a Sammlung with the overlays laid over s, in their order. If one of
// them is refused, nothing of any is taken; s never changes.
func (s *Sammlung) Mit(overlays ...Overlay) (*Sammlung, error) {
	k := &Sammlung{parameter: slices.Clone(s.parameter), nummer: s.nummer}
	for _, o := range overlays {
		if err := o.ueber(k); err != nil {
			return nil, err
		}
	}
	return k.ordne()
}

// Nummer returns the number of the last Nachtrag that is in this Sammlung.
func (s *Sammlung) Nummer() int { return s.nummer }

// lege adds the rows of p to the parameter of the same ID, or p itself. Of two rows
// of one day the new one stays.
func (s *Sammlung) lege(p Parameter) {
	i, known := slices.BinarySearchFunc(s.parameter, p.ID, func(q Parameter, id string) int {
		return cmp.Compare(q.ID, id)
	})
	if !known {
		s.parameter = slices.Insert(s.parameter, i, p)
		return
	}
	rows := slices.Clone(s.parameter[i].Zeilen)
	for _, z := range p.Zeilen {
		at, same := slices.BinarySearchFunc(rows, z, func(a, b Zeile) int { return cmp.Compare(a.Ab, b.Ab) })
		if same {
			rows[at] = z
		} else {
			rows = slices.Insert(rows, at, z)
		}
	}
	p.Zeilen = rows
	s.parameter[i] = p
}

// maxNachtraege limits what a folder of Nachträge may hold.
const maxNachtraege = 1000

// LiesNachtraege opens every file of a folder that ends in ".recht", sorted by
// number. Those that this release has taken over already are left out; those that
// are refused come back as faults, and the others are usable all the same.
func LiesNachtraege(fsys fs.FS, bund Schluesselbund) ([]Nachtrag, []error) {
	names, err := fs.Glob(fsys, "*.recht")
	if err == nil && len(names) > maxNachtraege {
		err = fault.New(fault.Invalid, "L-118", "Der Ordner der Nachträge enthält zu viele Dateien; bitte aufräumen.", nil)
	}
	if err != nil {
		return nil, []error{err}
	}
	var list []Nachtrag
	var refused []error
	for _, name := range names {
		n, err := liesNachtragsdatei(fsys, name, bund)
		switch {
		case err != nil:
			refused = append(refused, err)
		case n.Nummer > Eingearbeitet:
			list = append(list, n)
		}
	}
	slices.SortStableFunc(list, func(a, b Nachtrag) int { return cmp.Compare(a.Nummer, b.Nummer) })
	return list, refused
}

func liesNachtragsdatei(fsys fs.FS, name string, bund Schluesselbund) (Nachtrag, error) {
	if fi, err := fs.Stat(fsys, name); err == nil && !fi.Mode().IsRegular() { // a pipe would be waited for
		return Nachtrag{}, datei{name}.fehler("L-119", 0, "Dies ist keine gewöhnliche Datei; bitte entfernen.")
	}
	data, err := liesBegrenzt(fsys, name)
	if err != nil {
		return Nachtrag{}, err
	}
	return bund.Oeffne(name, data)
}

// MitNachtraegen lays the Nachträge over s one after the other and returns how far
// it came: the Nachträge taken and the faults of those refused. A refused one
// leaves no trace.
func (s *Sammlung) MitNachtraegen(list []Nachtrag) (*Sammlung, []Nachtrag, []error) {
	var taken []Nachtrag
	var refused []error
	for _, n := range list {
		next, err := s.Mit(n)
		if err != nil {
			refused = append(refused, err)
			continue
		}
		s, taken = next, append(taken, n)
	}
	return s, taken, refused
}

func gueltigeID(id string) bool {
	return id != "" && len(id) <= 100 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789/-") == ""
}
