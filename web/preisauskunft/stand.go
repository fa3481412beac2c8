package preisauskunft

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/offizin/offizin/domain/civil"
)

// Stand says what a written list is.
type Stand struct {
	Tag     civil.Day `json:"tag"`     // on which it was made
	Bis     civil.Day `json:"bis"`     // the last day before prices change that it does not know
	Katalog string    `json:"katalog"` // the generation of that day
	Artikel int       `json:"artikel"` // how many
	// Kennung is another one when a list made anew would state other amounts or days.
	Kennung string `json:"kennung"`
}

// Stand returns what the list is.
func (l *Liste) Stand() Stand {
	return Stand{Tag: l.Tag, Bis: l.Bis, Katalog: l.Katalog, Artikel: len(l.zeilen), Kennung: l.kennung}
}

// Kennung is short for everything that decides the amounts: generations, what is the
// pharmacy's own, law and the day until which they are known. It walks no catalogue and takes
// some milliseconds.
func (q Quelle) Kennung() (string, error) {
	days, then, err := q.stichtage()
	if err != nil {
		return "", err
	}
	return q.kennungVon(days, bis(q.Tag, days, then))
}

func (q Quelle) kennungVon(days []stichtag, bis civil.Day) (string, error) {
	h := sha256.New()
	e := json.NewEncoder(h)
	for i, d := range days {
		ab := d.ab
		if i == 0 {
			ab = 0 // today: tomorrow it is no other list for that
		}
		if err := e.Encode([]any{ab, d.gen.Manifest().ID, d.recht}); err != nil {
			return "", fmt.Errorf("encode law: %w", err)
		}
	}
	if err := e.Encode([]any{bis, q.Eigene}); err != nil {
		return "", fmt.Errorf("encode own articles: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Rechtstag is the law from a day on.
type Rechtstag struct {
	Ab    civil.Day `json:"ab"`
	Recht Recht     `json:"recht"`
}

// Rechtsfolge is the law of the days that a list looks at, oldest first. It goes from the
// program, which knows all of it, to the one that writes the list.
type Rechtsfolge []Rechtstag

// Rechtsfolge returns the law from the day of the list on, a row for each change.
func (q Quelle) Rechtsfolge() (Rechtsfolge, error) {
	var list Rechtsfolge
	var last []byte
	for n := range vorschau + 1 {
		day := q.Tag.AddDays(n)
		law, err := q.Recht(day)
		if err != nil {
			return nil, err
		}
		b, err := json.Marshal(law)
		if err != nil {
			return nil, fmt.Errorf("encode law: %w", err)
		}
		if !bytes.Equal(b, last) {
			list, last = append(list, Rechtstag{day, law}), b
		}
	}
	return list, nil
}

// Am returns the law of a day; before the first, that of the first.
func (f Rechtsfolge) Am(day civil.Day) (Recht, error) {
	if len(f) == 0 {
		return Recht{}, errOhneRecht
	}
	law := f[0].Recht
	for _, r := range f {
		if r.Ab <= day {
			law = r.Recht
		}
	}
	return law, nil
}
