// Package pruefung checks what a TSE has signed: the QR codes of receipts (DSFinV-K 2.4
// Anhang I) and whole exports (TAR, BSI TR-03151). A signature proves that the data were
// signed with that key; whose key it is, and whether the device is certified, it does not
// say. PROTOCOL.md in the folder above has the details.
package pruefung

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	_ "crypto/sha3"   // hashes by name
	_ "crypto/sha512" // hashes by name
	"errors"
	"math/big"

	"github.com/offizin/offizin/integration/tse/ber"
	"github.com/offizin/offizin/integration/tse/brainpool"
	"github.com/offizin/offizin/integration/tse/lognachricht"
)

// Kurven are the curves of BSI TR-03116-5. Making them takes a moment: keep them.
type Kurven struct{ all []kurve }

// kurve is a curve, of the standard library or ours.
type kurve struct {
	name      string
	oid       []byte // of its parameters in a SubjectPublicKeyInfo
	nist      elliptic.Curve
	brainpool *brainpool.Kurve
	size      int // bytes of a coordinate and of the order
}

// NewKurven returns the curves.
func NewKurven() *Kurven {
	k := &Kurven{all: []kurve{
		{oid: []byte{0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7}, nist: elliptic.P256(), size: 32}, // RFC 5480, 2.1.1.1
		{oid: []byte{0x2b, 0x81, 4, 0, 34}, nist: elliptic.P384(), size: 48},
		{oid: []byte{0x2b, 0x81, 4, 0, 35}, nist: elliptic.P521(), size: 66},
	}}
	for i := range k.all {
		k.all[i].name = k.all[i].nist.Params().Name
	}
	arcs := map[string]byte{"brainpoolP256r1": 7, "brainpoolP384r1": 11, "brainpoolP512r1": 13} // RFC 5639, 4.1
	for _, b := range brainpool.Kurven() {
		oid := []byte{0x2b, 0x24, 3, 3, 2, 8, 1, 1, arcs[b.Name]}
		k.all = append(k.all, kurve{name: b.Name, oid: oid, brainpool: b, size: b.Size()})
	}
	return k
}

// Schluessel is the public key of a TSE.
type Schluessel struct {
	Kurve        string   // its name: brainpoolP384r1
	Seriennummer [32]byte // SHA-256 of the point 04‖X‖Y
	SPKI         [32]byte // SHA-256 of the key as a certificate holds it

	size  int
	nist  *ecdsa.PublicKey
	punkt brainpool.Punkt
}

// errSchluessel is a key that no curve knows.
var errSchluessel = errors.New("not a point on a known curve")

// ParseSchluessel reads a public key: an uncompressed point on the curve on which it lies,
// or a SubjectPublicKeyInfo (RFC 5480) that holds one.
func (k *Kurven) ParseSchluessel(data []byte) (Schluessel, error) {
	if len(data) > 0 && data[0] == ber.Sequence {
		return k.parseSPKI(data)
	}
	for _, c := range k.all {
		if s, err := c.parse(data); err == nil {
			return s, nil
		}
	}
	return Schluessel{}, errSchluessel
}

// parseSPKI reads a key that names its curve. It must be written exactly so.
func (k *Kurven) parseSPKI(data []byte) (Schluessel, error) {
	for _, c := range k.all {
		if n := 1 + 2*c.size; len(data) > n && bytes.Equal(data, c.spki(data[len(data)-n:])) {
			return c.parse(data[len(data)-n:])
		}
	}
	return Schluessel{}, errSchluessel
}

// spki writes a point as SubjectPublicKeyInfo with a named curve.
func (c kurve) spki(point []byte) []byte {
	ecPublicKey := []byte{0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1}
	algorithm := ber.Append(ber.Append(nil, ber.OID, ecPublicKey), ber.OID, c.oid)
	all := ber.Append(nil, ber.Sequence, algorithm)
	return ber.Append(nil, ber.Sequence, ber.Append(all, ber.BitString, append([]byte{0}, point...)))
}

func (c kurve) parse(point []byte) (Schluessel, error) {
	s := Schluessel{Kurve: c.name, Seriennummer: sha256.Sum256(point), SPKI: sha256.Sum256(c.spki(point)), size: c.size}
	if len(point) != 1+2*c.size {
		return Schluessel{}, errSchluessel
	}
	if c.brainpool != nil {
		var ok bool
		if s.punkt, ok = c.brainpool.Parse(point); !ok {
			return Schluessel{}, errSchluessel
		}
		return s, nil
	}
	var err error
	if s.nist, err = ecdsa.ParseUncompressedPublicKey(c.nist, point); err != nil {
		return Schluessel{}, errSchluessel
	}
	return s, nil
}

// hashOf returns the hash of an algorithm.
func hashOf(a lognachricht.Algorithmus) crypto.Hash {
	return map[lognachricht.Algorithmus]crypto.Hash{
		lognachricht.SHA224: crypto.SHA224, lognachricht.SHA256: crypto.SHA256,
		lognachricht.SHA384: crypto.SHA384, lognachricht.SHA512: crypto.SHA512,
		lognachricht.SHA3x224: crypto.SHA3_224, lognachricht.SHA3x256: crypto.SHA3_256,
		lognachricht.SHA3x384: crypto.SHA3_384, lognachricht.SHA3x512: crypto.SHA3_512,
	}[a]
}

// Verify reports whether signature, r‖s in full length (BSI TR-03111, 5.2.1), is that of
// the signed bytes.
func (s Schluessel) Verify(a lognachricht.Algorithmus, signed, signature []byte) bool {
	hash := hashOf(a)
	if len(signature) != 2*s.size || hash == 0 {
		return false
	}
	h := hash.New()
	h.Write(signed)
	r, t := new(big.Int).SetBytes(signature[:s.size]), new(big.Int).SetBytes(signature[s.size:])
	if s.nist != nil {
		return ecdsa.Verify(s.nist, h.Sum(nil), r, t)
	}
	return s.punkt.Verify(h.Sum(nil), r, t)
}
