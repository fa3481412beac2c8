// Package mappetest reads back what stands in a PDF of a Notfallmappe, for tests: no other
// program is needed.
package mappetest

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Stueck is a piece of text as it was set on a page; measures in points from below left.
type Stueck struct {
	X, Y, Schrift float64
	Fett          bool
	Code          string // as set, in the code page of the fonts
	Text          string
}

var (
	object = regexp.MustCompile(`/Filter /FlateDecode /Length \d+>>\nstream\n`)
	piece  = regexp.MustCompile(`BT /F([0-9a-f]+) ([\d.]+) Tf ET|BT ([\d.]+) ([\d.]+) Td \(((?:[^()\\]|\\.)*)\) ?Tj ET`)
	fonts  = regexp.MustCompile(`(?m)^/F([0-9a-f]+) (\d+) 0 R`)
)

// maxSeite bounds what one page is unpacked to.
const maxSeite = 1 << 22

// Stuecke returns the pieces of each page, in the order in which they were set.
func Stuecke(pdf []byte) ([][]Stueck, error) {
	var pages [][]Stueck
	bold := fette(pdf)
	for _, at := range object.FindAllIndex(pdf, -1) {
		z, err := zlib.NewReader(bytes.NewReader(pdf[at[1]:]))
		if err != nil {
			return nil, fmt.Errorf("unpack page: %w", err)
		}
		b, err := io.ReadAll(io.LimitReader(z, maxSeite))
		if err != nil {
			return nil, fmt.Errorf("unpack page: %w", err)
		}
		pages = append(pages, seite(b, bold))
	}
	return pages, nil
}

// fette are the names of the fonts that are bold.
func fette(pdf []byte) map[string]bool {
	bold := map[string]bool{}
	for _, m := range fonts.FindAllSubmatch(pdf, -1) {
		_, rest, _ := bytes.Cut(pdf, []byte("\n"+string(m[2])+" 0 obj\n"))
		head, _, _ := bytes.Cut(rest, []byte("endobj"))
		bold[string(m[1])] = bytes.Contains(head, []byte("-Bold"))
	}
	return bold
}

func seite(b []byte, bold map[string]bool) []Stueck {
	var list []Stueck
	var now Stueck
	for _, m := range piece.FindAllSubmatch(b, -1) {
		if len(m[1]) > 0 {
			now.Fett, now.Schrift = bold[string(m[1])], zahl(m[2])
			continue
		}
		now.X, now.Y = zahl(m[3]), zahl(m[4])
		now.Code = strings.NewReplacer(`\(`, "(", `\)`, ")", `\\`, `\`).Replace(string(m[5]))
		now.Text, _ = charmap.Windows1252.NewDecoder().String(now.Code) // every byte is a letter
		list = append(list, now)
	}
	return list
}

func zahl(b []byte) float64 {
	f, _ := strconv.ParseFloat(string(b), 64) // the pattern admits numbers only
	return f
}

// Seiten returns the text of each page, a line for each piece.
func Seiten(pdf []byte) ([]string, error) {
	pages, err := Stuecke(pdf)
	var out []string
	for _, p := range pages {
		var text strings.Builder
		for _, s := range p {
			text.WriteString(s.Text + "\n")
		}
		out = append(out, text.String())
	}
	return out, err
}

// Zeilen returns the rows of a page: pieces on one base line, parted by "|".
func Zeilen(page []Stueck) []string {
	var out []string
	rows := map[float64]int{}
	for _, s := range page {
		if i, ok := rows[s.Y]; ok {
			out[i] += "|" + s.Text
			continue
		}
		rows[s.Y], out = len(out), append(out, s.Text)
	}
	return out
}
