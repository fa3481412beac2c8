// Package seal encrypts personal data for the journal: XChaCha20-Poly1305 with a
// key per person, and that key wrapped by the key of the node. What is sealed for
// one person cannot be opened as another's.
package seal

import (
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/offizin/offizin/journal"
)

// Key is the key of a person or of a node. It is secret and formats as nothing.
type Key [chacha20poly1305.KeySize]byte

// String hides the key, so that no log can hold it.
func (Key) String() string { return "[Schlüssel]" }

// GoString hides the key.
func (Key) GoString() string { return "[Schlüssel]" }

// ErrKey reports ciphertext that this key does not open: damaged, foreign, or
// sealed for another person.
var ErrKey = errors.New("the key does not open the data")

// What a ciphertext is for goes into it, so that one can never stand for another.
const (
	forData = "offizin person data v1\x00"
	forKey  = "offizin person key v1\x00"
)

// New makes a random key.
func New() Key {
	var k Key
	_, _ = rand.Read(k[:]) // never fails: crypto/rand ends the program instead
	return k
}

// Seal encrypts plaintext for the person whose key k is.
func (k Key) Seal(person string, plaintext []byte) journal.Sealed {
	return journal.Sealed{Person: person, Data: k.lock(forData+person, plaintext)}
}

// Open decrypts what Seal made; ErrKey if that is impossible.
func (k Key) Open(s journal.Sealed) ([]byte, error) { return k.unlock(forData+s.Person, s.Data) }

// Keys are those of one person: several if several machines made one.
type Keys []Key

// Open decrypts what one of the keys has sealed; ErrKey if none has.
func (k Keys) Open(s journal.Sealed) ([]byte, error) {
	for _, key := range k {
		if plain, err := key.Open(s); err == nil {
			return plain, nil
		}
	}
	return nil, ErrKey
}

// Wrap encrypts the key of a person with k, the key of the node.
func (k Key) Wrap(person string, key Key) []byte { return k.lock(forKey+person, key[:]) }

// Unwrap decrypts the key of a person; ErrKey if that is impossible.
func (k Key) Unwrap(person string, wrapped []byte) (Key, error) {
	b, err := k.unlock(forKey+person, wrapped)
	if err != nil || len(b) != len(Key{}) {
		return Key{}, errors.Join(ErrKey, err)
	}
	return Key(b), nil
}

func (k Key) lock(purpose string, plaintext []byte) []byte {
	aead := k.aead()
	out := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plaintext)+aead.Overhead())
	_, _ = rand.Read(out)
	return aead.Seal(out, out, plaintext, []byte(purpose))
}

func (k Key) unlock(purpose string, data []byte) ([]byte, error) {
	aead := k.aead()
	if len(data) < aead.NonceSize()+aead.Overhead() {
		return nil, ErrKey
	}
	plain, err := aead.Open(nil, data[:aead.NonceSize()], data[aead.NonceSize():], []byte(purpose))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	return plain, nil
}

func (k Key) aead() cipher.AEAD {
	aead, err := chacha20poly1305.NewX(k[:])
	if err != nil {
		panic("seal: " + err.Error()) // the size of a Key is right by its type
	}
	return aead
}
