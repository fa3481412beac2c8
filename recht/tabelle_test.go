package recht_test

import (
	"os"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/recht"
)

func load(tb testing.TB) *recht.Sammlung {
	tb.Helper()
	s, err := recht.Load()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// zeilen reads a table of testdata without its comments and its head.
func zeilen(t *testing.T, name string, columns int) [][]string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var list [][]string
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(cells) != columns {
			t.Fatalf("%s: %d columns in %q, want %d", name, len(cells), line, columns)
		}
		list = append(list, cells)
	}
	return list[1:]
}

func tag(tb testing.TB, s string) civil.Day {
	tb.Helper()
	day, err := civil.Parse(s)
	if err != nil {
		tb.Fatalf("%s: %v", s, err)
	}
	return day
}

// geltend is what holds of a parameter on a day; "-" if nothing does.
func geltend(tb testing.TB, s *recht.Sammlung, id string, day civil.Day) string {
	tb.Helper()
	p, ok := s.Suche(id)
	if !ok {
		tb.Fatalf("%s: no such parameter", id)
	}
	z, ok := p.Am(day)
	if !ok || z.Aufgehoben {
		return "-"
	}
	return z.WertText()
}

// TestEveryBoundary: on each day of change the facts' value holds, the day before the
// old one still does, and nothing else changes on the day after.
func TestEveryBoundary(t *testing.T) {
	s := load(t)
	for _, row := range zeilen(t, "aenderungen.tsv", 5) {
		id, ab, quelle := row[0], tag(t, row[1]), row[4]
		for day, want := range map[civil.Day]string{ab.AddDays(-1): row[2], ab: row[3], ab.AddDays(1): row[3]} {
			if got := geltend(t, s, id, day); got != want {
				t.Errorf("%s on %s: %s, want %s (%s)", id, day, got, want, quelle)
			}
		}
	}
}

// TestTablesAreComplete: every row of the law stands in one of the two tables, so that
// no value can be changed or added without its source being named here.
func TestTablesAreComplete(t *testing.T) {
	named := map[string]bool{}
	s := load(t)
	for _, row := range zeilen(t, "beginn.tsv", 3) {
		named[row[0]+" "+recht.Beginn.String()] = true
		for _, day := range []civil.Day{recht.Beginn, recht.Beginn.AddDays(1)} {
			if got := geltend(t, s, row[0], day); got != row[1] {
				t.Errorf("%s on %s: %s, want %s (%s)", row[0], day, got, row[1], row[2])
			}
		}
	}
	for _, row := range zeilen(t, "aenderungen.tsv", 5) {
		named[row[0]+" "+row[1]] = true
	}
	for _, p := range s.Parameter() {
		for _, z := range p.Zeilen {
			if !named[p.ID+" "+z.Ab.String()] {
				t.Errorf("%s: the row of %s stands in no table", p.ID, z.Ab)
			}
			delete(named, p.ID+" "+z.Ab.String())
		}
	}
	for row := range named {
		t.Errorf("%s: named, but there is no such row", row)
	}
}

// TestOpenQuestionsAreMarked: what the facts mark is listed by Offen, with a reason,
// and every row of the law of 2026 is to be compared with its print.
func TestOpenQuestionsAreMarked(t *testing.T) {
	open := map[string]string{}
	s := load(t)
	for _, x := range s.Offen() {
		open[x.Parameter.ID+" "+x.Zeile.Ab.String()] = x.Zeile.Pruefen
	}
	for _, row := range zeilen(t, "pruefen.tsv", 3) {
		if !strings.HasSuffix(open[row[0]+" "+row[1]], ".") {
			t.Errorf("%s of %s is not marked: %s", row[0], row[1], row[2])
		}
	}
	for _, p := range s.Parameter() {
		for _, z := range p.Zeilen {
			drs := strings.Contains(z.Quelle, "gelesen als BR-Drs") && z.Ab > recht.Beginn
			if drs && !strings.Contains(z.Pruefen, "BGBl. 2026 I Nr. 228 vergleichen") {
				t.Errorf("%s of %s: not marked for comparison with the BGBl.", p.ID, z.Ab)
			}
		}
	}
}

// TestRowsNameTheirSource: norm, source and day of checking stand in every row.
func TestRowsNameTheirSource(t *testing.T) {
	for _, p := range load(t).Parameter() {
		for _, z := range p.Zeilen {
			if z.Norm == "" || z.Quelle == "" || z.Geprueft < 20261101 || !strings.Contains(z.Ort, ".recht:") || z.Art != 0 {
				t.Errorf("%s of %s: %+v", p.ID, z.Ab, z)
			}
		}
	}
}
