// Package qr computes QR codes as rows of dark modules; who shows them chooses their size.
package qr

import (
	"fmt"
	"image/color"

	"github.com/boombuler/barcode/qr"
)

// Ruhe is the quiet zone around a code that a reader needs, in modules (ISO/IEC 18004).
const Ruhe = 4

// MaxScreen is the side, in modules, of the largest code that readers manage from a screen when they
// are not held quite straight: version 25. What was measured stands in ADR 0033.
const MaxScreen = 117

// Matrix returns the modules of a QR code (model 2, error correction M, bytes of UTF-8) row by
// row, true is dark, without the quiet zone. At most 2,331 bytes fit.
func Matrix(text string) ([][]bool, error) { return matrix(text, qr.M) }

// Screen is Matrix for a screen, which has no dirt and no folds: error correction L, fewer and so
// larger modules. At most 2,953 bytes fit.
func Screen(text string) ([][]bool, error) { return matrix(text, qr.L) }

func matrix(text string, level qr.ErrorCorrectionLevel) ([][]bool, error) {
	code, err := qr.Encode(text, level, qr.Unicode)
	if err != nil {
		return nil, fmt.Errorf("make QR code of %d bytes: %w", len(text), err)
	}
	n := code.Bounds().Dx()
	rows := make([][]bool, n)
	for y := range rows {
		rows[y] = make([]bool, n)
		for x := range rows[y] {
			rows[y][x] = color.GrayModel.Convert(code.At(x, y)) == color.Gray{}
		}
	}
	return rows, nil
}
