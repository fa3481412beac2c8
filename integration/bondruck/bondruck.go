// Package bondruck prints a Bon as PDF for an 80 mm roll; the page is as long as the
// Bon. The same bytes come out for the same Beleg.
package bondruck

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/qr"
)

// MaxZeilen is the most lines a Bon may have; a cart has at most 60.
const MaxZeilen = 500

// The measures of the paper in millimetres.
const (
	breite   = 80.0
	rand     = 4.0
	innen    = breite - 2*rand
	betrag   = 20.0 // column of the amounts
	schrift  = 8.5  // points
	hoehe    = 4.0  // of a line
	maxHoehe = 4900 // a PDF page is at most 5,080 mm long
	modul    = 0.5  // of a QR code: 4 dots of a printer with 203 dpi; never less than 3, 0.375 mm
)

// PDF returns the receipt as a PDF of one page.
func PDF(b quittung.Beleg) ([]byte, error) {
	if len(b.Bon.Positionen) > MaxZeilen {
		return nil, fault.New(fault.Invalid, "V-901",
			"Der Bon hat zu viele Zeilen für einen Druck – drucken Sie ihn aus dem Browser.", nil)
	}
	return drucke(b.Zeilen(), b.Titel(), time.Unix(0, b.Bon.Zeit).UTC())
}

// drucke sets the lines on one page that is as long as they are.
func drucke(lines []quittung.Zeile, title string, at time.Time) ([]byte, error) {
	measure := newBlatt(breite)
	height := 2 * rand
	for _, z := range lines {
		height += measure.height(z)
	}
	doc := newBlatt(min(height, maxHoehe))
	doc.pdf.SetTitle(title, true)
	doc.pdf.SetCreationDate(at)
	doc.pdf.SetModificationDate(at)
	for _, z := range lines {
		doc.print(z)
	}
	var out bytes.Buffer
	if err := doc.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("make PDF %q: %w", title, err)
	}
	return out.Bytes(), nil
}

// blatt is the paper.
type blatt struct {
	pdf *fpdf.Fpdf
	in  func(string) string // UTF-8 to the code page of the core fonts, which has the €
}

func newBlatt(height float64) *blatt {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: breite, Ht: height}})
	pdf.SetMargins(rand, rand, rand)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCompression(false) // small anyway, and its text can be checked
	pdf.SetCatalogSort(true)
	pdf.SetProducer("Offizin", false)
	pdf.AddPage()
	return &blatt{pdf, pdf.UnicodeTranslatorFromDescriptor("cp1252")}
}

func (d *blatt) font(s quittung.Style) float64 {
	switch s {
	case quittung.Big:
		d.pdf.SetFont("Helvetica", "B", schrift+1)
		return hoehe + 1
	case quittung.Bold, quittung.Center:
		d.pdf.SetFont("Helvetica", "B", schrift)
	case quittung.Small:
		d.pdf.SetFont("Helvetica", "", schrift-1.5)
		return hoehe - 0.7
	case quittung.Plain, quittung.Rule, quittung.Code:
		d.pdf.SetFont("Helvetica", "", schrift)
	}
	return hoehe
}

// parts breaks the text on the left into lines.
func (d *blatt) parts(z quittung.Zeile) ([]string, float64) {
	h, width := d.font(z.Style), innen
	if z.Right != "" {
		width -= betrag
	}
	var out []string
	for _, b := range d.pdf.SplitLines([]byte(d.in(z.Left)), width) {
		out = append(out, string(b))
	}
	if len(out) == 0 {
		out = []string{""}
	}
	return out, h
}

func (d *blatt) height(z quittung.Zeile) float64 {
	switch z.Style {
	case quittung.Rule:
		return hoehe / 2
	case quittung.Code:
		if rows, err := qr.Matrix(z.Left); err == nil {
			return float64(len(rows)+2*qr.Ruhe) * modulbreite(len(rows))
		}
		return hoehe
	case quittung.Plain, quittung.Bold, quittung.Small, quittung.Center, quittung.Big:
	}
	parts, h := d.parts(z)
	return float64(len(parts)) * h
}

func (d *blatt) print(z quittung.Zeile) {
	switch z.Style {
	case quittung.Rule:
		y := d.pdf.GetY() + hoehe/4
		d.pdf.Line(rand, y, breite-rand, y)
		d.pdf.SetY(d.pdf.GetY() + hoehe/2)
		return
	case quittung.Code:
		d.code(z)
		return
	case quittung.Plain, quittung.Bold, quittung.Small, quittung.Center, quittung.Big:
	}
	parts, h := d.parts(z)
	align := "L"
	if z.Style == quittung.Center || z.Style == quittung.Big {
		align = "C"
	}
	for i, p := range parts {
		width := innen
		if z.Right != "" {
			width -= betrag
		}
		d.pdf.SetX(rand)
		d.pdf.CellFormat(width, h, p, "", 0, align, false, 0, "")
		if i == len(parts)-1 && z.Right != "" {
			d.pdf.CellFormat(betrag, h, d.in(z.Right), "", 0, "R", false, 0, "")
		}
		d.pdf.SetY(d.pdf.GetY() + h)
	}
}

// modulbreite is how wide a module of a code with n modules in a row is.
func modulbreite(n int) float64 { return min(modul, innen/float64(n)) }

// code draws a QR code in the middle; each run of dark modules is one rectangle.
func (d *blatt) code(z quittung.Zeile) {
	rows, err := qr.Matrix(z.Left)
	if err != nil {
		d.print(quittung.Zeile{Left: z.Left, Style: quittung.Small}) // readable text does, too (§ 6 S. 2)
		return
	}
	m := modulbreite(len(rows))
	left, top := (breite-m*float64(len(rows)))/2, d.pdf.GetY()+qr.Ruhe*m
	for y, row := range rows {
		for x := 0; x < len(row); {
			run := 0
			for x+run < len(row) && row[x+run] {
				run++
			}
			if run > 0 {
				d.pdf.Rect(left+float64(x)*m, top+float64(y)*m, float64(run)*m, m, "F")
			}
			x += max(run, 1)
		}
	}
	d.pdf.SetY(top + float64(len(rows)+qr.Ruhe)*m)
}
