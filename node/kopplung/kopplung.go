// Package kopplung takes a new machine into a pharmacy with a short code that a person reads on
// one machine and types on the other.
//
// Neither knows the other's key yet, so both prove over one TLS connection that they know the
// code, each for what it says and for this connection alone (its exported keying material,
// RFC 8446 § 7.5). Who sits in between sees proofs from which the code could be guessed; the
// slow hash makes each of its 2^40 values cost a tenth of a second, and the code lives ten
// minutes. Nothing of the other side is believed before its proof.
package kopplung

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/offizin/offizin/internal/fault"
)

// Path is where a new machine asks.
const Path = "/knoten/kopplung/v1"

// maxBody is the largest request or answer, in bytes.
const maxBody = 64 << 10

// Antrag is what a new machine says of itself.
type Antrag struct {
	Public  []byte `json:"public"`          // its public key, PKIX
	Platz   string `json:"platz,omitempty"` // its name; empty: the next free one
	Rang    int    `json:"rang"`            // 0: behind the others
	Adresse string `json:"adresse"`         // host:port; without a host: where it calls from
}

// Zusage is what the pharmacy answers.
type Zusage struct {
	Platz      string     `json:"platz"`
	Till       string     `json:"till"`
	Rang       int        `json:"rang"`
	Zertifikat []byte     `json:"zertifikat"` // its certificate, DER
	Aussteller []byte     `json:"aussteller"` // of the authority, DER
	Mitglieder []Mitglied `json:"mitglieder"` // the others, for the first call
}

// Mitglied is a machine of the pharmacy.
type Mitglied struct {
	Platz         string `json:"platz"`
	Rang          int    `json:"rang"`
	Adresse       string `json:"adresse"`
	Fingerabdruck string `json:"fingerabdruck"`
}

// sealed is a message with its proof.
type sealed struct {
	Inhalt json.RawMessage `json:"inhalt"`
	Probe  []byte          `json:"probe"`
}

// The alphabet of codes has no letters that look like others (Crockford).
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLength is the number of characters: 40 bits.
const codeLength = 8

func newCode() string {
	b := make([]byte, codeLength)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	for i := range b {
		b[i] = alphabet[b[i]%32]
	}
	return string(b[:4]) + "-" + string(b[4:])
}

// normal is a code as typed by somebody, without what cannot matter.
func normal(code string) string {
	return strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
}

// The cost of trying one code: 64 MiB, some 0.1 s.
const (
	argonTime   = 1
	argonMemory = 64 << 10 // KiB
)

// secret is what both sides know if both know the code, for one connection.
func secret(s *tls.ConnectionState, code string) ([]byte, error) {
	bound, err := s.ExportKeyingMaterial("EXPORTER-offizin-kopplung", nil, 32)
	if err != nil {
		return nil, fmt.Errorf("bind code to the connection: %w", err)
	}
	return argon2.IDKey([]byte(normal(code)), bound, argonTime, argonMemory, 1, 32), nil
}

// The two directions; what one side has proven the other cannot hand back.
const (
	vomNeuen = "offizin kopplung neu v1\x00"
	vomAlten = "offizin kopplung alt v1\x00"
)

func probe(key []byte, from string, parts ...[]byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(from))
	for _, p := range parts {
		sum := sha256.Sum256(p)
		m.Write(sum[:])
	}
	return m.Sum(nil)
}

func seal(v any, proof func(content []byte) []byte) ([]byte, error) {
	content, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write message: %w", err)
	}
	b, err := json.Marshal(sealed{Inhalt: content, Probe: proof(content)})
	if err != nil {
		return nil, fmt.Errorf("write message: %w", err)
	}
	return b, nil
}

// read reads a message; its content counts only after its proof was checked.
func read(r io.Reader) (s sealed, err error) {
	if err := json.NewDecoder(io.LimitReader(r, maxBody)).Decode(&s); err != nil {
		return s, unreadable(err)
	}
	if len(s.Probe) != sha256.Size || len(s.Inhalt) == 0 {
		return s, unreadable(errors.New("no proof"))
	}
	return s, nil
}

func unreadable(cause error) error {
	return fault.New(fault.Invalid, "M-122",
		"Der andere Rechner hat beim Aufnehmen etwas Unlesbares geschickt; bitte Adresse und Version prüfen.", cause)
}

func wrongCode(left int) error {
	if left <= 0 {
		return fault.New(fault.Denied, "M-121",
			"Es ist kein Code offen, oder er wurde zu oft falsch eingegeben; bitte am anderen Rechner einen neuen holen.", nil)
	}
	return fault.New(fault.Denied, "M-120", fmt.Sprintf(
		"Der Code stimmt nicht; bitte noch einmal eingeben, übrige Versuche: %d.", left), nil)
}
