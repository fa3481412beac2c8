// Package datev writes a Buchungsstapel for DATEV: a file "EXTF_…csv" in Windows-1252, with the
// head of 31 fields, the captions and one row per booking (format 700, version 12 of the
// Buchungsstapel: its 124 captions are known, the one that version 13 adds is not confirmed).
package datev

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/encoding/charmap"

	"github.com/offizin/offizin/domain/buchung"
	"github.com/offizin/offizin/domain/civil"
)

//go:embed spalten.csv
var spalten []byte

// Kopf is the head of a Buchungsstapel.
type Kopf struct {
	Berater, Mandant int
	Rahmen           buchung.Rahmen
	Laenge           int       // of account numbers
	Von, Bis         civil.Day // of one business year, which is the calendar year
	Bezeichnung      string    // cut to 30 characters
	Erzeugt          time.Time // as the clock on the wall shows it
}

// The limits of the format, in characters.
const (
	maxBezeichnung = 30
	maxBeleg       = 36
	maxText        = 60
)

// The columns that are filled; numbers as the format counts them.
const (
	spalteUmsatz, spalteSH, spalteWKZ, spalteKonto, spalteGegen = 1, 2, 3, 7, 8
	spalteTag, spalteBeleg, spalteText, spalteFest              = 10, 11, 14, 114
)

// Ersatz is a character that Windows-1252 does not have and that stands as "?" in the file.
type Ersatz struct {
	Zeichen rune
	Text    string // it was in
}

// Write writes the file and says which characters were replaced.
func Write(w io.Writer, k Kopf, list []buchung.Buchung) ([]Ersatz, error) {
	captions, err := captions()
	if err != nil {
		return nil, err
	}
	f := &datei{}
	f.zeile(f.kopf(k))
	f.zeile(captions)
	for _, b := range list {
		f.zeile(f.buchung(b, len(captions)))
	}
	if _, err := w.Write(f.out.Bytes()); err != nil {
		return nil, fmt.Errorf("write Buchungsstapel: %w", err)
	}
	return f.ersetzt, nil
}

func captions() ([]string, error) {
	rows, err := csv.NewReader(bytes.NewReader(spalten)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read captions of DATEV: %w", err)
	}
	var list []string
	for _, r := range rows[1:] {
		list = append(list, r[1])
	}
	return list, nil
}

// datei is the file as it grows: a stack of one year has some thousand rows.
type datei struct {
	out     bytes.Buffer
	ersetzt []Ersatz
}

func (f *datei) zeile(felder []string) {
	text := strings.Join(felder, ";")
	for _, r := range text {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok { // texts were cleaned; captions are of the format
			c = '?'
		}
		f.out.WriteByte(c)
	}
	f.out.WriteString("\r\n")
}

// text is a field of text, in quotes, cut to a length; what the code page lacks becomes "?".
func (f *datei) text(s string, limit int) string {
	runes := []rune(s)
	for i, r := range runes {
		switch _, ok := charmap.Windows1252.EncodeRune(r); {
		case unicode.IsControl(r) || unicode.IsSpace(r):
			runes[i] = ' '
		case !ok:
			runes[i] = '?'
			if e := (Ersatz{r, s}); !slices.Contains(f.ersetzt, e) {
				f.ersetzt = append(f.ersetzt, e)
			}
		}
	}
	return `"` + strings.ReplaceAll(string(runes[:min(limit, len(runes))]), `"`, `""`) + `"`
}

// kopf is the first line: 31 fields.
func (f *datei) kopf(k Kopf) []string {
	begin := civil.Must(k.Von.Year(), 1, 1)
	return []string{
		`"EXTF"`, "700", "21", `"Buchungsstapel"`, "12",
		strings.Replace(k.Erzeugt.Format("20060102150405.000"), ".", "", 1), "", `"OF"`, `""`, `""`,
		strconv.Itoa(k.Berater), strconv.Itoa(k.Mandant), ziffern(begin), strconv.Itoa(k.Laenge), ziffern(k.Von),
		ziffern(k.Bis),
		f.text(k.Bezeichnung, maxBezeichnung), `""`, "1", "0", "0", `"EUR"`, "", `""`, "", "", `"` + string(k.Rahmen) + `"`,
		"", "", `""`, `""`,
	}
}

func ziffern(d civil.Day) string { return strings.ReplaceAll(d.String(), "-", "") }

// buchung is a row. Amounts are positive, the mark says on which side the account stands.
func (f *datei) buchung(b buchung.Buchung, n int) []string {
	row := make([]string, n)
	for column, value := range map[int]string{
		spalteUmsatz: strings.ReplaceAll(b.Betrag.Decimal(), ".", ","), spalteSH: `"S"`, spalteWKZ: `"EUR"`,
		spalteKonto: b.Soll, spalteGegen: b.Haben, spalteTag: ziffern(b.Tag)[6:] + ziffern(b.Tag)[4:6],
		spalteBeleg: f.text(b.Beleg, maxBeleg), spalteText: f.text(b.Text, maxText), spalteFest: "0",
	} {
		row[column-1] = value
	}
	return row
}

// Name is the name of the file.
func Name(k Kopf) string {
	return fmt.Sprintf("EXTF_Buchungsstapel_%s_%s.csv", ziffern(k.Von), ziffern(k.Bis))
}
