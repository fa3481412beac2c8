// Package notfallmappe prints a Notfallmappe as PDF on A4: what to do without a computer,
// phone numbers, reservations, articles with their prices, and forms for sales by hand. The
// same bytes come out for the same Mappe.
package notfallmappe

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"github.com/offizin/offizin/domain/mappe"
	"github.com/offizin/offizin/internal/clock"
)

// The measures of a page in millimetres; type in points.
const (
	breite   = 210.0
	hoehe    = 297.0
	rand     = 8.0
	innen    = breite - 2*rand
	oben     = 20.0 // where the text of a page begins
	unten    = 286.5
	titel    = 12.0
	schrift  = 8.0
	zeilig   = 4.0 // from one line of the list to the next
	fliesst  = 9.5 // type of running text
	abstand  = 4.7 // its lines
	luft     = 0.8 // between two columns
	grau     = 238 // every other row
	hellgrau = 150 // rules
)

// Druck is a Mappe that was printed.
type Druck struct {
	PDF    []byte
	Seiten int
}

// PDF prints a Mappe. The ids of the customers on file that it names, and of the generations
// that it is made from, stand in the properties of the document, so that Personen and
// Kataloge find them again.
func PDF(m mappe.Mappe) (Druck, error) {
	b := newBlatt(m)
	pages := b.seiten()
	for i, s := range pages {
		b.pdf.AddPage()
		b.rahmen(s.kopf, i+1, len(pages))
		s.male()
	}
	var out bytes.Buffer
	if err := b.pdf.Output(&out); err != nil {
		return Druck{}, fmt.Errorf("make PDF of Notfallmappe: %w", err)
	}
	return Druck{out.Bytes(), len(pages)}, nil
}

var (
	keywords = regexp.MustCompile(`/Keywords \(([^()]*)\)`)
	subject  = regexp.MustCompile(`/Subject \(([^()]*)\)`)
)

// Personen returns the ids of the customers on file whom a printed Mappe names.
func Personen(pdf []byte) []string { return felder(keywords, pdf) }

// Kataloge returns the ids of the generations whose prices stand in a printed Mappe.
func Kataloge(pdf []byte) []string { return felder(subject, pdf) }

func felder(what *regexp.Regexp, pdf []byte) []string {
	m := what.FindSubmatch(pdf)
	if m == nil {
		return nil
	}
	return strings.Fields(string(m[1]))
}

// seite is one page: its running head, and what draws the rest.
type seite struct {
	kopf string
	male func()
}

// teil is a part of the Mappe, as the first page lists it.
type teil struct {
	name   string
	seiten []seite
}

// blatt is the paper.
type blatt struct {
	pdf   *fpdf.Fpdf
	m     mappe.Mappe
	teile []teil
}

func newBlatt(m mappe.Mappe) *blatt {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: breite, Ht: hoehe}})
	pdf.SetMargins(rand, rand, rand)
	pdf.SetCellMargin(0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCompression(true)
	pdf.SetCatalogSort(true)
	pdf.SetProducer("Offizin", false)
	pdf.SetTitle("Notfallmappe "+m.Tag.German(), true)
	pdf.SetCreationDate(m.Zeit)
	pdf.SetModificationDate(m.Zeit)
	var ids []string
	for _, v := range m.Vormerken {
		if v.Kunde != "" {
			ids = append(ids, v.Kunde)
		}
	}
	pdf.SetKeywords(strings.Join(ids, " "), false)
	pdf.SetSubject(strings.Join(m.Kataloge, " "), false)
	return &blatt{pdf: pdf, m: m}
}

// seiten lays everything out. The first page comes last: it says where all else stands.
func (b *blatt) seiten() []seite {
	b.teile = []teil{
		{"Was tun, wenn nichts mehr geht", []seite{{"Notfallmappe", b.anleitung}}},
		{"Telefonnummern", []seite{{"Telefonnummern", b.telefon}}},
		{"Vormerkungen", b.vormerkungen()},
		{"Artikel, nach dem Alphabet", b.artikel()},
		{"Blätter für den Verkauf von Hand", b.handblaetter()},
	}
	var list []seite
	for _, t := range b.teile {
		list = append(list, t.seiten...)
	}
	return list
}

// rahmen draws what stands on every page.
func (b *blatt) rahmen(head string, n, of int) {
	b.font("B", titel)
	b.text(rand, 13, b.passend(head, innen-62))
	b.font("", 8)
	b.rechts(breite-rand, 13, b.passend(b.in(b.m.Apotheke.Name), 60))
	b.pdf.SetLineWidth(0.4)
	b.pdf.Line(rand, 15, breite-rand, 15)
	b.pdf.SetLineWidth(0.2)
	b.text(rand, 292, b.in("Stand "+b.stand()+" · gültig bis "+b.m.Bis.German()))
	b.font("B", 9)
	b.rechts(breite-rand, 292, b.in("Seite "+strconv.Itoa(n)+" von "+strconv.Itoa(of)))
}

func (b *blatt) stand() string {
	h, m := clock.TimeOfDay(b.m.Zeit)
	return fmt.Sprintf("%s, %02d:%02d Uhr", b.m.Tag.German(), h, m)
}

func (b *blatt) font(style string, size float64) { b.pdf.SetFont("Helvetica", style, size) }

// text sets text that is in the code page of the fonts, from x on.
func (b *blatt) text(x, y float64, s string) {
	if s != "" {
		b.pdf.Text(x, y, s)
	}
}

// rechts sets text that ends at x.
func (b *blatt) rechts(x, y float64, s string) { b.text(x-b.pdf.GetStringWidth(s), y, s) }

// passend shortens text that is wider than a head may be, between words if it can be; the
// whole stands on the page.
func (b *blatt) passend(s string, width float64) string {
	if b.pdf.GetStringWidth(s) <= width {
		return s
	}
	dots := b.in("…")
	for s != "" && b.pdf.GetStringWidth(s+dots) > width {
		s = s[:len(s)-1]
	}
	if i := strings.LastIndexByte(s, ' '); i > len(s)/2 {
		s = s[:i+1]
	}
	return s + dots
}

// umbrechen breaks text into lines of a width, between words and behind hyphens; only a word
// that is too long for a line is torn.
func (b *blatt) umbrechen(s string, width float64) []string {
	var out []string
	line := ""
	for _, part := range teile(s) {
		switch {
		case b.pdf.GetStringWidth(strings.TrimRight(line+part, " ")) <= width:
			line += part
			continue
		case line != "":
			out = append(out, strings.TrimRight(line, " "))
		}
		for line = part; b.pdf.GetStringWidth(strings.TrimRight(line, " ")) > width && len(line) > 1; {
			n := len(line) - 1
			for n > 1 && b.pdf.GetStringWidth(line[:n]) > width {
				n--
			}
			out, line = append(out, line[:n]), line[n:]
		}
	}
	return append(out, strings.TrimRight(line, " "))
}

// teile parts text behind spaces and hyphens.
func teile(s string) []string {
	var out []string
	from := 0
	for i := range len(s) - 1 {
		if s[i] == '-' || s[i] == ' ' && s[i+1] != ' ' {
			out, from = append(out, s[from:i+1]), i+1
		}
	}
	return append(out, s[from:])
}
