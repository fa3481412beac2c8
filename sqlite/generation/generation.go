package generation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation/datei"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
)

// errManifest reports a folder whose files are not those of its manifest.
var errManifest = errors.New("files do not match the manifest")

// readers is how many lookups run at once; more wait.
const readers = 4

// Generation is an open generation. All methods are safe for concurrent use.
type Generation struct {
	dir      string
	manifest manifest
	index    *suche.Index
	unmap    func() error
	dateien  []*datei.Datei // the articles and the index
	leser    chan *leser
}

var _ catalogue.Generation = (*Generation)(nil)

// readManifest reads and checks the manifest of a folder, its signature first; nothing else
// is opened.
func readManifest(dir string, v vertrauen.Vertrauen) (manifest, error) {
	m, err := signierteManifest(dir, v)
	if err == nil && m.ID != filepath.Base(dir) {
		err = errManifest
	}
	return m, err
}

// signierteManifest reads the manifest of a folder whatever its name: it may be in quarantine.
func signierteManifest(dir string, v vertrauen.Vertrauen) (manifest, error) {
	m, text, err := liesManifest(dir)
	if err == nil {
		err = v.Pruefe(strings.TrimPrefix(filepath.Base(dir), quarantaenePrefix), text)
	}
	return m, err
}

// decodeManifest reads the manifest of a folder that is being built, or is only listed.
func decodeManifest(dir string) (manifest, error) {
	m, _, err := liesManifest(dir)
	return m, err
}

