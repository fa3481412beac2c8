// Package sim is a printer that speaks ESC/POS and prints pictures: the printer of the demo
// and of the tests. It is strict: what PROTOCOL.md does not list stops it.
package sim

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
)

// ErrCommand reports a command that the printer does not know.
var ErrCommand = errors.New("command unknown")

// Blatt is what came out between two cuts.
type Blatt struct {
	Bild *image.Gray
	Lade int // how often the drawer was opened before the cut
}

// PNG is the picture of the paper.
func (b Blatt) PNG() ([]byte, error) {
	var out bytes.Buffer
	if err := png.Encode(&out, b.Bild); err != nil {
		return nil, fmt.Errorf("encode picture of receipt: %w", err)
	}
	return out.Bytes(), nil
}

// Read prints a stream as a file: all sheets, and how often the drawer was opened after the
// last cut.
func Read(stream []byte) (sheets []Blatt, lade int, err error) {
	p := newPapier()
	m := maschine{in: bufio.NewReader(bytes.NewReader(stream)), papier: p, schnitt: func(b Blatt) {
		sheets = append(sheets, b)
	}, antwort: func(byte) error { return nil }}
	err = m.laufen()
	if err == nil && !p.leer() {
		err = fmt.Errorf("%w: paper left uncut", ErrCommand)
	}
	return sheets, m.lade, err
}

// maschine carries out commands.
type maschine struct {
	in      *bufio.Reader
	papier  *papier
	lade    int
	schnitt func(Blatt)
	antwort func(byte) error
	zustand func() byte // answer to DLE EOT 2; nil: all well
	qr      code
}

func (m *maschine) laufen() error {
	for {
		c, err := m.in.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read commands: %w", err)
		}
		if err := m.eines(c); err != nil {
			return err
		}
	}
}

func (m *maschine) eines(c byte) error {
	switch {
	case c == '\n':
		m.papier.vorschub()
		return nil
	case c == 0x1b:
		return m.esc()
	case c == 0x1d:
		return m.gs()
	case c == 0x10:
		return m.dle()
	case c < ' ' || c == 0x7f:
		return fmt.Errorf("%w: %#x", ErrCommand, c)
	}
	return m.papier.zeichen(c)
}

// args reads the bytes that belong to a command.
func (m *maschine) args(n int) ([]byte, error) {
	out := make([]byte, n)
	if _, err := io.ReadFull(m.in, out); err != nil {
		return nil, fmt.Errorf("command cut off: %w", err)
	}
	return out, nil
}

func (m *maschine) esc() error {
	c, err := m.args(1)
	if err != nil {
		return err
	}
	if c[0] == '@' {
		m.papier.zurueck()
		return nil
	}
	n, err := m.args(map[byte]int{'t': 1, 'E': 1, 'M': 1, 'a': 1, 'p': 3}[c[0]])
	if err != nil {
		return err
	}
	p := m.papier
	switch {
	case c[0] == 't' && n[0] == 19:
	case c[0] == 'E' && n[0] <= 1:
		p.fett = n[0] == 1
	case c[0] == 'M' && n[0] <= 1:
		p.klein = n[0] == 1
	case c[0] == 'a' && n[0] <= 1 && len(p.zeile) == 0:
		p.mitte = n[0] == 1
	case c[0] == 'p' && n[0] <= 1 && n[1] > 0 && n[2] >= n[1]:
		m.lade++
	default:
		return fmt.Errorf("%w: ESC %q %v", ErrCommand, c[0], n)
	}
	return nil
}

func (m *maschine) gs() error {
	c, err := m.args(1)
	if err != nil {
		return err
	}
	switch c[0] {
	case '(':
		return m.gsK()
	case 'v':
		return m.bild()
	}
	n, err := m.args(map[byte]int{'!': 1, 'V': 2, 'r': 1}[c[0]])
	if err != nil {
		return err
	}
	switch {
	case c[0] == '!' && n[0] <= 1:
		m.papier.hoch = n[0] == 1
	case c[0] == 'r' && n[0] == 1:
		return m.antwort(0)
	case c[0] == 'V' && n[0] == 66:
		m.schnitt(Blatt{m.papier.abschneiden(), m.lade})
		m.lade = 0
	default:
		return fmt.Errorf("%w: GS %q %v", ErrCommand, c[0], n)
	}
	return nil
}

func (m *maschine) dle() error {
	n, err := m.args(2)
	if err != nil {
		return err
	}
	if n[0] == 0x14 && n[1] == 1 {
		if n, err = m.args(2); err != nil || n[0] > 1 || n[1] == 0 {
			return fmt.Errorf("%w: DLE DC4 %v", ErrCommand, n)
		}
		m.lade++
		return nil
	}
	if n[0] != 4 || n[1] != 2 {
		return fmt.Errorf("%w: DLE %v", ErrCommand, n)
	}
	if m.zustand == nil {
		return m.antwort(gut)
	}
	return m.antwort(m.zustand())
}

// bild is GS v 0: dots as they are.
func (m *maschine) bild() error {
	h, err := m.args(6) // "0" m xL xH yL yH
	if err != nil {
		return err
	}
	width, height := int(h[2])|int(h[3])<<8, int(h[4])|int(h[5])<<8
	if h[0] != '0' || h[1] != 0 || width == 0 || width*8 > punkte || height == 0 || height > 2303 {
		return fmt.Errorf("%w: GS v %v", ErrCommand, h)
	}
	data, err := m.args(width * height)
	if err != nil {
		return err
	}
	m.papier.punktbild(width*8, height, func(x, y int) bool { return data[y*width+x/8]&(0x80>>(x%8)) != 0 })
	return nil
}
