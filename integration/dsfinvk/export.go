package dsfinvk

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/internal/dtd"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

// schreiber writes an export.
type schreiber struct {
	tafeln map[string]*tafel
	folge  []*tafel
	summe  Summe
	letzte abschluss.Betrieb

	// Of the closing that is written: its key, and which TSE has which number in it.
	kopf []wert
	tse  map[string]int
	ort  string
}

// Schreiben writes the closings of a source as ZIP, with files on the way in a folder. The same
// closings give the same bytes, and the rows of several are the rows of each, one after the
// other.
func Schreiben(w io.Writer, ordner string, q Quelle) (_ Summe, err error) {
	schema, err := Schema()
	if err != nil {
		return Summe{}, err
	}
	s := &schreiber{tafeln: map[string]*tafel{}}
	platte.RemoveDead(ordner, anfang)
	defer func() { err = errors.Join(err, s.close()) }()
	for _, t := range schema {
		if err := s.open(ordner, t); err != nil {
			return Summe{}, err
		}
	}
	if err := q.Abschluesse(func(a abschluss.Abschluss) error { return s.abschluss(q, a) }); err != nil {
		return s.summe, err
	}
	if s.summe.Abschluesse == 0 {
		return s.summe, fault.New(fault.NotFound, "T-403",
			"In diesem Zeitraum gibt es keinen Tagesabschluss; bitte einen anderen wählen oder erst abschließen.", nil)
	}
	return s.summe, s.pack(w)
}

func (s *schreiber) open(ordner string, t Tabelle) error {
	spule, err := newSpule(ordner, t.Datei)
	if err != nil {
		return err
	}
	neu := &tafel{Tabelle: t, spule: spule}
	s.tafeln[t.Datei], s.folge = neu, append(s.folge, neu)
	return neu.kopf()
}

func (s *schreiber) close() (err error) {
	for _, t := range s.folge {
		err = errors.Join(err, t.close())
	}
	return err
}

// pack makes the ZIP: description first, then the tables in order.
func (s *schreiber) pack(w io.Writer) error {
	z := zip.NewWriter(w)
	index, err := s.index()
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		text []byte
	}{{Index, index}, {dtd.Name, dtd.Text()}} {
		file, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate})
		if err != nil {
			return fmt.Errorf("pack %s: %w", f.name, err)
		}
		if _, err := file.Write(f.text); err != nil {
			return fmt.Errorf("pack %s: %w", f.name, err)
		}
	}
	for _, t := range s.folge {
		if err := t.into(z); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("pack export: %w", err)
	}
	return nil
}

// index is the description of the tables, with who delivers them.
func (s *schreiber) index() ([]byte, error) {
	text, err := daten.ReadFile("daten/" + Index)
	if err != nil {
		return nil, fmt.Errorf("template of the index: %w", err)
	}
	from, to := bytes.Index(text, []byte("<DataSupplier>")), bytes.Index(text, []byte("</DataSupplier>"))
	if from < 0 || to < from {
		return nil, errors.New("template of the index names no supplier")
	}
	var b bytes.Buffer
	b.Write(text[:from])
	b.WriteString("<DataSupplier>")
	for _, f := range [][2]string{
		{"Name", s.letzte.Name}, {"Location", s.letzte.Ort}, {"Comment", "DSFinV-K " + Version},
	} {
		b.WriteString("<" + f[0] + ">")
		if err := xml.EscapeText(&b, []byte(f[1])); err != nil {
			return nil, fmt.Errorf("write index: %w", err)
		}
		b.WriteString("</" + f[0] + ">")
	}
	b.Write(text[to:])
	return b.Bytes(), nil
}

// zeile writes a row of the closing that is being written.
func (s *schreiber) zeile(datei string, werte ...wert) error {
	row := make([]wert, 0, len(s.kopf)+len(werte))
	return s.tafeln[datei].zeile(s.ort, append(append(row, s.kopf...), werte...))
}

// abschluss writes a closing and its records.
func (s *schreiber) abschluss(q Quelle, a abschluss.Abschluss) error {
	s.kopf = []wert{text(a.Till), text(kassenbeleg.Zeit(a.Zeit)), ganz(a.Nummer)}
	s.ort = fmt.Sprintf("Tagesabschluss %d von %s", a.Nummer, a.Till)
	s.letzte = a.Stamm.Betrieb
	s.summe.Abschluesse++
	for _, f := range []func(abschluss.Abschluss) error{s.stamm, s.tses, s.saetze, s.summen} {
		if err := f(a); err != nil {
			return err
		}
	}
	ort := s.ort
	err := q.Belege(a, func(b Beleg) error {
		s.summe.Belege++
		s.ort = "Bon " + b.Bon.Nummer
		return s.beleg(b)
	})
	s.ort = ort
	return err
}
