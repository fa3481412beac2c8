package abdata

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
)

// A kept state is what later changes need of a delivery: of each file that is read, the
// fields that are read, as they stood in the file. It is written and read from the
// beginning to the end: a mark and the day, then sections. A section is the name of the
// file, the fields (identifier and name), and the records, each behind its length plus
// one; a zero ends it. A record is its values in order, each behind its length plus one; a
// zero is null. Numbers are uvarints.
const standMarke = "OFFIZIN-K2 1\n"

// ablage writes a state. The writer keeps its first error; a nil ablage writes nothing.
type ablage struct {
	w   *bufio.Writer
	buf []byte
	zur [binary.MaxVarintLen64]byte
}

func neueAblage(w io.Writer, ab civil.Day) *ablage {
	a := &ablage{w: bufio.NewWriterSize(w, 1<<18)}
	_, _ = a.w.WriteString(standMarke) // ende says what went wrong
	a.zahl(int(ab))
	return a
}

func (a *ablage) zahl(n int) {
	_, _ = a.w.Write(a.zur[:binary.PutUvarint(a.zur[:], uint64(n))]) // as above
}

func (a *ablage) text(s string) {
	a.zahl(len(s))
	_, _ = a.w.WriteString(s) // as above
}

func (a *ablage) abschnitt(datei string) {
	felder := felderVon(datei)
	a.text(datei)
	a.zahl(len(felder))
	for _, f := range felder {
		a.text(f.kennung)
		a.text(f.name)
	}
}

// satz writes a record with the fields at the positions.
func (a *ablage) satz(s *Satz, stelle []int) {
	if a == nil {
		return
	}
	a.buf = a.buf[:0]
	for _, i := range stelle {
		if i < 0 || s.von[i].bis < 0 {
			a.buf = append(a.buf, 0)
			continue
		}
		wert := s.puffer[s.von[i].von:s.von[i].bis]
		a.buf = append(binary.AppendUvarint(a.buf, uint64(len(wert)+1)), wert...)
	}
	a.zahl(len(a.buf) + 1)
	_, _ = a.w.Write(a.buf) // as above
}

// ende ends a section.
func (a *ablage) ende() {
	if a != nil {
		a.zahl(0)
	}
}

