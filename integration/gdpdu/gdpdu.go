// Package gdpdu writes tables of data for an auditor (GoBD Z3) as a ZIP: a CSV file for each,
// and an index.xml that describes them after the Beschreibungsstandard (GDPdU 01-09-2004). Rows
// are written as they are read; nothing is kept.
package gdpdu

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/dtd"
)

// Index is the file that describes the others.
const Index = "index.xml"

// Art is what stands in a column.
type Art int

// The kinds of column.
const (
	Text Art = iota
	Zahl
	Betrag // in euro, two places after the comma
	Tag    // DD.MM.YYYY
)

// Spalte is a column.
type Spalte struct {
	Name, Beschreibung string
	Art                Art
}

// Tabelle is a table; Zeilen calls f with the cells of each row, as many as there are columns.
type Tabelle struct {
	Datei, Name, Beschreibung string
	Spalten                   []Spalte
	Zeilen                    func(f func(zellen ...any) error) error
}

// Kopf says whose data they are.
type Kopf struct {
	Name, Ort string
	Von, Bis  civil.Day
	Zeit      time.Time // when they were written
}

// Write writes the ZIP and returns how many rows each table has.
func Write(w io.Writer, k Kopf, list []Tabelle) (map[string]int, error) {
	z := zip.NewWriter(w)
	index, err := xml.MarshalIndent(beschreibung(k, list), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("describe tables: %w", err)
	}
	head := xml.Header + "<!DOCTYPE DataSet SYSTEM \"" + dtd.Name + "\">\n"
	if err := fest(z, k, Index, append([]byte(head), index...)); err != nil {
		return nil, err
	}
	if err := fest(z, k, dtd.Name, dtd.Text()); err != nil {
		return nil, err
	}
	rows := map[string]int{}
	for _, t := range list {
		f, err := z.CreateHeader(&zip.FileHeader{Name: t.Datei, Method: zip.Deflate, Modified: k.Zeit})
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", t.Datei, err)
		}
		if rows[t.Datei], err = t.schreiben(f); err != nil {
			return nil, fmt.Errorf("write %s: %w", t.Datei, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("write tables: %w", err)
	}
	return rows, nil
}

func fest(z *zip.Writer, k Kopf, name string, b []byte) error {
	f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: k.Zeit})
	if err == nil {
		_, err = f.Write(b)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

const zeilenende = "\r\n"

// schreiben writes the captions and all rows.
func (t Tabelle) schreiben(w io.Writer) (n int, err error) {
	out := bufio.NewWriter(w)
	for i, s := range t.Spalten {
		if i > 0 {
			_ = out.WriteByte(';') // Flush says whether it was written
		}
		_, _ = out.WriteString(s.Name)
	}
	_, _ = out.WriteString(zeilenende)
	err = t.Zeilen(func(cells ...any) error {
		if len(cells) != len(t.Spalten) {
			return fmt.Errorf("%d cells for %d columns", len(cells), len(t.Spalten))
		}
		n++
		for i, c := range cells {
			if i > 0 {
				_ = out.WriteByte(';')
			}
			_, _ = out.WriteString(zelle(c))
		}
		_, err := out.WriteString(zeilenende)
		return err //nolint:wrapcheck // wrapped once, by Write
	})
	if err != nil {
		return n, err
	}
	return n, out.Flush() //nolint:wrapcheck // wrapped once, by Write
}

// zelle is a value as the index describes it. A text keeps to its cell: line breaks become
// spaces, and what a spreadsheet would take for a formula stands behind an apostrophe.
func zelle(v any) string {
	switch v := v.(type) {
	case int:
		return strconv.Itoa(v)
	case money.Cent:
		return strings.ReplaceAll(v.Decimal(), ".", ",")
	case civil.Day:
		if v == 0 {
			return ""
		}
		return v.German()
	}
	s := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, fmt.Sprint(v))
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		s = "'" + s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
