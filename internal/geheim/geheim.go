// Package geheim keeps secrets that people know or carry: a PIN as a slow hash with a salt
// of its own, a long random code as a slow hash that can be looked up.
package geheim

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
)

// The cost of argon2id: see ADR 0019.
const (
	passes  = 2
	memory  = 32 << 10 // KiB
	threads = 1        // a till may have one core
	saltLen = 16
	hashLen = 32
	form    = "argon2id$v19$m%d,t%d,p%d$%s$%s"
)

// Hasher hashes one secret at a time: many at once must not take the memory of the till.
type Hasher struct{ mu sync.Mutex }

// Hash returns the hash of a secret under a fresh salt, with its cost.
func (r *Hasher) Hash(secret string) string {
	salt := make([]byte, saltLen)
	_, _ = rand.Read(salt) // never fails
	return encode(salt, r.key(secret, salt, passes, memory))
}

// Nachschlag returns the hash of a long random code; the same code gives the same hash. It
// is only safe for codes of at least 80 bit: there is no salt.
func (r *Hasher) Nachschlag(code string) string {
	salt := []byte("offizin/ausweis1")
	return encode(salt, r.key(code, salt, passes, memory))
}

// Stimmt reports whether the hash is that of the secret. A hash it cannot read is of none.
func (r *Hasher) Stimmt(hash, secret string) bool {
	var m, t uint32
	var p uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 5 || parts[0] != "argon2id" || parts[1] != "v19" {
		return false
	}
	if n, err := fmt.Sscanf(parts[2], "m%d,t%d,p%d", &m, &t, &p); n != 3 || err != nil {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[3])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil || err2 != nil || len(salt) != saltLen || len(want) != hashLen || p != threads ||
		t < 1 || t > 10 || m < 8 || m > 256<<10 { // a forged record must not eat the machine
		return false
	}
	return subtle.ConstantTimeCompare(want, r.key(secret, salt, t, m)) == 1
}

func (r *Hasher) key(secret string, salt []byte, t, m uint32) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return argon2.IDKey([]byte(secret), salt, t, m, threads, hashLen)
}

func encode(salt, hash []byte) string {
	b := base64.RawStdEncoding
	return fmt.Sprintf(form, memory, passes, threads, b.EncodeToString(salt), b.EncodeToString(hash))
}

// Ziffern returns n random digits: about 3.3 bit each.
func Ziffern(n int) string {
	var b strings.Builder
	for range n {
		d, _ := rand.Int(rand.Reader, big.NewInt(10)) // never fails
		b.WriteByte('0' + byte(d.Int64()))
	}
	return b.String()
}
