package suche

import (
	"encoding/binary"
	"strings"
)

// filtern sets in a.filter the ranks that pass all filters; false if there is no filter.
func (x *Index) filtern(a *arbeit, f Frage) bool {
	if f.Nur == nil && !f.NurPartner && !f.NurRx && !f.NurOTC {
		return false
	}
	clear(a.filter)
	if f.Nur == nil {
		for i := range a.filter {
			a.filter[i] = ^uint64(0)
		}
	}
	for _, p := range f.Nur {
		if r, ok := x.Rang(p); ok {
			a.filter[r/64] |= 1 << (r % 64)
		}
	}
	if f.NurRx {
		x.filtere(a, filterRx)
	}
	if f.NurOTC {
		x.filtere(a, filterOTC)
	}
	if f.NurPartner {
		x.filtere(a, filterIK+f.IK)
	}
	return true
}

// filtere keeps what a stored filter holds; one that is not there holds nothing.
func (x *Index) filtere(a *arbeit, name string) {
	if p, ok := x.filter.genau(name); ok {
		x.und(a.filter, a.scratch, p)
		return
	}
	clear(a.filter)
}

// Kostentraeger returns the IK of every insurer that has a contract for the article at a rank,
// ascending. It fails like Suchen.
func (x *Index) Kostentraeger(rang int) (list []string, err error) {
	err = geschuetzt(func() {
		list = nil
		from, to := x.filter.bereich(0, x.filter.len(), filterIK)
		for i := from; i < to; i++ {
			if x.enthaelt(x.filter.at(i), rang) {
				list = append(list, strings.TrimPrefix(string(x.filter.text(i)), filterIK))
			}
		}
	})
	return list, err
}

// enthaelt reports whether a list holds the rank.
func (x *Index) enthaelt(e eintrag, rang int) bool {
	b := x.listen[uint64(e.liste)*8:]
	if e.bitmap == 1 {
		return le.Uint64(b[rang/64*8:])&(1<<(rang%64)) != 0
	}
	r, k := uint64(0), 0
	for range e.anzahl {
		d, n := binary.Uvarint(b[k:])
		if n <= 0 {
			return false
		}
		if r, k = r+d, k+n; r >= uint64(rang) {
			return r == uint64(rang)
		}
	}
	return false
}
