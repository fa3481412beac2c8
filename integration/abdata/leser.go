package abdata

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
)

// The limits of a file.
const (
	MaxBytes  = 4 << 30
	MaxZeile  = 1 << 20 // bytes of one line
	MaxFelder = 500
)

// Inhalt says what a file holds: everything, or the changes since an earlier one.
type Inhalt string

// The contents.
const (
	GES Inhalt = "GES"
	UPD Inhalt = "UPD"
)

// Kopf is the head of a file, its record 00K.
type Kopf struct {
	Name      string // "PAC_APO"
	Inhalt    Inhalt
	GueltigAb civil.Day
	Vorher    civil.Day // UPD: the day of the file that it changes; else 0
	Urheber   string
	Langname  string
	Nummer    string // of the file at ABDATA: "1005"
	Feldzahl  int
}

// Feld describes a field, its record 00F.
type Feld struct {
	Kennung    string // two characters
	Name       string
	Schluessel bool   // part of the key of a record
	Pflicht    bool   // not optional
	Laenge     string // "F8", "V50", "U": fixed, at most, without limit
	Typ        string // "PZ8", "NU1", …
}

// Wert is a field that the file does not describe.
type Wert struct{ Kennung, Text string }

// Satzart is what a record does.
type Satzart byte

// The kinds of records.
const (
	Einfuegen Satzart = 'I'
	Aendern   Satzart = 'U' // the key and what changes
	Loeschen  Satzart = 'D' // the key
)

// Satz is one record. It is valid until the next one is read.
type Satz struct {
	Art        Satzart
	Zeile      int    // of its 00 line, from 1
	Unbekannte []Wert // fields that no record 00F describes, as they stand in the file

	puffer []byte
	von    []spanne // by the position of the field
}

// spanne is a piece of the buffer; without a value, bis is -1.
type spanne struct{ von, bis int }

// Roh returns the field at a position of Leser.Felder as it stands in the file, with
// its escapes; false: it is null. It is valid until the next record is read.
func (s *Satz) Roh(i int) ([]byte, bool) {
	if v := s.von[i]; v.bis >= 0 {
		return s.puffer[v.von:v.bis], true
	}
	return nil, false
}

// Leser reads a K2 file record by record. It keeps one record and the descriptions of
// the fields, whatever the size of the file.
type Leser struct {
	Kopf   Kopf
	Felder []Feld

	datei   string
	r       *bufio.Reader
	lang    []byte // a line that the buffer of r does not hold
	nr      int    // of the line read last
	bytes   int64
	stelle  map[[2]byte]int
	satz    Satz
	weiter  byte // the letter of the 00 line that was read last
	zeichen zaehlung
	fremd   zaehlung
}

// Oeffne reads the head of a file and the descriptions of its fields. The name is for
// messages.
func Oeffne(r io.Reader, datei string) (*Leser, error) {
	l := &Leser{
		datei: datei, r: bufio.NewReaderSize(r, 1<<16),
		stelle: map[[2]byte]int{}, zeichen: zaehlung{}, fremd: zaehlung{},
	}
	kennung, wert, err := l.zeile()
	if errors.Is(err, io.EOF) || err == nil && (kennung != satzanfang || string(wert) != "K") {
		return nil, l.fehler("A-480", "Die Datei ist keine K2-Datei: Sie beginnt nicht mit 00K; bitte "+
			"die Lieferung prüfen.")
	}
	if err != nil {
		return nil, err
	}
	if err := l.kopf(); err != nil {
		return nil, err
	}
	for l.weiter == 'F' {
		if err := l.feld(); err != nil {
			return nil, err
		}
	}
	if len(l.Felder) != l.Kopf.Feldzahl {
		return nil, l.fehler("A-484", fmt.Sprintf("Die Datei beschreibt %d Felder, ihr Kopf nennt %d; "+
			"bitte die Lieferung "+
			"neu laden.", len(l.Felder), l.Kopf.Feldzahl))
	}
	l.satz.von = make([]spanne, len(l.Felder))
	return l, nil
}

// Unbekannt lists the escapes and the identifiers of fields that were not known so far,
// the most frequent first. They stay in the texts and in Satz.Unbekannte.
func (l *Leser) Unbekannt() (zeichen, felder []string) { return l.zeichen.namen(), l.fremd.namen() }

// Text returns the field at a position with its escapes resolved, "" if it is null.
func (l *Leser) Text(s *Satz, i int) string {
	b, _ := s.Roh(i)
	return entziffere(string(b), l.zeichen)
}

