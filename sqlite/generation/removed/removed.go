// Package removed keeps which generations a person or the clearing up has removed, so that they
// do not come back from another machine of the pharmacy, and go there, too. A catalogue that
// is missing for another reason – a lost disk – is not among them.
package removed

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation/datei"
)

// File lies beside the folder of the generations, as the keys do; Lock is the lock of those
// who change it.
const (
	File   = "katalog.entfernt"
	Lock   = "katalog-entfernt.sperre"
	warten = 5000 // ms
)

func ort(dir string) string { return filepath.Join(filepath.Dir(filepath.Clean(dir)), File) }

// meiste is how many are kept, those of the latest days; more than were ever read in twenty years.
const meiste = 1000

// Counts counts for a generation how often it was removed and read in again: odd, it is
// removed; even, it is not. The higher of two counts is the later, whatever the clocks say.
type Counts map[string]int

// Is says whether a generation was removed and not read in again since.
func (z Counts) Is(id string) bool { return z[id]%2 == 1 }

// Read reads what was removed in a folder; nothing if there never was any. A file that makes no
// sense counts as none, and the next note replaces it: the other machines know it still.
func Read(dir string) (Counts, error) {
	z := Counts{}
	b, err := os.ReadFile(ort(dir))
	if errors.Is(err, os.ErrNotExist) {
		return z, nil
	}
	if err != nil {
		return z, datei.Explain(dir, fmt.Errorf("read what was removed: %w", err))
	}
	if bad := json.Unmarshal(b, &z); bad != nil {
		z = Counts{}
	}
	return z, nil
}

// Note notes that a generation was removed, or is read in.
func Note(dir, id string, entfernt bool) error {
	z, err := Read(dir)
	if err != nil || z.Is(id) == entfernt {
		return err
	}
	return change(dir, func(z Counts) {
		if z.Is(id) != entfernt {
			z[id]++
		}
	})
}

// Merge takes in what another machine has noted, and returns what is known then.
func Merge(dir string, other Counts) (Counts, error) {
	z, err := Read(dir)
	if err != nil {
		return z, err
	}
	if all := z.mit(other); maps.Equal(all, z) {
		return z, nil
	}
	err = change(dir, func(now Counts) {
		all := now.mit(other)
		clear(now)
		maps.Copy(now, all)
	})
	if err != nil {
		return z, err
	}
	return Read(dir)
}

// mit is the later of both for each, the latest of them.
func (z Counts) mit(other Counts) Counts {
	all := maps.Clone(z)
	for id, n := range other {
		all[id] = max(all[id], n)
	}
	if ids := slices.Sorted(maps.Keys(all)); len(ids) > meiste {
		for _, id := range ids[:len(ids)-meiste] { // IDs begin with their day
			delete(all, id)
		}
	}
	return all
}

func change(dir string, f func(Counts)) (err error) {
	release, err := datei.Lock(filepath.Dir(ort(dir)), Lock, warten)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	z, err := Read(dir)
	if err != nil {
		return err
	}
	f(z)
	b, err := json.MarshalIndent(z, "", "  ")
	if err != nil {
		return fmt.Errorf("encode what was removed: %w", err)
	}
	platte.Reste(ort(dir))
	return datei.Explain(dir, platte.Replace(ort(dir), append(b, '\n')))
}
