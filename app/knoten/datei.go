package knoten

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/node/kopplung"
)

// Dir is the folder of what belongs to this machine alone; a copy of it is the same machine.
const Dir = "knoten"

// IncomingDir is the folder of what comes from other machines and is not whole yet.
const IncomingDir = "empfang"

// The files in Dir.
const (
	identityFile  = "rechner.pem"
	rechnerFile   = "rechner.json"
	steuerungFile = "steuerung.json"
)

// rechnerDatei is who this machine is, and whom it called last: what it must know before it
// can read its journal, or while its journal is empty.
type rechnerDatei struct {
	Platz      string              `json:"platz"`
	Till       string              `json:"till"`
	Frueher    []string            `json:"frueher,omitempty"` // prefixes that it had before, and never takes again
	Rang       int                 `json:"rang"`
	Aussteller []byte              `json:"aussteller"` // DER, of the authority that took it in
	Mitglieder []kopplung.Mitglied `json:"mitglieder"` // the others, as of then
}

// lade reads it; false if this folder belongs to no machine yet.
func lade(dir string) (d rechnerDatei, ok bool, err error) {
	b, err := os.ReadFile(filepath.Join(dir, Dir, rechnerFile))
	if errors.Is(err, os.ErrNotExist) {
		return d, false, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &d)
	}
	if err == nil && d.Platz == "" {
		err = errors.New("names no machine")
	}
	if err != nil {
		return d, false, fault.New(fault.Corrupt, "M-210", "Die Datei knoten/rechner.json ist nicht lesbar; "+
			"bitte aus der Sicherung holen oder den Ordner „knoten“ löschen und neu starten.", err)
	}
	return d, true, nil
}

// Neu reports whether a folder belongs to no machine yet.
func Neu(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, Dir, rechnerFile))
	return errors.Is(err, os.ErrNotExist)
}

func (d rechnerDatei) sichere(dir string) error {
	b, err := json.MarshalIndent(d, "", "\t")
	if err != nil {
		return fmt.Errorf("write who this machine is: %w", err)
	}
	if err := platte.Replace(filepath.Join(dir, Dir, rechnerFile), b); err != nil {
		return fault.New(fault.Unavailable, "M-211",
			"Der Ordner „knoten“ lässt sich nicht beschreiben; bitte freien Platz und Rechte prüfen.", err)
	}
	return nil
}
