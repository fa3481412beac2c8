package recht

import (
	"bytes"
	"crypto/ed25519"
	_ "embed" // the public release keys
	"encoding/base64"
	"maps"
	"strings"
)

// releasePub holds the public keys of the releases, see docs/adr/0003-law-as-data.md.
//
//go:embed release.pub
var releasePub []byte

// Schluesselbund is the public keys that may sign a Nachtrag, under their ids.
type Schluesselbund map[string]ed25519.PublicKey

// ReleaseSchluessel returns the public keys that ship with the program.
func ReleaseSchluessel() (Schluesselbund, error) { return LiesSchluessel("release.pub", releasePub) }

// LiesSchluessel reads a file of public keys: a line each with id and the 32 bytes
// in Base64; lines that begin with # are comments.
func LiesSchluessel(name string, data []byte) (Schluesselbund, error) {
	d := datei{name}
	if len(data) > maxDatei {
		return nil, d.gross()
	}
	bund := Schluesselbund{}
	nr := 0
	for line := range bytes.Lines(data) {
		nr++
		text := strings.TrimSpace(string(line))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		id, encoded, _ := strings.Cut(text, " ")
		key, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSpace(encoded))
		if _, twice := bund[id]; err != nil || len(key) != ed25519.PublicKeySize || twice {
			return nil, d.fehler("L-117", nr, "Erwartet wird je Zeile ein eigener Name und ein Schlüssel in Base64.")
		}
		bund[id] = key
	}
	return bund, nil
}

// Und returns both sets of keys together; of two with one id that of b stays.
func (b Schluesselbund) Und(more Schluesselbund) Schluesselbund {
	all := Schluesselbund{}
	for _, keys := range []Schluesselbund{more, b} {
		maps.Copy(all, keys)
	}
	return all
}
