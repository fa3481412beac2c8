// Package escpos prints receipts on printers that speak ESC/POS: see PROTOCOL.md.
package escpos

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/internal/qr"
)

// The paper: 80 mm with 72 mm printed at 203 dpi.
const (
	Punkte   = 576 // dots in a row
	spalten  = Punkte / 12
	schmal   = Punkte / 9 // columns of the small font
	modulMax = 4          // dots of a QR module; 3 are the least
	band     = 128        // rows of dots in one raster command
)

// Optionen say how a receipt is printed.
type Optionen struct {
	Code Code // how the QR code is sent
}

// Code is how a QR code is sent.
type Code int

// The ways. A printer that knows no QR codes prints Dots.
const (
	Command Code = iota // the printer computes it, GS ( k
	Dots                // as dots, GS v 0
)

// The commands; the names are those of the manuals of printers.
const (
	reset     = "\x1b@\x1bt\x13" // ESC @, ESC t 19: code page 858
	bold      = "\x1bE\x01"
	boldOff   = "\x1bE\x00"
	tall      = "\x1d!\x01" // GS ! 1: twice as high
	tallOff   = "\x1d!\x00"
	fontA     = "\x1bM\x00"
	fontB     = "\x1bM\x01"
	left      = "\x1ba\x00"
	middle    = "\x1ba\x01"
	cut       = "\x1dVB\x00"            // GS V 66 0: feed to the blade, cut
	drawer    = "\x1bp\x00\x19\xfa"     // ESC p 0 25 250: 50 ms
	drawerNow = "\x10\x14\x01\x00\x01"  // DLE DC4 1 0 1: at once, even offline
	readBack  = "\x1dr\x01"             // GS r 1: answered when all before it is printed
	askState  = "\x10\x04\x02"          // DLE EOT 2: why it is offline, answered at once
	model2    = "\x1d(k\x04\x001A2\x00" // GS ( k 165
	levelM    = "\x1d(k\x03\x001E1"     // GS ( k 169
	printQR   = "\x1d(k\x03\x001Q0"     // GS ( k 181
)

// Encode sets lines for the printer and cuts the paper after them.
func Encode(lines []quittung.Zeile, o Optionen) []byte {
	var b bytes.Buffer
	b.WriteString(reset)
	for _, z := range lines {
		zeile(&b, z, o)
	}
	b.WriteString(cut)
	return b.Bytes()
}

func zeile(b *bytes.Buffer, z quittung.Zeile, o Optionen) {
	switch z.Style {
	case quittung.Plain:
		text(b, z, spalten)
	case quittung.Bold:
		b.WriteString(bold)
		text(b, z, spalten)
		b.WriteString(boldOff)
	case quittung.Small:
		b.WriteString(fontB)
		text(b, z, schmal)
		b.WriteString(fontA)
	case quittung.Center:
		b.WriteString(middle + bold)
		text(b, z, spalten)
		b.WriteString(boldOff + left)
	case quittung.Big:
		b.WriteString(middle + bold + tall)
		text(b, z, spalten)
		b.WriteString(tallOff + boldOff + left)
	case quittung.Rule:
		b.WriteString(strings.Repeat("\xc4", spalten) + "\n")
	case quittung.Code:
		code(b, z.Left, o.Code)
	}
}

// text sets the text in lines of so many columns, the amount right in the last of them.
func text(b *bytes.Buffer, z quittung.Zeile, columns int) {
	right := zeichen(z.Right)
	width := columns
	if len(right) > 0 {
		width -= len(right) + 1
	}
	parts := umbrechen(zeichen(z.Left), max(width, 8))
	for i, p := range parts {
		b.Write(p)
		if i == len(parts)-1 && len(right) > 0 {
			b.WriteString(strings.Repeat(" ", max(columns-len(p)-len(right), 1)))
			b.Write(right)
		}
		b.WriteByte('\n')
	}
}

// umbrechen breaks at spaces, and inside of words that are longer than a line.
func umbrechen(text []byte, width int) (lines [][]byte) {
	for len(text) > width {
		at, next := width, width
		if i := bytes.LastIndexByte(text[:width+1], ' '); i > 0 && len(bytes.TrimSpace(text[:i])) > 0 {
			at, next = i, i+1
		}
		lines = append(lines, text[:at])
		text = text[next:]
	}
	return append(lines, text)
}

// ersatz is what stands for characters that code page 858 lacks.
func ersatz() *strings.Replacer {
	return strings.NewReplacer("–", "-", "—", "-", "−", "-", "„", `"`, "“", `"`, "”", `"`, "‚", "'", "‘", "'",
		"’", "'", "…", "...", "≥", ">=", "≤", "<=", "\u00a0", " ", "\u202f", " ", "α", "alpha", "β", "beta", "γ", "gamma")
}

// zeichen is the text in code page 858. What it lacks becomes its basic letter or "?"; a
// control character, which would be a command to the printer, becomes a space.
func zeichen(s string) []byte {
	s = ersatz().Replace(norm.NFC.String(strings.ToValidUTF8(s, "?")))
	out := make([]byte, 0, len(s))
	for _, r := range s {
		if r < ' ' || r == 0x7f {
			out = append(out, ' ')
			continue
		}
		out = append(out, eines(r))
	}
	return out
}

func eines(r rune) byte {
	if c, ok := charmap.CodePage858.EncodeRune(r); ok && c >= ' ' {
		return c
	}
	if base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r))); base != r {
		if c, ok := charmap.CodePage858.EncodeRune(base); ok && c >= ' ' {
			return c
		}
	}
	return '?'
}

// Module is how many dots a module of a QR code gets that has n modules in a row: 4, or 3
// where 4 do not fit the paper.
func Module(n int) int { return max(3, min(modulMax, Punkte/(n+2*qr.Ruhe))) }

func code(b *bytes.Buffer, content string, as Code) {
	rows, err := qr.Matrix(content)
	if err != nil { // readable text does, too (§ 6 S. 2 KassenSichV)
		zeile(b, quittung.Zeile{Left: content, Style: quittung.Small}, Optionen{})
		return
	}
	b.WriteString(middle)
	defer b.WriteString(left)
	if as == Dots {
		raster(b, rows, Module(len(rows)))
		return
	}
	b.WriteString(model2)
	b.WriteString("\x1d(k\x03\x001C")
	b.WriteByte(byte(Module(len(rows)))) // 3 or 4
	b.WriteString(levelM)
	n := len(content) + 3
	b.WriteString("\x1d(k")
	b.Write([]byte{byte(n), byte(n >> 8)}) // a code holds at most 2,331 bytes
	b.WriteString("1P0" + content)
	b.WriteString(printQR + "\n")
}

// raster sends the code with its quiet zone as dots, in bands that every printer can hold.
func raster(b *bytes.Buffer, rows [][]bool, m int) {
	n := (len(rows) + 2*qr.Ruhe) * m
	width := (n + 7) / 8
	for top := 0; top < n; top += band {
		high := min(band, n-top)
		b.WriteString("\x1dv0\x00")
		b.Write([]byte{byte(width), 0, byte(high), 0}) // 72 and 128 at most
		for y := top; y < top+high; y++ {
			line := make([]byte, width)
			for x := range n {
				if dark(rows, x/m-qr.Ruhe, y/m-qr.Ruhe) {
					line[x/8] |= 0x80 >> (x % 8)
				}
			}
			b.Write(line)
		}
	}
}

func dark(rows [][]bool, x, y int) bool {
	return y >= 0 && y < len(rows) && x >= 0 && x < len(rows) && rows[y][x]
}
