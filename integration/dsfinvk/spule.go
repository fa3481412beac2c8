package dsfinvk

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"github.com/offizin/offizin/internal/platte"
)

// spule is a table that grows while the others do: packed, in a file of its own, so that an
// export of ten years needs no more memory than one of a day.
type spule struct {
	name string
	file *os.File
	buf  *bufio.Writer
	pack *flate.Writer
	crc  uint32
	roh  uint64 // bytes before packing
}

// anfang is how the names of spools begin, where they have any.
const anfang = "dsfinvk-"

func newSpule(ordner, name string) (*spule, error) {
	f, err := platte.Zwischendatei(ordner, anfang)
	if err != nil {
		return nil, fmt.Errorf("spool %s: %w", name, err)
	}
	s := &spule{name: name, file: f, buf: bufio.NewWriterSize(f, 1<<15)}
	if s.pack, err = flate.NewWriter(s.buf, flate.DefaultCompression); err != nil {
		return nil, errors.Join(fmt.Errorf("spool %s: %w", name, err), s.close())
	}
	return s, nil
}

// Write implements io.Writer.
func (s *spule) Write(b []byte) (int, error) {
	s.crc = crc32.Update(s.crc, crc32.IEEETable, b)
	s.roh += uint64(len(b))
	n, err := s.pack.Write(b)
	if err != nil {
		return n, fmt.Errorf("spool %s: %w", s.name, err)
	}
	return n, nil
}

// into moves the table into the archive. Neither time nor owner of a file stand there: the same
// data are the same bytes.
func (s *spule) into(z *zip.Writer) error {
	if err := errors.Join(s.pack.Close(), s.buf.Flush()); err != nil {
		return fmt.Errorf("spool %s: %w", s.name, err)
	}
	size, err := s.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("spool %s: %w", s.name, err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("spool %s: %w", s.name, err)
	}
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: s.name, Method: zip.Deflate, CRC32: s.crc, CompressedSize64: uint64(size), UncompressedSize64: s.roh,
		ModifiedDate: 1<<5 | 1, //nolint:staticcheck // 1 January 1980: CreateRaw knows no other way
	})
	if err != nil {
		return fmt.Errorf("pack %s: %w", s.name, err)
	}
	if _, err := io.Copy(w, s.file); err != nil {
		return fmt.Errorf("pack %s: %w", s.name, err)
	}
	return nil
}

// close removes the file on the way.
func (s *spule) close() error {
	if err := platte.Discard(s.file); err != nil {
		return fmt.Errorf("remove spool of %s: %w", s.name, err)
	}
	return nil
}
