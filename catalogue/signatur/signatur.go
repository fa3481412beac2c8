// Package signatur signs the manifests of generations, and says of one that is there whose
// signature it bears. A manifest is JSON; key and signature are its last two fields, so that
// text and signature are one file and whoever knows nothing of them still reads the rest:
//
//	  …
//	  "schluessel": "<Ed25519, 32 bytes in Base64>",
//	  "signatur": "<over a fixed heading and all bytes before this line, Base64>"
//	}
package signatur

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
)

// What is wrong with the signature of a manifest.
var (
	ErrFehlt  = errors.New("manifest is not signed")
	ErrFalsch = errors.New("manifest is not what was signed")
)

// The parts of the text, each of a fixed length.
const (
	anfang    = "{\n"
	ende      = "\n}\n"
	vorKey    = ",\n  \"schluessel\": \""
	hinterKey = "\""
	vorSig    = ",\n  \"signatur\": \""
	hinterSig = "\"" + ende

	keyZeichen = 44 // 32 bytes in Base64
	sigZeichen = 88 // 64 bytes in Base64
)

// kopf is signed before the manifest: a signature made for another purpose is none here.
const kopf = "Offizin: Manifest einer Generation des Katalogs, 1\n"

// Signiere adds key and signature to a manifest, as json.MarshalIndent with two blanks and
// an end of line writes it. It panics on other text: it is our own.
func Signiere(text []byte, key ed25519.PrivateKey) []byte {
	public, _ := key.Public().(ed25519.PublicKey)
	rest, ok := bytes.CutSuffix(text, []byte(ende))
	if !ok || !bytes.HasPrefix(text, []byte(anfang)) || bytes.Contains(text, []byte(`"signatur"`)) {
		panic("signatur: no manifest that can be signed")
	}
	out := append(bytes.Clone(rest), vorKey+base64.StdEncoding.EncodeToString(public)+hinterKey...)
	sum := ed25519.Sign(key, append([]byte(kopf), out...))
	return append(out, vorSig+base64.StdEncoding.EncodeToString(sum)+hinterSig...)
}

// Oeffne returns the key that has signed the manifest as it is, whoever that may be: whether
// to trust it the caller says. Any other byte is ErrFalsch; none of the two fields, ErrFehlt.
func Oeffne(text []byte) (ed25519.PublicKey, error) {
	if !bytes.Contains(text, []byte(`"signatur"`)) {
		return nil, ErrFehlt
	}
	signed, signature, ok := letztes(text, vorSig, hinterSig, sigZeichen)
	if !ok {
		return nil, ErrFalsch
	}
	_, key, ok := letztes(signed, vorKey, hinterKey, keyZeichen)
	if !ok || len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, append([]byte(kopf), signed...), signature) {
		return nil, ErrFalsch
	}
	return key, nil
}

// letztes takes the last field off the text.
func letztes(text []byte, before, after string, n int) (rest, value []byte, ok bool) {
	text, ok = bytes.CutSuffix(text, []byte(after))
	if at := len(text) - n; ok && at >= 0 {
		rest, ok = bytes.CutSuffix(text[:at], []byte(before))
		value, err := base64.StdEncoding.Strict().DecodeString(string(text[at:]))
		return rest, value, ok && err == nil
	}
	return nil, nil, false
}
