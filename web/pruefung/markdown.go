package pruefung

import (
	"regexp"
	"strings"
)

// block is a heading, a paragraph, a list or a table of the little Markdown that our own documents
// are written in.
type block struct {
	Art    string // "h1", "h2", "h3", "p", "ul" or "table"
	Text   []lauf
	Punkte []punkt
	Zeilen [][][]lauf // of a table; the first one are its headings
}

// punkt is an item of a list, with the list below it.
type punkt struct {
	Text   []lauf
	Punkte []punkt
}

// lauf is text of one kind.
type lauf struct {
	Art  string // "", "b", "i" or "code"
	Text string
}

// lesen reads a document. What it does not know is a paragraph: nothing is lost.
func lesen(text string) (list []block) {
	fertig := true // the next line begins a block
	for _, line := range zeilen(text) {
		switch {
		case line == "":
		case titel.MatchString(line):
			mark, title, _ := strings.Cut(line, " ")
			list = append(list, block{Art: []string{"h1", "h2", "h3"}[len(mark)-1], Text: laeufe(title)})
		case strings.HasPrefix(line, "|"):
			list = zeile(list, line, fertig)
		case strings.HasPrefix(strings.TrimLeft(line, " "), "- "):
			list = aufzaehlung(list, line)
		default:
			list = append(list, block{Art: "p", Text: laeufe(line)})
		}
		fertig = line == ""
	}
	return list
}

// zeilen joins what is one paragraph or one item of a list to one line.
func zeilen(text string) (list []string) {
	goesOn := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \r\n")
		word := strings.TrimLeft(line, " ")
		alone := line == "" || titel.MatchString(line) || strings.HasPrefix(line, "|")
		if goesOn && !alone && !strings.HasPrefix(word, "- ") {
			list[len(list)-1] += " " + word
			continue
		}
		list = append(list, line)
		goesOn = !alone
	}
	return list
}

// titel is a heading of one of three kinds.
var titel = regexp.MustCompile(`^#{1,3} `)

// strich parts the headings of a table from its rows.
var strich = regexp.MustCompile(`^[|: -]+$`)

func zeile(list []block, line string, begins bool) []block {
	if strich.MatchString(line) {
		return list
	}
	if begins || len(list) == 0 || list[len(list)-1].Art != "table" {
		list = append(list, block{Art: "table"})
	}
	var row [][]lauf
	for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
		row = append(row, laeufe(strings.TrimSpace(cell)))
	}
	t := &list[len(list)-1]
	t.Zeilen = append(t.Zeilen, row)
	return list
}

// aufzaehlung adds an item; an empty line between two of them does not part a list.
func aufzaehlung(list []block, line string) []block {
	if len(list) == 0 || list[len(list)-1].Art != "ul" {
		list = append(list, block{Art: "ul"})
	}
	b := &list[len(list)-1]
	p := punkt{Text: laeufe(strings.TrimPrefix(strings.TrimLeft(line, " "), "- "))}
	if n := len(b.Punkte); strings.HasPrefix(line, " ") && n > 0 {
		b.Punkte[n-1].Punkte = append(b.Punkte[n-1].Punkte, p)
		return list
	}
	b.Punkte = append(b.Punkte, p)
	return list
}

// marken are bold, italic and code.
var marken = regexp.MustCompile("\\*\\*([^*]+)\\*\\*|\\*([^*]+)\\*|`([^`]+)`")

func laeufe(text string) (list []lauf) {
	at := 0
	for _, m := range marken.FindAllStringSubmatchIndex(text, -1) {
		if m[0] > at {
			list = append(list, lauf{"", text[at:m[0]]})
		}
		for i, kind := range []string{"b", "i", "code"} {
			if from := m[2+2*i]; from >= 0 {
				list = append(list, lauf{kind, text[from:m[3+2*i]]})
			}
		}
		at = m[1]
	}
	if at < len(text) {
		list = append(list, lauf{"", text[at:]})
	}
	return list
}
