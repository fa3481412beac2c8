// Package pruefung is what a check of a journal found.
package pruefung

import (
	"fmt"

	"github.com/offizin/offizin/journal"
)

// maxFunde is how many findings are listed one by one, and maxDamaged how many records.
const (
	maxFunde   = 100
	maxDamaged = 1000
)

// Satz is the place of a record.
type Satz struct {
	Origin journal.Origin
	Seq    uint64
}

// Fund is one thing that is wrong with a journal.
type Fund struct {
	Ort  string // "platz-1/0123456789abcdef Nr. 417", "Zeile bons b/1-000417"
	Text string // German, one sentence
}

// Bericht is what a check of a journal found.
type Bericht struct {
	Saetze  int64 // records read
	Kopf    []journal.Head
	Funde   []Fund
	Weitere int // findings beyond those listed
	// Damaged are records that are not what they were; another machine may have them whole.
	Damaged   []Satz
	Personen  int // with a key
	Geloescht int // persons whose key was erased
}

// Add notes a finding.
func (b *Bericht) Add(ort, format string, args ...any) {
	if len(b.Funde) == maxFunde {
		b.Weitere++
		return
	}
	b.Funde = append(b.Funde, Fund{ort, fmt.Sprintf(format, args...)})
}

// Damage notes a record that is damaged.
func (b *Bericht) Damage(o journal.Origin, seq uint64) {
	if len(b.Damaged) < maxDamaged {
		b.Damaged = append(b.Damaged, Satz{o, seq})
	}
}

// Unreadable is the report where nothing of the file can be read.
func Unreadable(file string) Bericht {
	var b Bericht
	b.Add("Datei "+file, "Die Datei ist so beschädigt, dass sich nichts lesen lässt; "+
		"bitte den ganzen Datenordner sichern, wie er ist, und die letzte Sicherung zurückkopieren.")
	return b
}
