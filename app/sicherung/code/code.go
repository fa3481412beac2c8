// Package code is the recovery code of the Inhaber: printed once, stored nowhere. It opens
// every backup of the pharmacy, also when no machine of it is left.
//
// It is 160 random bits in eight groups of four characters, each followed by a check
// character that depends on the characters, their places and the number of the group: a
// wrong character, two that were swapped and two groups that were swapped are found, and
// the group is named.
package code

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"

	"filippo.io/age"

	"github.com/offizin/offizin/internal/fault"
)

const (
	gruppen  = 8
	zeichen  = 4                                  // of a group, without its check character
	alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // without I, L, O, U, which are misread
	zweck    = "offizin wiederherstellung v1"
)

// Code is a recovery code. It is secret and formats as nothing; Gruppen shows it.
type Code struct{ z [gruppen * zeichen]byte } // values 0–31

// New makes a random code.
func New() Code {
	var c Code
	_, _ = rand.Read(c.z[:]) // never fails: crypto/rand ends the program instead
	for i := range c.z {
		c.z[i] &= 31
	}
	return c
}

// String hides the code, so that no log can hold it.
func (Code) String() string { return "[Wiederherstellungscode]" }

// GoString hides the code.
func (Code) GoString() string { return "[Wiederherstellungscode]" }

// Gruppen are the groups as they are printed, each with its check character.
func (c Code) Gruppen() []string {
	list := make([]string, gruppen)
	for g := range list {
		part := c.z[g*zeichen : (g+1)*zeichen]
		var b strings.Builder
		for _, v := range part {
			b.WriteByte(alphabet[v])
		}
		b.WriteByte(alphabet[pruef(g, part)])
		list[g] = b.String()
	}
	return list
}

// Parse reads a code as typed: small or capital letters, with any blanks and dashes. D-110
// names the first group that is wrong.
func Parse(text string) (Code, error) {
	var c Code
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -–.\t\r\n", r) {
			return -1
		}
		return r
	}, strings.ToUpper(text))
	values := make([]byte, 0, gruppen*(zeichen+1))
	for _, r := range text {
		v := wert(r)
		if v < 0 || len(values) == cap(values) {
			return c, vertippt(min(len(values)/(zeichen+1), gruppen-1))
		}
		values = append(values, byte(v))
	}
	for g := range gruppen {
		from := g * (zeichen + 1)
		if from+zeichen >= len(values) || pruef(g, values[from:from+zeichen]) != values[from+zeichen] {
			return c, vertippt(g)
		}
		copy(c.z[g*zeichen:], values[from:from+zeichen])
	}
	return c, nil
}

func vertippt(g int) error {
	return fault.New(fault.Invalid, "D-110", fmt.Sprintf("In Gruppe %d des Wiederherstellungscodes ist ein Tippfehler; "+
		"bitte diese Gruppe mit dem Ausdruck vergleichen.", g+1), nil)
}

// wert is the value of a character, with those that are misread; −1: it is none.
func wert(r rune) int {
	switch r {
	case 'O':
		r = '0'
	case 'I', 'L':
		r = '1'
	}
	return strings.IndexRune(alphabet, r)
}

// pruef is the check character of a group: a sum over GF(32) with another factor for each
// place and for the number of the group.
func pruef(g int, part []byte) byte {
	sum, factor := byte(g+1), byte(2)
	for _, v := range part {
		sum ^= mal(factor, v)
		factor = mal(factor, 2)
	}
	return sum
}

// mal multiplies in GF(32) modulo x⁵ + x² + 1.
func mal(a, b byte) byte {
	var p byte
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			p ^= a
		}
		if a <<= 1; a > 31 {
			a ^= 0b100101
		}
	}
	return p
}

// Identity is the key that the code stands for.
func (c Code) Identity() (*age.X25519Identity, error) {
	key, err := hkdf.Key(sha256.New, c.z[:], nil, zweck, 32)
	if err != nil {
		return nil, fmt.Errorf("derive key from code: %w", err)
	}
	id, err := age.ParseX25519Identity(strings.ToUpper(bech32("age-secret-key-", key)))
	if err != nil {
		return nil, fmt.Errorf("make key from code: %w", err)
	}
	return id, nil
}
