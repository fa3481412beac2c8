package sicherung

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/offizin/offizin/sqlite"
)

// katalogDir is the folder of the generations.
const katalogDir = "katalog"

// quelle is a file that is saved.
type quelle struct {
	name  string // below the data folder, with slashes
	bytes int64
}

// umfang lists what is saved beside the journal: everything in the data folder but what is
// made again, what belongs to the running program, and catalogues that are out of use. So
// what a later version keeps there is saved, too.
func (s *Sicherungen) umfang() (list []quelle, err error) {
	var used []string
	if s.Kataloge != nil {
		used = s.Kataloge()
	}
	err = filepath.WalkDir(s.Daten, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(s.Daten, path)
		if err != nil || name == "." {
			return err //nolint:wrapcheck // below
		}
		name = filepath.ToSlash(name)
		if ausgelassen(name) || s.Kataloge != nil && d.IsDir() && fremderKatalog(name, used) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		fi, err := d.Info()
		if err != nil {
			return nil //nolint:nilerr // it has just gone
		}
		list = append(list, quelle{name, fi.Size()})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list what is to be saved: %w", err)
	}
	return list, nil
}

// ausgelassen says what is not saved.
func ausgelassen(name string) bool {
	base := name[strings.LastIndex(name, "/")+1:]
	if strings.HasPrefix(base, ".") || strings.HasSuffix(base, ".sperre") || strings.HasSuffix(base, ".tmp") {
		return true // being written, or a lock
	}
	if !strings.Contains(name, "/") && strings.HasPrefix(name, "journal.") {
		return true // the copy of the journal stands for them
	}
	if strings.HasPrefix(name, Dir+"/") {
		return !slices.Contains([]string{schluesselFile, apothekeFile, zielFile}, base)
	}
	return slices.Contains([]string{
		sqlite.File, "ballast.bin", "notfallmappe", "knoten", "plaetze", "e-rezepte", "eingang",
		"empfang", "telefon/stand.json",
		katalogDir + "/abzug.json", katalogDir + "/einspielung.json",
	}, name) || strings.HasPrefix(name, "telefon/preise-")
}

// fremderKatalog: a folder among the generations that is none in use.
func fremderKatalog(name string, used []string) bool {
	id, ok := strings.CutPrefix(name, katalogDir+"/")
	return ok && !strings.Contains(id, "/") && id != "schluessel" && !slices.Contains(used, id)
}
