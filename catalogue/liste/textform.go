package liste

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/internal/fault"
)

// textform is how the letters of a file are written.
type textform struct {
	start  int64 // of the text, behind a byte order mark
	latein bool  // Windows-1252 and not UTF-8
	iso    bool  // of Latin letters: ISO 8859-1, whose bytes 0x80 to 0x9f are no letters

	zeilen int // read so far
	umlaut int // the line of the first letter beyond ASCII; 0: none
	fremd  int // the line of the first byte that is no UTF-8
}

// erkenne reads the file once: what is valid UTF-8 from end to end is UTF-8, anything
// else is taken for Windows-1252, in which every byte means something.
func erkenne(r io.ReadSeeker, z Zeichen) (textform, error) {
	f := textform{iso: z == ISO8859}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return f, fmt.Errorf("read catalogue file: %w", err)
	}
	buf := make([]byte, 1<<16)
	rest, total := 0, int64(0)
	for ended := false; !ended; {
		n, err := io.ReadFull(r, buf[rest:])
		ended = errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !ended {
			return f, fmt.Errorf("read catalogue file: %w", err)
		}
		chunk := buf[:rest+n]
		if err := f.block(chunk, total == 0); err != nil {
			return f, err
		}
		if total += int64(n); total > MaxBytes {
			return f, fault.New(fault.Invalid, "A-429", "Die Datei ist größer als 1 GB; bitte teilen.", nil)
		}
		end := len(chunk)
		if !ended {
			end = ganze(chunk)
		}
		f.lies(chunk[:end])
		rest = copy(buf, chunk[end:])
	}
	return f, f.passt(z)
}

// lies looks at the letters of a block, up to the first that shows that they are Latin.
func (f *textform) lies(b []byte) {
	if f.latein {
		return
	}
	f.latein = !utf8.Valid(b)
	for len(b) > 0 && (f.umlaut == 0 || f.latein) {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == '\n':
			f.zeilen++
		case r == utf8.RuneError && n == 1:
			f.fremd = f.zeilen + 1
			return
		case r >= utf8.RuneSelf && r != '\ufeff' && f.umlaut == 0:
			f.umlaut = f.zeilen + 1
		}
		b = b[n:]
	}
	f.zeilen += bytes.Count(b, []byte("\n"))
}

// passt compares the letters with those that somebody said there are: read as the others,
// every name with an umlaut would be wrong.
func (f *textform) passt(z Zeichen) error {
	line := f.fremd
	if z != UTF8 && !f.latein {
		line = f.umlaut
	}
	if z == "" || line == 0 || z != UTF8 && f.latein {
		return nil
	}
	return fault.New(fault.Invalid, "A-686", fmt.Sprintf("Die Datei ist nicht in %s geschrieben, wie die Zuordnung sagt "+
		"(Zeile %d); bitte dort bei „zeichen“ etwas anderes angeben oder die Angabe weglassen.", z, line), nil)
}

// block looks at the marks at the start and refuses what is no text.
func (f *textform) block(b []byte, first bool) error {
	utf16 := first && (bytes.HasPrefix(b, []byte{0xff, 0xfe}) || bytes.HasPrefix(b, []byte{0xfe, 0xff}))
	if utf16 || bytes.IndexByte(b, 0) >= 0 {
		return fault.New(fault.Invalid, "A-425",
			"Die Datei ist kein Text in UTF-8 oder Windows-1252; bitte sie als CSV (UTF-8) speichern.", nil)
	}
	if first && bytes.HasPrefix(b, []byte("\ufeff")) {
		f.start = 3
	}
	return nil
}

// ganze returns where the last letter that may go on in the next block begins.
func ganze(b []byte) int {
	for i := len(b) - 1; i >= 0 && i > len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if utf8.FullRune(b[i:]) {
				return len(b)
			}
			return i
		}
	}
	return len(b)
}

// text returns a line as UTF-8.
func (f textform) text(line []byte) string {
	if !f.latein {
		return string(line)
	}
	var s strings.Builder
	for _, b := range line {
		switch {
		case b >= 0x80 && b < 0xa0 && f.iso:
			s.WriteRune(utf8.RuneError)
		case b >= 0x80 && b < 0xa0:
			s.WriteRune(windows1252[b-0x80])
		default:
			s.WriteRune(rune(b))
		}
	}
	return s.String()
}

// windows1252 are the letters of the bytes 0x80 to 0x9f; the others are as in Latin-1.
//
//nolint:gochecknoglobals // a constant table
var windows1252 = [32]rune{
	'€', utf8.RuneError, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', utf8.RuneError, 'Ž', utf8.RuneError,
	utf8.RuneError, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', utf8.RuneError, 'ž', 'Ÿ',
}

// teile splits a line into its cells. A cell may stand in quotes, with quotes in it
// doubled; a quote within a cell that does not begin with one is an ordinary letter
// (Kompresse 5"). False: a quote is not closed, or text follows behind it.
func teile(line string, sep byte, out []string) ([]string, bool) {
	for {
		cell, rest, more, ok := zelle(line, sep)
		if !ok {
			return out, false
		}
		if out = append(out, cell); !more {
			return out, true
		}
		line = rest
	}
}

func zelle(line string, sep byte) (cell, rest string, more, ok bool) {
	if !strings.HasPrefix(line, `"`) {
		cell, rest, more = strings.Cut(line, string(sep))
		return cell, rest, more, true
	}
	var s strings.Builder
	line = line[1:]
	for {
		before, after, found := strings.Cut(line, `"`)
		if !found {
			return "", "", false, false
		}
		s.WriteString(before)
		switch {
		case after == "":
			return s.String(), "", false, true
		case after[0] == sep:
			return s.String(), after[1:], true, true
		case after[0] != '"':
			return "", "", false, false
		}
		s.WriteByte('"')
		line = after[1:]
	}
}