// liesManifest reads a manifest and returns its text, too.
func liesManifest(dir string) (m manifest, b []byte, err error) {
	if b, err = datei.Small(filepath.Join(dir, manifestFile)); err != nil {
		return m, nil, fmt.Errorf("read manifest: %w", err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, nil, fmt.Errorf("decode manifest: %w", err)
	}
	if m.Format > format {
		return m, nil, fault.New(fault.Invalid, "A-415",
			"Der Katalog stammt von einer neueren Version; bitte Offizin aktualisieren.", nil)
	}
	if !m.GueltigAb.Valid() {
		return m, nil, errManifest
	}
	return m, b, nil
}

// open opens the generation in a folder. It compares sizes; Verify compares contents.
func open(dir string, m manifest) (g *Generation, err error) {
	g = &Generation{dir: dir, manifest: m}
	defer func() {
		if err != nil {
			g, err = nil, errors.Join(err, g.schliesseDateien())
		}
	}()
	for _, f := range []struct {
		name string
		size int64
	}{{artikelFile, m.ArtikelB}, {indexFile, m.IndexB}} {
		d, err := datei.Open(filepath.Join(dir, f.name), f.size)
		if err != nil {
			return g, damaged(m.ID, err)
		}
		g.dateien = append(g.dateien, d)
	}
	b, unmap, err := datei.Map(filepath.Join(dir, indexFile))
	if err != nil {
		return g, damaged(m.ID, err)
	}
	index, err := suche.Oeffnen(b)
	if err != nil {
		return g, damaged(m.ID, errors.Join(err, unmap()))
	}
	first, err := openLeser(filepath.Join(dir, artikelFile))
	if err != nil {
		return g, damaged(m.ID, errors.Join(err, unmap()))
	}
	if !g.dateien[0].Same() || !g.dateien[1].Same() { // swapped while it was opened
		return g, errors.Join(veraendert(m.ID, errVeraendert), first.close(), unmap())
	}
	g.index, g.unmap, g.leser = index, unmap, make(chan *leser, readers)
	g.leser <- first // from now on the generation can be read, even if it is removed
	for range readers - 1 {
		g.leser <- nil // opened at first use
	}
	return g, nil
}

// damaged names a generation that cannot be used, unless the cause already does.
func damaged(id string, cause error) error {
	if f, named := errors.AsType[*fault.Fault](cause); named && f.Kind == fault.Corrupt {
		return f
	}
	return fault.New(fault.Corrupt, "A-416",
		"Der Katalog „"+id+"“ ist beschädigt; bitte neu einspielen oder mit „offizin catalogue remove“ entfernen.", cause)
}

// close waits for the lookups that are running and releases the files.
func (g *Generation) close() error {
	var err error
	for range readers {
		if l := <-g.leser; l != nil {
			err = errors.Join(err, l.close())
		}
	}
	return errors.Join(err, g.unmap(), g.schliesseDateien())
}

// verify compares the contents of the files with the manifest.
func (g *Generation) verify(abbruch func() error) error {
	sum := sha256.New()
	for _, name := range []string{artikelFile, indexFile} {
		if _, err := datei.Hash(abbruch, sum, filepath.Join(g.dir, name)); err != nil {
			return err
		}
	}
	if hex.EncodeToString(sum.Sum(nil)) != g.manifest.SHA256 {
		return damaged(g.manifest.ID, errManifest)
	}
	return g.manifest.verifyRohdaten(abbruch, g.dir)
}

// Manifest implements catalogue.Generation.
func (g *Generation) Manifest() catalogue.Manifest { return g.manifest.Manifest }

// Artikel implements catalogue.Generation.
func (g *Generation) Artikel(ctx context.Context, pzn kennung.PZN) (a artikel.Artikel, found bool, err error) {
	err = g.with(ctx, func(l *leser) error {
		a, found, err = l.artikel(pzn)
		return err
	})
	return a, found, err
}

// Suche implements catalogue.Generation.
func (g *Generation) Suche(ctx context.Context, a catalogue.Anfrage) (list []catalogue.Treffer, err error) {
	err = g.with(ctx, func(l *leser) error {
		ranks, woertlich, err := g.ranks(a)
		if err != nil {
			return err
		}
		for i, r := range ranks {
			x, ok, err := l.artikel(g.index.PZN(r))
			if err != nil || !ok {
				return errors.Join(err, damaged(g.manifest.ID, errManifest))
			}
			list = append(list, catalogue.Treffer{Artikel: x, Rang: i, Woertlich: i < woertlich})
		}
		return nil
	})
	return list, err
}

// ranks searches the index. A damaged one is named and does not stop the till.
func (g *Generation) ranks(a catalogue.Anfrage) (ranks []int, woertlich int, err error) {
	ranks, woertlich, err = g.index.Suchen(frage(a))
	if err != nil {
		return nil, 0, damaged(g.manifest.ID, err)
	}
	return ranks, woertlich, nil
}

// Vertrag implements catalogue.Generation.
func (g *Generation) Vertrag(ctx context.Context, ik string, pzn kennung.PZN) (v *zuzahlung.Vertrag, err error) {
	err = g.with(ctx, func(l *leser) error {
		v, err = l.contract(ik, pzn)
		return err
	})
	return v, err
}

// Gleiche implements catalogue.Generation.
func (g *Generation) Gleiche(ctx context.Context, pzn kennung.PZN) (list []artikel.Artikel, err error) {
	err = g.with(ctx, func(l *leser) error {
		a, ok, err := l.artikel(pzn)
		if err != nil || !ok {
			return err
		}
		list = []artikel.Artikel{a}
		if gruppe := a.Gruppe(); gruppe != "" {
			list, err = l.group(gruppe)
		}
		return err
	})
	catalogue.NachPreis(list)
	return list, err
}

// Beliebteste implements catalogue.Generation.
func (g *Generation) Beliebteste(ctx context.Context, n int) (list []artikel.Artikel, err error) {
	err = g.with(ctx, func(l *leser) error {
		pzns, err := g.index.Erste(n)
		if err != nil {
			return damaged(g.manifest.ID, err)
		}
		for _, pzn := range pzns {
			x, ok, err := l.artikel(pzn)
			if err != nil || !ok {
				return errors.Join(err, damaged(g.manifest.ID, errManifest))
			}
			list = append(list, x)
		}
		return nil
	})
	return list, err
}

// Alle implements catalogue.Generation. It keeps one of the readers until it ends.
func (g *Generation) Alle(ctx context.Context) iter.Seq2[catalogue.Zeile, error] {
	return func(yield func(catalogue.Zeile, error) bool) {
		err := g.with(ctx, func(l *leser) error { return l.alle(ctx, yield) })
		if err != nil && !errors.Is(err, errGenug) {
			yield(catalogue.Zeile{}, err)
		}
	}
}

// weiterer opens a reader more; nil if the file was removed meanwhile, or another has its name.
func (g *Generation) weiterer() *leser {
	l, err := openLeser(filepath.Join(g.dir, artikelFile))
	if err == nil && !g.dateien[0].Same() {
		err = errors.Join(errVeraendert, l.close())
	}
	if err != nil {
		return nil
	}
	return l
}

// with runs f with a reader of its own.
func (g *Generation) with(ctx context.Context, f func(*leser) error) error {
	var l *leser
	select {
	case l = <-g.leser:
	case <-ctx.Done():
		return fmt.Errorf("wait for the catalogue: %w", ctx.Err())
	}
	defer func() { g.leser <- l }()
	if l == nil {
		if l = g.weiterer(); l == nil {
			return g.with(ctx, f) // wait for one that is open
		}
	}
	err := f(l)
	if bad := g.unversehrt(); bad != nil {
		return bad
	}
	if _, ours := errors.AsType[sqlite3.ErrorCode](err); ours {
		return damaged(g.manifest.ID, err)
	}
	return err
}
