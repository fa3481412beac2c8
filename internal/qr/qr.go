// Package qr computes QR codes as rows of dark modules; who shows them chooses their size.
package qr

import (
	"fmt"
	"image/color"

	"github.com/boombuler/barcode/qr"
)

// Ruhe is the quiet zone around a code that a reader needs, in modules (ISO/IEC 18004).
const Ruhe = 4

// Matrix returns the modules of a QR code (model 2, error correction M, bytes of UTF-8) row by
// row, true is dark, without the quiet zone. At most 2,331 bytes fit.
func Matrix(text string) ([][]bool, error) {
	code, err := qr.Encode(text, qr.M, qr.Unicode)
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
