package sim

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/encoding/charmap"
)

// The paper: 72 mm printed of 80 mm, 8 dots to a millimetre.
const (
	punkte   = 576
	rand     = 32
	zeilenHo = 30     // dots from one line to the next
	maxHoehe = 60_000 // dots: 7.5 m
)

// zelle is a character on the line that is not printed yet.
type zelle struct {
	r                 rune
	fett, klein, hoch bool
}

func (z zelle) breite() int {
	if z.klein {
		return 9
	}
	return 12
}

// papier is what is printed since the last cut.
type papier struct {
	fett, klein, hoch, mitte bool

	zeile []zelle
	bild  *image.Gray
	y     int
	faces map[zelle]font.Face // by style
}

func newPapier() *papier {
	p := &papier{faces: map[zelle]font.Face{}}
	p.neu()
	return p
}

func (p *papier) neu() {
	p.bild = image.NewGray(image.Rect(0, 0, punkte+2*rand, 256))
	draw.Draw(p.bild, p.bild.Bounds(), image.White, image.Point{}, draw.Src)
	p.y = rand
}

func (p *papier) leer() bool { return p.y == rand && len(p.zeile) == 0 }

// zurueck is ESC @.
func (p *papier) zurueck() {
	p.fett, p.klein, p.hoch, p.mitte, p.zeile = false, false, false, false, nil
}

// zeichen adds a character of code page 858; one too many for the line is an error, a real
// printer would break the line in the middle of a word.
func (p *papier) zeichen(c byte) error {
	z := zelle{charmap.CodePage858.DecodeByte(c), p.fett, p.klein, p.hoch}
	width := z.breite()
	for _, other := range p.zeile {
		width += other.breite()
	}
	if width > punkte {
		return fmt.Errorf("%w: line longer than the paper", ErrCommand)
	}
	p.zeile = append(p.zeile, z)
	return nil
}

// vorschub prints the line and feeds the paper.
func (p *papier) vorschub() {
	width, height := 0, zeilenHo
	for _, z := range p.zeile {
		width += z.breite()
		if z.hoch {
			height = 2*24 + 6
		}
	}
	if p.klein && len(p.zeile) > 0 {
		height = 24
	}
	p.platz(height)
	x := rand
	if p.mitte {
		x += (punkte - width) / 2
	}
	for _, z := range p.zeile {
		p.male(x, p.y, z)
		x += z.breite()
	}
	p.y += height
	p.zeile = p.zeile[:0]
}

// platz makes the paper longer.
func (p *papier) platz(height int) {
	need := p.y + height + rand
	if need <= p.bild.Rect.Max.Y || need > maxHoehe {
		return
	}
	longer := image.NewGray(image.Rect(0, 0, punkte+2*rand, min(2*need, maxHoehe)))
	draw.Draw(longer, longer.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(longer, p.bild.Bounds(), p.bild, image.Point{}, draw.Src)
	p.bild = longer
}

// punktbild prints dots; the paper is fed by as many.
func (p *papier) punktbild(width, height int, dark func(x, y int) bool) {
	p.platz(height)
	left := rand
	if p.mitte {
		left += (punkte - width) / 2
	}
	for y := range height {
		for x := range width {
			if dark(x, y) {
				p.bild.SetGray(left+x, p.y+y, color.Gray{})
			}
		}
	}
	p.y += height
}

// abschneiden returns the sheet and begins a new one.
func (p *papier) abschneiden() *image.Gray {
	p.platz(rand)
	end := min(p.y+rand, p.bild.Rect.Max.Y)
	sheet, _ := p.bild.SubImage(image.Rect(0, 0, punkte+2*rand, end)).(*image.Gray)
	p.neu()
	return sheet
}

// male draws a character: black or white, as a thermal printer does.
func (p *papier) male(x, y int, z zelle) {
	face := p.face(z)
	if face == nil {
		return
	}
	cell := image.NewGray(image.Rect(0, 0, z.breite(), 26))
	d := font.Drawer{Dst: cell, Src: image.White, Face: face, Dot: fixed.P(0, map[bool]int{true: 15, false: 19}[z.klein])}
	d.DrawString(string(z.r))
	stretch := 1
	if z.hoch {
		stretch = 2
	}
	for cy := range 26 * stretch {
		for cx := range z.breite() {
			if cell.GrayAt(cx, cy/stretch).Y > 110 {
				p.bild.SetGray(x+cx, y+cy, color.Gray{})
			}
		}
	}
}

// face is the font of a style, made when it is first needed.
func (p *papier) face(z zelle) font.Face {
	key := zelle{fett: z.fett, klein: z.klein}
	if f, ok := p.faces[key]; ok {
		return f
	}
	data, size := gomono.TTF, 20
	if z.fett {
		data = gomonobold.TTF
	}
	if z.klein {
		size = 15
	}
	var face font.Face
	if parsed, err := opentype.Parse(data); err == nil {
		face, _ = opentype.NewFace(parsed, &opentype.FaceOptions{Size: float64(size), DPI: 72}) // nil draws nothing
	}
	p.faces[key] = face
	return face
}
