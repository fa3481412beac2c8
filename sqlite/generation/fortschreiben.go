package generation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/sqlite/generation/datei"
	"github.com/offizin/offizin/sqlite/generation/daten"
	"github.com/offizin/offizin/sqlite/ort"
)

// Fortschreiben builds a generation from another one and what changes. It is safe and
// visible as Build is.
func Fortschreiben(
	ctx context.Context, dir string, basis *Basis, m catalogue.Manifest, a catalogue.Aenderungen,
	progress func(artikel int), mit ...Option,
) (catalogue.Manifest, error) {
	b := newBauer(ctx, progress, mit)
	return b.baue(dir, m, a.Rohdaten, func(name string) error {
		if err := basis.kopiere(ctx, name); err != nil {
			return err
		}
		db, err := sqlite3.Open(ort.URI(name, ""))
		if err != nil {
			return fmt.Errorf("open article database: %w", err)
		}
		if err = b.aendere(db, a); err == nil {
			err = b.indiziere(ctx, db)
		}
		if err = errors.Join(err, db.Close()); err == nil {
			err = datei.SyncFile(name)
		}
		return err
	})
}

// kopiere copies the articles and makes sure that they are as they were built: damage
// must not pass into a file whose sum is right.
func (b *Basis) kopiere(ctx context.Context, name string) error {
	in, err := os.Open(filepath.Join(b.dir, artikelFile))
	if err != nil {
		return damaged(b.manifest.ID, err)
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("make article database: %w", err)
	}
	sum := sha256.New()
	_, err = io.Copy(out, io.TeeReader(in, sum))
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("copy articles: %w", err)
	}
	if _, err := datei.Hash(ctx.Err, sum, filepath.Join(b.dir, indexFile)); err != nil {
		return damaged(b.manifest.ID, err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != b.manifest.SHA256 {
		return damaged(b.manifest.ID, errManifest)
	}
	return nil
}

// aendere changes the rows of the copy.
func (b *bauer) aendere(db *sqlite3.Conn, a catalogue.Aenderungen) error {
	err := db.Exec("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; BEGIN; " +
		"DELETE FROM vertrag")
	if err != nil {
		return fmt.Errorf("change articles: %w", err)
	}
	if err := b.entferne(db, a); err != nil {
		return err
	}
	put, _, err := db.Prepare("INSERT INTO artikel VALUES (?, ?, 0, ?) ON CONFLICT DO UPDATE " +
		"SET gruppe = excluded.gruppe, daten = excluded.daten")
	if err != nil {
		return fmt.Errorf("prepare articles: %w", err)
	}
	defer put.Close() //nolint:errcheck // repeats the error of its last run
	for x, err := range a.Artikel {
		if err == nil {
			err = setze(put, x)
		}
		if err != nil {
			return err
		}
	}
	if a.Vertraege != nil {
		if err := b.vertrag(db, catalogue.Quelle{Vertraege: a.Vertraege}); err != nil {
			return err
		}
	}
	if err := schreibeListen(db, a.Listen); err != nil {
		return err
	}
	return db.Exec("COMMIT") //nolint:wrapcheck // wrapped by the caller
}

func (b *bauer) entferne(db *sqlite3.Conn, a catalogue.Aenderungen) error {
	del, _, err := db.Prepare("DELETE FROM artikel WHERE pzn = ?")
	if err != nil {
		return fmt.Errorf("prepare removal: %w", err)
	}
	defer del.Close() //nolint:errcheck // repeats the error of its last run
	for _, p := range a.Entfallen {
		nummer, err := pznNummer(p)
		if err = errors.Join(err, del.BindInt64(1, nummer), del.Exec(), del.Reset()); err != nil {
			return fmt.Errorf("remove %s: %w", p, err)
		}
	}
	return nil
}

func setze(put *sqlite3.Stmt, a artikel.Artikel) error {
	daten, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encode %s: %w", a.PZN, err)
	}
	nummer, err := pznNummer(a.PZN)
	if err != nil {
		return err
	}
	err = errors.Join(put.BindInt64(1, nummer), put.BindText(2, a.Gruppe()), put.BindBlob(3, daten), put.Exec(),
		put.Reset())
	if err != nil {
		return fmt.Errorf("store %s: %w", a.PZN, err)
	}
	return nil
}

// stapel are some rows, decoded by another goroutine.
type stapel struct {
	roh         [][]byte
	beliebtheit []int
	fertig      chan error
	artikel     []artikel.Artikel
}

// Decoding is most of the work of building an index from rows.
const (
	stapelgroesse = 500
	dekodierer    = 2
)

// indiziere adds all rows to the index in the order of their numbers.
func (b *bauer) indiziere(ctx context.Context, db *sqlite3.Conn) error {
	arbeit, reihe := make(chan *stapel), make(chan *stapel, 2*dekodierer)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var gelesen error
	go func() {
		defer close(reihe)
		defer close(arbeit)
		gelesen = zeilen(ctx, db, arbeit, reihe)
	}()
	for range dekodierer {
		go func() {
			for s := range arbeit {
				s.fertig <- s.dekodiere()
			}
		}()
	}
	var err error
	for s := range reihe { // to the end, so that the reading has ended
		if e := <-s.fertig; err == nil {
			if err = e; err == nil {
				err = b.nimmStapel(s)
			}
			if err != nil {
				stop()
			}
		}
	}
	return errors.Join(err, gelesen)
}

// zeilen reads the rows and hands them out in the order in which they are to be added.
func zeilen(ctx context.Context, db *sqlite3.Conn, arbeit, reihe chan<- *stapel) error {
	st, _, err := db.Prepare("SELECT beliebtheit, daten FROM artikel ORDER BY pzn")
	if err != nil {
		return fmt.Errorf("prepare rows: %w", err)
	}
	defer st.Close() //nolint:errcheck // Err says what went wrong
	s := &stapel{fertig: make(chan error, 1)}
	gib := func() {
		reihe <- s
		arbeit <- s
		s = &stapel{fertig: make(chan error, 1)}
	}
	for st.Step() {
		s.beliebtheit = append(s.beliebtheit, st.ColumnInt(0))
		s.roh = append(s.roh, slices.Clone(st.ColumnRawBlob(1)))
		if len(s.roh) < stapelgroesse {
			continue
		}
		if gib(); ctx.Err() != nil {
			return fmt.Errorf("build catalogue: %w", ctx.Err())
		}
	}
	gib()
	return st.Err() //nolint:wrapcheck // wrapped by the caller
}

func (s *stapel) dekodiere() error {
	s.artikel = make([]artikel.Artikel, len(s.roh))
	for i, roh := range s.roh {
		if err := daten.Decode(roh, &s.artikel[i]); err != nil {
			return err
		}
	}
	return nil
}

func (b *bauer) nimmStapel(s *stapel) error {
	for i, a := range s.artikel {
		if err := b.index.Artikel(a, s.beliebtheit[i]); err != nil {
			return fmt.Errorf("index %s: %w", a.PZN, err)
		}
		if b.n++; b.n%1000 == 0 && b.progress != nil {
			b.progress(b.n)
		}
	}
	return nil
}
