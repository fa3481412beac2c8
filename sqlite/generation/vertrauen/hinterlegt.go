package vertrauen

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/catalogue/signatur"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation/datei"
)

// Zeilen are the lines of the public key that signs here, and of the others that are trusted.
func Zeilen(dir string, key ed25519.PrivateKey) (eigener string, fremde []string) {
	public, _ := key.Public().(ed25519.PublicKey)
	return signatur.Allein(public).Zeilen()[0], Lies(dir).fremd.Zeilen()
}

// Vertraue takes the public keys of a text in: what they have signed counts here from the
// next lookup on. It returns the lines of those that were not known before.
func Vertraue(dir string, text []byte) (neue []string, err error) {
	b, err := signatur.LiesBund(text)
	if err != nil || len(b) == 0 {
		return nil, fault.New(fault.Invalid, "A-647", "Das ist kein öffentlicher Schlüssel (je Zeile ein Name und 32 Byte "+
			"in Base64); bitte die Ausgabe von „offizin catalogue schluessel“ des anderen Rechners nehmen.", err)
	}
	folder := filepath.Join(dir, Dir)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, datei.Explain(dir, fmt.Errorf("make folder of keys: %w", err))
	}
	v := Lies(dir)
	for key, name := range b {
		public := ed25519.PublicKey(key)
		if v.eigene.Kennt(public) || v.fremd.Kennt(public) {
			continue
		}
		one := signatur.Bund{key: name}.Zeilen()[0]
		file := filepath.Join(folder, signatur.Name(public)+pubEnde) // two of one name do not meet
		if err := platte.Replace(file, []byte(one+"\n")); err != nil {
			return neue, datei.Explain(dir, err)
		}
		neue = append(neue, one)
	}
	return neue, nil
}
