package abdata

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
)

// Vertrag is the Rabattvertrag of an insurer for a pack.
type Vertrag struct {
	IK  string
	PZN kennung.PZN
	zuzahlung.Vertrag
}

// vertraege are the groups of contracts. Their keys are given anew with each delivery and
// never leave it.
type vertraege struct {
	gruppen []gruppe
	packs   map[uint32][]uint32 // groups by PZN
}

type gruppe struct {
	zuzahlung.Vertrag
	iks []string
}

// Vertraege reads the contracts, in the order of the PZN and the IK. If an insurer has two
// for one pack, what is better for the patient holds.
func (l *Lieferung) Vertraege() iter.Seq2[Vertrag, error] {
	return func(yield func(Vertrag, error) bool) {
		if l.vertraege == nil {
			v, err := l.liesVertraege()
			if err != nil {
				yield(Vertrag{}, err)
				return
			}
			l.vertraege = v
		}
		for _, pzn := range slices.Sorted(maps.Keys(l.vertraege.packs)) {
			best := l.vertraege.fuer(pzn)
			for _, ik := range slices.Sorted(maps.Keys(best)) {
				if !yield(Vertrag{ik, kennung.PZN(fmt.Sprintf("%08d", pzn)), best[ik]}, nil) {
					return
				}
			}
		}
	}
}

func (v *vertraege) fuer(pzn uint32) map[string]zuzahlung.Vertrag {
	best := map[string]zuzahlung.Vertrag{}
	for _, nr := range v.packs[pzn] {
		g := v.gruppen[nr]
		for _, ik := range g.iks {
			old, there := best[ik]
			if !there {
				old = g.Vertrag
			}
			best[ik] = zuzahlung.Vertrag{
				Faktor:             min(old.Faktor, g.Faktor),
				MehrkostenErlassen: old.MehrkostenErlassen || g.MehrkostenErlassen,
			}
		}
	}
	return best
}

func (l *Lieferung) liesVertraege() (*vertraege, error) {
	v := &vertraege{packs: map[uint32][]uint32{}}
	nr := map[string]uint32{} // of the groups
	if err := l.gruppen(v, nr); err != nil {
		return nil, err
	}
	iks, err := l.traeger()
	if err != nil {
		return nil, err
	}
	err = l.lies(l.zweifel, "IZG_APO", func(r *Leser, s *Satz, stelle []int) error {
		g, ok := nr[r.Text(s, stelle[0])]
		ik, known := iks[r.Text(s, stelle[1])]
		if !ok || !known {
			l.verwaist(r)
			return nil
		}
		v.gruppen[g].iks = append(v.gruppen[g].iks, ik)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return v, l.packungen(v, nr)
}

// gruppen reads the terms of the contracts: 3 says that Mehrkosten are waived. A factor
// that is not stated is the whole Zuzahlung; 0 is none.
func (l *Lieferung) gruppen(v *vertraege, nr map[string]uint32) error {
	return l.lies(l.zweifel, "GRU_APO", func(r *Leser, s *Satz, stelle []int) error {
		g := gruppe{Vertrag: zuzahlung.Vertrag{Faktor: 100, MehrkostenErlassen: zahl(s, stelle[1]) == 3}}
		if _, ok := s.Roh(stelle[2]); ok {
			var good bool
			if g.Faktor, good = ziffern(s, stelle[2], 100); !good {
				return fault.New(fault.Invalid, "A-510", fmt.Sprintf("%s, Zeile %d: Der Zuzahlungsfaktor liegt nicht "+
					"zwischen 0 und "+
					"100; bitte die Lieferung prüfen.", r.datei, s.Zeile), nil)
			}
		}
		nr[r.Text(s, stelle[0])] = uint32(len(v.gruppen))
		v.gruppen = append(v.gruppen, g)
		return nil
	})
}

// traeger reads the insurers: their IK as the files write it, to nine digits.
func (l *Lieferung) traeger() (map[string]string, error) {
	iks := map[string]string{}
	err := l.lies(l.zweifel, "IKZ_APO", func(r *Leser, s *Satz, stelle []int) error {
		roh := r.Text(s, stelle[0])
		ik := roh
		if len(ik) == 7 {
			ik = "10" + ik // the class of the insurers
		}
		if !kennung.Pruefe(kennung.ArtIK, ik).Brauchbar() {
			l.zweifel.plus("A-535", "… IK der Datei "+r.datei+" sind ungültig; Verträge dieser Kassen fehlen.", "")
			return nil
		}
		iks[roh] = ik
		return nil
	})
	return iks, err
}

// packungen reads which packs belong to which group.
func (l *Lieferung) packungen(v *vertraege, nr map[string]uint32) error {
	t := &tafeln{zweifel: l.zweifel}
	return l.lies(l.zweifel, "PZG_APO", func(r *Leser, s *Satz, stelle []int) error {
		pzn, ok := t.pzn(r, s, stelle[1])
		g, known := nr[r.Text(s, stelle[0])]
		switch {
		case !ok:
		case !known:
			l.verwaist(r)
		case len(v.gruppen[g].iks) > 0:
			i, there := slices.BinarySearchFunc(v.packs[pzn], g, cmp.Compare)
			if !there {
				v.packs[pzn] = slices.Insert(v.packs[pzn], i, g)
			}
		}
		return nil
	})
}

func (l *Lieferung) verwaist(r *Leser) {
	l.zweifel.plus("A-534", "… Sätze der Datei "+r.datei+" nennen eine Gruppe oder ein IK, das es in der "+
		"Lieferung nicht "+
		"gibt, und wurden weggelassen.", "")
}
