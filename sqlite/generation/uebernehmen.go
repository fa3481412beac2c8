package generation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation/datei"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
)

// Ist says whether a folder is meant to be a generation.
func Ist(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, manifestFile))
	return err == nil
}

// ManifestOf reads the manifest of a generation that lies somewhere else. It refuses one whose
// signature does not count here, also where no key was made yet.
func ManifestOf(dir, folder string) (catalogue.Manifest, error) {
	m, _, err := fremdesManifest(dir, folder)
	return m.Manifest, err
}

func fremdesManifest(dir, folder string) (manifest, []byte, error) {
	m, text, err := liesManifest(folder)
	if err != nil {
		return m, nil, damaged(filepath.Base(folder), err)
	}
	// What is there may count as it is; what comes does not.
	return m, text, vertrauen.Lies(dir).Strict().Pruefe(m.ID, text)
}

// Uebernehmen takes in a generation that another machine has built, with its signature, which
// must count here. All of it is copied and compared with the manifest; safe and visible as
// Build is.
func Uebernehmen(ctx context.Context, dir, folder string, mit ...Option) (catalogue.Manifest, error) {
	b := newBauer(ctx, nil, mit)
	return b.imBau(dir, catalogue.Manifest{}, func(tmp string) (catalogue.Manifest, error) {
		m, text, err := fremdesManifest(dir, folder)
		if err != nil {
			return m.Manifest, err
		}
		files := []string{artikelFile, indexFile}
		if m.QuelleB > 0 {
			files = append(files, quelleFile)
		}
		for _, name := range files {
			if err := b.hole(filepath.Join(folder, name), filepath.Join(tmp, name)); err != nil {
				return m.Manifest, err
			}
		}
		if err := platte.Replace(filepath.Join(tmp, manifestFile), text); err != nil {
			return m.Manifest, err
		}
		g, err := open(tmp, m)
		if err != nil {
			return m.Manifest, err
		}
		if m.ID != m.GueltigAb.String()+"-"+m.SHA256[:min(8, len(m.SHA256))] {
			err = damaged(m.ID, errManifest) // it would be a folder of any name
		}
		return m.Manifest, errors.Join(err, g.verify(ctx.Err), g.close())
	})
}

// hole copies a file and makes it durable.
func (b *bauer) hole(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return damaged(filepath.Base(filepath.Dir(from)), err)
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.Create(to)
	if err != nil {
		return fmt.Errorf("make %s: %w", filepath.Base(to), err)
	}
	_, err = io.Copy(out, datei.Reader(b.ctx.Err, in))
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("copy %s: %w", filepath.Base(to), err)
	}
	return nil
}
