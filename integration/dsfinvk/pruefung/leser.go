package pruefung

import (
	"bufio"
	"errors"
	"io"
	"unicode/utf8"
)

// maxZeile is the longest row that is read, in bytes: the widest table has 6,000 characters.
const maxZeile = 1 << 17

// maxFelder is how many fields of a row are read.
const maxFelder = 200

// feld is a value as it stands in the file.
type feld struct {
	text   string
	zitate bool // it stood in quotation marks
}

// mangel is what is wrong with the form of a row.
type mangel int

const (
	zeilenende mangel = 1 << iota // not CR LF
	zitat                         // a quotation mark where none may be
	zeichen                       // not UTF-8, or a control character
)

// leser reads the dialect of DSFinV-K: fields separated by semicolons, texts in quotation marks
// that are doubled inside, rows ended by CR LF. It says what is not so, and goes on.
type leser struct {
	in       *bufio.Reader
	zeile    int // of the file, where the row begins; the first is 1
	naechste int
	felder   []feld
	roh      []byte
	laenge   int // of the row so far
	mangel   mangel
}

var (
	errZuLang = errors.New("row too long")
	errOffen  = errors.New("quotation mark is never closed")
)

func newLeser(r io.Reader) *leser {
	return &leser{in: bufio.NewReaderSize(r, 1<<16), naechste: 1}
}

// lies reads the next row into l.felder; io.EOF at the end. Any other error ends the table.
func (l *leser) lies() error {
	l.zeile, l.mangel, l.felder, l.laenge = l.naechste, 0, l.felder[:0], 0
	if _, err := l.in.Peek(1); err != nil {
		return err //nolint:wrapcheck // io.EOF, or what the ZIP says
	}
	for {
		end, err := l.feld()
		if err != nil || end {
			return err
		}
	}
}

func (l *leser) byte() (byte, error) {
	if l.laenge++; l.laenge > maxZeile {
		return 0, errZuLang
	}
	c, err := l.in.ReadByte()
	if c == '\n' && err == nil {
		l.naechste++
	}
	return c, err //nolint:wrapcheck // io.EOF, or what the ZIP says
}

// folgt says whether the next byte is c, and takes it.
func (l *leser) folgt(c byte) bool {
	b, err := l.in.Peek(1)
	if err != nil || b[0] != c {
		return false
	}
	_, err = l.byte()
	return err == nil
}

// feld reads one field; end: it was the last one of the row.
func (l *leser) feld() (end bool, err error) {
	if len(l.felder) >= maxFelder {
		return false, errZuLang
	}
	l.roh = l.roh[:0]
	f := feld{zitate: l.folgt('"')}
	if f.zitate {
		if err := l.zitiert(); err != nil {
			return false, err
		}
	}
	for {
		c, err := l.byte()
		switch {
		case errors.Is(err, io.EOF):
			l.mangel |= zeilenende
			l.fertig(f)
			return true, nil
		case err != nil:
			return false, err
		case c == ';':
			l.fertig(f)
			return false, nil
		case c == '\r' && l.folgt('\n'):
			l.fertig(f)
			return true, nil
		case c == '\n':
			l.mangel |= zeilenende
			l.fertig(f)
			return true, nil
		case c == '"' || f.zitate:
			l.mangel |= zitat
		}
		l.roh = append(l.roh, c)
	}
}

// zitiert reads a text up to its closing quotation mark.
func (l *leser) zitiert() error {
	for {
		c, err := l.byte()
		if errors.Is(err, io.EOF) {
			return errOffen
		}
		if err != nil {
			return err
		}
		if c == '"' && !l.folgt('"') {
			return nil
		}
		l.roh = append(l.roh, c)
	}
}

func (l *leser) fertig(f feld) {
	f.text = string(l.roh)
	for _, r := range f.text {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == '\uFEFF' {
			l.mangel |= zeichen
		}
	}
	if !utf8.ValidString(f.text) {
		l.mangel |= zeichen
	}
	l.felder = append(l.felder, f)
}
