// Package anleitungen prints instructions for people at the counter as PDF: one page of A4
// each in large type, with the machines of this pharmacy and whom to call. The same bytes come
// out for the same Angaben.
package anleitungen

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"github.com/offizin/offizin/internal/clock"
)

//go:embed blaetter/*.txt
var blaetter embed.FS

// Angaben are what only this pharmacy knows; what is empty becomes a line to write on.
type Angaben struct {
	Apotheke, Telefon string
	Zeit              time.Time // when it is printed, UTC
	Platz             string    // the machine that prints
	Daten             string    // its data folder
	Rechner           []Rechner // all of the pharmacy, in any order
}

// Rechner is a machine of the pharmacy.
type Rechner struct {
	Platz, Adresse string
	Rang           int
}

// Themen are the instructions there are, in their order.
func Themen() []string { return []string{"rechner", "strom", "internet", "uhr"} }

// Datei is the name of the file of an instruction: "rechner-kaputt.pdf".
func Datei(thema string) string {
	return map[string]string{
		"rechner": "rechner-kaputt.pdf", "strom": "strom-weg.pdf", "internet": "internet-weg.pdf", "uhr": "uhr-falsch.pdf",
	}[thema]
}

// The measures of the page in millimetres; type in points.
const (
	breite, hoehe = 210.0, 297.0
	rand          = 15.0
	einzug        = 12.0 // of a step behind its number
	innen         = breite - 2*rand
	fuss          = 225.0 // where machines and numbers begin at the latest
)

type blatt struct {
	pdf *fpdf.Fpdf
	in  func(string) string // text in the code page of the fonts
	a   Angaben
}

// PDF prints one instruction; an error if there is none of that name or it needs more than a
// page.
func PDF(thema string, a Angaben) ([]byte, error) {
	if !slices.Contains(Themen(), thema) {
		return nil, fmt.Errorf("instruction %q: there is none", thema)
	}
	text, err := blaetter.ReadFile("blaetter/" + thema + ".txt")
	if err != nil {
		return nil, fmt.Errorf("read instruction: %w", err)
	}
	b := newBlatt(a)
	title, rest, _ := strings.Cut(string(text), "\n\n")
	b.kopf(title)
	if y := b.schritte(ersetze(rest, a)); y > fuss {
		return nil, fmt.Errorf("instruction %q: more than a page (%.0f mm)", thema, y)
	}
	b.angaben()
	var out bytes.Buffer
	if err := b.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("make PDF of instruction: %w", err)
	}
	return out.Bytes(), nil
}

func ersetze(text string, a Angaben) string {
	dir := a.Daten
	if dir == "" || len(dir) > 40 { // a path that fills the line helps nobody
		dir = "DATENORDNER"
	}
	return strings.ReplaceAll(text, "{daten}", dir)
}

func newBlatt(a Angaben) *blatt {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: breite, Ht: hoehe}})
	pdf.SetMargins(rand, rand, rand)
	pdf.SetCellMargin(0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCompression(true)
	pdf.SetCatalogSort(true)
	pdf.SetProducer("Offizin", false)
	pdf.SetCreationDate(a.Zeit)
	pdf.SetModificationDate(a.Zeit)
	pdf.AddPage()
	return &blatt{pdf: pdf, in: pdf.UnicodeTranslatorFromDescriptor(""), a: a}
}

func (b *blatt) font(style string, size float64) { b.pdf.SetFont("Helvetica", style, size) }

func (b *blatt) kopf(title string) {
	b.font("B", 34)
	b.pdf.Text(rand, 27, b.in(title))
	b.pdf.SetLineWidth(0.8)
	b.pdf.Line(rand, 32, breite-rand, 32)
}

