// Package telefon opens the pharmacy to phones, and only for the Preisauskunft: a
// certificate authority of its own that can vouch for nothing but this pharmacy, a second
// listener with limits, and the price list as a file that is made anew when it must. See
// docs/adr/0013.
package telefon

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

// ausstellerFile holds key and certificates; only the program itself may read it.
const (
	ausstellerFile = "aussteller.pem"
	maxAussteller  = 64 << 10
)

// How long certificates are valid. A phone may be wrong about the day, and so may we.
const (
	ausstellerJahre = 10
	serverVor       = 30  // days before the day it is issued
	serverNach      = 367 // days after it; with those before, below the 398 that browsers ask for
	serverFrisch    = 60  // days after which, or before which, another one is issued
)

// Aussteller is the certificate authority of one pharmacy. The key of the root was thrown away
// after it had signed the one certificate below it, whose names are limited: what is stolen
// with this file can pose as the pharmacy in its own network and as nobody else.
type Aussteller struct {
	Wurzel *x509.Certificate // what phones install
	mitte  *x509.Certificate // signs the certificates of the server
	key    crypto.Signer     // of mitte
}

// anfang is before every pharmacy that runs this program; a clock before it is wrong.
func anfang() time.Time { return time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC) }

// OpenAussteller reads the authority of a folder, or makes one where there is none yet. Names are
// those it may vouch for beside addresses of private networks; they are fixed when it is made.
func OpenAussteller(dir string, now time.Time, names []string) (*Aussteller, error) {
	file := filepath.Join(dir, ausstellerFile)
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return neuerAussteller(file, now, names)
	}
	if err != nil {
		return nil, unlesbar(err)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxAussteller))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Chmod(file, 0o600) // a copy may have brought other rights
	}
	if err != nil {
		return nil, unlesbar(err)
	}
	s, err := parseAussteller(b)
	if err != nil {
		return nil, unlesbar(err)
	}
	return s, nil
}

func unlesbar(cause error) error {
	return fault.New(fault.Corrupt, "A-723", "Das Zertifikat der Apotheke („telefon/aussteller.pem“ im Datenordner) "+
		"lässt sich nicht lesen; bitte aus der Sicherung zurückholen, oder die Datei löschen und alle Telefone neu "+
		"koppeln.", cause)
}

var errAussteller = errors.New("key and certificates do not belong together")

func parseAussteller(b []byte) (*Aussteller, error) {
	s := &Aussteller{}
	for block, rest := pem.Decode(b); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "PRIVATE KEY":
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("parse key: %w", err)
			}
			s.key, _ = key.(crypto.Signer) // nil is found below
		case "CERTIFICATE":
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("parse certificate: %w", err)
			}
			s.mitte, s.Wurzel = s.Wurzel, c // the root is the last
		}
	}
	if s.key == nil || s.mitte == nil {
		return nil, errAussteller
	}
	if pub, ok := s.mitte.PublicKey.(*ecdsa.PublicKey); !ok || !pub.Equal(s.key.Public()) {
		return nil, errAussteller
	}
	if err := s.mitte.CheckSignatureFrom(s.Wurzel); err != nil {
		return nil, fmt.Errorf("check certificates: %w", err)
	}
	return s, nil
}

// neuerAussteller makes root and authority, and forgets the key of the root.
func neuerAussteller(file string, now time.Time, names []string) (*Aussteller, error) {
	if now.Before(anfang()) || now.After(anfang().AddDate(3*ausstellerJahre, 0, 0)) {
		now = anfang() // such a clock is wrong, and the certificate is for years
	}
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	sign := make([]byte, 2)
	_, _ = rand.Read(sign) // never fails
	root := ausstellerVorlage("Offizin Preisauskunft "+strings.ToUpper(hex.EncodeToString(sign)), now, names)
	root.MaxPathLen = 1
	middle := ausstellerVorlage(root.Subject.CommonName+" Server", now, names)
	middle.MaxPathLenZero = true
	middle.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	s := &Aussteller{key: key}
	if s.Wurzel, err = unterschreibe(root, root, rootKey.Public(), rootKey); err != nil {
		return nil, err
	}
	if s.mitte, err = unterschreibe(middle, s.Wurzel, key.Public(), rootKey); err != nil {
		return nil, err
	}
	return s, s.sichere(file)
}

// ausstellerVorlage is a certificate that may sign others, for these names and for addresses of
// private networks (RFC 1918, RFC 4193) only. Addresses of mail and of anything else that is
// not a server are shut out too.
func ausstellerVorlage(name string, now time.Time, names []string) *x509.Certificate {
	return &x509.Certificate{
		Subject:   pkix.Name{CommonName: name, Organization: []string{"Offizin"}},
		NotBefore: anfang(), NotAfter: now.AddDate(ausstellerJahre, 0, 0),
		KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true, IsCA: true,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: names, PermittedIPRanges: private(),
		PermittedEmailAddresses: []string{"offizin.invalid"}, PermittedURIDomains: []string{"offizin.invalid"},
	}
}

// private are the networks whose addresses mean another machine in every pharmacy.
func private() (list []*net.IPNet) {
	for _, text := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"} {
		if _, n, err := net.ParseCIDR(text); err == nil {
			list = append(list, n)
		}
	}
	return list
}

func unterschreibe(c, parent *x509.Certificate, pub crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("draw serial number: %w", err)
	}
	c.SerialNumber = serial.Add(serial, big.NewInt(1))
	der, err := x509.CreateCertificate(rand.Reader, c, parent, pub, key)
	if err != nil {
		return nil, fmt.Errorf("sign certificate: %w", err)
	}
	signed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("parse certificate: %w", err)
	}
	return signed, nil
}

// sichere writes key and certificates as one file, so that they always belong together.
func (s *Aussteller) sichere(file string) error {
	key, err := x509.MarshalPKCS8PrivateKey(s.key)
	if err != nil {
		return fmt.Errorf("encode key: %w", err)
	}
	var b bytes.Buffer
	for _, block := range []*pem.Block{
		{Type: "PRIVATE KEY", Bytes: key},
		{Type: "CERTIFICATE", Bytes: s.mitte.Raw},
		{Type: "CERTIFICATE", Bytes: s.Wurzel.Raw},
	} {
		if err := pem.Encode(&b, block); err != nil {
			return fmt.Errorf("encode certificate: %w", err)
		}
	}
	return platte.Replace(file, b.Bytes()) // 0600, as every temporary file
}

// Erlaubt reports whether the authority may vouch for a name.
func (s *Aussteller) Erlaubt(name string) bool {
	return slices.ContainsFunc(s.mitte.PermittedDNSDomains, func(d string) bool {
		return name == d || strings.HasSuffix(name, "."+d)
	})
}

// eigene reports whether an address lies in a private network.
func eigene(ip net.IP) bool {
	return slices.ContainsFunc(private(), func(n *net.IPNet) bool { return n.Contains(ip) })
}
