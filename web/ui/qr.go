package ui

import (
	"fmt"
	"html/template"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// qrRand is the quiet zone around the code, in modules (ISO/IEC 18004).
const qrRand = 4

// QR draws a QR code: one path, no script, no style.
func QR(text string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("encode QR code: %w", err)
	}
	b := code.Bounds()
	size := b.Dx() + 2*qrRand
	var path strings.Builder
	for y := range b.Dy() {
		for x := range b.Dx() {
			if color.GrayModel.Convert(code.At(b.Min.X+x, b.Min.Y+y)) == (color.Gray{}) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+qrRand, y+qrRand)
			}
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`, size, size, size, size, path.String()), nil
}

// QRBild draws a QR code from its modules, row by row; nothing without rows.
func QRBild(rows [][]bool) template.HTML {
	if len(rows) == 0 {
		return ""
	}
	var path strings.Builder
	for y, row := range rows {
		for x, dark := range row {
			if dark {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+qrRand, y+qrRand)
			}
		}
	}
	size := len(rows) + 2*qrRand
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers only
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
			`<path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`, size, size, size, size, path.String()))
}
