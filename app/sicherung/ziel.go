package sicherung

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

const (
	endung   = ".tar.gz.age"
	stempel  = "20060102T150405Z"
	teilname = ".teil"
)

// datei is a backup in a folder.
type datei struct {
	name  string // base name
	zeit  time.Time
	bytes int64
}

// dateiname is the name of a backup of the pharmacy.
func dateiname(apotheke string, zeit time.Time) string {
	return "offizin-" + apotheke + "-" + zeit.UTC().Format(stempel) + endung
}

// ausName reads the name of a backup; false if it is none.
func ausName(name string) (apotheke string, zeit time.Time, ok bool) {
	rest, begins := strings.CutPrefix(name, "offizin-")
	rest, ends := strings.CutSuffix(rest, endung)
	apotheke, stamp, cut := strings.Cut(rest, "-")
	zeit, err := time.Parse(stempel, stamp)
	return apotheke, zeit, begins && ends && cut && err == nil
}

// liste returns the backups of the pharmacy in a folder, newest first. What is from days to
// come stands behind all others: a wrong clock has made it.
func (s *Sicherungen) liste(ordner, apotheke string) ([]datei, error) {
	entries, err := os.ReadDir(ordner)
	if err != nil {
		return nil, fehlt(ordner, err)
	}
	var list []datei
	for _, e := range entries {
		of, at, ok := ausName(e.Name())
		if !ok || of != apotheke || !e.Type().IsRegular() {
			continue
		}
		if fi, err := e.Info(); err == nil {
			list = append(list, datei{e.Name(), at, fi.Size()})
		}
	}
	slices.SortFunc(list, func(a, b datei) int { return b.zeit.Compare(a.zeit) })
	today := clock.Today(s.Clock)
	slices.SortStableFunc(list, func(a, b datei) int {
		return max(0, clock.DayOf(a.zeit).Sub(today)) - max(0, clock.DayOf(b.zeit).Sub(today))
	})
	return list, nil
}

// fehlt is the fault for a folder that is not there: D-101.
func fehlt(ordner string, cause error) error {
	return fault.New(fault.Unavailable, "D-101", "Der Ordner für die Sicherung „"+ordner+"“ ist nicht da; bitte "+
		"den Stick "+
		"einstecken, das Netzlaufwerk verbinden oder den Ordner berichtigen.", cause)
}

// gescheitert says why nothing was written to a folder.
func gescheitert(ordner string, cause error) error {
	if _, ok := errors.AsType[*fault.Fault](cause); ok {
		return cause
	}
	if platte.Voll(cause) {
		return voll(ordner, cause)
	}
	return fault.New(fault.Unavailable, "D-102", "In den Ordner „"+ordner+"“ lässt sich nicht sichern; bitte "+
		"prüfen, ob er "+
		"schreibgeschützt, getrennt oder defekt ist.", cause)
}

func voll(ordner string, cause error) error {
	return fault.New(fault.Unavailable, "D-103", "Im Ordner „"+ordner+"“ ist kein Platz für die Sicherung, die "+
		"alten bleiben; "+
		"bitte Platz schaffen oder einen größeren nehmen.", cause)
}

// pruefeOrdner refuses a folder that is missing or lies within the data folder.
func (s *Sicherungen) pruefeOrdner(ordner string) error {
	fi, err := os.Stat(ordner)
	if err == nil && !fi.IsDir() {
		err = fs.ErrInvalid
	}
	if err != nil {
		return fehlt(ordner, err)
	}
	inside, err := innerhalb(ordner, s.Daten)
	if err != nil {
		return err
	}
	if inside {
		return fault.New(fault.Invalid, "D-105", "Der Ordner für die Sicherung liegt im Datenordner und ginge mit ihm "+
			"verloren; "+
			"bitte einen auf einem anderen Datenträger nehmen.", nil)
	}
	return nil
}

func innerhalb(ordner, daten string) (bool, error) {
	var paths [2]string
	for i, name := range []string{daten, ordner} {
		abs, err := filepath.Abs(name)
		if err == nil {
			abs, err = filepath.EvalSymlinks(abs)
		}
		if err != nil {
			return false, fmt.Errorf("find folder: %w", err)
		}
		paths[i] = abs
	}
	rel, err := filepath.Rel(paths[0], paths[1])
	return err == nil && filepath.IsLocal(rel), nil // another drive is not inside
}

// ziel is the folder for the daily backup.
type ziel struct {
	Ordner string    `json:"ordner"`
	Seit   time.Time `json:"seit"` // UTC
}

