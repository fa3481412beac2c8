// Package bonseite packs a receipt into the part of an address behind "#", which browsers send to
// nobody, and holds the page that shows it there (ADR 0033).
package bonseite

import (
	"bytes"
	"compress/flate"
	_ "embed" // the dictionary
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/quittung"
)

// The limits of what is unpacked.
const (
	MaxFragment = 4 << 10  // characters
	MaxText     = 32 << 10 // bytes
)

// fassung is the first character of what is packed. Pages on the web are older than the program:
// a form keeps its character for ever, and so does its dictionary.
const fassung = "1"

// woerterbuch is what receipts are made of, so that it costs nothing to say it again.
//
//go:embed woerterbuch1.txt
var woerterbuch string

// Inhalt is what a page shows.
type Inhalt struct {
	Titel  string
	Zeilen []quittung.Zeile
}

// zeichen begins a line, by its style.
const zeichen = ".*-=#_"

// Aus is what a page shows of a receipt: all of it but QR codes, whose values stand there as text.
func Aus(b quittung.Beleg) Inhalt {
	out := Inhalt{Titel: sauber(b.Titel())}
	for _, z := range b.Zeilen() {
		if z.Style == quittung.Code {
			continue
		}
		z.Left, z.Right = sauber(z.Left), sauber(z.Right)
		out.Zeilen = append(out.Zeilen, z)
	}
	return out
}

// sauber makes of anything one line of text.
func sauber(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// text is the form that is packed: a line for the title, and one for each line of the receipt.
func (i Inhalt) text() string {
	var out strings.Builder
	out.WriteString(i.Titel + "\n")
	for _, z := range i.Zeilen {
		out.WriteString(zeichen[z.Style:z.Style+1] + z.Left)
		if z.Right != "" {
			out.WriteString("\t" + z.Right)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// Packen returns what stands behind "#". What could not be read again is an error.
func (i Inhalt) Packen() (string, error) {
	var packed bytes.Buffer
	w, err := flate.NewWriterDict(&packed, flate.BestCompression, []byte(woerterbuch))
	if err != nil {
		return "", fmt.Errorf("pack receipt: %w", err)
	}
	_, err = io.WriteString(w, i.text())
	if err := errors.Join(err, w.Close()); err != nil {
		return "", fmt.Errorf("pack receipt: %w", err)
	}
	out := fassung + base64.RawURLEncoding.EncodeToString(packed.Bytes())
	again, err := Auspacken(out)
	if err == nil && again.text() != i.text() {
		err = errors.New("it reads differently")
	}
	if err != nil {
		return "", fmt.Errorf("read packed receipt again: %w", err)
	}
	return out, nil
}

// Auspacken reads what stands behind "#", as the page does.
func Auspacken(fragment string) (Inhalt, error) {
	body, ok := strings.CutPrefix(fragment, fassung)
	if !ok || len(fragment) > MaxFragment {
		return Inhalt{}, errors.New("not a packed receipt")
	}
	packed, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return Inhalt{}, fmt.Errorf("decode packed receipt: %w", err)
	}
	r := flate.NewReaderDict(bytes.NewReader(packed), []byte(woerterbuch))
	text, err := io.ReadAll(io.LimitReader(r, MaxText+1))
	if err = errors.Join(err, r.Close()); err != nil {
		return Inhalt{}, fmt.Errorf("unpack receipt: %w", err)
	}
	control := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if len(text) > MaxText || !utf8.Valid(text) || bytes.ContainsFunc(text, control) {
		return Inhalt{}, errors.New("no text of a receipt")
	}
	return lesen(string(text))
}

func lesen(text string) (Inhalt, error) {
	head, rest, ok := strings.Cut(text, "\n")
	if !ok || !strings.HasSuffix(text, "\n") {
		return Inhalt{}, errors.New("receipt without an end")
	}
	out := Inhalt{Titel: head}
	for line := range strings.Lines(rest) {
		line = strings.TrimSuffix(line, "\n")
		style := -1
		if line != "" {
			style = strings.IndexByte(zeichen, line[0])
		}
		if style < 0 {
			return Inhalt{}, fmt.Errorf("line without style: %q", line)
		}
		left, right, _ := strings.Cut(line[1:], "\t")
		out.Zeilen = append(out.Zeilen, quittung.Zeile{Left: left, Right: right, Style: quittung.Style(style)})
	}
	return out, nil
}
