// Package generation keeps generations of the catalogue on disk. A generation is a
// folder that never changes once it is there: a manifest, a database with the articles
// and contracts, and the search index, which is mapped and not read, so that half a
// million articles cost neither start time nor memory of the process.
package generation

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/signatur"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation/datei"
	"github.com/offizin/offizin/sqlite/generation/removed"
	"github.com/offizin/offizin/sqlite/generation/sammlung"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
	"github.com/offizin/offizin/sqlite/ort"
)

// The files of a generation, and the prefix of a folder that is not one yet.
const (
	manifestFile = "manifest.json"
	artikelFile  = "artikel.db"
	indexFile    = "suche.idx"
	quelleFile   = "quelle.k2" // what later changes need of the source; may be missing
	bauPrefix    = "bau-"
	sperrFile    = "bau.sperre" // locked while a build runs; stays, empty
	bauWarten    = 2000         // ms
)

// manifest is what stands in the manifest file.
type manifest struct {
	catalogue.Manifest
	Format   int   `json:"format"`
	ArtikelB int64 `json:"artikel_bytes"`
	IndexB   int64 `json:"index_bytes"`

	QuelleB   int64  `json:"quelle_bytes,omitempty"` // 0: there is none
	QuelleSHA string `json:"quelle_sha256,omitempty"`
}

// format is the version of the files; a higher one was built by a newer program.
const format = 1

const schema = `
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;
CREATE TABLE artikel (
	pzn         INTEGER PRIMARY KEY,
	gruppe      TEXT NOT NULL, -- articles that are equal for an exchange; empty: none
	beliebtheit INTEGER NOT NULL,
	daten       BLOB NOT NULL -- the article as JSON
) STRICT;
CREATE TABLE vertrag (
	ik       TEXT NOT NULL,
	pzn      INTEGER NOT NULL,
	faktor   INTEGER NOT NULL, -- Zuzahlung in per cent
	erlassen INTEGER NOT NULL, -- 1: no Mehrkosten
	PRIMARY KEY (ik, pzn)
) STRICT, WITHOUT ROWID;
BEGIN;`

// Build builds a generation in the folder of generations and returns its manifest. The
// source is read once. Until everything is on disk the generation does not exist: a
// build that was broken off leaves a folder that the next one removes.
func Build(
	ctx context.Context, dir string, m catalogue.Manifest, q catalogue.Quelle, progress func(artikel int), mit ...Option,
) (catalogue.Manifest, error) {
	b := newBauer(ctx, progress, mit)
	return b.baue(dir, m, q.Rohdaten, func(name string) error { return b.artikel(name, q) })
}

func newBauer(ctx context.Context, progress func(int), mit []Option) *bauer {
	b := &bauer{ctx: ctx, index: suche.NewBau(), progress: progress}
	for _, o := range mit {
		o(b)
	}
	return b
}

// baue builds in a folder that becomes a generation at the end; inhalt makes the file with
// the articles.
func (b *bauer) baue(
	dir string, m catalogue.Manifest, roh catalogue.Rohdaten, inhalt func(name string) error,
) (catalogue.Manifest, error) {
	if !m.GueltigAb.Valid() {
		return m, fault.New(fault.Invalid, "A-411", "Der Tag, ab dem der Katalog gilt, fehlt; bitte mit --ab angeben.", nil)
	}
	return b.imBau(dir, m, func(tmp string) (catalogue.Manifest, error) { return b.build(tmp, m, roh, inhalt) })
}

// imBau makes a folder in which fill makes a generation, and gives it its place.
func (b *bauer) imBau(
	dir string, m catalogue.Manifest, fill func(tmp string) (catalogue.Manifest, error),
) (_ catalogue.Manifest, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return m, datei.Explain(filepath.Dir(dir), fmt.Errorf("make catalogue folder: %w", err))
	}
	release, err := sperre(dir)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, release()) }()
	removeBroken(dir)
	if b.key, err = vertrauen.Bau(dir, uebernimm); err != nil {
		return m, err
	}
	tmp, err := os.MkdirTemp(dir, bauPrefix)
	if err != nil {
		return m, datei.Explain(dir, fmt.Errorf("make folder for build: %w", err))
	}
	m, err = fill(tmp)
	if err == nil {
		err = b.publish(dir, tmp, m)
	}
	if err != nil {
		return m, errors.Join(datei.Explain(dir, err), os.RemoveAll(tmp))
	}
	return m, nil
}

// benenne gives the finished folder its name. The same generation built twice is one; a
// damaged one makes room for it.
func (b *bauer) benenne(dir, tmp, id string) error {
	target, away := filepath.Join(dir, id), filepath.Join(dir, bauPrefix+id)
	if err := removed.Note(dir, id, false); err != nil {
		return err
	}
	if whole(target, vertrauen.Lies(dir)) {
		return errors.Join(b.ergaenze(target, tmp), os.RemoveAll(tmp))
	}
	if err := os.Rename(target, away); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("move damaged generation away: %w", err)
	}
	if err := platte.Rename(tmp, target); err != nil {
		return fmt.Errorf("name generation: %w", err)
	}
	_ = os.RemoveAll(away) // what stays is removed by the next build
	return errors.Join(datei.SyncDir(dir), datei.SyncDir(filepath.Dir(dir)))
}

