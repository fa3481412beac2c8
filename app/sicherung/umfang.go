package sicherung

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/offizin/offizin/app/uhr"
	"github.com/offizin/offizin/internal/keystore"
	"github.com/offizin/offizin/sqlite"
	schluesseldatei "github.com/offizin/offizin/sqlite/schluessel"
)

// katalogDir is the folder of the generations.
const katalogDir = "katalog"

// quelle is a file that is saved.
type quelle struct {
	name  string // below the data folder, with slashes
	bytes int64

	content []byte // what is saved, if it is no file
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
		list = append(list, quelle{name: name, bytes: fi.Size()})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list what is to be saved: %w", err)
	}
	return list, nil
}

// mitSchluessel adds the key of the node, wherever it lies: what a key store of the system has
// locked away opens on no other machine.
func (s *Sicherungen) mitSchluessel(list []quelle) []quelle {
	if s.Schluessel == nil {
		return list
	}
	key := s.Schluessel()
	if key == nil {
		return list
	}
	list = slices.DeleteFunc(list, func(q quelle) bool { return q.name == schluesseldatei.File })
	return append(list, quelle{name: schluesseldatei.File, bytes: int64(len(key)), content: key[:]})
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
		keystore.FileDPAPI, keystore.FileSystemd,
		"lost+found", "System Volume Information", "$RECYCLE.BIN", // of a disk of its own; nobody may read them
		katalogDir + "/abzug.json", katalogDir + "/einspielung.json",
		uhr.File, // how far the clock of this very machine is off
	}, name) || strings.HasPrefix(name, "telefon/preise-")
}

// fremderKatalog: a folder among the generations that is none in use.
func fremderKatalog(name string, used []string) bool {
	id, ok := strings.CutPrefix(name, katalogDir+"/")
	return ok && !strings.Contains(id, "/") && id != "schluessel" && !slices.Contains(used, id)
}
