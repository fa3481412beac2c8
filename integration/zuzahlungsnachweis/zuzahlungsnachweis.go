// Package zuzahlungsnachweis prints the yearly statement of Zuzahlungen as PDF on A4. The same
// bytes come out for the same statement.
package zuzahlungsnachweis

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/nachweis"
)

// The measures of the page in millimetres.
const (
	rand   = 20.0
	hoehe  = 6.0
	spalte = 42.0
)

// PDF prints the statement.
func PDF(n nachweis.Nachweis) ([]byte, error) {
	d := &blatt{fpdf.New("P", "mm", "A4", "")}
	d.pdf.SetMargins(rand, rand, rand)
	d.pdf.SetCatalogSort(true)
	d.pdf.SetAutoPageBreak(true, rand)
	at := time.Date(n.Erstellt.Year(), time.Month(n.Erstellt.Month()), n.Erstellt.DayOfMonth(), 0, 0, 0, 0, time.UTC)
	d.pdf.SetCreationDate(at)
	d.pdf.SetModificationDate(at)
	d.pdf.SetTitle("Zuzahlungen "+strconv.Itoa(n.Jahr), true)
	d.pdf.AddPage()
	d.kopf(n)
	d.zeilen(n)
	d.fuss(n)
	var out bytes.Buffer
	if err := d.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("make PDF of Zuzahlungen: %w", err)
	}
	return out.Bytes(), nil
}

type blatt struct{ pdf *fpdf.Fpdf }

// in writes text in the code page of the font; letters with marks that it does not have lose
// them, and what is no Latin letter becomes a question mark.
func (*blatt) in(s string) string {
	var out []byte
	for _, r := range norm.NFC.String(s) {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			c = '?'
			if base := []rune(norm.NFD.String(string(r)))[0]; base < 128 {
				c = byte(base)
			}
		}
		out = append(out, c)
	}
	return string(out)
}

func (d *blatt) text(style string, size float64, s string) {
	d.pdf.SetFont("Helvetica", style, size)
	d.pdf.MultiCell(0, hoehe, d.in(s), "", "L", false)
}

func (d *blatt) kopf(n nachweis.Nachweis) {
	a := n.Apotheke
	d.text("B", 12, a.Name)
	d.text("", 10, a.Strasse+", "+a.PLZ+" "+a.Ort)
	if a.IK != "" {
		d.text("", 10, "IK "+a.IK)
	}
	d.pdf.Ln(2 * hoehe)
	d.text("B", 14, fmt.Sprintf("Geleistete Zuzahlungen %d", n.Jahr))
	d.text("", 10, "zur Vorlage bei der Krankenkasse (§ 62 SGB V)")
	d.pdf.Ln(hoehe)
	d.text("", 11, n.Name)
	if n.Geburt != 0 {
		d.text("", 11, "geboren am "+n.Geburt.German())
	}
	if n.KVNR != "" {
		d.text("", 11, "Versichertennummer "+n.KVNR)
	}
	if n.Anschrift != "" {
		d.text("", 11, n.Anschrift)
	}
	d.pdf.Ln(hoehe)
}

func (d *blatt) reihe(style string, cells ...string) {
	d.pdf.SetFont("Helvetica", style, 10)
	for i, c := range cells {
		align := "L"
		if i == len(cells)-1 {
			align = "R"
		}
		d.pdf.CellFormat(spalte, hoehe, d.in(c), "B", 0, align, false, 0, "")
	}
	d.pdf.Ln(hoehe)
}

func (d *blatt) zeilen(n nachweis.Nachweis) {
	d.reihe("B", "Tag", "Bon", "", "Zuzahlung")
	for _, z := range n.Zeilen {
		note := map[bon.Art]string{bon.Storno: "Storno", bon.Retoure: "Rückgabe"}[z.Art]
		d.reihe("", z.Tag.German(), z.Nummer, note, z.Betrag.String())
	}
	d.reihe("B", "Summe", "", "", n.Summe().String())
}

func (d *blatt) fuss(n nachweis.Nachweis) {
	d.pdf.Ln(hoehe)
	d.text("", 9, "Enthalten sind die gesetzlichen Zuzahlungen nach § 61 SGB V, die in dieser Apotheke bezahlt wurden; "+
		"Mehrkosten und Eigenanteile zählen nicht dazu. Erstattetes ist am Tag der Erstattung abgezogen.")
	made := "Erstellt am " + n.Erstellt.German()
	if n.Jahr == n.Erstellt.Year() {
		made += "; das Jahr ist noch nicht zu Ende."
	}
	d.text("", 9, made)
	d.pdf.Ln(3 * hoehe)
	d.text("", 9, "Stempel und Unterschrift der Apotheke")
}
