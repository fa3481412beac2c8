// Package pruefung is what a check of a journal found.
package pruefung

import (
	"fmt"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
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
	Neubau    bool // the read models are just being built anew: they were not compared
	Personen  int  // with a key
	Geloescht int  // persons whose key was erased
}

// Add notes a finding.
func (b *Bericht) Add(ort, format string, args ...any) {
	if len(b.Funde) == maxFunde {
		b.Weitere++
		return
	}
	b.Funde = append(b.Funde, Fund{ort, fmt.Sprintf(format, args...)})
}

// Join adds what another part of the check found.
func (b *Bericht) Join(o Bericht) {
	for _, f := range o.Funde {
		b.Add(f.Ort, "%s", f.Text)
	}
	for _, d := range o.Damaged {
		b.Damage(d.Origin, d.Seq)
	}
	b.Weitere += o.Weitere
	b.Saetze += o.Saetze
	b.Kopf = append(b.Kopf, o.Kopf...)
	b.Neubau = b.Neubau || o.Neubau
	b.Personen += o.Personen
	b.Geloescht += o.Geloescht
}

// Damage notes a record that is damaged.
func (b *Bericht) Damage(o journal.Origin, seq uint64) {
	if len(b.Damaged) < maxDamaged {
		b.Damaged = append(b.Damaged, Satz{o, seq})
	}
}

// Record checks one record against the one before it, if that could be read.
func (b *Bericht) Record(r journal.Record, malformed error, last journal.Head, whole bool) {
	ort := fmt.Sprintf("%s Nr. %d", r.Origin, r.Seq)
	b.Saetze++
	switch {
	case malformed != nil:
		b.Add(ort, "Eine Prüfsumme hat die falsche Länge.")
	case r.Seq != last.Seq+1:
		b.Add(ort, "Davor fehlen Sätze: erwartet war Nr. %d.", last.Seq+1)
	case whole && r.Prev != last.Hash:
		b.Add(ort, "Der Satz schließt nicht an den vorigen an.")
	}
	same := malformed == nil && r.Sum() == r.Hash
	if !same {
		b.Damage(r.Origin, r.Seq)
	}
	if malformed == nil && !same {
		b.Add(ort, "Der Satz wurde verändert: seine Prüfsumme stimmt nicht.")
	}
	if _, _, ok := journal.SplitKey(r.Key); !ok {
		b.Add(ort, "Der Schlüssel „%s“ hat nicht die Form eines Vorgangs.", r.Key)
	}
	if e, err := event.Decode(r.Type, r.Payload); err != nil {
		b.Add(ort, "Das Ereignis %s ist nicht lesbar.", r.Type)
	} else if e == nil {
		b.Add(ort, "Die Art des Ereignisses „%s“ ist unbekannt; stammt es von einer neueren Version?", r.Type)
	}
}

// Unreadable is the report where nothing of the file can be read.
func Unreadable(file string) Bericht {
	var b Bericht
	b.Add("Datei "+file, "Die Datei ist so beschädigt, dass sich nichts lesen lässt; "+
		"bitte den ganzen Datenordner sichern, wie er ist, und die letzte Sicherung zurückkopieren.")
	return b
}
