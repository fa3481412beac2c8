package pruefung

import (
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/offizin/offizin/integration/tse/ber"
)

// maxZertifikate is how many keys a file with certificates may hold.
const maxZertifikate = 16

// schluesselAus reads the public keys of a file with certificates: DER, or PEM with several.
// The library of the language refuses certificates on brainpool curves, so the key is taken
// out by hand (RFC 5280, 4.1): certificate, tbsCertificate, subjectPublicKeyInfo.
func (k *Kurven) schluesselAus(data []byte) ([]Schluessel, error) {
	blocks := [][]byte{data}
	if b, rest := pem.Decode(data); b != nil {
		for blocks = nil; b != nil; b, rest = pem.Decode(rest) {
			blocks = append(blocks, b.Bytes)
		}
	}
	if len(blocks) > maxZertifikate {
		return nil, fmt.Errorf("%d certificates in one file", len(blocks))
	}
	var list []Schluessel
	for _, b := range blocks {
		raw, err := spkiOf(b)
		if err != nil {
			return nil, err
		}
		s, err := k.ParseSchluessel(raw)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// spkiOf finds the key in a certificate: after the version, if there is one, and serial
// number, algorithm, issuer, validity, subject.
func spkiOf(certificate []byte) ([]byte, error) {
	outer, _, err := ber.Read(certificate)
	if err != nil {
		return nil, fmt.Errorf("read certificate: %w", err)
	}
	tbs, _, err := ber.Read(outer.Content)
	if err != nil {
		return nil, fmt.Errorf("read tbsCertificate: %w", err)
	}
	rest := tbs.Content
	for before := 5; before > 0; {
		e, after, err := ber.Read(rest)
		if err != nil {
			return nil, fmt.Errorf("read tbsCertificate: %w", err)
		}
		if rest = after; e.Tag != ber.Context(0)|ber.Constructed { // the version may be left out
			before--
		}
	}
	spki, _, err := ber.Read(rest)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read subjectPublicKeyInfo: %w", err)
	case outer.Tag != ber.Sequence || tbs.Tag != ber.Sequence || spki.Tag != ber.Sequence:
		return nil, errors.New("not a certificate")
	}
	return spki.Raw, nil
}
