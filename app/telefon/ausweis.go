package telefon

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// ausweis is the certificate that the server shows. Its key lives in memory only; it is
// made anew with each start, when it has become old, when the clock has jumped, and when
// the machine has other addresses, all without a pause.
type ausweis struct {
	aussteller *Aussteller
	clock      clock.Clock

	mu    sync.Mutex
	orte  orte
	cert  *tls.Certificate
	since time.Time // when it was issued, by our clock
}

// orte are the names and addresses under which phones come.
type orte struct {
	names []string
	ips   []net.IP
}

func (o orte) gleich(p orte) bool {
	return slices.Equal(o.names, p.names) && slices.EqualFunc(o.ips, p.ips, net.IP.Equal)
}

// setze tells under which names and addresses the machine can be reached now.
func (a *ausweis) setze(o orte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.orte.gleich(o) {
		a.orte, a.cert = o, nil
	}
}

// zeige implements tls.Config.GetCertificate.
func (a *ausweis) zeige(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.aussteller.moeglich(a.clock.Now())
	if a.cert != nil && !now.After(a.since.AddDate(0, 0, serverFrisch)) && !now.Before(a.since.AddDate(0, 0, -1)) {
		return a.cert, nil
	}
	cert, err := a.aussteller.ausstellen(now, a.orte)
	if err != nil {
		return nil, err
	}
	a.cert, a.since = cert, now
	return cert, nil
}

// moeglich is the time, or the nearest at which the authority is valid: a wrong clock gives
// a certificate that phones may refuse, and never an error.
func (s *Aussteller) moeglich(now time.Time) time.Time {
	if first := s.mitte.NotBefore.AddDate(0, 0, serverVor); now.Before(first) {
		return first
	}
	if last := s.mitte.NotAfter.AddDate(0, 0, -1); now.After(last) {
		return last
	}
	return now
}

// ausstellen makes a certificate for names and addresses. What the authority may not vouch
// for is left out.
func (s *Aussteller) ausstellen(now time.Time, o orte) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	c := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "Offizin Preisauskunft", Organization: []string{"Offizin"}},
		NotBefore: now.AddDate(0, 0, -serverVor), NotAfter: now.AddDate(0, 0, serverNach),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	if c.NotAfter.After(s.mitte.NotAfter) {
		c.NotAfter = s.mitte.NotAfter
	}
	for _, n := range o.names {
		if s.Erlaubt(n) {
			c.DNSNames = append(c.DNSNames, n)
		}
	}
	for _, ip := range o.ips {
		if eigene(ip) {
			c.IPAddresses = append(c.IPAddresses, ip)
		}
	}
	signed, err := unterschreibe(c, s.mitte, key.Public(), s.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{signed.Raw, s.mitte.Raw}, PrivateKey: key, Leaf: signed}, nil
}

// tls is how the server speaks: TLS 1.3 only, which every browser that can show the list
// knows, and HTTP/1.1 only, where one connection is one request at a time.
func (a *ausweis) tls() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, GetCertificate: a.zeige, NextProtos: []string{"http/1.1"},
		Time: a.clock.Now,
	}
}
