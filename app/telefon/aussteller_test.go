package telefon_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/offizin/offizin/app/telefon"
	"github.com/offizin/offizin/internal/fault"
)

func am(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t
}

func aussteller(t *testing.T, dir string) *telefon.Aussteller {
	t.Helper()
	s, err := telefon.OpenAussteller(dir, am("2026-11-25"), []string{"offizin.lan"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// gestohlen is what somebody has who took the file: key and certificate of the authority.
func gestohlen(t *testing.T, dir string) (key *ecdsa.PrivateKey, middle, root *x509.Certificate) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "aussteller.pem"))
	if err != nil {
		t.Fatal(err)
	}
	keys := 0
	for block, rest := pem.Decode(b); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "PRIVATE KEY" {
			k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				t.Fatal(err)
			}
			key, keys = k.(*ecdsa.PrivateKey), keys+1
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		middle, root = root, c
	}
	if keys != 1 || key.PublicKey.Equal(root.PublicKey) {
		t.Errorf("%d keys lie on the disk, or that of the root does", keys)
	}
	return key, middle, root
}

// A thief of the key can vouch for the names and private addresses of this pharmacy and for
// nothing else: not for the web, other pharmacies, the phone itself, or an authority of his.
func TestAusstellerBuergtNurFuerDieApotheke(t *testing.T) {
	dir := t.TempDir()
	aussteller(t, dir)
	key, middle, root := gestohlen(t, dir)
	for _, c := range []struct {
		names []string
		ips   []string
		ok    bool
	}{
		{names: []string{"offizin.lan"}, ok: true},
		{ips: []string{"192.168.1.20"}, ok: true},
		{ips: []string{"10.0.0.1"}, ok: true},
		{ips: []string{"172.31.255.255"}, ok: true},
		{ips: []string{"fd00::1"}, ok: true},
		{names: []string{"www.sparkasse.de"}},
		{names: []string{"offizin.lan", "www.sparkasse.de"}},
		{names: []string{"andere.lan"}},
		{names: []string{"xoffizin.lan"}},
		{names: []string{"localhost"}},
		{ips: []string{"127.0.0.1"}},
		{ips: []string{"172.32.0.1"}},
		{ips: []string{"8.8.8.8"}},
		{ips: []string{"2001:db8::1"}},
	} {
		leaf := &x509.Certificate{
			SerialNumber: big.NewInt(7), NotBefore: am("2026-11-01"), NotAfter: am("2027-11-01"), DNSNames: c.names,
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		}
		for _, ip := range c.ips {
			leaf.IPAddresses = append(leaf.IPAddresses, net.ParseIP(ip))
		}
		if err := verify(t, leaf, middle, root, key); (err == nil) != c.ok {
			t.Errorf("%v %v: %v", c.names, c.ips, err)
		}
	}
	below := &x509.Certificate{
		SerialNumber: big.NewInt(8), NotBefore: am("2026-11-01"), NotAfter: am("2027-11-01"), DNSNames: []string{"offizin.lan"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	bad, err := x509.ParseCertificate(sign(t, below, middle, key, key))
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(9), NotBefore: am("2026-11-01"), NotAfter: am("2027-11-01"), DNSNames: []string{"offizin.lan"}}
	if err := verify(t, leaf, bad, root, key, middle); err == nil {
		t.Error("an authority below ours may sign")
	}
}

func sign(t *testing.T, c, parent *x509.Certificate, parentKey, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), parentKey)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func verify(t *testing.T, leaf, parent, root *x509.Certificate, key *ecdsa.PrivateKey, more ...*x509.Certificate) error {
	t.Helper()
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(sign(t, leaf, parent, key, own))
	if err != nil {
		t.Fatal(err)
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(root)
	for _, m := range append(more, parent) {
		between.AddCert(m)
	}
	_, err = c.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: am("2026-12-01")})
	return err
}

// The authority stays the same over starts, whatever names come later; the file is for the
// program alone, also where a copy has opened it.
func TestAusstellerBleibt(t *testing.T) {
	dir := t.TempDir()
	first := aussteller(t, dir).Wurzel
	file := filepath.Join(dir, "aussteller.pem")
	for _, mode := range []os.FileMode{0o600, 0o644} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		s, err := telefon.OpenAussteller(dir, am("1970-01-01"), []string{"neu.lan"})
		if err != nil || !s.Wurzel.Equal(first) || s.Erlaubt("neu.lan") || !s.Erlaubt("offizin.lan") {
			t.Errorf("%v", err)
		}
		if fi, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && fi.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", fi.Mode(), err)
		}
	}
	if life := first.NotAfter; life.Before(am("2036-11-25")) || life.After(am("2036-11-26")) {
		t.Errorf("valid until %s, want ten years", life)
	}
}

// A damaged file is named, and kept: another authority would lock out every phone without a
// word.
func TestAusstellerBeschaedigt(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	aussteller(t, dir)
	aussteller(t, other)
	file := filepath.Join(dir, "aussteller.pem")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := os.ReadFile(filepath.Join(other, "aussteller.pem"))
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(whole, []byte("-----BEGIN CERTIFICATE"))
	flipped := bytes.Clone(whole)
	flipped[at+200] ^= 2
	for name, b := range map[string][]byte{
		"empty": nil, "no PEM": []byte("x"), "cut": whole[:len(whole)/2], "only the key": whole[:at], "no key": whole[at:],
		"a bit": flipped, "another key": append(bytes.Clone(foreign[:bytes.Index(foreign, []byte("-----BEGIN CERTIFICATE"))]), whole[at:]...),
	} {
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := telefon.OpenAussteller(dir, am("2026-11-25"), []string{"offizin.lan"})
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != "A-723" {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, b) {
			t.Errorf("%s: the file was changed", name)
		}
	}
}
