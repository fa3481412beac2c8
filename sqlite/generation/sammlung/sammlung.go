// Package sammlung keeps the rows of a build on their way from the source to the database.
package sammlung

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/fault"
)

// File is the name of the file with the rows. Written by rising PZN the database is smaller,
// takes half the time, and does not depend on the order of the source.
const File = "artikel.zeilen"

// Sammlung are the rows of a build, in a file.
type Sammlung struct {
	f     *os.File
	w     *bufio.Writer
	buf   []byte
	bytes int64
	liste []stelle
}

// stelle says where the row of an article stands.
type stelle struct {
	ab         int64
	pzn, bytes uint32
}

// New makes the file.
func New(name string) (*Sammlung, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("make file of rows: %w", err)
	}
	return &Sammlung{f: f, w: bufio.NewWriterSize(f, 1<<18)}, nil
}

// Close removes the file.
func (s *Sammlung) Close() error { return errors.Join(s.f.Close(), os.Remove(s.f.Name())) }

// Append adds a row: popularity, length of the group, group, article.
func (s *Sammlung) Append(z catalogue.Zeile) error {
	daten, err := json.Marshal(z.Artikel)
	if err != nil {
		return fmt.Errorf("encode %s: %w", z.Artikel.PZN, err)
	}
	nummer, err := suche.Nummer(z.Artikel.PZN)
	if err != nil {
		return err
	}
	gruppe := z.Artikel.Gruppe()
	s.buf = binary.AppendVarint(s.buf[:0], int64(z.Beliebtheit))
	s.buf = binary.AppendUvarint(s.buf, uint64(len(gruppe)))
	s.buf = append(append(s.buf, gruppe...), daten...)
	if _, err := s.w.Write(s.buf); err != nil {
		return fmt.Errorf("keep %s: %w", z.Artikel.PZN, err)
	}
	s.liste = append(s.liste, stelle{s.bytes, nummer, uint32(len(s.buf))})
	s.bytes += int64(len(s.buf))
	return nil
}

// Write writes all rows into the database, by rising PZN.
func (s *Sammlung) Write(db *sqlite3.Conn, weiter func(i int) error) error {
	if err := s.w.Flush(); err != nil {
		return fmt.Errorf("keep rows: %w", err)
	}
	insert, _, err := db.Prepare("INSERT INTO artikel VALUES (?, ?, ?, ?)")
	if err != nil {
		return fmt.Errorf("prepare articles: %w", err)
	}
	defer insert.Close() //nolint:errcheck // repeats the error of its last run
	slices.SortStableFunc(s.liste, func(a, b stelle) int { return cmp.Compare(a.pzn, b.pzn) })
	for i, x := range s.liste {
		err := weiter(i)
		if err == nil {
			err = s.setze(insert, x)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// setze reads one row again and writes it.
func (s *Sammlung) setze(insert *sqlite3.Stmt, x stelle) error {
	s.buf = slices.Grow(s.buf[:0], int(x.bytes))[:x.bytes]
	if _, err := s.f.ReadAt(s.buf, x.ab); err != nil {
		return fmt.Errorf("read rows again: %w", err)
	}
	beliebtheit, n := binary.Varint(s.buf)
	laenge, m := binary.Uvarint(s.buf[n:])
	gruppe := s.buf[n+m:][:laenge]
	daten := s.buf[n+m:][laenge:]
	err := errors.Join(insert.BindInt64(1, int64(x.pzn)), insert.BindRawText(2, gruppe),
		insert.BindInt64(3, beliebtheit), insert.BindBlob(4, daten), insert.Exec(), insert.Reset())
	pzn := kennung.PZN(fmt.Sprintf("%08d", x.pzn))
	if errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY) || errors.Is(err, sqlite3.CONSTRAINT) {
		return fault.New(fault.Invalid, "A-413", fmt.Sprintf(
			"Die PZN %s kommt in der Quelle zweimal vor; bitte eine der Zeilen entfernen.", pzn), err)
	}
	if err != nil {
		return fmt.Errorf("store %s: %w", pzn, err)
	}
	return nil
}
