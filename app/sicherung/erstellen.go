package sicherung

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"github.com/offizin/offizin/app/sicherung/archiv"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/sqlite/kopie"
)

// Ergebnis is a backup that was just made.
type Ergebnis struct {
	Datei   string         `json:"datei"` // with its folder
	Zeit    time.Time      `json:"zeit"`  // of the moment that is saved, UTC
	Bytes   int64          `json:"bytes"` // of the file
	Dateien int            `json:"dateien"`
	Inhalt  int64          `json:"inhalt"` // bytes of what is in it
	Koepfe  []archiv.Stand `json:"koepfe"`
}

// Erstellen makes a backup in a folder, reads it again, removes what is too old there, and
// notes who was erased. One at a time: D-107.
func (s *Sicherungen) Erstellen(ctx context.Context, ordner string, p Progress) (e Ergebnis, err error) {
	if !s.einer.TryLock() {
		return e, fault.New(fault.Conflict, "D-107",
			"Es wird gerade schon gesichert oder eine Sicherung geprüft; bitte in einigen Minuten wiederholen.", nil)
	}
	defer s.einer.Unlock()
	s.beginnt(hinweis)
	defer s.beginnt("")
	k, err := liesSchluessel(s.Daten)
	if err != nil {
		return e, err
	}
	if err := s.pruefeOrdner(ordner); err != nil {
		return e, err
	}
	gone, err := kopie.Geloescht(s.Daten)
	if err == nil {
		err = s.schreibeLoeschliste(ordner, k, gone)
	}
	if err == nil {
		e, err = s.sichere(ctx, ordner, k, p)
	}
	if err == nil {
		err = s.raeume(ordner, k.Apotheke)
	}
	return e, err
}

// sichere copies the journal, writes the backup under another name, checks it and gives it
// its name: whoever looks finds all of it or nothing.
func (s *Sicherungen) sichere(ctx context.Context, ordner string, k schluessel, p Progress) (e Ergebnis, err error) {
	tmp := filepath.Join(s.Daten, Dir, "kopie.tmp")
	if err := errors.Join(os.RemoveAll(tmp), os.MkdirAll(tmp, 0o700)); err != nil {
		return e, fmt.Errorf("prepare copy: %w", err)
	}
	defer os.RemoveAll(tmp) //nolint:errcheck // the next one tries again
	at := s.Clock.Now().Truncate(time.Second)
	state, files, err := s.kopiere(ctx, tmp, p)
	if err != nil {
		return e, err
	}
	head := archiv.Kopf{
		Format: archiv.Format, Apotheke: k.Apotheke, Zeit: at, Programm: programm(), Schema: state.Schema,
	}
	for _, h := range state.Koepfe {
		end := archiv.Stand{Herkunft: h.Origin.String(), Nr: h.Seq, Hash: hex.EncodeToString(h.Hash[:])}
		head.Koepfe = append(head.Koepfe, end)
	}
	for _, f := range files {
		head.Bytes += f.bytes
	}
	e = Ergebnis{
		Datei: filepath.Join(ordner, dateiname(k.Apotheke, at)), Zeit: at, Dateien: len(files), Inhalt: head.Bytes,
		Koepfe: head.Koepfe,
	}
	e.Bytes, err = s.lege(ctx, e.Datei, k, head, files, tmp, p)
	return e, err
}

// kopiere copies the journal of this moment into a folder and lists all that is saved, the
// journal first.
func (s *Sicherungen) kopiere(ctx context.Context, tmp string, p Progress) (kopie.Stand, []quelle, error) {
	size := int64(0)
	for _, name := range []string{sqlite.File, sqlite.File + "-wal"} {
		if fi, err := os.Stat(filepath.Join(s.Daten, name)); err == nil {
			size += fi.Size()
		}
	}
	if free, _, err := platte.Frei(s.Daten); err == nil && free < size+size/10+platzUebrig {
		return kopie.Stand{}, nil, ohnePlatz(nil)
	}
	name := filepath.Join(tmp, sqlite.File)
	state, err := kopie.Journal(ctx, s.Daten, name, func(done, total int) { p.sage("Journal", int64(done), int64(total)) })
	if err != nil && errors.Is(platte.Hindernis(s.Daten), platte.ErrVoll) {
		err = ohnePlatz(err)
	}
	if err != nil {
		return state, nil, err
	}
	fi, err := os.Stat(name)
	if err != nil {
		return state, nil, fmt.Errorf("look at copy: %w", err)
	}
	rest, err := s.umfang()
	return state, append([]quelle{{name: sqlite.File, bytes: fi.Size()}}, s.mitSchluessel(rest)...), err
}

// platzUebrig is what sales keep on the disk whatever is saved.
const platzUebrig = 200 << 20

func ohnePlatz(cause error) error {
	return fault.New(fault.Unavailable, "D-108", "Auf der Festplatte ist kein Platz für die Kopie, aus der "+
		"gesichert wird; "+
		"bitte Platz schaffen, dann wird wieder gesichert.", cause)
}