// Next reads the next record; io.EOF behind the last. A file that ends without its
// record 00E is refused: it is not whole.
func (l *Leser) Next() (*Satz, error) {
	art := Satzart(l.weiter)
	switch {
	case l.weiter == 'E':
		return nil, l.schluss()
	case art != Einfuegen && (l.Kopf.Inhalt == GES || art != Aendern && art != Loeschen):
		return nil, l.fehler("A-485", "Die Datei enthält hier einen Satz 00"+string(l.weiter)+", der "+
			"nicht an diese Stelle gehört; "+
			"bitte die Lieferung neu laden.")
	}
	s := &l.satz
	s.Art, s.Zeile, s.puffer, s.Unbekannte = art, l.nr, s.puffer[:0], s.Unbekannte[:0]
	for i := range s.von {
		s.von[i].bis = -1
	}
	if err := l.werte(s); err != nil {
		return nil, err
	}
	return s, l.schluessel(s)
}

// werte reads the fields of a record up to the next 00 line.
func (l *Leser) werte(s *Satz) error {
	next := 0 // fields mostly stand in the order of their descriptions
	for {
		kennung, wert, err := l.inSatz()
		if err != nil || kennung == satzanfang {
			return err
		}
		i, ok := next, next < len(l.Felder) && l.Felder[next].Kennung == string(kennung[:])
		if !ok {
			i, ok = l.stelle[kennung]
		}
		switch {
		case !ok:
			if len(s.Unbekannte) >= MaxFelder {
				return l.fehler("A-488", fmt.Sprintf("Die Datei hat mehr als %d Felder; bitte die Lieferung "+
					"prüfen.", MaxFelder))
			}
			l.fremd.plus(string(kennung[:]))
			s.Unbekannte = append(s.Unbekannte, Wert{string(kennung[:]), string(wert)})
			continue
		case s.von[i].bis >= 0:
			return l.doppelt(kennung)
		}
		von := len(s.puffer)
		s.puffer = append(s.puffer, wert...)
		if s.von[i] = (spanne{von, len(s.puffer)}); len(wert) == 0 && s.Art == Einfuegen {
			s.von[i].bis = -1
		}
		next = i + 1
	}
}

// schluessel refuses a record without its key.
func (l *Leser) schluessel(s *Satz) error {
	for i, f := range l.Felder {
		if b, _ := s.Roh(i); f.Schluessel && len(b) == 0 {
			return l.fehlerIn(s.Zeile, "A-486", "Die Datei nennt in diesem Satz den Schlüssel "+
				"„"+f.Name+"“ nicht; bitte die Lieferung "+
				"neu laden.")
		}
	}
	return nil
}

// schluss holds that nothing follows behind 00E: else two files were put together.
func (l *Leser) schluss() error {
	_, _, err := l.zeile()
	if err == nil {
		err = l.fehler("A-487", "Die Datei geht hinter ihrem Ende (00E) weiter; bitte die Lieferung neu laden.")
	}
	return err
}

// kopf reads the rest of the record 00K.
func (l *Leser) kopf() error {
	felder, err := l.block()
	if err != nil {
		return err
	}
	k := Kopf{
		Name: felder["01"], Inhalt: Inhalt(felder["02"]), Urheber: felder["05"], Langname: felder["06"],
		Nummer: felder["07"],
	}
	var err1, err2, err3 error
	k.GueltigAb, err1 = tag(felder["03"])
	if k.Inhalt == UPD {
		k.Vorher, err2 = tag(felder["04"])
	}
	k.Feldzahl, err3 = strconv.Atoi(felder["08"])
	if k.Name == "" || k.Inhalt != GES && k.Inhalt != UPD || errors.Join(err1, err2, err3) != nil {
		return l.fehler("A-483", "Die Datei hat keinen lesbaren Kopf (Name, GES oder UPD, Tage, Zahl "+
			"der Felder); bitte die "+
			"Lieferung neu laden.")
	}
	l.Kopf = k
	return nil
}

// feld reads the rest of a record 00F.
func (l *Leser) feld() error {
	felder, err := l.block()
	if err != nil {
		return err
	}
	f := Feld{
		Kennung: felder["01"], Name: felder["02"], Schluessel: felder["03"] == "1", Pflicht: felder["04"] == "0",
		Laenge: felder["05"] + felder["06"], Typ: felder["07"],
	}
	if len(f.Kennung) != 2 || f.Kennung == "00" {
		return l.fehler("A-482", "Die Datei beschreibt ein Feld ohne Kennung aus zwei Zeichen; bitte "+
			"die Lieferung neu laden.")
	}
	kennung := [2]byte{f.Kennung[0], f.Kennung[1]}
	if _, there := l.stelle[kennung]; there {
		return l.doppelt(kennung)
	}
	if len(l.Felder) >= MaxFelder {
		return l.fehler("A-488", fmt.Sprintf("Die Datei hat mehr als %d Felder; bitte die Lieferung "+
			"prüfen.", MaxFelder))
	}
	l.stelle[kennung] = len(l.Felder)
	l.Felder = append(l.Felder, f)
	return nil
}

