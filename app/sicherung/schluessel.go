package sicherung

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/offizin/offizin/app/sicherung/code"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

// The files of the backup inside its folder of the data folder.
const (
	schluesselFile = "schluessel.json"
	apothekeFile   = "apotheke.key" // secret: opens every backup, for the restore test
	zielFile       = "ziel.json"
	standFile      = "stand.json"
)

// schluessel are the public keys for which backups are locked.
type schluessel struct {
	Apotheke string    `json:"apotheke"` // random name of this set; part of each file's name
	Inhaber  string    `json:"inhaber"`  // age recipient of the recovery code
	Rechner  string    `json:"rechner"`  // age recipient of apotheke.key
	Seit     time.Time `json:"seit"`     // UTC, of the recovery code
	Frueher  []string  `json:"frueher"`  // recipients of earlier codes: they still read who was erased
}

// liesSchluessel reads the keys; D-100 if there is no recovery code yet.
func liesSchluessel(dir string) (k schluessel, err error) {
	err = liesJSON(filepath.Join(dir, Dir, schluesselFile), &k)
	if errors.Is(err, fs.ErrNotExist) {
		return k, fault.New(fault.NotFound, "D-100", "Es gibt noch keinen Wiederherstellungscode; bitte unter Störungen, "+
			"Datensicherung einen erzeugen, ausdrucken und wegschließen.", err)
	}
	return k, err
}

// an are those who can open a backup.
func (k schluessel) an() ([]age.Recipient, error) { return empfaenger(k.Inhaber, k.Rechner) }

func empfaenger(texts ...string) (list []age.Recipient, err error) {
	for _, text := range texts {
		r, err := age.ParseX25519Recipient(text)
		if err != nil {
			return nil, fmt.Errorf("read public key of the backup: %w", err)
		}
		list = append(list, r)
	}
	return list, nil
}

// LiesApotheke reads the secret key of the pharmacy from its file.
func LiesApotheke(name string) (age.Identity, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read key of the pharmacy: %w", err)
	}
	id, err := age.ParseX25519Identity(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, fmt.Errorf("read key of the pharmacy: %w", err)
	}
	return id, nil
}

// NeuerCode makes a new recovery code and returns it, for the only time. Backups from now on
// are locked for it; older ones open with the code of their time.
func (s *Sicherungen) NeuerCode() (c code.Code, err error) {
	s.einer.Lock()
	defer s.einer.Unlock()
	dir := filepath.Join(s.Daten, Dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return c, fmt.Errorf("make folder for keys: %w", err)
	}
	k, err := liesSchluessel(s.Daten)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return c, err
	}
	if k.Apotheke == "" {
		var b [4]byte
		_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
		k.Apotheke = hex.EncodeToString(b[:])
	}
	own, err := apothekenschluessel(filepath.Join(dir, apothekeFile))
	if err != nil {
		return c, err
	}
	c = code.New()
	id, err := c.Identity()
	if err != nil {
		return c, err
	}
	if k.Inhaber != "" {
		k.Frueher = append(k.Frueher, k.Inhaber)
	}
	k.Inhaber, k.Rechner, k.Seit = id.Recipient().String(), own, s.Clock.Now()
	return c, schreibeJSON(filepath.Join(dir, schluesselFile), k)
}

// apothekenschluessel returns the public part of the pharmacy's key, which is made if there
// is none.
func apothekenschluessel(name string) (string, error) {
	if id, err := LiesApotheke(name); err == nil {
		if x, ok := id.(*age.X25519Identity); ok {
			return x.Recipient().String(), nil
		}
	}
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", fmt.Errorf("make key of the pharmacy: %w", err)
	}
	return id.Recipient().String(), platte.Replace(name, []byte(id.String()+"\n"))
}

// CodeGehoert reports whether a recovery code is the one that backups are locked for now.
func (s *Sicherungen) CodeGehoert(c code.Code) (bool, error) {
	k, err := liesSchluessel(s.Daten)
	if err != nil {
		return false, err
	}
	id, err := c.Identity()
	if err != nil {
		return false, err
	}
	return id.Recipient().String() == k.Inhaber, nil
}

// maxJSON is more than any of the small files has.
const maxJSON = 1 << 20

func liesJSON(name string, v any) error {
	b, err := os.ReadFile(name)
	if err == nil && len(b) > maxJSON {
		err = errors.ErrUnsupported
	}
	if err == nil {
		err = json.Unmarshal(b, v)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", filepath.Base(name), err)
	}
	return nil
}

func schreibeJSON(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", filepath.Base(name), err)
	}
	return platte.Replace(name, b)
}

// Kennung is the name of this set of keys, which stands in the name of each backup; empty if
// there is no recovery code yet.
func (s *Sicherungen) Kennung() string {
	k, err := liesSchluessel(s.Daten)
	if err != nil {
		return ""
	}
	return k.Apotheke
}
