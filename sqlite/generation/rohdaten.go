package generation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation/datei"
)

// mitRohdaten runs while the raw data of the source are written, and notes them.
func (m *manifest) mitRohdaten(dir string, roh catalogue.Rohdaten, run func() error) (err error) {
	if roh == nil {
		return run()
	}
	f, err := os.Create(filepath.Join(dir, quelleFile))
	if err != nil {
		return fmt.Errorf("make raw data: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	finish, err := roh(io.MultiWriter(f, sum))
	if err != nil {
		return err
	}
	if err := run(); err != nil {
		return err
	}
	if err := errors.Join(finish(), f.Sync()); err != nil {
		return fmt.Errorf("write raw data: %w", err)
	}
	fi, err := f.Stat()
	if err != nil {
		return fmt.Errorf("size of raw data: %w", err)
	}
	m.QuelleB, m.QuelleSHA = fi.Size(), hex.EncodeToString(sum.Sum(nil))
	return nil
}

// verifyRohdaten compares the raw data with the manifest.
func (m *manifest) verifyRohdaten(abbruch func() error, dir string) error {
	if m.QuelleB == 0 {
		return nil
	}
	sum := sha256.New()
	n, err := datei.Hash(abbruch, sum, filepath.Join(dir, quelleFile))
	if abbruch() != nil {
		return err
	}
	if err != nil || n != m.QuelleB || hex.EncodeToString(sum.Sum(nil)) != m.QuelleSHA {
		return damaged(m.ID, errors.Join(errManifest, err))
	}
	return nil
}

// ergaenze gives a generation the raw data that another build of it has brought. The
// manifest is written last: until then they are a file that means nothing.
func (b *bauer) ergaenze(target, tmp string) error {
	old, err := decodeManifest(target)
	now, err2 := decodeManifest(tmp)
	if err = errors.Join(err, err2); err != nil || old.QuelleB > 0 || now.QuelleB == 0 {
		return err
	}
	if err := platte.Rename(filepath.Join(tmp, quelleFile), filepath.Join(target, quelleFile)); err != nil {
		return fmt.Errorf("add raw data: %w", err)
	}
	if err := datei.SyncDir(target); err != nil {
		return err
	}
	old.QuelleB, old.QuelleSHA = now.QuelleB, now.QuelleSHA
	platte.Reste(filepath.Join(target, manifestFile))
	return schreibeManifest(target, old, b.key)
}

// Basis is a generation that can be changed. Close it.
type Basis struct {
	Rohdaten *os.File
	Bytes    int64 // of the raw data

	dir      string
	manifest manifest
}

// Changeable says whether changes can be applied to a generation: its raw data are there.
func (o *Ordner) Changeable(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.ContainsFunc(o.manifeste, func(m manifest) bool { return m.ID == id && m.QuelleB > 0 })
}

// Artikel is how many articles it has.
func (b *Basis) Artikel() int { return b.manifest.Artikel }

// Stand is the day of its delivery.
func (b *Basis) Stand() civil.Day { return b.manifest.stand() }

// stand is the day of the delivery of the raw data.
func (m *manifest) stand() civil.Day { return stand(m.Manifest) }

func stand(m catalogue.Manifest) civil.Day {
	if m.Stand != 0 {
		return m.Stand
	}
	return m.GueltigAb
}

// Listen returns the lists that have changed it, with all that they say.
func (b *Basis) Listen(ctx context.Context) (_ *catalogue.Listen, err error) {
	g, err := open(b.dir, b.manifest)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	return g.Listen(ctx)
}

// Close closes the raw data.
func (b *Basis) Close() error {
	if b.Rohdaten == nil {
		return nil
	}
	return b.Rohdaten.Close() //nolint:wrapcheck // only read
}

// OpenBasis opens the generation of a day for changes: the newest of that day that has
// its raw data. One that a person took out, or that the gate holds, is none: its faults would
// be in the next one, too.
func OpenBasis(dir string, am civil.Day) (*Basis, error) {
	o := &Ordner{dir: dir, offen: map[string]*Generation{}}
	if err := o.Reload(); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	newest := "keiner"
	if len(o.manifeste) > 0 {
		newest = "der vom " + o.manifeste[0].GueltigAb.German()
	}
	for _, m := range o.manifeste {
		if m.stand() != am || m.QuelleB == 0 {
			continue
		}
		folder := filepath.Join(dir, m.ID)
		if err := m.verifyRohdaten(nie, folder); err != nil {
			return nil, err
		}
		f, err := os.Open(filepath.Join(folder, quelleFile))
		if err != nil {
			return nil, damaged(m.ID, err)
		}
		return &Basis{Rohdaten: f, Bytes: m.QuelleB, dir: folder, manifest: m}, nil
	}
	if err := o.keineBasis(am); err != nil {
		return nil, err
	}
	return nil, fault.New(fault.Invalid, "A-455", "Die Änderungen bauen auf dem ABDATA-Stand vom "+
		""+am.German()+" auf, der hier nicht "+
		"eingespielt ist (der neueste Katalog: "+newest+"); bitte die volle Lieferung (GES) einspielen.", nil)
}

// keineBasis says why the generation of a day is none to build on.
func (o *Ordner) keineBasis(am civil.Day) error {
	for _, m := range o.ausManifeste {
		if m.stand() == am && m.QuelleB > 0 {
			return fault.New(fault.Invalid, "A-650", "Die Änderungen bauen auf dem Katalog „"+m.ID+"“ auf, der zurückgenommen "+
				"ist; bitte die volle Lieferung (GES) einspielen.", nil)
		}
	}
	for _, m := range o.Quarantaene() {
		if stand(m) == am {
			return fault.New(fault.Invalid, "A-651", "Die Änderungen bauen auf dem Katalog „"+m.ID+"“ auf, der in Quarantäne "+
				"liegt; bitte ihn nach dem Prüfbericht freigeben oder die volle Lieferung (GES) einspielen.", nil)
		}
	}
	return nil
}