// schritte sets the numbered steps and returns where they end.
func (b *blatt) schritte(text string) float64 {
	y := 34.0
	for i, s := range strings.Split(strings.TrimSpace(text), "\n\n") {
		head, rest, _ := strings.Cut(s, "\n")
		b.font("B", 17)
		b.pdf.SetXY(rand, y)
		b.pdf.CellFormat(einzug, 7.5, strconv.Itoa(i+1), "", 0, "L", false, 0, "")
		b.pdf.MultiCell(innen-einzug, 7.5, b.in(head), "", "L", false)
		for _, line := range absaetze(rest) {
			b.font("", 13.5)
			if strings.HasPrefix(line, befehl) {
				b.pdf.SetFont("Courier", "B", 11.5)
			}
			b.pdf.SetX(rand + einzug)
			b.pdf.MultiCell(innen-einzug, 5.8, b.in(line), "", "L", false)
		}
		y = b.pdf.GetY() + 1.8
	}
	return y
}

// befehl begins a line that is typed into the command line.
const befehl = "offizin "

// absaetze joins the lines of a step; a command stands on a line of its own.
func absaetze(text string) (out []string) {
	fresh := true
	for line := range strings.SplitSeq(text, "\n") {
		command := strings.HasPrefix(line, befehl)
		if fresh || command {
			out = append(out, line)
		} else {
			out[len(out)-1] += " " + line
		}
		fresh = command
	}
	return out
}

// angaben sets what only this pharmacy knows at the foot of the page.
func (b *blatt) angaben() {
	b.pdf.SetLineWidth(0.4)
	b.pdf.Line(rand, fuss+2, breite-rand, fuss+2)
	b.rechner(fuss + 8)
	b.anrufen(fuss + 8)
	b.font("", 9)
	h, m := clock.TimeOfDay(b.a.Zeit)
	b.pdf.Text(rand, 290, b.in(fmt.Sprintf("%s · gedruckt am %s um %02d:%02d auf %s – neu drucken, wenn ein "+
		"Rechner dazukommt",
		oder(b.a.Apotheke, "Apotheke"), clock.DayOf(b.a.Zeit).German(), h, m, oder(b.a.Platz, "diesem Rechner"))))
}

func oder(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

// zeilen is how many machines have room; a pharmacy of more reads the rest on Störungen.
const zeilen = 7

func (b *blatt) rechner(y float64) {
	b.font("B", 11)
	b.pdf.Text(rand, y, b.in("Unsere Rechner"))
	b.font("", 11)
	list := slices.SortedStableFunc(slices.Values(b.a.Rechner), func(x, y Rechner) int {
		return cmp.Or(cmp.Compare(x.Rang, y.Rang), cmp.Compare(x.Platz, y.Platz))
	})
	for i, r := range list {
		y += 6.5
		if i == zeilen-1 && len(list) > zeilen {
			b.pdf.Text(rand, y, b.in(fmt.Sprintf("und %d weitere: Störungen (Alt 7)", len(list)-i)))
			return
		}
		b.pdf.Text(rand, y, b.in(fmt.Sprintf("%d  %s  %s", r.Rang, r.Platz, r.Adresse)))
	}
	for range max(0, 3-len(list)) {
		y += 6.5
		b.pdf.Line(rand, y, rand+75, y)
	}
}

// anrufen are whom to call: Offizin knows only the own number.
func (b *blatt) anrufen(y float64) {
	const x = 110.0
	b.font("B", 11)
	b.pdf.Text(x, y, b.in("Anrufen"))
	b.font("", 11)
	for _, n := range [][2]string{
		{"Technik, Software", ""},
		{"Netz, Internet", ""},
		{"Strom", ""},
		{"Inhaber", ""},
		{"Diese Apotheke", b.a.Telefon},
	} {
		y += 8
		b.pdf.Text(x, y, b.in(n[0]))
		if n[1] != "" {
			b.pdf.Text(x+38, y, b.in(n[1]))
			continue
		}
		b.pdf.SetLineWidth(0.2)
		b.pdf.Line(x+38, y+1, breite-rand, y+1)
	}
}

// Alle prints all instructions, by name of their files.
func Alle(a Angaben) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, thema := range Themen() {
		pdf, err := PDF(thema, a)
		if err != nil {
			return nil, err
		}
		files[Datei(thema)] = pdf
	}
	return files, nil
}