// marke lies in the folder that was set: without it another medium is there.
func marke(apotheke string) string { return "offizin-" + apotheke + ".ziel" }

// ZielSetzen sets the folder for the daily backup; empty: none any more.
func (s *Sicherungen) ZielSetzen(ordner string) error {
	name := filepath.Join(s.Daten, Dir, zielFile)
	if ordner == "" {
		err := os.Remove(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("forget folder: %w", err)
		}
		return nil
	}
	k, err := liesSchluessel(s.Daten)
	if err != nil {
		return err
	}
	if !filepath.IsAbs(ordner) {
		return fault.New(fault.Invalid, "D-104", "Der Ordner für die Sicherung muss ein ganzer Pfad sein – etwa "+
			"/media/sicherung "+
			"oder E:\\.", nil)
	}
	if err := s.pruefeOrdner(ordner); err != nil {
		return err
	}
	text := "In diesen Ordner sichert Offizin jeden Tag. Bitte diese Datei nicht löschen.\n"
	if err := platte.Replace(filepath.Join(ordner, marke(k.Apotheke)), []byte(text)); err != nil {
		return gescheitert(ordner, err)
	}
	if err := schreibeJSON(name, ziel{ordner, s.Clock.Now()}); err != nil {
		return err
	}
	s.Erneuern()
	return nil
}

// liesZiel returns the folder that was set; empty: none.
func liesZiel(daten string) (z ziel, err error) {
	err = liesJSON(filepath.Join(daten, Dir, zielFile), &z)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return z, err
}

// eingelegt makes sure that the folder is the one that was set: the folder of a stick that
// is not plugged in is an empty one of this machine.
func eingelegt(ordner, apotheke string) error {
	if _, err := os.Stat(ordner); err != nil {
		return fehlt(ordner, err)
	}
	if _, err := os.Stat(filepath.Join(ordner, marke(apotheke))); err != nil {
		return fault.New(fault.Unavailable, "D-106", "Im Ordner „"+ordner+"“ liegt nicht der Datenträger, der für die "+
			"Sicherung "+
			"eingestellt wurde; bitte ihn einlegen oder den Ordner neu setzen.", err)
	}
	return nil
}

// loeschliste names who was erased for ever: a backup from before must not bring them back.
type loeschliste struct {
	Personen []string `json:"personen"`
	Inhaber  string   `json:"inhaber"` // recipient of the newest code that opens it
}

func loeschname(apotheke string) string { return "offizin-" + apotheke + "-geloescht.age" }

const maxLoeschliste = 64 << 20

// liesLoeschliste reads the list beside backups; fs.ErrNotExist if there is none.
func liesLoeschliste(ordner, apotheke string, mit ...age.Identity) (l loeschliste, err error) {
	f, err := os.Open(filepath.Join(ordner, loeschname(apotheke)))
	if err != nil {
		return l, fmt.Errorf("open list of erased persons: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	plain, err := age.Decrypt(f, mit...)
	if err == nil {
		err = json.NewDecoder(io.LimitReader(plain, maxLoeschliste)).Decode(&l)
	}
	if err != nil {
		return l, fmt.Errorf("read list of erased persons: %w", err)
	}
	return l, nil
}

// schreibeLoeschliste adds persons to the list beside backups.
func (s *Sicherungen) schreibeLoeschliste(ordner string, k schluessel, personen []string) error {
	own, err := LiesApotheke(filepath.Join(s.Daten, Dir, apothekeFile))
	if err != nil {
		return err
	}
	name := filepath.Join(ordner, loeschname(k.Apotheke))
	platte.Reste(name)
	old, err := liesLoeschliste(ordner, k.Apotheke, own)
	known := err == nil // one that cannot be read is replaced
	all := append(slices.Clone(old.Personen), personen...)
	slices.Sort(all)
	all = slices.Compact(all)
	if known && old.Inhaber == k.Inhaber && slices.Equal(all, old.Personen) {
		return nil
	}
	to, err := empfaenger(append([]string{k.Inhaber, k.Rechner}, k.Frueher...)...)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to...)
	if err == nil {
		err = errors.Join(json.NewEncoder(w).Encode(loeschliste{all, k.Inhaber}), w.Close())
	}
	if err != nil {
		return fmt.Errorf("lock list of erased persons: %w", err)
	}
	if err := platte.Replace(name, b.Bytes()); err != nil {
		return gescheitert(ordner, err)
	}
	return nil
}
