package notfallmappe

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// ersatz are letters of Europe that are no letter with a mark.
const ersatz = "ŁLłlĐDđdıiĦHħhŊNŋnŦTŧtĿLŀl"

// in writes text in the code page of the fonts (Windows-1252: German and the west of
// Europe). Of other Latin letters the mark is left out, so that a name can be read:
// Şahin is Sahin. What is no Latin letter becomes a question mark.
func (*blatt) in(s string) string {
	var out strings.Builder
	for _, r := range norm.NFC.String(s) {
		if c, ok := charmap.Windows1252.EncodeRune(r); ok && !unicode.IsControl(r) {
			out.WriteByte(c)
			continue
		}
		out.WriteByte(grundform(r))
	}
	return out.String()
}

func grundform(r rune) byte {
	letters := []rune(ersatz)
	for i := 0; i < len(letters); i += 2 {
		if letters[i] == r {
			return byte(letters[i+1])
		}
	}
	if x, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r))); x < unicode.MaxASCII && unicode.IsLetter(x) {
		return byte(x)
	}
	if unicode.IsSpace(r) || unicode.IsControl(r) {
		return ' '
	}
	return '?'
}
