package abdata

import (
	"io/fs"
	"slices"
)

// Ansehen reads the head of one file of a delivery, or of the one folder GESddmmyy in it:
// what it is and from which day it holds. Whether the rest is like it, reading shows.
func Ansehen(fsys fs.FS) (Kopf, error) {
	ges, upd := k2Dateien(fsys)
	if sub := unterordner(fsys); len(ges)+len(upd) == 0 && len(sub) == 1 {
		inner, err := fs.Sub(fsys, sub[0])
		if err != nil {
			return Kopf{}, keineK2(err)
		}
		fsys = inner
		ges, upd = k2Dateien(fsys)
	}
	all := slices.Concat(ges, upd)
	if len(all) == 0 {
		return Kopf{}, keineK2(nil)
	}
	l := &Lieferung{fsys: fsys}
	f, r, err := l.oeffne(all[0])
	if err != nil {
		return Kopf{}, err
	}
	defer f.Close() //nolint:errcheck // only read
	return r.Kopf, nil
}
