package notfall

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

// Dir is the folder of the Mappen inside the data folder.
const Dir = "notfallmappe"

const (
	behalten = 7 // Mappen that stay, the newest among them
	endung   = ".pdf"
	maxDatei = 16 << 20 // more than any Mappe has
)

// datei is a Mappe on the disk.
type datei struct {
	tag   civil.Day
	bytes int64
	zeit  time.Time
}

// ablage is the folder of the Mappen.
type ablage struct{ dir string }

func (a ablage) name(tag civil.Day) string { return filepath.Join(a.dir, tag.String()+endung) }

// liste returns the Mappen, newest first.
func (a ablage) liste() ([]datei, error) {
	entries, err := os.ReadDir(a.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list Mappen: %w", err)
	}
	var list []datei
	for _, e := range entries {
		day, err := civil.Parse(strings.TrimSuffix(e.Name(), endung))
		if err != nil || e.Name() != day.String()+endung {
			continue
		}
		if fi, err := e.Info(); err == nil && fi.Mode().IsRegular() {
			list = append(list, datei{day, fi.Size(), fi.ModTime().UTC()})
		}
	}
	slices.SortFunc(list, func(x, y datei) int { return int(y.tag) - int(x.tag) })
	return list, nil
}

// neueste returns the Mappe that counts on a day: the latest that is not after it, else
// whichever there is, since a clock may be wrong; false if there is none.
func (a ablage) neueste(heute civil.Day) (datei, bool, error) {
	list, err := a.liste()
	if err != nil || len(list) == 0 {
		return datei{}, false, err
	}
	return geordnet(list, heute)[0], true, nil
}

// geordnet puts what is from days to come behind all others: a wrong clock has made it.
func geordnet(list []datei, heute civil.Day) []datei {
	kommt := func(d datei) int {
		if d.tag > heute {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(x, y datei) int { return kommt(x) - kommt(y) })
	return list
}

func (a ablage) lies(tag civil.Day) ([]byte, error) {
	b, err := os.ReadFile(a.name(tag))
	if err != nil {
		return nil, fmt.Errorf("read Mappe: %w", err)
	}
	if len(b) > maxDatei {
		return nil, fmt.Errorf("read Mappe: %w", errors.ErrUnsupported)
	}
	return b, nil
}

// schreibe puts a Mappe there as a whole, for the owner of the data only, and removes what
// is too old. If it cannot be written the old ones stay.
func (a ablage) schreibe(tag civil.Day, pdf []byte) error {
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return a.gescheitert(err)
	}
	a.raeume()
	if err := platte.Replace(a.name(tag), pdf); err != nil {
		return a.gescheitert(err)
	}
	return a.kuerze(tag)
}

// gescheitert says why nothing was written.
func (a ablage) gescheitert(cause error) error {
	if platte.Voll(cause) {
		return fault.New(fault.Unavailable, "A-712", "Für die Notfallmappe ist kein Platz auf der Platte, die alte bleibt; "+
			"bitte Platz schaffen und sie neu erstellen.", cause)
	}
	return fault.New(fault.Unavailable, "A-711", "Die Notfallmappe lässt sich nicht schreiben, die alte bleibt; "+
		"bitte den Ordner „"+a.dir+"“ und seine Rechte prüfen.", cause)
}

// raeume removes what a write left that was broken off.
func (a ablage) raeume() {
	left, _ := filepath.Glob(filepath.Join(a.dir, ".*"+endung+"-*")) // the pattern is well formed
	for _, name := range left {
		_ = os.Remove(name) // the next one tries again
	}
}

// kuerze removes all but the last Mappen; that of the day which was just written stays.
func (a ablage) kuerze(heute civil.Day) error {
	list, err := a.liste()
	if err != nil {
		return err
	}
	for i, d := range geordnet(list, heute) {
		if i >= behalten {
			err = errors.Join(err, a.entferne(d.tag))
		}
	}
	return err
}

func (a ablage) entferne(tag civil.Day) error {
	if err := os.Remove(a.name(tag)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove Mappe: %w", err)
	}
	return nil
}
