package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/offizin/offizin/internal/platte"
)

// erneuern is the part of its life after which a certificate is made anew: a third. Only
// machines that do not know each other's key yet look at its end.
const erneuern = 3

// Identity is the key of this machine with its certificate.
type Identity struct {
	key    *ecdsa.PrivateKey
	public []byte
	cert   atomic.Pointer[x509.Certificate] // nil: nobody has vouched for the key yet
}

// New makes a key; it has no certificate yet.
func New() (*Identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key of this machine: %w", err)
	}
	return with(key)
}

func with(key *ecdsa.PrivateKey) (*Identity, error) {
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, fmt.Errorf("write public key: %w", err)
	}
	return &Identity{key: key, public: public}, nil
}

// The parts of the file.
const (
	pemKey  = "PRIVATE KEY"
	pemCert = "CERTIFICATE"
)

// ErrFile reports a file that holds no Identity.
var ErrFile = errors.New("file holds no key and certificate of a machine")

// Load reads an identity from its file; os.ErrNotExist if there is none.
func Load(name string) (*Identity, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read own certificate: %w", err)
	}
	key, rest := pem.Decode(b)
	if key == nil || key.Type != pemKey {
		return nil, ErrFile
	}
	k, err := parseKey(key.Bytes)
	if err != nil {
		return nil, errors.Join(ErrFile, err)
	}
	a, err := with(k)
	if err != nil {
		return nil, err
	}
	if cert, _ := pem.Decode(rest); cert != nil && cert.Type == pemCert {
		err = a.Setze(cert.Bytes)
	}
	return a, err
}

// Save writes it, for the owner only.
func (a *Identity) Save(name string) error {
	key, err := marshalKey(a.key)
	if err != nil {
		return err
	}
	b := pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: key})
	if c := a.cert.Load(); c != nil {
		b = append(b, pem.EncodeToMemory(&pem.Block{Type: pemCert, Bytes: c.Raw})...)
	}
	if err := platte.Replace(name, b); err != nil {
		return fmt.Errorf("write own certificate: %w", err)
	}
	return nil
}

// Public is the public key (PKIX).
func (a *Identity) Public() []byte { return a.public }

// Fingerabdruck is what this machine is known by.
func (a *Identity) Fingerabdruck() string { return Fingerabdruck(a.public) }

// Setze takes a certificate (DER) for its key.
func (a *Identity) Setze(der []byte) error {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return fmt.Errorf("read own certificate: %w", err)
	}
	if !a.key.PublicKey.Equal(c.PublicKey) {
		return errors.New("certificate belongs to another key")
	}
	a.cert.Store(c)
	return nil
}

// Certified reports whether anybody has vouched for the key; without that, others cannot call it.
func (a *Identity) Certified() bool { return a.cert.Load() != nil }

// Alt reports whether it is time for a new certificate, or whether there is none.
func (a *Identity) Alt(now time.Time) bool {
	c := a.cert.Load()
	if c == nil {
		return true
	}
	return now.Before(c.NotBefore) || now.After(c.NotBefore.Add(c.NotAfter.Sub(c.NotBefore)/erneuern))
}

// tls is the certificate as shown to others.
func (a *Identity) tls() (*tls.Certificate, error) {
	c := a.cert.Load()
	if c == nil {
		return nil, errors.New("this machine has no certificate yet")
	}
	return &tls.Certificate{Certificate: [][]byte{c.Raw}, PrivateKey: a.key, Leaf: c}, nil
}
