// Package archiv is the form of a backup: files in a tar, compressed by gzip, encrypted by
// age for every recipient. Whoever has a key can open it with these three tools alone.
//
// The first file is kopf.json (a Kopf), the last manifest.json (a Manifest) with size and
// SHA-256 of all others: a backup without it is cut. Nothing is held in memory but the list.
package archiv

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/offizin/offizin/internal/fault"
)

// Format is the version of the form.
const Format = 1

const (
	kopfName     = "kopf.json"
	manifestName = "manifest.json"
	maxKopf      = 1 << 20
	maxManifest  = 16 << 20
	maxDateien   = 20_000
	maxName      = 512
	maxBytes     = 1 << 40
)

// Kopf says what a backup is of.
type Kopf struct {
	Format   int       `json:"format"`
	Apotheke string    `json:"apotheke"` // random name of the pharmacy's set of keys
	Zeit     time.Time `json:"zeit"`     // UTC, of the moment that is saved
	Programm string    `json:"programm"` // version
	Schema   int       `json:"schema"`   // of the journal's database
	Koepfe   []Stand   `json:"koepfe"`   // of every origin, own first
	Bytes    int64     `json:"bytes"`    // of all files
}

// Stand is the end of the log of one origin.
type Stand struct {
	Herkunft string `json:"herkunft"` // "platz-1/0123456789abcdef"
	Nr       uint64 `json:"nr"`
	Hash     string `json:"hash"` // hex
}

// Datei is a file of a backup.
type Datei struct {
	Name   string `json:"name"` // below the data folder, with slashes
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // hex
}

// Manifest is the end of a backup.
type Manifest struct {
	Kopf    string  `json:"kopf"` // SHA-256 of kopf.json, hex
	Dateien []Datei `json:"dateien"`
}

// Schreiber writes a backup.
type Schreiber struct {
	age      io.WriteCloser
	gzip     *gzip.Writer
	tar      *tar.Writer
	zeit     time.Time
	manifest Manifest
}

// New begins a backup that each of the recipients can open.
func New(w io.Writer, k Kopf, an ...age.Recipient) (*Schreiber, error) {
	locked, err := age.Encrypt(w, an...)
	if err != nil {
		return nil, fmt.Errorf("begin to encrypt: %w", err)
	}
	packed, err := gzip.NewWriterLevel(locked, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("begin to compress: %w", err)
	}
	s := &Schreiber{age: locked, gzip: packed, tar: tar.NewWriter(packed), zeit: k.Zeit}
	b, err := json.Marshal(k)
	if err != nil {
		return nil, fmt.Errorf("encode head: %w", err)
	}
	s.manifest.Kopf = summe(b)
	return s, s.schreibe(kopfName, int64(len(b)), strings.NewReader(string(b)), io.Discard)
}