// block reads a record of the head up to the next 00 line.
func (l *Leser) block() (map[string]string, error) {
	felder := map[string]string{}
	for {
		kennung, wert, err := l.inSatz()
		if err != nil || kennung == satzanfang {
			return felder, err
		}
		if _, there := felder[string(kennung[:])]; there {
			return nil, l.doppelt(kennung)
		}
		if len(felder) >= MaxFelder {
			return nil, l.fehler("A-488", fmt.Sprintf("Die Datei hat mehr als %d Felder; bitte die "+
				"Lieferung prüfen.", MaxFelder))
		}
		felder[string(kennung[:])] = entziffere(string(wert), l.zeichen)
	}
}

// satzanfang is the identifier that begins a record.
var satzanfang = [2]byte{'0', '0'} //nolint:gochecknoglobals // a constant

// inSatz reads a line that must be there, and remembers the letter of a 00 line.
func (l *Leser) inSatz() (kennung [2]byte, wert []byte, err error) {
	kennung, wert, err = l.zeile()
	switch {
	case errors.Is(err, io.EOF):
		return kennung, nil, l.fehler("A-481", "Die Datei ist abgeschnitten: Ihr Ende (00E) fehlt; "+
			"bitte die Lieferung neu laden.")
	case err != nil || kennung != satzanfang:
		return kennung, wert, err
	case len(wert) != 1:
		return kennung, nil, l.fehler("A-489", "Die Datei enthält hier eine Zeile 00 ohne die Art des "+
			"Satzes; bitte die Lieferung "+
			"neu laden.")
	}
	l.weiter = wert[0]
	return kennung, wert, nil
}

// zeile reads a line: an identifier of two characters and the value, in 7-bit ASCII,
// ended by CR LF or LF. The value is valid until the next line is read.
func (l *Leser) zeile() (kennung [2]byte, wert []byte, err error) {
	line, err := l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = l.langeZeile(line)
	}
	l.nr++
	l.bytes += int64(len(line))
	switch {
	case len(line) > MaxZeile:
		return kennung, nil, l.fehler("A-490", "Die Datei hat hier eine Zeile von mehr als 1 MB; bitte die Lieferung "+
			"neu laden.")
	case errors.Is(err, io.EOF) && len(line) == 0:
		return kennung, nil, io.EOF
	case err != nil && !errors.Is(err, io.EOF):
		return kennung, nil, fmt.Errorf("read %s: %w", l.datei, err)
	case l.bytes > MaxBytes:
		return kennung, nil, l.fehler("A-491", "Die Datei ist größer als 4 GB; bitte die Lieferung prüfen.")
	}
	line = ohneEnde(line)
	if len(line) < 2 || !ascii(line) {
		return kennung, nil, l.fehler("A-492", "Die Datei hat hier eine Zeile, die nicht mit einer "+
			"Kennung beginnt oder andere Zeichen "+
			"als 7-Bit-ASCII enthält; bitte die Lieferung neu laden und nicht in einem Textprogramm speichern.")
	}
	return [2]byte{line[0], line[1]}, line[2:], nil
}

// langeZeile goes on with a line that is longer than the buffer of the reader, up to the
// limit.
func (l *Leser) langeZeile(line []byte) ([]byte, error) {
	l.lang = append(l.lang[:0], line...)
	for {
		line, err := l.r.ReadSlice('\n')
		if l.lang = append(l.lang, line...); !errors.Is(err, bufio.ErrBufferFull) || len(l.lang) > MaxZeile {
			return l.lang, err //nolint:wrapcheck // wrapped by the caller
		}
	}
}

func ohneEnde(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}

func ascii(line []byte) bool {
	for _, b := range line {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return true
}

func (l *Leser) doppelt(kennung [2]byte) error {
	return l.fehler("A-493", "Die Datei nennt hier das Feld "+string(kennung[:])+" ein zweites "+
		"Mal; bitte die Lieferung neu laden.")
}

func (l *Leser) fehler(code, text string) error { return l.fehlerIn(l.nr, code, text) }

// fehlerIn says in which file and line the fault is; and what to do.
func (l *Leser) fehlerIn(zeile int, code, text string) error {
	return fault.New(fault.Invalid, code, fmt.Sprintf("%s, Zeile %d: %s", l.datei, zeile, text), nil)
}

// tag reads YYYYMMDD.
func tag(s string) (civil.Day, error) {
	if len(s) != 8 {
		return 0, civil.ErrDay
	}
	return civil.Parse(s[:4] + "-" + s[4:6] + "-" + s[6:])
}