// whole reports whether a folder holds a generation as it was built.
func whole(dir string, v vertrauen.Vertrauen) bool {
	m, err := readManifest(dir, v)
	if err != nil {
		return false
	}
	g, err := open(dir, m)
	if err != nil {
		return false
	}
	return errors.Join(g.verify(nie), g.close()) == nil
}

// sperre keeps other builds out until release is called: they would take the folder
// of this one for the rest of a broken one. The system frees it when a program is killed.
// It needs no room on the disk, which a removal is there to make.
//
// It waits for bauWarten ms: a build that ends or somebody who clears up is gone by then.
func sperre(dir string) (release func() error, err error) {
	return datei.Lock(dir, sperrFile, bauWarten)
}

// removeBroken removes what earlier builds left when they were broken off. The caller
// holds the lock.
func removeBroken(dir string) {
	left, _ := os.ReadDir(dir) // what cannot be listed cannot be removed
	for _, e := range left {
		if strings.HasPrefix(e.Name(), bauPrefix) {
			_ = os.RemoveAll(filepath.Join(dir, e.Name())) // what stays is tried again next time, and counts for nothing
		}
	}
}

// Raeume removes what broken off builds left. It does nothing while one is going on.
func Raeume(dir string) error {
	if _, err := os.Stat(dir); err != nil {
		return nil //nolint:nilerr // there is nothing to remove
	}
	release, err := datei.Lock(dir, sperrFile, 0)
	if fault.KindOf(err) == fault.Conflict {
		return nil
	}
	if err != nil {
		return err
	}
	removeBroken(dir)
	return release()
}

// Zwischendatei makes a file that a build needs on the way; weg removes it. If the program
// ends before, the next build does.
func Zwischendatei(dir string) (f *os.File, weg func() error, err error) {
	f, err = os.CreateTemp(dir, bauPrefix+"*.tmp")
	if err != nil {
		return nil, nil, datei.Explain(dir, fmt.Errorf("make file for build: %w", err))
	}
	return f, func() error {
		err := errors.Join(f.Close(), os.Remove(f.Name()))
		if errors.Is(err, os.ErrNotExist) {
			return nil // another build took it for the rest of a broken one
		}
		return err
	}, nil
}

// build writes the files of a generation; inhalt makes the one with the articles.
func (b *bauer) build(
	dir string, m catalogue.Manifest, roh catalogue.Rohdaten, inhalt func(name string) error,
) (catalogue.Manifest, error) {
	f := manifest{Manifest: m, Format: format}
	err := f.mitRohdaten(dir, roh, func() error { return inhalt(filepath.Join(dir, artikelFile)) })
	if err != nil {
		return m, err
	}
	if b.n == 0 {
		return m, fault.New(fault.Invalid, "A-412", "Die Quelle enthält keinen Artikel; bitte die Datei prüfen.", nil)
	}
	f.Artikel, f.Vertraege = b.n, b.vertraege
	sum := sha256.New()
	if f.ArtikelB, err = datei.Hash(b.ctx.Err, sum, filepath.Join(dir, artikelFile)); err != nil {
		return m, err
	}
	if f.IndexB, err = writeIndex(sum, filepath.Join(dir, indexFile), b.index); err != nil {
		return m, err
	}
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	f.ID = f.GueltigAb.String() + "-" + f.SHA256[:8]
	if err := schreibeManifest(dir, f, b.key); err != nil {
		return m, err
	}
	return f.Manifest, datei.SyncDir(dir)
}

// bauer writes the articles while it reads them.
type bauer struct {
	ctx          context.Context //nolint:containedctx // of one build
	index        *suche.Bau
	progress     func(int)
	key          ed25519.PrivateKey // signs the manifest
	pruefe       Pruefer            // nil: what is built is taken
	n, vertraege int
}