// lege writes the backup and returns its size.
func (s *Sicherungen) lege(
	ctx context.Context, name string, k schluessel, head archiv.Kopf, files []quelle, tmp string, p Progress,
) (size int64, err error) {
	ordner := filepath.Dir(name)
	platte.RemoveLike(ordner, ".offizin-"+k.Apotheke+"-", teilname) // of one that was killed
	free, _, err := platte.Frei(ordner)
	if err == nil && free < s.erwartet(ordner, k, head.Bytes) {
		return 0, voll(ordner, nil)
	}
	part := filepath.Join(ordner, "."+filepath.Base(name)+teilname)
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, gescheitert(ordner, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part) // the next one tries again
			err = gescheitert(ordner, err)
		}
	}()
	if err = s.packe(ctx, f, k, head, files, tmp, p); err == nil { // a slow stick takes minutes for what is of no use
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, err
	}
	if size, err = s.liesNach(ctx, part, p); err != nil {
		return 0, err
	}
	if err = platte.Rename(part, name); err != nil {
		return 0, fmt.Errorf("name backup: %w", err)
	}
	syncFolder(ordner)
	return size, nil
}

// erwartet is the room that a backup needs: as much as the last one and a tenth; of the
// first, a third of what is in it.
func (s *Sicherungen) erwartet(ordner string, k schluessel, inhalt int64) int64 {
	if list, err := s.liste(ordner, k.Apotheke); err == nil && len(list) > 0 {
		return list[0].bytes + list[0].bytes/10
	}
	return inhalt / 3
}

func (s *Sicherungen) packe(
	ctx context.Context, w io.Writer, k schluessel, head archiv.Kopf, files []quelle, tmp string, p Progress,
) error {
	to, err := k.an()
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<20)
	a, err := archiv.New(out, head, to...)
	if err != nil {
		return err
	}
	done := int64(0)
	for i, q := range files {
		from := filepath.Join(s.Daten, filepath.FromSlash(q.name))
		if i == 0 {
			from = filepath.Join(tmp, sqlite.File)
		}
		err := eine(a, q, from, func(f io.Reader) io.Reader {
			return &gezaehlt{ctx, f, func(n int) {
				done += int64(n)
				p.sage("Sicherung", done, head.Bytes)
			}}
		})
		if i > 0 && errors.Is(err, fs.ErrNotExist) {
			continue // it has just gone
		}
		if err != nil {
			return err
		}
	}
	if err := a.Close(); err != nil {
		return err
	}
	return out.Flush() //nolint:wrapcheck // gescheitert says what
}

// eine saves a file as it is when it is opened: files are replaced as a whole, never in part.
func eine(a *archiv.Schreiber, q quelle, from string, through func(io.Reader) io.Reader) (err error) {
	name := q.name
	if q.content != nil {
		return a.Datei(name, q.bytes, through(bytes.NewReader(q.content)))
	}
	f, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	fi, err := f.Stat()
	if err != nil {
		return fmt.Errorf("look at %s: %w", name, err)
	}
	return a.Datei(name, fi.Size(), through(f))
}

// gezaehlt is a reader that counts and ends with the context.
type gezaehlt struct {
	ctx  context.Context //nolint:containedctx // a reader has no other way to end
	r    io.Reader
	tell func(n int)
}

func (g *gezaehlt) Read(b []byte) (int, error) {
	if err := g.ctx.Err(); err != nil {
		return 0, err //nolint:wrapcheck // who asked knows
	}
	n, err := g.r.Read(b)
	g.tell(n)
	return n, err //nolint:wrapcheck // as above
}

// liesNach reads a backup again with the pharmacy's key: a stick that takes everything and
// keeps nothing is found now, not in need.
func (s *Sicherungen) liesNach(ctx context.Context, name string, p Progress) (size int64, err error) {
	id, err := LiesApotheke(filepath.Join(s.Daten, Dir, apothekeFile))
	if err != nil {
		return 0, err
	}
	f, err := os.Open(name)
	if err != nil {
		return 0, fmt.Errorf("open backup: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	fi, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("look at backup: %w", err)
	}
	platte.Forget(f) // what was just written lies in memory, and would be read from there
	done := int64(0)
	return fi.Size(), jede(&gezaehlt{ctx, f, func(n int) {
		done += int64(n)
		p.sage("Nachlesen", done, fi.Size())
	}}, nil, nil, id)
}

// jede reads a whole backup and hands each file out; both functions may be nil.
func jede(
	r io.Reader, kopf func(archiv.Kopf) error, datei func(name string, size int64, r io.Reader) error, mit ...age.Identity,
) error {
	l, err := archiv.Open(bufio.NewReaderSize(r, 1<<20), mit...)
	if err == nil {
		defer l.Close()
	}
	if err == nil && kopf != nil {
		err = kopf(l.Kopf)
	}
	for err == nil {
		var name string
		var size int64
		var content io.Reader
		name, size, content, err = l.Next()
		if err == nil && datei != nil {
			err = datei(name, size, content)
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// syncFolder makes a new name in a folder durable, where the file system can.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = errors.Join(d.Sync(), d.Close())
	}
}

// syncFolders makes the names in a folder and in those below durable, where the file system can.
func syncFolders(dir string) error {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			syncFolder(path)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("look at folders: %w", err)
	}
	return nil
}