// Rohdaten begins to write what later changes need of the delivery; PAC_APO follows while
// Packungen is read next. The returned function must be called then.
func (l *Lieferung) Rohdaten(w io.Writer) (finish func() error, err error) {
	a := neueAblage(w, l.GueltigAb)
	for _, datei := range gelesene() {
		a.abschnitt(datei)
		if datei == "PAC_APO" {
			break
		}
		if l.dateien[datei] != "" {
			err := l.lies(zweifel{}, datei, func(_ *Leser, s *Satz, stelle []int) error {
				a.satz(s, stelle)
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
		a.ende()
	}
	l.ablage = a
	return a.w.Flush, nil
}

// stand is a kept state, open for reading.
type stand struct {
	r          io.ReaderAt
	size       int64
	abschnitte map[string]int64 // where the records begin
}

// OeffneStand opens a state that Rohdaten or Fortschreiben has written. If this program
// reads other fields than the one that wrote it, it is refused.
func OeffneStand(r io.ReaderAt, size int64) (*Lieferung, error) {
	st := &stand{r: r, size: size, abschnitte: map[string]int64{}}
	l := &standleser{r: bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 1<<18)}
	mark := make([]byte, len(standMarke))
	if l.bytes(mark); string(mark) != standMarke {
		return nil, standFehler(l.err)
	}
	out := &Lieferung{GueltigAb: civil.Day(l.zahl()), stand: st, zweifel: zweifel{}, dateien: map[string]string{}}
	for _, datei := range gelesene() {
		if name := l.text(); name != datei || l.err != nil {
			return nil, standFehler(l.err)
		}
		want := felderVon(datei)
		same := l.zahl() == len(want)
		for i := 0; same && i < len(want); i++ {
			same = l.text() == want[i].kennung && l.text() == want[i].name
		}
		if l.err != nil {
			return nil, standFehler(l.err)
		}
		if !same {
			return nil, fault.New(fault.Invalid, "A-521", "Der Stand, auf den die Änderungen gesetzt werden "+
				"sollen, stammt von einer "+
				"anderen Version; bitte einmal die volle Lieferung (GES) einspielen.", nil)
		}
		st.abschnitte[datei], out.dateien[datei] = l.gelesen, datei
		for l.naechster() && l.err == nil {
			l.skip()
		}
	}
	if l.err != nil || !out.GueltigAb.Valid() || l.gelesen != size {
		return nil, standFehler(l.err)
	}
	return out, nil
}

func standFehler(cause error) error {
	return fault.New(fault.Corrupt, "A-522", "Der Stand, auf den die Änderungen gesetzt werden sollen, ist "+
		"beschädigt; bitte die "+
		"volle Lieferung (GES) einspielen.", cause)
}

// lies reads the records of a section.
func (st *stand) lies(datei string, nimm func(r *Leser, s *Satz, stelle []int) error) error {
	n := len(felderVon(datei))
	from := st.abschnitte[datei]
	l := &standleser{r: bufio.NewReaderSize(io.NewSectionReader(st.r, from, st.size-from), 1<<18)}
	r := &Leser{datei: datei, zeichen: zaehlung{}, fremd: zaehlung{}}
	s, stelle := &Satz{Art: Einfuegen, von: make([]spanne, n)}, stellenAlle(n)
	for l.naechster() {
		s.Zeile++
		if !l.satz(s) {
			return standFehler(l.err)
		}
		if err := nimm(r, s, stelle); errors.Is(err, errGenug) {
			return nil
		} else if err != nil {
			return err
		}
	}
	if l.err != nil {
		return standFehler(l.err)
	}
	return nil
}

// standleser reads the parts of a state and keeps the first error.
type standleser struct {
	r       *bufio.Reader
	gelesen int64
	laenge  int // of the record that comes
	err     error
}

// maxRoh is how long a record of a state may be: all fields, none longer than a line.
const maxRoh = 16 << 20

// ReadByte implements io.ByteReader.
func (l *standleser) ReadByte() (byte, error) {
	b, err := l.r.ReadByte()
	if err == nil {
		l.gelesen++
	}
	return b, err //nolint:wrapcheck // zahl keeps it
}

func (l *standleser) zahl() int {
	if l.err != nil {
		return 0
	}
	n, err := binary.ReadUvarint(l)
	if err == nil && n > maxRoh && n > 99_999_999 {
		err = fmt.Errorf("a length of %d", n)
	}
	if err != nil {
		l.err = err
		return 0
	}
	return int(n)
}

func (l *standleser) bytes(b []byte) {
	if l.err == nil {
		var n int
		n, l.err = io.ReadFull(l.r, b)
		l.gelesen += int64(n)
	}
}

func (l *standleser) text() string {
	n := l.zahl()
	if n > 200 {
		l.err = fmt.Errorf("a name of %d bytes", n)
	}
	if l.err != nil {
		return ""
	}
	b := make([]byte, n)
	l.bytes(b)
	return string(b)
}

// naechster reports whether another record comes.
func (l *standleser) naechster() bool {
	l.laenge = l.zahl() - 1
	if l.laenge > maxRoh {
		l.err = fmt.Errorf("a record of %d bytes", l.laenge)
	}
	return l.err == nil && l.laenge >= 0
}

func (l *standleser) skip() {
	n, err := l.r.Discard(l.laenge)
	l.gelesen += int64(n)
	l.err = err
}

// satz reads the record that naechster announced.
func (l *standleser) satz(s *Satz) bool {
	s.puffer = slices.Grow(s.puffer[:0], l.laenge)[:l.laenge]
	if l.bytes(s.puffer); l.err != nil {
		return false
	}
	at := 0
	for i := range s.von {
		n, k := binary.Uvarint(s.puffer[at:])
		if k <= 0 || n > uint64(len(s.puffer)-at-k)+1 {
			return false
		}
		at += k
		s.von[i] = spanne{at, -1}
		if n > 0 {
			s.von[i].bis = at + int(n) - 1
			at += int(n) - 1
		}
	}
	return at == len(s.puffer)
}
