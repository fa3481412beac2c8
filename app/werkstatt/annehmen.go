package werkstatt

import (
	"archive/zip"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

// The limits of names, and of the number of files in a ZIP.
const (
	maxTeile = 300
	maxName  = 100
)

// halbPrefix is what is not whole yet.
const halbPrefix = ".halb-"

// Annehmen implements einspielung.Werkstatt: a CSV file, or a ZIP with one or with a
// delivery of ABDATA. It is there as a whole or not at all, and never takes the place of
// another.
func (w *Werkstatt) Annehmen(name string, r io.Reader) (err error) {
	if name, err = sauber(name); err != nil {
		return err
	}
	w.annehmen.Lock()
	defer w.annehmen.Unlock()
	root, err := w.root()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	half := halbPrefix + rand.Text()
	defer func() { err = errors.Join(err, root.RemoveAll(half)) }()
	if err := w.schreibe(root, half, r, w.opt.Grenzen.Datei); err != nil {
		return err
	}
	if strings.EqualFold(path.Ext(name), ".zip") {
		return w.auspacken(root, half, strings.TrimSuffix(name, path.Ext(name)))
	}
	return benenne(root, half, name)
}

// erlaubt reports whether a name of a file is one that every system takes.
func erlaubt(name string) bool {
	return utf8.ValidString(name) && len(name) <= maxName && !strings.ContainsFunc(name, verboten)
}

// sauber is the name that a file gets in the inbox.
func sauber(name string) (string, error) {
	name = path.Base(strings.ReplaceAll(name, `\`, "/")) // some browsers send the whole path
	ext := strings.ToLower(path.Ext(name))
	switch {
	case !erlaubt(name) || strings.Trim(name, ". ") != name || strings.HasPrefix(name, "-"):
		return "", fault.New(fault.Invalid, "A-751", "Der Name der Datei ist zu lang oder enthält unzulässige Zeichen; "+
			"bitte sie umbenennen.", nil)
	case ext != ".csv" && ext != ".txt" && ext != ".zip":
		return "", fault.New(fault.Invalid, "A-752", "Angenommen werden CSV-Dateien (*.csv, *.txt) und ZIP mit einer "+
			"CSV-Datei oder K2-Lieferung; bitte eine solche wählen.", nil)
	}
	return name, nil
}

// schreibe writes at most limit bytes into a new file, and leaves room on the disk.
func (w *Werkstatt) schreibe(root *os.Root, name string, r io.Reader, limit int64) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return w.voll(err)
	}
	free, _, err := platte.Frei(w.eingang())
	if err == nil {
		free -= w.opt.Grenzen.Reserve
		most := max(0, min(limit, free))
		var n int64
		if n, err = io.Copy(f, io.LimitReader(r, most+1)); err == nil && n > most {
			err = w.zuGross(limit <= free)
		}
	}
	err = errors.Join(err, f.Sync(), f.Close())
	return w.voll(err)
}

// zuGross says which limit was met: ours, or that of the disk.
func (w *Werkstatt) zuGross(ours bool) error {
	if ours {
		return fault.New(fault.Invalid, "A-753", fmt.Sprintf("Die Datei ist zu groß: höchstens %d MB, ausgepackt %d GB; "+
			"bitte sie in den Ordner „%s“ legen.", w.opt.Grenzen.Datei>>20, w.opt.Grenzen.Ausgepackt>>30, EingangDir), nil)
	}
	return fault.New(fault.Unavailable, "A-754", "Auf der Platte ist dafür nicht genug Platz; bitte Platz schaffen und "+
		"wiederholen.", nil)
}

// voll turns an error of writing into the sentence for a full disk, if it is that.
func (w *Werkstatt) voll(err error) error {
	if _, said := errors.AsType[*fault.Fault](err); said || err == nil {
		return err
	}
	if errors.Is(platte.Hindernis(w.eingang()), platte.ErrVoll) {
		return errors.Join(w.zuGross(false), err)
	}
	return fmt.Errorf("write into inbox: %w", err)
}

// benenne gives what is whole its name.
func benenne(root *os.Root, half, name string) error {
	if _, err := root.Lstat(name); err == nil {
		return fault.New(fault.Conflict, "A-755", "„"+name+"“ liegt schon im Eingang; bitte umbenennen und wiederholen.", nil)
	}
	if err := root.Rename(half, name); err != nil {
		return fmt.Errorf("name file in inbox: %w", err)
	}
	return nil
}

// auspacken unpacks a ZIP into a folder of that name, or into one file if it holds one CSV.
func (w *Werkstatt) auspacken(root *os.Root, half, name string) (err error) {
	f, err := root.Open(half)
	if err != nil {
		return fmt.Errorf("open upload: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	fi, err := f.Stat()
	if err != nil {
		return fmt.Errorf("size of upload: %w", err)
	}
	z, err := zip.NewReader(f, fi.Size())
	if err != nil {
		return schlechtesZip("es ist beschädigt", err)
	}
	parts, err := teile(z)
	if err != nil {
		return err
	}
	dir := halbPrefix + rand.Text()
	if err := root.Mkdir(dir, 0o700); err != nil {
		return w.voll(err)
	}
	defer func() { err = errors.Join(err, root.RemoveAll(dir)) }()
	left := w.opt.Grenzen.Ausgepackt
	for base, part := range parts {
		n, err := w.teil(root, filepath.Join(dir, base), part, left)
		if err != nil {
			return err
		}
		left -= n
	}
	for base := range parts {
		if len(parts) == 1 && !istK2(base) {
			return benenne(root, filepath.Join(dir, base), base)
		}
	}
	return benenne(root, dir, name)
}

// teil unpacks one file and returns its size.
func (w *Werkstatt) teil(root *os.Root, name string, part *zip.File, left int64) (int64, error) {
	r, err := part.Open()
	if err != nil {
		return 0, schlechtesZip("es ist beschädigt", err)
	}
	defer r.Close() //nolint:errcheck // only read
	if err := w.schreibe(root, name, r, left); err != nil {
		if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, schlechtesZip("es ist beschädigt", err)
		}
		return 0, err
	}
	fi, err := root.Stat(name)
	if err != nil {
		return 0, fmt.Errorf("size of part: %w", err)
	}
	return fi.Size(), nil
}

func istK2(name string) bool {
	ext := strings.ToUpper(path.Ext(name))
	return ext == ".GES" || ext == ".UPD"
}

// teile lists the files of a ZIP that belong to a source, by the names they get: without
// their folders, so that nothing in it says where it goes. Beside a delivery of ABDATA other
// files are left out.
func teile(z *zip.Reader) (map[string]*zip.File, error) {
	parts, lists := map[string]*zip.File{}, map[string]*zip.File{}
	for _, f := range z.File {
		base := path.Base(strings.ReplaceAll(f.Name, `\`, "/"))
		ext := strings.ToLower(path.Ext(base))
		into := parts
		if !istK2(base) {
			into = lists
		}
		switch {
		case f.Mode().IsDir() || strings.HasPrefix(base, ".") || !istK2(base) && ext != ".csv" && ext != ".txt":
			continue
		case f.Mode()&fs.ModeType != 0 || !erlaubt(base):
			return nil, schlechtesZip("es enthält etwas anderes als Dateien oder unzulässige Namen", nil)
		case into[base] != nil || len(into) == maxTeile:
			return nil, schlechtesZip("es enthält mehrere Lieferungen oder zu viele Dateien", nil)
		}
		into[base] = f
	}
	k2 := len(parts) > 0
	if !k2 {
		parts = lists
	}
	if len(parts) == 0 || len(parts) > 1 && !k2 {
		return nil, schlechtesZip("es enthält weder genau eine CSV-Datei noch eine K2-Lieferung", nil)
	}
	return parts, nil
}

func schlechtesZip(why string, cause error) error {
	return fault.New(fault.Invalid, "A-756", "Dieses ZIP lässt sich nicht annehmen: "+why+"; bitte ein anderes wählen.",
		cause)
}
