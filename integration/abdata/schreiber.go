package abdata

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/civil"
)

// tabelle is a file as it is written: its number and fields, "01 PZN* F8 PZ8" with a star
// at those of the key and a question mark at those that may be null.
type tabelle struct{ name, nummer, langname, felder string }

// schreiber writes a K2 file.
type schreiber struct {
	w      *bufio.Writer
	datei  io.Closer
	v      verschluesseler
	felder []Feld
}

// neuerSchreiber makes the file and writes its head.
func neuerSchreiber(t tabelle, create func(string) (io.WriteCloser, error), ab, vorher civil.Day) (*schreiber, error) {
	inhalt, davor := GES, ""
	if vorher != 0 {
		inhalt, davor = UPD, strconv.Itoa(int(vorher))
	}
	f, err := create(t.name + "." + string(inhalt))
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", t.name, err)
	}
	s := &schreiber{w: bufio.NewWriterSize(f, 1<<18), datei: f, v: neuerVerschluesseler()}
	for f := range strings.SplitSeq(t.felder, ",") {
		part := strings.Fields(f) // identifier, name, length, type
		name := strings.TrimRight(part[1], "*?")
		s.felder = append(s.felder, Feld{
			Kennung: part[0], Name: name, Schluessel: strings.HasSuffix(part[1], "*"),
			Pflicht: !strings.HasSuffix(part[1], "?"), Laenge: part[2], Typ: part[3],
		})
	}
	fmt.Fprintf(s.w, "00K\r\n01%s\r\n02%s\r\n03%d\r\n04%s\r\n05OFFIZIN MUSTER\r\n06%s\r\n07%s\r\n08%d\r\n",
		t.name, inhalt, ab, davor, t.langname, t.nummer, len(s.felder))
	for _, f := range s.felder {
		fmt.Fprintf(s.w, "00F\r\n01%s\r\n02%s\r\n03%s\r\n04%s\r\n05%s\r\n06%s\r\n07%s\r\n",
			f.Kennung, f.Name, eins(f.Schluessel), eins(!f.Pflicht), f.Laenge[:1], f.Laenge[1:], f.Typ)
	}
	return s, nil
}

func eins(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// wechsel writes what makes the record now of the record before: I, U, D or nothing. The
// values stand in the order of the fields; an empty one is null, a nil record is none.
func (s *schreiber) wechsel(before, now []string) error {
	art := Aendern
	switch {
	case before == nil && now == nil:
		return nil
	case before != nil && now != nil && !s.selberSchluessel(before, now):
		return errors.Join(s.wechsel(before, nil), s.wechsel(nil, now))
	case before == nil:
		art = Einfuegen
	case now == nil:
		art, now = Loeschen, before
	}
	begun := false
	for i, f := range s.felder {
		skip := art == Einfuegen && now[i] == "" || art == Loeschen || art == Aendern && now[i] == before[i]
		if f.Schluessel || skip {
			continue
		}
		if !begun {
			begun = true
			if err := s.anfang(art, now); err != nil {
				return err
			}
		}
		if err := s.zeile(f.Kennung, now[i]); err != nil {
			return err
		}
	}
	if !begun && art != Aendern {
		return s.anfang(art, now)
	}
	return nil
}

func (s *schreiber) selberSchluessel(before, now []string) bool {
	for i, f := range s.felder {
		if f.Schluessel && before[i] != now[i] {
			return false
		}
	}
	return true
}

// anfang writes the 00 line and the key.
func (s *schreiber) anfang(art Satzart, werte []string) error {
	err := s.zeile("00", string(art))
	for i, f := range s.felder {
		if f.Schluessel {
			err = errors.Join(err, s.zeile(f.Kennung, werte[i]))
		}
	}
	return err
}

func (s *schreiber) zeile(kennung, wert string) error {
	text, bad := s.v.text(wert)
	if bad != 0 {
		return fmt.Errorf("K2 has no way to write %q in %q", bad, wert)
	}
	for _, part := range [3]string{kennung, text, "\r\n"} {
		_, _ = s.w.WriteString(part) // Flush says what went wrong
	}
	return nil
}

// schliesse writes 00E and closes the file.
func (s *schreiber) schliesse() error {
	err := s.zeile("00", "E")
	return errors.Join(err, s.w.Flush(), s.datei.Close())
}

// verschluesseler writes Unicode as a K2 file has it.
type verschluesseler map[rune]string

// neuerVerschluesseler takes the last of the escapes that stand for the same character.
func neuerVerschluesseler() verschluesseler {
	v := verschluesseler{'µ': `\m63`, '\n': "~n", '\u2009': "~g"}
	for code, text := range zeichen {
		r := []rune(text)[0]
		if old := v[r]; (r >= 0x80 || r == '\\' || r == '~') && `\`+code > old {
			v[r] = `\` + code
		}
	}
	return v
}

// text returns s in 7-bit ASCII; the character that cannot be written, if there is one.
func (v verschluesseler) text(s string) (string, rune) {
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f || r == '\\' || r == '~' }) < 0 {
		return s, 0
	}
	var b strings.Builder
	for _, r := range s {
		switch code, ok := v[r]; {
		case ok:
			b.WriteString(code)
		case r >= ' ' && r < 0x7f:
			b.WriteRune(r)
		default:
			return "", r
		}
	}
	return b.String(), 0
}
