package pruefung

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/offizin/offizin/internal/extsort"
)

// Which of two sums an amount goes into: as the closing says it, or as the records add up to.
const (
	ist  = 0
	soll = 3
)

// maxOffen is how many sums are kept in memory.
const maxOffen = 1 << 14

// The kinds of sums of a closing.
const (
	summeFall byte = iota + 1
	summeZahlung
)

// summen adds up amounts under keys, more of them than memory holds: what is too much is sorted
// outside and added up at the end. A key begins with the closing.
type summen struct {
	aus   *extsort.Sorter
	offen map[string]*[6]int64
	key   []byte
}

func (s *summen) fall(a *abschluss, g art, schluessel int64, v [3]int64, wo int) error {
	s.beginnen(a, summeFall, g.typ, g.name, g.agentur)
	s.key = binary.BigEndian.AppendUint64(s.key, uint64(schluessel))
	return s.add(v, wo)
}

func (s *summen) zahlung(a *abschluss, typ, name string, n int64, wo int) error {
	s.beginnen(a, summeZahlung, typ, name)
	return s.add([3]int64{n}, wo)
}

func (s *summen) beginnen(a *abschluss, kind byte, names ...string) {
	s.key = append(binary.BigEndian.AppendUint32(s.key[:0], a.index), kind)
	for _, n := range names {
		n = strings.ReplaceAll(kurz(n, maxKey), "\x00", " ")
		s.key = append(append(s.key, n...), 0)
	}
}

func (s *summen) add(v [3]int64, wo int) error {
	sum := s.offen[string(s.key)]
	if sum == nil {
		if len(s.offen) >= maxOffen {
			if err := s.leeren(); err != nil {
				return err
			}
		}
		sum = new([6]int64)
		s.offen[string(s.key)] = sum
	}
	for i, n := range v {
		sum[wo+i] += n
	}
	return nil
}

// leeren has what is in memory sorted.
func (s *summen) leeren() error {
	for key, sum := range s.offen {
		rec := binary.BigEndian.AppendUint16(s.key[:0:0], uint16(len(key)))
		rec = append(rec[2:], key...)
		for _, n := range sum {
			rec = binary.BigEndian.AppendUint64(rec, uint64(n))
		}
		if err := s.aus.Add(rec); err != nil {
			return zwischen(err)
		}
	}
	clear(s.offen)
	return nil
}

// each gives each sum, as it is and as it should be, in order of the keys.
func (s *summen) each(f func(key string, is, want [3]int64)) error {
	if err := s.leeren(); err != nil {
		return err
	}
	key, sum := "", [6]int64{}
	tell := func() {
		if key != "" {
			f(key, [3]int64(sum[ist:soll]), [3]int64(sum[soll:]))
		}
	}
	err := s.aus.Each(func(rec []byte) error {
		at := len(rec) - 48
		if k := string(rec[:at]); k != key {
			tell()
			key, sum = k, [6]int64{}
		}
		for i := range sum {
			sum[i] += int64(binary.BigEndian.Uint64(rec[at+8*i:]))
		}
		return nil
	})
	tell()
	return zwischen(err)
}

// summe compares a sum of a closing with that of its records.
func (l *lauf) summe(key string, is, want [3]int64) {
	if is == want {
		return
	}
	a := l.folge[binary.BigEndian.Uint32([]byte(key))]
	name := strings.Split(key[5:], "\x00")
	if key[4] == summeZahlung {
		l.fund("payment.csv", 0, "T-446", fmt.Sprintf("Abschluss %s von %.50s: %s %s ist %s; die Bons ergeben %s.",
			a.nummer, a.till, name[0], name[1], euro(is[0]), euro(want[0])))
		return
	}
	schluessel := int64(binary.BigEndian.Uint64([]byte(key[len(key)-8:])))
	l.fund("businesscases.csv", 0, "T-445", fmt.Sprintf(
		"Abschluss %s von %.50s: %s %s mit Schlüssel %d ist brutto %s, netto %s; die Positionen ergeben %s und %s.",
		a.nummer, a.till, name[0], name[1], schluessel, euro(is[0]), euro(is[1]), euro(want[0]), euro(want[1])))
}