// Datei adds a file of exactly that size.
func (s *Schreiber) Datei(name string, size int64, r io.Reader) error {
	if !erlaubt(name) {
		return fmt.Errorf("name of file %q", name)
	}
	sum := sha256.New()
	if err := s.schreibe(name, size, r, sum); err != nil {
		return fmt.Errorf("save %s: %w", name, err)
	}
	s.manifest.Dateien = append(s.manifest.Dateien, Datei{name, size, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

func (s *Schreiber) schreibe(name string, size int64, r io.Reader, sum io.Writer) error {
	h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: s.zeit, Format: tar.FormatPAX}
	if err := s.tar.WriteHeader(h); err != nil {
		return fmt.Errorf("write name: %w", err)
	}
	n, err := io.Copy(io.MultiWriter(s.tar, sum), io.LimitReader(r, size))
	if err == nil && n != size {
		err = fmt.Errorf("%w: %d of %d bytes", io.ErrUnexpectedEOF, n, size)
	}
	return err
}

// Close ends the backup; without it, it is cut.
func (s *Schreiber) Close() error {
	b, err := json.Marshal(s.manifest)
	if err == nil {
		err = s.schreibe(manifestName, int64(len(b)), strings.NewReader(string(b)), io.Discard)
	}
	for _, c := range []io.Closer{s.tar, s.gzip, s.age} {
		if err == nil {
			err = c.Close()
		}
	}
	if err != nil {
		return fmt.Errorf("end backup: %w", err)
	}
	return nil
}

// erlaubt: a file of a backup never leaves the folder it is restored into.
func erlaubt(name string) bool {
	return name != "" && len(name) <= maxName && filepath.IsLocal(filepath.FromSlash(name)) &&
		!strings.ContainsAny(name, "\\:\x00") && filepath.ToSlash(filepath.Clean(name)) == name &&
		name != kopfName && name != manifestName && name != "."
}

func summe(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Leser reads a backup.
type Leser struct {
	Kopf    Kopf
	voraus  *voraus // nil: nothing is read ahead
	tar     *tar.Reader
	summe   string // of kopf.json
	gelesen []Datei
	namen   map[string]bool
	offen   *teil
}

// teil is the file that is being read.
type teil struct {
	io.Reader

	name  string
	bytes int64
	sum   hash.Hash
}

// Open begins to read a backup with any of the keys: D-111 if none opens it, D-112 if it is
// none, D-113 if it is damaged, D-114 if it comes from a newer version. It reads ahead, until Close.
func Open(r io.Reader, mit ...age.Identity) (*Leser, error) {
	plain, err := age.Decrypt(r, mit...)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return nil, fault.New(fault.Denied, "D-111", "Der Wiederherstellungscode passt nicht zu dieser Sicherung; "+
			"bitte prüfen, "+
			"ob sie von dieser Apotheke ist und ob es einen älteren Ausdruck gibt.", err)
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "D-112", "Die Datei ist keine Sicherung von Offizin oder am Anfang "+
			"beschädigt; "+
			"bitte eine andere nehmen.", err)
	}
	packed, err := gzip.NewReader(plain)
	if err != nil {
		return nil, kaputt(err)
	}
	packed.Multistream(false)
	ahead := vorauslesen(&ende{packed, plain})
	l, err := lies(ahead, strings.NewReader(""))
	if err != nil {
		ahead.schliesse()
		return nil, err
	}
	l.voraus = ahead
	return l, nil
}

// Close ends the reading; r of Open is the caller's again.
func (l *Leser) Close() {
	if l.voraus != nil {
		l.voraus.schliesse()
		l.voraus = nil
	}
}

// lies begins to read what is decrypted and decompressed; rest is what must be empty behind it.
func lies(packed, rest io.Reader) (*Leser, error) {
	l := &Leser{tar: tar.NewReader(&ende{packed, rest}), namen: map[string]bool{}}
	h, err := l.tar.Next()
	if err != nil {
		return nil, kaputt(err)
	}
	if h.Name != kopfName || h.Size > maxKopf {
		return nil, kaputt(errors.New("no head"))
	}
	b, err := io.ReadAll(l.tar)
	if err != nil {
		return nil, kaputt(err)
	}
	l.summe = summe(b)
	var only struct{ Format int }
	if err := json.Unmarshal(b, &only); err != nil {
		return nil, kaputt(err)
	}
	if only.Format != Format {
		return nil, Neuer(fmt.Errorf("format %d", only.Format))
	}
	if err := json.Unmarshal(b, &l.Kopf); err != nil {
		return nil, kaputt(err)
	}
	if l.Kopf.Bytes < 0 || l.Kopf.Bytes > maxBytes || len(l.Kopf.Koepfe) == 0 {
		return nil, kaputt(errors.New("head without content"))
	}
	return l, nil
}

// Neuer is the fault for a backup of a later version: D-114.
func Neuer(cause error) error {
	return fault.New(fault.Invalid, "D-114", "Die Sicherung stammt von einer neueren Version; bitte Offizin zuerst "+
		"aktualisieren – die Sicherung bleibt unberührt.", cause)
}

func kaputt(cause error) error {
	return fault.New(fault.Corrupt, "D-113", "Die Sicherung ist beschädigt oder unvollständig, es wurde nichts "+
		"wiederhergestellt; bitte die davor nehmen.", cause)
}

// Next is the next file; io.EOF after the last, if the manifest is there and all is as it
// says. The content is to be read before the next call. D-113 if anything is wrong.
func (l *Leser) Next() (name string, size int64, content io.Reader, err error) {
	if err := l.schliesse(); err != nil {
		return "", 0, nil, err
	}
	h, err := l.tar.Next()
	if err != nil {
		return "", 0, nil, kaputt(fmt.Errorf("no manifest: %w", err))
	}
	if h.Name == manifestName {
		return "", 0, nil, l.pruefe(h.Size)
	}
	bad := h.Typeflag != tar.TypeReg || h.Size > maxBytes || !erlaubt(h.Name)
	if bad || l.namen[h.Name] || len(l.namen) == maxDateien {
		return "", 0, nil, kaputt(fmt.Errorf("file %q", h.Name))
	}
	l.namen[h.Name] = true
	sum := sha256.New()
	l.offen = &teil{io.TeeReader(l.tar, sum), h.Name, h.Size, sum}
	return h.Name, h.Size, inhalt{l.offen}, nil
}

// inhalt says of an error of reading that the backup is damaged.
type inhalt struct{ io.Reader }

func (i inhalt) Read(p []byte) (int, error) {
	n, err := i.Reader.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // a reader returns it as it is
		err = kaputt(err)
	}
	return n, err
}

// schliesse reads the current file to its end and notes its hash.
func (l *Leser) schliesse() error {
	t := l.offen
	if t == nil {
		return nil
	}
	if _, err := io.Copy(io.Discard, t); err != nil {
		return kaputt(err)
	}
	l.gelesen = append(l.gelesen, Datei{t.name, t.bytes, hex.EncodeToString(t.sum.Sum(nil))})
	l.offen = nil
	return nil
}

// pruefe compares all that was read with the manifest; io.EOF if it is the same.
func (l *Leser) pruefe(size int64) error {
	if size > maxManifest {
		return kaputt(errors.New("size of the manifest"))
	}
	var m Manifest
	b, err := io.ReadAll(l.tar)
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return kaputt(err)
	}
	same := m.Kopf == l.summe && len(m.Dateien) == len(l.gelesen)
	for i := 0; same && i < len(m.Dateien); i++ {
		same = m.Dateien[i] == l.gelesen[i]
	}
	if !same {
		return kaputt(errors.New("content is not what the manifest says"))
	}
	if _, err := l.tar.Next(); err != io.EOF {
		return kaputt(fmt.Errorf("after the manifest: %w", err))
	}
	return io.EOF
}

// ende reads one stream and makes sure that nothing follows in the one beneath it.
type ende struct{ oben, unten io.Reader }

func (e *ende) Read(p []byte) (int, error) {
	n, err := e.oben.Read(p)
	if err != io.EOF {
		return n, err //nolint:wrapcheck // Next says what is damaged
	}
	m, below := io.ReadFull(e.unten, make([]byte, 1))
	if m > 0 {
		return n, errors.New("something follows the end")
	}
	if below != io.EOF {
		return n, below //nolint:wrapcheck // as above
	}
	return n, io.EOF
}
