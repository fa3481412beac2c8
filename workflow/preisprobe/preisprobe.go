// Package preisprobe computes prices and patient payments for a whole table of cases
// and compares them with what the table expects. It is how a pharmacy, an auditor or
// an acceptance test can hold the rules against figures of their own.
package preisprobe

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/recht"
)

// The limits of a table.
const (
	maxDatei  = 16 << 20 // bytes
	maxZeilen = 100_000
	maxFeld   = 4000 // bytes of one cell
)

// spalten are the columns that a table must have; others are kept as they are.
const spalten = "date payer kind apu_net aep_net wholesale_markup pharmacy_markup avp_net vat_pct vat_amount " +
	"avp_gross packs festbetrag patient_flags exp_zuzahlung exp_mehrkosten exp_eigenanteil_or_other " +
	"exp_apothekenabschlag line_total_gross"

// Probe computes tables by the law it is given.
type Probe struct{ Recht *recht.Sammlung }

// Hinweis says why nothing was computed for a row.
type Hinweis struct {
	Zeile int // 1 is the first row below the header
	ID    string
	Text  string // German, with code
}

// tabelle is a whole table in memory; kopf holds the place of each column.
type tabelle struct {
	rows [][]string // the header first
	kopf map[string]int
}

// Compute writes the table with every empty cell filled that can be computed from
// the given ones. Given cells, rows and columns stay as they are.
func (p Probe) Compute(r io.Reader, w io.Writer) ([]Hinweis, error) {
	t, err := lies(r)
	if err != nil {
		return nil, err
	}
	var list []Hinweis
	for i, row := range t.rows[1:] {
		z := zeile{t.kopf, row}
		werte, err := p.rechne(z, erster)
		if err != nil {
			list = append(list, Hinweis{Zeile: i + 1, ID: z.get("id"), Text: err.Error()})
			continue
		}
		for name, wert := range werte {
			if k, ok := t.kopf[name]; ok && strings.TrimSpace(row[k]) == "" {
				row[k] = wert
			}
		}
	}
	out := csv.NewWriter(w)
	if err := out.WriteAll(t.rows); err != nil {
		return nil, fmt.Errorf("write table: %w", err)
	}
	return list, nil
}

// lies reads a table within its limits.
func lies(r io.Reader) (tabelle, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxDatei+1))
	if err != nil {
		return tabelle{}, fmt.Errorf("read table: %w", err)
	}
	if len(data) > maxDatei {
		return tabelle{}, fault.New(fault.Invalid, "P-301", "Die Datei ist größer als 16 MiB; bitte sie teilen.", nil)
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	var t tabelle
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return tabelle{}, unlesbar(err)
		}
		if err := pruefe(row, len(t.rows)); err != nil {
			return tabelle{}, err
		}
		t.rows = append(t.rows, row)
	}
	return t, t.ordne()
}

func unlesbar(err error) error {
	line := 0
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		line = e.Line
	}
	return fault.New(fault.Invalid, "P-302", fmt.Sprintf("Zeile %d ist keine Zeile einer Tabelle mit Kommas oder hat "+
		"zu viele oder zu wenige Spalten; bitte berichtigen.", line), err)
}

func pruefe(row []string, n int) error {
	if n > maxZeilen {
		return fault.New(fault.Invalid, "P-303", "Die Datei hat mehr als 100000 Zeilen; bitte sie teilen.", nil)
	}
	if slices.ContainsFunc(row, func(s string) bool { return len(s) > maxFeld }) {
		return fault.New(fault.Invalid, "P-304",
			fmt.Sprintf("In Zeile %d ist ein Feld länger als %d Zeichen; bitte kürzen.", n+1, maxFeld), nil)
	}
	return nil
}

// ordne finds the columns by their names.
func (t *tabelle) ordne() error {
	if len(t.rows) == 0 {
		return fault.New(fault.Invalid, "P-305", "Die Datei ist leer; bitte eine Tabelle mit Kopfzeile angeben.", nil)
	}
	t.kopf = map[string]int{}
	for i, name := range t.rows[0] {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := t.kopf[name]; twice && name != "" {
			return fault.New(fault.Invalid, "P-306", "Die Spalte „"+name+"“ steht doppelt; bitte eine umbenennen.", nil)
		}
		t.kopf[name] = i
	}
	var fehlt []string
	for name := range strings.FieldsSeq(spalten) {
		if _, ok := t.kopf[name]; !ok {
			fehlt = append(fehlt, name)
		}
	}
	if len(fehlt) > 0 {
		return fault.New(fault.Invalid, "P-307",
			"In der Kopfzeile fehlt: "+strings.Join(fehlt, ", ")+"; bitte die Spalten ergänzen.", nil)
	}
	return nil
}
