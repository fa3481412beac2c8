package bdpm

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/internal/fault"
)

// The limits of a file, unpacked.
const (
	MaxBytes  = 64 << 20
	MaxZeile  = 1 << 16
	MaxZeilen = 300_000
)

// zeilen reads a file line by line; take gets the number of the line and its columns
// without blanks around them, and says whether to go on.
func zeilen(fsys fs.FS, name string, spalten int, take func(nr int, f []string) (bool, error)) error {
	r, weg, err := oeffne(fsys, name)
	if err != nil {
		return err
	}
	defer weg()
	limited := &io.LimitedReader{R: r, N: MaxBytes + 1}
	s := bufio.NewScanner(limited)
	s.Buffer(make([]byte, 0, 4096), MaxZeile)
	for nr := 1; s.Scan(); nr++ {
		if limited.N <= 0 || nr > MaxZeilen {
			return zuGross(name)
		}
		f := strings.Split(text(s.Bytes()), "\t")
		if len(f) != spalten {
			return fehler(name, nr, "A-702", fmt.Sprintf("Die Zeile hat %d Spalten statt %d; bitte die Datei "+
				"neu laden.", len(f), spalten))
		}
		for i := range f {
			f[i] = strings.Join(strings.Fields(f[i]), " ")
		}
		if more, err := take(nr, f); err != nil || !more {
			return err
		}
	}
	switch err := s.Err(); {
	case errors.Is(err, bufio.ErrTooLong) || limited.N <= 0:
		return zuGross(name)
	case err != nil:
		return unlesbar(name, err)
	}
	return nil
}

// oeffne opens a file, packed or not.
func oeffne(fsys fs.FS, name string) (r io.Reader, weg func(), err error) {
	f, err := fsys.Open(name + ".gz")
	if err != nil {
		if f, err = fsys.Open(name); err != nil {
			return nil, nil, fault.New(fault.Invalid, "A-701", "Im Ordner der französischen Liste (BDPM) fehlt die Datei "+name+
				"; bitte den Ordner prüfen.", err)
		}
		return f, func() { _ = f.Close() }, nil // only read
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		_ = f.Close() // only read
		return nil, nil, unlesbar(name, err)
	}
	return z, func() { _ = f.Close() }, nil // only read
}

// text reads a line that is UTF-8 if it can be, and else ISO-8859-1; of the characters that
// this leaves free one occurs, the apostrophe of Windows-1252.
func text(line []byte) string {
	if utf8.Valid(line) {
		return string(line)
	}
	var s strings.Builder
	for _, b := range line {
		r := rune(b)
		if b == 0x92 {
			r = '’'
		}
		s.WriteRune(r)
	}
	return s.String()
}

func zuGross(name string) error {
	return fault.New(fault.Invalid, "A-703", fmt.Sprintf("Die Datei %s ist zu groß (mehr als %d MB, %d Zeilen oder "+
		"64 KB in einer Zeile); bitte prüfen, ob es die richtige ist.", name, MaxBytes>>20, MaxZeilen), nil)
}

func unlesbar(name string, cause error) error {
	return fault.New(fault.Invalid, "A-707", "Die Datei "+name+" ist nicht lesbar oder abgeschnitten; bitte sie neu "+
		"laden.", cause)
}
