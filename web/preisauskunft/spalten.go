package preisauskunft

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// schreiber writes the list by columns: what is alike lies together. The format is read
// by seite.js, which lies in the same file, so it has no version of its own.
//
//	texts:  length in bytes (4, little endian), UTF-8, one text a line
//	column: number of values (4), planes of bytes p (+8: each value is the zigzag
//	        difference to the one before), then the lowest bytes of all, the next …
type schreiber struct{ w *bufio.Writer }

func (s schreiber) zahl(n int) {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], uint32(n))
	_, _ = s.w.Write(b[:]) // the writer keeps its error for Flush
}

func (s schreiber) texte(list []string) {
	n := len(list) - 1
	for _, t := range list {
		n += len(t)
	}
	s.zahl(max(n, 0))
	for i, t := range list {
		if i > 0 {
			_ = s.w.WriteByte('\n')
		}
		_, _ = s.w.WriteString(t)
	}
}

func (s schreiber) spalte(v []uint32) { s.ebenen(v, 0) }

// laufend writes values that rise or fall little from one to the next.
func (s schreiber) laufend(v []uint32) {
	d := make([]uint32, len(v))
	last := uint32(0)
	for i, x := range v {
		d[i], last = zickzack(x, last), x
	}
	s.ebenen(d, 8)
}

func (s schreiber) ebenen(v []uint32, art byte) {
	planes := 0
	for _, x := range v {
		for x>>(8*planes) > 0 && planes < 4 {
			planes++
		}
	}
	s.zahl(len(v))
	_ = s.w.WriteByte(art + byte(planes))
	for p := range planes {
		for _, x := range v {
			_ = s.w.WriteByte(byte(x >> (8 * p)))
		}
	}
}

// zickzack writes a difference without a sign: 0, -1, 1, -2 as 0, 1, 2, 3.
func zickzack(x, before uint32) uint32 {
	d := int32(x - before)
	return uint32(d)<<1 ^ uint32(d>>31)
}

// write writes the bare data.
func (l *Liste) write(w io.Writer) error {
	s := schreiber{bufio.NewWriterSize(w, 1<<16)}
	days, used := l.tage()
	head, err := json.Marshal(map[string]any{"tage": days, "bis": int(l.Bis)})
	if err != nil {
		return fmt.Errorf("encode head: %w", err)
	}
	s.texte([]string{string(head)})
	l.schreibeNamen(s)
	l.schreibeTexte(s, &l.hersteller, func(z *zeile) uint32 { return z.hersteller })
	l.schreibeTexte(s, &l.packungen, func(z *zeile) uint32 { return z.packung })
	l.schreibeTexte(s, &l.formen, func(z *zeile) uint32 { return z.form })
	l.schreibeTexte(s, &l.stoffe, func(z *zeile) uint32 { return z.stoff })
	l.schreibePreise(s, used)
	s.spalte(l.spalte(func(z *zeile) uint32 { return z.pzn }))
	s.spalte(l.spalte(func(z *zeile) uint32 { return z.stufe }))
	s.spalte(l.spalte(func(z *zeile) uint32 { return z.merkmale }))
	if err := s.w.Flush(); err != nil {
		return fmt.Errorf("write price list: %w", err)
	}
	return nil
}

func (l *Liste) spalte(f func(*zeile) uint32) []uint32 {
	v := make([]uint32, len(l.zeilen))
	for i := range l.zeilen {
		v[i] = f(&l.zeilen[i])
	}
	return v
}

// tage are the days on which any amount differs from the day before it, as numbers
// (20270101), and their places in bilder.
func (l *Liste) tage() (days, used []int) {
	for i, day := range l.Tage {
		differs := func(b bilder) bool { return i == 0 || b[i] != b[used[len(used)-1]] }
		if slices.ContainsFunc(l.preise, differs) {
			days, used = append(days, int(day)), append(used, i)
		}
	}
	return days, used
}

// umnummeriert gives the texts in use new places, the most frequent first, and returns
// them with the new place of each old one.
func umnummeriert(v []uint32, size int) (order, place []uint32) {
	count := make([]int, size)
	for _, x := range v {
		count[x]++
	}
	for i := range size {
		if count[i] > 0 {
			order = append(order, uint32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b uint32) int { return cmp.Compare(count[b], count[a]) })
	place = make([]uint32, size)
	for i, x := range order {
		place[x] = uint32(i)
	}
	return order, place
}

func (l *Liste) schreibeTexte(s schreiber, n *namensliste, f func(*zeile) uint32) {
	v := l.spalte(f)
	order, place := umnummeriert(v, len(n.texte))
	list := make([]string, len(order))
	for i, x := range order {
		list[i] = n.texte[x]
	}
	for i := range v {
		v[i] = place[v[i]]
	}
	s.texte(list)
	s.spalte(v)
}

// schreibeNamen writes the names as words, each name as what it has in common with the
// one before it and the rest, and how many articles bear it.
func (l *Liste) schreibeNamen(s schreiber) {
	var words namensliste
	var common, rest, flat, bearers, before []uint32
	for i := range l.zeilen {
		if i > 0 && l.zeilen[i].name == l.zeilen[i-1].name {
			bearers[len(bearers)-1]++
			continue
		}
		var name []uint32
		for w := range strings.FieldsSeq(l.namen.texte[l.zeilen[i].name]) {
			name = append(name, words.merke(w))
		}
		n := 0
		for n < len(name) && n < len(before) && name[n] == before[n] {
			n++
		}
		common, rest = append(common, uint32(n)), append(rest, uint32(len(name)-n))
		flat, bearers, before = append(flat, name[n:]...), append(bearers, 1), name
	}
	order, place := umnummeriert(flat, len(words.texte))
	list := make([]string, len(order))
	for i, x := range order {
		list[i] = words.texte[x]
	}
	for i := range flat {
		flat[i] = place[flat[i]]
	}
	s.texte(list)
	for _, v := range [][]uint32{common, rest, flat, bearers} {
		s.spalte(v)
	}
}

// schreibePreise writes each set of amounts once, in rising order, and which one each
// article has. The amounts of a later day are written as the change from the day before.
func (l *Liste) schreibePreise(s schreiber, used []int) {
	v := l.spalte(func(z *zeile) uint32 { return z.preis })
	order, place := umnummeriert(v, len(l.preise))
	slices.SortFunc(order, func(a, b uint32) int { return vergleiche(&l.preise[a], &l.preise[b]) })
	for i, x := range order {
		place[x] = uint32(i)
	}
	for k, day := range used {
		for n := range proBild {
			col := make([]uint32, len(order))
			for i, x := range order {
				if col[i] = l.preise[x][day][n]; k > 0 {
					col[i] = zickzack(col[i], l.preise[x][used[k-1]][n])
				}
			}
			if k > 0 {
				s.spalte(col)
			} else {
				s.laufend(col)
			}
		}
	}
	for i := range v {
		v[i] = place[v[i]]
	}
	s.spalte(v)
}

func vergleiche(a, b *bilder) int {
	for d := range a {
		if c := slices.Compare(a[d][:], b[d][:]); c != 0 {
			return c
		}
	}
	return 0
}
