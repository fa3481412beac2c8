package sim

import (
	"fmt"

	"github.com/offizin/offizin/internal/qr"
)

// code is what GS ( k has set up so far.
type code struct {
	modell, level, modul byte
	text                 string
}

// gsK is GS ( k: the commands for QR codes.
func (m *maschine) gsK() error {
	h, err := m.args(3)
	if err != nil {
		return err
	}
	n := int(h[1]) | int(h[2])<<8
	if h[0] != 'k' || n < 3 || n > 7092 {
		return fmt.Errorf("%w: GS ( %v", ErrCommand, h)
	}
	data, err := m.args(n)
	if err != nil {
		return err
	}
	fn, value := data[1], data[2:]
	switch {
	case data[0] != '1':
	case fn == 'A' && len(value) == 2 && value[0] == '2' && value[1] == 0:
		m.qr.modell = 2
		return nil
	case fn == 'C' && len(value) == 1 && value[0] >= 1 && value[0] <= 16:
		m.qr.modul = value[0]
		return nil
	case fn == 'E' && len(value) == 1 && value[0] == '1':
		m.qr.level = 'M'
		return nil
	case fn == 'P' && len(value) > 1 && value[0] == '0':
		m.qr.text = string(value[1:])
		return nil
	case fn == 'Q' && len(value) == 1 && value[0] == '0':
		return m.drucke()
	}
	return fmt.Errorf("%w: GS ( k %q", ErrCommand, data)
}

// drucke prints the code that was stored. One that does not fit the paper is an error: a real
// printer prints nothing then.
func (m *maschine) drucke() error {
	q := m.qr
	if q.modell != 2 || q.level != 'M' || q.modul == 0 || q.text == "" {
		return fmt.Errorf("%w: QR code not set up", ErrCommand)
	}
	rows, err := qr.Matrix(q.text)
	if err != nil {
		return fmt.Errorf("QR code: %w", err)
	}
	size := int(q.modul)
	n := (len(rows) + 2*qr.Ruhe) * size
	if n > punkte {
		return fmt.Errorf("%w: QR code of %d dots on paper of %d", ErrCommand, n, punkte)
	}
	m.papier.punktbild(n, n, func(x, y int) bool {
		x, y = x/size-qr.Ruhe, y/size-qr.Ruhe
		return x >= 0 && y >= 0 && x < len(rows) && y < len(rows) && rows[y][x]
	})
	return nil
}
