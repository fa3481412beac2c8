package signatur

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// MaxDatei is the most bytes of a file of keys.
const MaxDatei = 1 << 16

// What is wrong with a file of keys.
var (
	ErrSchluessel = errors.New("no line of a name and an Ed25519 key in Base64")
	ErrPrivat     = errors.New("no private Ed25519 key (PEM, PKCS 8)")
)

// Bund is the public keys that are trusted, with their names: the 32 bytes are what counts.
type Bund map[string]string

// LiesBund reads public keys: a line each with a name and the 32 bytes in Base64, as the law
// has them (docs/adr/0003-law-as-data.md); lines that begin with # are comments.
func LiesBund(data []byte) (Bund, error) {
	if len(data) > MaxDatei {
		return nil, ErrSchluessel
	}
	b := Bund{}
	for line := range bytes.Lines(data) {
		text := strings.TrimSpace(string(line))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		name, encoded, _ := strings.Cut(text, " ")
		key, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSpace(encoded))
		if err != nil || len(key) != ed25519.PublicKeySize || !gueltig(name) {
			return nil, ErrSchluessel
		}
		b[string(key)] = name
	}
	return b, nil
}

// gueltig says whether a name may also be that of a file.
func gueltig(name string) bool {
	return name != "" && len(name) <= 60 && name[0] != '.' && strings.Trim(name,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
}

// Kennt says whether a key is among them.
func (b Bund) Kennt(key ed25519.PublicKey) bool { _, ok := b[string(key)]; return ok }

// Zeilen lists the keys as LiesBund reads them, by name.
func (b Bund) Zeilen() []string {
	var list []string
	for key, name := range b {
		list = append(list, name+" "+base64.StdEncoding.EncodeToString([]byte(key)))
	}
	slices.Sort(list)
	return list
}

// Und returns the keys of both; of two names for one key the first stays.
func (b Bund) Und(more Bund) Bund {
	all := maps.Clone(more)
	if all == nil {
		all = Bund{}
	}
	maps.Copy(all, b)
	return all
}

// Allein is the bunch of one key, under its usual name.
func Allein(key ed25519.PublicKey) Bund { return Bund{string(key): Name(key)} }

// Name is what a key is called if nobody names it: a word that follows from its bytes, short
// enough to be compared on the telephone. It is no proof.
func Name(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return "katalog-" + hex.EncodeToString(sum[:4])
}

// Privat writes a private key as PEM (PKCS 8).
func Privat(key ed25519.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encode key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// LiesPrivat reads what Privat or openssl genpkey writes. What is in the file never comes
// into a message.
func LiesPrivat(data []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, ErrPrivat
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	private, ok := key.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, ErrPrivat
	}
	return private, nil
}