func (b *bauer) artikel(name string, q catalogue.Quelle) (err error) {
	rows, err := sammlung.New(filepath.Join(filepath.Dir(name), sammlung.File))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if err := b.lies(rows, q); err != nil {
		return err
	}
	db, err := sqlite3.Open(ort.URI(name, ""))
	if err != nil {
		return fmt.Errorf("open article database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Exec(schema); err != nil {
		return fmt.Errorf("make article database: %w", err)
	}
	if err := rows.Write(db, func(i int) error { return b.weiter(b.n + i) }); err != nil {
		return err
	}
	if err := b.dazu(db, q); err != nil {
		return err
	}
	err = db.Exec("CREATE INDEX artikel_gruppe ON artikel (gruppe) WHERE gruppe <> ''; COMMIT")
	if err == nil {
		err = datei.SyncFile(name)
	}
	return err
}

// dazu writes what the source says beside the articles.
func (b *bauer) dazu(db *sqlite3.Conn, q catalogue.Quelle) error {
	if q.Vertraege != nil {
		if err := b.vertrag(db, q); err != nil {
			return err
		}
	}
	if q.Listen.Leer() {
		return nil
	}
	return schreibeListen(db, q.Listen)
}

// lies reads the source while another goroutine takes the articles in.
func (b *bauer) lies(rows *sammlung.Sammlung, q catalogue.Quelle) error {
	lists, ended := make(chan []catalogue.Zeile, 2), make(chan struct{})
	var failed error
	go func() {
		defer close(ended)
		for list := range lists {
			if failed = b.nimm(rows, list); failed != nil {
				return
			}
		}
	}()
	err := b.verteile(q, func(list []catalogue.Zeile) bool {
		select {
		case lists <- list:
			return true
		case <-ended:
			return false
		}
	})
	close(lists)
	<-ended
	return errors.Join(failed, err)
}

// verteile hands the articles on in lists, until nobody takes them any more.
func (b *bauer) verteile(q catalogue.Quelle, gib func([]catalogue.Zeile) bool) error {
	list := make([]catalogue.Zeile, 0, stapelgroesse)
	for z, err := range q.Artikel {
		if err != nil {
			return err
		}
		b.n++
		if err := b.weiter(b.n); err != nil {
			return err
		}
		if list = append(list, z); len(list) < stapelgroesse {
			continue
		}
		if !gib(list) {
			return nil
		}
		list = make([]catalogue.Zeile, 0, stapelgroesse)
	}
	gib(list)
	return nil
}

// weiter shows how far the build is, of two steps for each article, and whether it is to
// go on.
func (b *bauer) weiter(schritte int) error {
	if schritte%1000 != 0 {
		return nil
	}
	if err := b.ctx.Err(); err != nil {
		return fmt.Errorf("build catalogue: %w", err)
	}
	if b.progress != nil {
		b.progress(schritte / 2)
	}
	return nil
}

// nimm takes articles into the index and among the rows.
func (b *bauer) nimm(rows *sammlung.Sammlung, list []catalogue.Zeile) error {
	for _, z := range list {
		if err := b.index.Artikel(z.Artikel, z.Beliebtheit); err != nil {
			return fmt.Errorf("index %s: %w", z.Artikel.PZN, err)
		}
		if err := rows.Append(z); err != nil {
			return err
		}
	}
	return nil
}

func (b *bauer) vertrag(db *sqlite3.Conn, q catalogue.Quelle) error {
	insert, _, err := db.Prepare("INSERT INTO vertrag VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE " +
		"SET faktor = excluded.faktor, erlassen = excluded.erlassen")
	if err != nil {
		return fmt.Errorf("prepare contracts: %w", err)
	}
	defer insert.Close() //nolint:errcheck // repeats the error of its last run
	for v, err := range q.Vertraege {
		if err != nil {
			return err
		}
		nummer, err := pznNummer(v.PZN)
		if err == nil {
			err = b.index.Vertrag(v.IK, v.PZN)
		}
		if err == nil {
			err = errors.Join(insert.BindText(1, v.IK), insert.BindInt64(2, nummer),
				insert.BindInt64(3, int64(v.Vertrag.Faktor)), insert.BindBool(4, v.Vertrag.MehrkostenErlassen),
				insert.Exec(), insert.Reset())
		}
		if err != nil {
			return fmt.Errorf("store contract of %s for %s: %w", v.IK, v.PZN, err)
		}
		b.vertraege++
	}
	return nil
}

func pznNummer(p kennung.PZN) (int64, error) {
	n, err := suche.Nummer(p)
	return int64(n), err
}

func writeIndex(sum hash.Hash, name string, index *suche.Bau) (size int64, err error) {
	f, err := os.Create(name)
	if err != nil {
		return 0, fmt.Errorf("make search index: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(io.MultiWriter(f, sum), 1<<18)
	if err := index.Schreiben(w); err != nil {
		return 0, fmt.Errorf("write search index: %w", err)
	}
	if err := errors.Join(w.Flush(), f.Sync()); err != nil {
		return 0, fmt.Errorf("write search index: %w", err)
	}
	fi, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("size of search index: %w", err)
	}
	return fi.Size(), nil
}

// schreibeManifest signs the manifest and writes it as a whole.
func schreibeManifest(dir string, m manifest, key ed25519.PrivateKey) error {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("encode manifest: %w", err)
	}
	return platte.Replace(filepath.Join(dir, manifestFile), signatur.Signiere(append(b, '\n'), key))
}

// Explain turns an error of writing for a build into the sentence for it, if the disk is full
// or may only be read.
func Explain(dir string, err error) error { return datei.Explain(dir, err) }
