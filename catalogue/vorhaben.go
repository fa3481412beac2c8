package catalogue

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/civil"
)

// Wahlart is what a person does to the generations.
type Wahlart string

// What can be chosen. A release from quarantine is an activation of what the gate held.
const (
	Aktiviert       Wahlart = "aktiviert"
	Zurueckgenommen Wahlart = "zurueckgenommen"
	Freigegeben     Wahlart = "freigegeben"
	Rueckgaengig    Wahlart = "rueckgaengig"
)

// Vorhaben is what somebody wants to choose.
type Vorhaben struct {
	Art     Wahlart
	Katalog string // the generation; not asked for at Zurueckgenommen and Rueckgaengig
	Bezug   *Wahl  // the choice to undo; only at Rueckgaengig
}

// Wahl is a choice: which generations are left out after it, and what that changes on Tag,
// the first day on which it has an effect.
type Wahl struct {
	ID          string    `json:"id"`
	Art         Wahlart   `json:"art"`
	Katalog     string    `json:"katalog"` // the generation chosen or taken back
	Tag         civil.Day `json:"tag"`
	Vorher      string    `json:"vorher"`  // holds on Tag without it; empty: none
	Nachher     string    `json:"nachher"` // holds on Tag with it
	Hinaus      []string  `json:"hinaus"`  // left out by it
	Hinein      []string  `json:"hinein"`  // taken in by it
	Ausgelassen []string  `json:"ausgelassen"`
	Bezug       string    `json:"bezug"` // the choice that it undoes
	Grund       string    `json:"grund"`
	Wer         string    `json:"wer"`  // Kuerzel; empty: not known
	Zeit        time.Time `json:"zeit"` // UTC
}

// Leer reports whether the choice changes nothing.
func (w Wahl) Leer() bool { return len(w.Hinaus)+len(w.Hinein) == 0 }

// Digest is short for what the choice changes. Two that are shown the same have the same.
func (w Wahl) Digest() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		string(w.Art), w.Katalog, w.Tag.String(), w.Vorher, w.Nachher, w.Bezug,
		strings.Join(w.Hinaus, " "), strings.Join(w.Hinein, " "), strings.Join(w.Ausgelassen, " "),
	}, "\n")))
	return hex.EncodeToString(sum[:6])
}
