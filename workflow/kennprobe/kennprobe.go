// Package kennprobe compares what the program makes of numbers and pack codes
// with what a table expects. It is how a pharmacy, an auditor or a scanner maker
// can test the rules with a file of their own.
package kennprobe

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/offizin/offizin/internal/fault"
)

// State is the outcome of one row.
type State string

// The outcomes. A row that expects nothing, or only what cannot be known, is
// Ungeklaert and never a difference.
const (
	Agree      State = "agree"
	Differ     State = "differ"
	Ungeklaert State = "ungeklaert"
)

// The limits of a table.
const (
	maxLine = 64 << 10
	maxRows = 1_000_000
)

// Summe counts the outcomes.
type Summe struct{ Agree, Differ, Ungeklaert int }

func (s *Summe) add(state State) {
	switch state {
	case Agree:
		s.Agree++
	case Differ:
		s.Differ++
	default:
		s.Ungeklaert++
	}
}

// String is the last line of a check.
func (s Summe) String() string {
	return fmt.Sprintf("Summe: %d Zeilen, %d agree, %d differ, %d ungeklaert",
		s.Agree+s.Differ+s.Ungeklaert, s.Agree, s.Differ, s.Ungeklaert)
}

// row is one line of a table by column name.
type row struct {
	line   int
	fields map[string]string
}

func (r row) get(name string) string { return strings.TrimSpace(r.fields[name]) }

// has reports whether the table has the column at all.
func (r row) has(name string) bool {
	_, ok := r.fields[name]
	return ok
}

// each calls f for every row of a tab-separated table with a header. Empty lines
// and lines that begin with # are skipped.
func each(r io.Reader, need []string, f func(row) error) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 0, 4096), maxLine)
	var header []string
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSuffix(strings.TrimPrefix(sc.Text(), "\ufeff"), "\r")
		switch {
		case n > maxRows:
			return invalid("K-302", "Die Datei hat mehr als eine Million Zeilen; bitte sie teilen.", nil)
		case strings.TrimSpace(line) == "" || header != nil && strings.HasPrefix(line, "#"):
			continue
		case header == nil:
			header = strings.Split(strings.ToLower(line), "\t")
			if err := checkHeader(header, need); err != nil {
				return err
			}
			continue
		}
		if err := f(makeRow(n, header, line)); err != nil {
			return err
		}
	}
	if err := sc.Err(); err != nil {
		return invalid("K-303",
			"Die Datei ist nicht lesbar oder eine Zeile ist zu lang; bitte eine Tabelle mit Tabulatoren angeben.", err)
	}
	if header == nil {
		return invalid("K-304", "Die Datei ist leer; bitte eine Tabelle mit Kopfzeile angeben.", nil)
	}
	return nil
}

func makeRow(n int, header []string, line string) row {
	values := strings.Split(line, "\t")
	r := row{line: n, fields: make(map[string]string, len(header))}
	for i, name := range header {
		r.fields[strings.TrimSpace(name)] = ""
		if i < len(values) {
			r.fields[strings.TrimSpace(name)] = values[i]
		}
	}
	return r
}

func checkHeader(header, need []string) error {
	for _, name := range need {
		if !slices.ContainsFunc(header, func(h string) bool { return strings.TrimSpace(h) == name }) {
			return invalid("K-301",
				"In der Kopfzeile fehlt die Spalte „"+name+"“; bitte eine Tabelle mit Tabulatoren angeben.", nil)
		}
	}
	return nil
}

func invalid(code, text string, cause error) error {
	return fault.New(fault.Invalid, code, text, cause)
}
