package ui

import (
	"fmt"
	"strconv"
	"strings"
)

// Texte are the texts of the screens by key: "verkauf.titel".
type Texte map[string]string

// ParseTexte reads a text file: a section in brackets is the first half of the keys
// below it, lines are key = "text", # begins a comment. It knows no more of TOML.
func ParseTexte(file string) (Texte, error) {
	texte, section := Texte{}, ""
	n := 0
	for line := range strings.Lines(file) {
		n++
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[' && strings.HasSuffix(line, "]"):
			section = line[1:len(line)-1] + "."
		default:
			key, quoted, ok := strings.Cut(line, " = ")
			text, err := strconv.Unquote(strings.TrimSpace(quoted))
			if !ok || err != nil {
				return nil, fmt.Errorf("text file, line %d: want key = \"text\"", n)
			}
			key = section + strings.TrimSpace(key)
			if _, twice := texte[key]; twice {
				return nil, fmt.Errorf("text file, line %d: %s is there twice", n, key)
			}
			texte[key] = text
		}
	}
	return texte, nil
}

// T returns the text of a key. A missing key is shown as it is: ugly, but no reason to
// refuse a sale; a test finds it before.
func (t Texte) T(key string) string {
	if text, ok := t[key]; ok {
		return text
	}
	return key
}
