// Package identity says which machine is which: the authority of a pharmacy, the certificate of
// each machine, and who is let in. Every machine holds the authority, since any of them must be
// able to take a new one in when the others are gone; see docs/adr/0017.
package identity

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// How long certificates last. They begin a day early, for clocks that are behind.
const (
	ausstellerJahre = 50
	certificateDays = 730
	frueher         = 24 * time.Hour
)

// Aussteller is the authority of a pharmacy: it vouches for machines and for nothing else.
// A removed machine knows its key; therefore each removal makes a new one, of the next epoch.
type Aussteller struct {
	Epoche int // from 1
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey
}

// NewAussteller makes an authority.
func NewAussteller(epoche int, now time.Time) (*Aussteller, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key of the authority: %w", err)
	}
	c := &x509.Certificate{
		Subject:   pkix.Name{CommonName: fmt.Sprintf("Offizin Apotheke %d", epoche), Organization: []string{"Offizin"}},
		NotBefore: now.Add(-frueher), NotAfter: now.AddDate(ausstellerJahre, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
	}
	cert, err := sign(c, c, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &Aussteller{Epoche: epoche, cert: cert, key: key}, nil
}

// LoadAussteller reads an authority as Zertifikat and Schluessel returned it.
func LoadAussteller(epoche int, cert, key []byte) (*Aussteller, error) {
	c, err := x509.ParseCertificate(cert)
	if err != nil {
		return nil, fmt.Errorf("read certificate of the authority: %w", err)
	}
	k, err := parseKey(key)
	if err != nil {
		return nil, err
	}
	if !c.IsCA || !k.PublicKey.Equal(c.PublicKey) {
		return nil, errors.New("certificate of the authority does not belong to its key")
	}
	return &Aussteller{epoche, c, k}, nil
}

// Zertifikat is its certificate (DER), which every machine may know.
func (a *Aussteller) Zertifikat() []byte { return bytes.Clone(a.cert.Raw) }

// Schluessel is its key (PKCS #8); it is secret.
func (a *Aussteller) Schluessel() ([]byte, error) { return marshalKey(a.key) }

// Sign makes the certificate of a machine, whose public key is in PKIX form.
func (a *Aussteller) Sign(platz string, public []byte, now time.Time) ([]byte, error) {
	pub, err := x509.ParsePKIXPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("read public key of %s: %w", platz, err)
	}
	if _, ok := pub.(*ecdsa.PublicKey); !ok {
		return nil, fmt.Errorf("public key of %s is of another kind", platz)
	}
	c := &x509.Certificate{
		Subject:   pkix.Name{CommonName: platz, Organization: []string{"Offizin"}},
		DNSNames:  []string{Name},
		NotBefore: now.Add(-frueher), NotAfter: now.AddDate(0, 0, certificateDays), BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	cert, err := sign(c, a.cert, pub, a.key)
	if err != nil {
		return nil, err
	}
	return cert.Raw, nil
}

// Name is the name under which machines ask each other; addresses change, keys do not.
const Name = "rechner.offizin.internal"

func sign(c, parent *x509.Certificate, pub crypto.PublicKey, key *ecdsa.PrivateKey) (*x509.Certificate, error) {
	serial := make([]byte, 16)
	_, _ = rand.Read(serial) // never fails: crypto/rand ends the program instead
	c.SerialNumber = new(big.Int).SetBytes(serial)
	der, err := x509.CreateCertificate(rand.Reader, c, parent, pub, key)
	if err != nil {
		return nil, fmt.Errorf("sign certificate of %s: %w", c.Subject.CommonName, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read own certificate back: %w", err)
	}
	return cert, nil
}

// Fingerabdruck is the SHA-256 of a public key (PKIX), in hex: what a machine is known by.
func Fingerabdruck(public []byte) string {
	sum := sha256.Sum256(public)
	return hex.EncodeToString(sum[:])
}

func marshalKey(key *ecdsa.PrivateKey) ([]byte, error) {
	b, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write key: %w", err)
	}
	return b, nil
}

func parseKey(b []byte) (*ecdsa.PrivateKey, error) {
	key, err := x509.ParsePKCS8PrivateKey(b)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	k, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("key is of another kind")
	}
	return k, nil
}
