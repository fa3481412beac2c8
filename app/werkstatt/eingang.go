package werkstatt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/integration/abdata"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow/einspielung"
)

// The limits of a list of sources, and of one of them.
const (
	maxQuellen = 200
	maxDateien = 1000
)

// root opens the inbox, which is made if there is none. Nothing that is opened through it
// lies outside, whatever names and links say.
func (w *Werkstatt) root() (*os.Root, error) {
	if err := os.MkdirAll(w.eingang(), 0o700); err != nil {
		return nil, keinEingang(err)
	}
	r, err := os.OpenRoot(w.eingang())
	if err != nil {
		return nil, keinEingang(err)
	}
	return r, nil
}

// Ort implements einspielung.Werkstatt.
func (w *Werkstatt) Ort() string {
	if dir, err := filepath.Abs(w.eingang()); err == nil {
		return dir
	}
	return w.eingang()
}

func keinEingang(cause error) error {
	return fault.New(fault.Unavailable, "A-750", "Der Ordner „"+EingangDir+"“ im Datenordner lässt sich nicht anlegen "+
		"oder lesen; bitte seine Rechte prüfen.", cause)
}

// Quellen implements einspielung.Werkstatt: the newest first. Links are not followed.
func (w *Werkstatt) Quellen() (list []einspielung.Quelle, err error) {
	root, err := w.root()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, keinEingang(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || len(list) == maxQuellen {
			continue
		}
		list = append(list, ansehen(root, e))
	}
	slices.SortStableFunc(list, func(a, b einspielung.Quelle) int { return b.Geaendert.Compare(a.Geaendert) })
	return list, nil
}

// ansehen says what an entry of the inbox is.
func ansehen(root *os.Root, e fs.DirEntry) einspielung.Quelle {
	q := einspielung.Quelle{Name: e.Name(), Art: einspielung.Unbekannt}
	if fi, err := e.Info(); err == nil {
		q.Bytes, q.Geaendert = fi.Size(), fi.ModTime().UTC()
	}
	switch ext := strings.ToLower(path.Ext(q.Name)); {
	case !utf8.ValidString(q.Name) || strings.ContainsFunc(q.Name, verboten):
		q.Name = strings.ToValidUTF8(q.Name, "?")
		q.Hinweis = "Ihr Name enthält unzulässige Zeichen; bitte sie umbenennen."
	case e.Type()&fs.ModeSymlink != 0:
		q.Hinweis = "Sie ist eine Verknüpfung; bitte die Datei selbst in den Eingang legen."
	case e.IsDir():
		ordner(root, &q)
	case !e.Type().IsRegular():
		q.Hinweis = "Sie ist keine Datei."
	case ext == ".csv" || ext == ".txt":
		q.Art = einspielung.CSV
	case ext == ".zip":
		q.Hinweis = "Ein ZIP bitte auspacken oder unten hochladen."
	default:
		q.Hinweis = "Offizin liest K2-Ordner (*.GES, *.UPD) und CSV-Dateien (*.csv, *.txt)."
	}
	return q
}

// ordner looks into a folder: a delivery of ABDATA, or something else.
func ordner(root *os.Root, q *einspielung.Quelle) {
	q.Hinweis = "In dem Ordner liegt keine K2-Lieferung (*.GES, *.UPD)."
	sub, err := root.OpenRoot(q.Name)
	if err != nil {
		return
	}
	defer sub.Close() //nolint:errcheck // only read
	q.Bytes = 0
	groesse(sub.FS(), q)
	k, err := abdata.Ansehen(sub.FS())
	if err != nil {
		if f, ok := errors.AsType[*fault.Fault](err); ok && f.Code != "A-503" {
			q.Art, q.Hinweis = einspielung.GES, f.Error()
		}
		return
	}
	q.Ab, q.Hinweis, q.Art = k.GueltigAb, "", einspielung.GES
	if k.Inhalt == abdata.UPD {
		q.Art = einspielung.UPD
	}
}

// groesse adds up the files of a folder and of those in it.
func groesse(fsys fs.FS, q *einspielung.Quelle) {
	n := 0
	_ = fs.WalkDir(fsys, ".", func(_ string, d fs.DirEntry, err error) error {
		if n++; err != nil || n > maxDateien {
			return fs.SkipAll
		}
		if fi, err := d.Info(); err == nil && fi.Mode().IsRegular() {
			q.Bytes += fi.Size()
			if t := fi.ModTime().UTC(); t.After(q.Geaendert) {
				q.Geaendert = t
			}
		}
		return nil
	})
}

// verboten are the characters of names that do not go into an address or onto a page.
func verboten(c rune) bool { return c < ' ' || c == 0x7f || strings.ContainsRune(`/\:*?"<>|`, c) }

// raeumeEingang removes what broken off uploads have left.
func (w *Werkstatt) raeumeEingang() error {
	if _, err := os.Stat(w.eingang()); err != nil {
		return nil // there is nothing to remove
	}
	w.annehmen.Lock()
	defer w.annehmen.Unlock()
	root, err := w.root()
	if err != nil {
		return err
	}
	entries, _ := fs.ReadDir(root.FS(), ".") // what cannot be listed cannot be removed
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), halbPrefix) {
			err = errors.Join(err, root.RemoveAll(e.Name()))
		}
	}
	if err = errors.Join(err, root.Close()); err != nil {
		return fmt.Errorf("clear inbox: %w", err)
	}
	return nil
}
