package generation

import (
	"context"
	"errors"
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
	return newBauer(ctx, nil, mit).uebernehmen(dir, folder, []string{artikelFile, indexFile}, ctx.Err, datei.Copy)
}

// TakeIn takes in a generation that has come from another machine of the pharmacy. Its
// files are moved. It is not held by the gate again: where it was built, it has passed, or a
// person has let it. rest is called again and again while contents are compared; its error ends it.
func TakeIn(ctx context.Context, dir, folder string, rest func() error) (catalogue.Manifest, error) {
	files := []string{artikelFile, indexFile}
	if _, err := os.Stat(filepath.Join(folder, berichtFile)); err == nil {
		files = append(files, berichtFile)
	}
	return newBauer(ctx, nil, nil).uebernehmen(dir, folder, files, rest, datei.Move)
}

func (b *bauer) uebernehmen(
	dir, folder string, files []string, rest func() error, hole func(abbruch func() error, from, to string) error,
) (catalogue.Manifest, error) {
	return b.imBau(dir, catalogue.Manifest{}, func(tmp string) (catalogue.Manifest, error) {
		m, text, err := fremdesManifest(dir, folder)
		if err != nil {
			return m.Manifest, err
		}
		if m.QuelleB > 0 {
			files = append(files, quelleFile)
		}
		for _, name := range files {
			if err := hole(rest, filepath.Join(folder, name), filepath.Join(tmp, name)); err != nil {
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
		return m.Manifest, errors.Join(err, g.verify(rest), g.close())
	})
}
