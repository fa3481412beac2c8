// Package codeblatt prints the recovery code of the Inhaber on one page, with what it is for
// and how it is used.
package codeblatt

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Blatt is what is printed.
type Blatt struct {
	Apotheke string // name; may be empty
	Inhaber  string
	Gruppen  []string  // of the code
	Kennung  string    // stands in the name of each backup
	Ordner   string    // where backups lie; empty: not set yet
	Erzeugt  time.Time // in local time
}

// Measures in millimetres.
const (
	rand   = 20.0
	breite = 170.0
)

// schritte are what to do when the machine is gone: a sentence and what is typed, if anything.
func (b Blatt) schritte() [][2]string {
	return [][2]string{
		{"Einen Rechner nehmen, auf dem Offizin installiert ist, und den Datenträger mit den Sicherungen anschließen.", ""},
		{"Die neueste Datei „offizin-" + b.Kennung + "-… .tar.gz.age“ suchen. Liegt daneben „…-geloescht.age“, dort " +
			"lassen.", ""},
		{
			"In einem Terminal eingeben, mit dem Namen dieser Datei und einem neuen Ordner:",
			"offizin restore --von DATEI --daten ORDNER",
		},
		{"Den Code oben eingeben. Groß oder klein, Striche und Leerzeichen sind gleich. Das fünfte Zeichen jeder " +
			"Gruppe ist eine " +
			"Prüfziffer: Ein Tippfehler wird sofort gemeldet, mit der Nummer der Gruppe.", ""},
		{"Offizin mit dem neuen Ordner starten. Was nach der Sicherung verkauft wurde, nacherfassen (Alt N).", ""},
	}
}

// PDF returns one page, A4.
func (b Blatt) PDF() ([]byte, error) {
	p := fpdf.New("P", "mm", "A4", "")
	p.SetMargins(rand, rand, rand)
	p.SetAutoPageBreak(false, 0)
	p.SetCompression(false) // small anyway, and its text can be checked
	p.SetProducer("Offizin", false)
	p.SetTitle("Wiederherstellungscode", true)
	p.SetCreationDate(b.Erzeugt)
	p.SetModificationDate(b.Erzeugt)
	p.AddPage()
	in := p.UnicodeTranslatorFromDescriptor("cp1252")
	say := func(style string, size, height float64, text string) {
		p.SetFont("Helvetica", style, size)
		p.MultiCell(breite, height, in(text), "", "L", false)
	}
	say("B", 20, 10, "Wiederherstellungscode")
	say("", 12, 7, b.Apotheke)
	if b.Inhaber != "" {
		say("", 11, 6, "für "+b.Inhaber+", erzeugt am "+b.Erzeugt.Format("02.01.2006 um 15:04")+" Uhr")
	}
	p.Ln(4)
	say("", 11, 5.5, "Mit diesem Code lassen sich alle Daten der Apotheke aus einer Sicherung wiederherstellen, "+
		"auch wenn kein Rechner "+
		"mehr da ist: Verkäufe, Lager, Kunden, Einstellungen. Wer ihn und eine Sicherung hat, kann alles lesen.")
	p.Ln(2)
	say("B", 11, 5.5, "Er steht nur auf diesem Blatt. Geht es verloren, bitte sofort einen neuen erzeugen; ältere "+
		"Sicherungen öffnet "+
		"nur der Code ihrer Zeit.")
	p.Ln(4)
	b.code(p, in)
	p.Ln(6)
	say("B", 13, 7, "So wird wiederhergestellt")
	for i, s := range b.schritte() {
		say("", 11, 5.5, strconv.Itoa(i+1)+".  "+s[0])
		if s[1] != "" {
			p.SetFont("Courier", "B", 11)
			p.SetX(rand + 8)
			p.MultiCell(breite-8, 6.5, in(s[1]), "", "L", false)
		}
		p.Ln(1.5)
	}
	p.Ln(3)
	say("B", 13, 7, "Aufbewahren")
	say("", 11, 5.5, "Verschlossen und nicht bei den Sicherungen: im Tresor, zu Hause, beim Steuerberater. Nicht "+
		"fotografieren, nicht "+
		"mailen, diese Datei nach dem Drucken löschen.")
	if b.Ordner != "" {
		p.Ln(2)
		say("", 11, 5.5, "Gesichert wird in: "+b.Ordner)
	}
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil, fmt.Errorf("print recovery code: %w", err)
	}
	return out.Bytes(), nil
}

// code sets the groups in a frame, four in a row, each with its number.
func (b Blatt) code(p *fpdf.Fpdf, in func(string) string) {
	const cell, high, columns = breite / 4, 16.0, 4
	for i, g := range b.Gruppen {
		x, y := rand+float64(i%columns)*cell, p.GetY()
		p.SetFont("Helvetica", "", 9)
		p.SetXY(x, y+0.5)
		p.CellFormat(cell, 5, in(strconv.Itoa(i+1)), "", 0, "C", false, 0, "")
		p.SetFont("Courier", "B", 19)
		p.SetXY(x, y+5)
		p.CellFormat(cell, 9, g, "", 0, "C", false, 0, "")
		p.Rect(x, y, cell, high, "D")
		p.SetXY(rand, y)
		if i%columns == columns-1 {
			p.SetXY(rand, y+high)
		}
	}
}
