// Package bondruck prints a Bon as PDF for an 80 mm roll; the page is as long as the
// Bon. The same bytes come out for the same Beleg.
package bondruck

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/fault"
)

// Apotheke is the head of every Bon: § 6 KassenSichV asks for full name and address.
type Apotheke struct {
	Name, Inhaber, Strasse, PLZ, Ort, Telefon string
	IK, Steuernummer                          string
}

// Beleg is everything that stands on a Bon.
type Beleg struct {
	Apotheke Apotheke
	Bon      bon.Bon
	Benutzer string    // name of who sold
	Kunde    string    // printed only if given: personalised on request (§ 62 SGB V)
	Gedruckt time.Time // of a copy; zero: the original
}

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
)

// PDF returns the Bon as a PDF of one page.
func PDF(b Beleg) ([]byte, error) {
	if len(b.Bon.Positionen) > MaxZeilen {
		return nil, fault.New(fault.Invalid, "V-901",
			"Der Bon hat zu viele Zeilen für einen Druck – drucken Sie ihn aus dem Browser.", nil)
	}
	return drucke(zeilen(b), "Bon "+b.Bon.Nummer, time.Unix(0, b.Bon.Zeit).UTC())
}

// drucke sets the lines on one page that is as long as they are.
func drucke(lines []zeile, title string, at time.Time) ([]byte, error) {
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

// stil is how a line is set.
type stil int

const (
	normal stil = iota
	fett
	klein
	mitte // bold, in the middle
	strich
)

// zeile is one line of the Bon: text on the left, an amount on the right.
type zeile struct {
	links, rechts string
	stil          stil
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

func (d *blatt) font(s stil) float64 {
	switch s {
	case fett, mitte:
		d.pdf.SetFont("Helvetica", "B", schrift)
	case klein:
		d.pdf.SetFont("Helvetica", "", schrift-1.5)
		return hoehe - 0.7
	case normal, strich:
		d.pdf.SetFont("Helvetica", "", schrift)
	}
	return hoehe
}

// parts breaks the text on the left into lines.
func (d *blatt) parts(z zeile) ([]string, float64) {
	h, width := d.font(z.stil), innen
	if z.rechts != "" {
		width -= betrag
	}
	var out []string
	for _, b := range d.pdf.SplitLines([]byte(d.in(z.links)), width) {
		out = append(out, string(b))
	}
	if len(out) == 0 {
		out = []string{""}
	}
	return out, h
}

func (d *blatt) height(z zeile) float64 {
	if z.stil == strich {
		return hoehe / 2
	}
	parts, h := d.parts(z)
	return float64(len(parts)) * h
}

func (d *blatt) print(z zeile) {
	if z.stil == strich {
		y := d.pdf.GetY() + hoehe/4
		d.pdf.Line(rand, y, breite-rand, y)
		d.pdf.SetY(d.pdf.GetY() + hoehe/2)
		return
	}
	parts, h := d.parts(z)
	align := "L"
	if z.stil == mitte {
		align = "C"
	}
	for i, p := range parts {
		width := innen
		if z.rechts != "" {
			width -= betrag
		}
		d.pdf.SetX(rand)
		d.pdf.CellFormat(width, h, p, "", 0, align, false, 0, "")
		if i == len(parts)-1 && z.rechts != "" {
			d.pdf.CellFormat(betrag, h, d.in(z.rechts), "", 0, "R", false, 0, "")
		}
		d.pdf.SetY(d.pdf.GetY() + h)
	}
}
