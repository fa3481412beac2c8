package pruefung

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// What our documents are written in: headings, paragraphs over several lines, lists within lists,
// tables; nothing is lost, and nothing is taken for HTML.
func TestLesen(t *testing.T) {
	const text = "# Titel\n\nEin **fetter** Satz,\nder *weiter* geht: `offizin archiv`.\n\n- eins\n  - darunter\n    zweite Zeile\n\n- zwei\n\n" +
		"| A | B |\n|---|---|\n| 1 | <b> |\n"
	want := []block{
		{Art: "h1", Text: []lauf{{"", "Titel"}}},
		{Art: "p", Text: []lauf{
			{"", "Ein "},
			{"b", "fetter"},
			{"", " Satz, der "},
			{"i", "weiter"},
			{"", " geht: "},
			{"code", "offizin archiv"},
			{"", "."},
		}},
		{Art: "ul", Punkte: []punkt{
			{
				Text:   []lauf{{"", "eins"}},
				Punkte: []punkt{{Text: []lauf{{"", "darunter zweite Zeile"}}}},
			},
			{Text: []lauf{{"", "zwei"}}},
		}},
		{Art: "table", Zeilen: [][][]lauf{{{{"", "A"}}, {{"", "B"}}}, {{{"", "1"}}, {{"", "<b>"}}}}},
	}
	if d := cmp.Diff(want, lesen(text)); d != "" {
		t.Error(d)
	}
}

// Whatever is written, every letter is shown, in its order.
func FuzzLesen(f *testing.F) {
	f.Add("# a\n- b\n  - c\n| d |\ne\n\nx\n***`")
	f.Add("|---|\n#x\n#### y")
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return r
			}
			return -1
		}, s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.Contains(text, "\r") {
			return
		}
		if got, want := letters(gelesen(lesen(text))), letters(text); got != want {
			t.Errorf("%q of %q", got, want)
		}
	})
}

func gelesen(list []block) string {
	var b strings.Builder
	runs := func(list []lauf) {
		for _, l := range list {
			b.WriteString(l.Text)
		}
	}
	var items func(list []punkt)
	items = func(list []punkt) {
		for _, p := range list {
			runs(p.Text)
			items(p.Punkte)
		}
	}
	for _, x := range list {
		runs(x.Text)
		items(x.Punkte)
		for _, row := range x.Zeilen {
			for _, cell := range row {
				runs(cell)
			}
		}
	}
	return b.String()
}
