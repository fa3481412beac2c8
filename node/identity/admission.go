package identity

import (
	"crypto/tls"
	"crypto/x509"
	"time"

	"github.com/offizin/offizin/internal/fault"
)

// Mitglieder is what this machine knows of the pharmacy's machines; it must answer at once.
type Mitglieder interface {
	// Mitglied returns the name of the machine that is known by a fingerprint.
	Mitglied(fingerabdruck string) (platz string, known, removed bool)
	// Aussteller returns the certificate (DER) of the present authority; nil: none is known.
	Aussteller() []byte
}

// Admission decides whom this machine talks to.
type Admission struct {
	Identity   *Identity
	Mitglieder Mitglieder
	Now        func() time.Time
}

// Pruefe says which machine showed a certificate. A known key is enough: no clock and no
// expiry parts machines that know each other. For an unknown one – a machine that another
// took in while this one was away – the present authority must vouch, and it must be valid
// now. The faults are M-110 (none), M-111 (foreign), M-112 (expired), M-113 (removed).
func (e *Admission) Pruefe(c *x509.Certificate) (platz string, err error) {
	if c == nil {
		return "", denied("M-110", "Der andere Rechner hat sich nicht ausgewiesen; er gehört nicht zu dieser Apotheke.")
	}
	name, known, removed := e.Mitglieder.Mitglied(Fingerabdruck(c.RawSubjectPublicKeyInfo))
	switch {
	case removed:
		return "", denied("M-113", "Der andere Rechner wurde aus dieser Apotheke entfernt; "+
			"soll er wieder dazugehören, bitte neu aufnehmen.")
	case known:
		return name, nil
	}
	authority, err := x509.ParseCertificate(e.Mitglieder.Aussteller())
	if err != nil || c.CheckSignatureFrom(authority) != nil {
		return "", denied("M-111", "Der andere Rechner gehört nicht zu dieser Apotheke; "+
			"soll er dazugehören, bitte mit einem Code aufnehmen.")
	}
	if now := e.Now(); now.Before(c.NotBefore) || now.After(c.NotAfter) {
		return "", denied("M-112", "Das Zertifikat des anderen Rechners gilt am heutigen Tag nicht; "+
			"bitte auf beiden Datum und Uhrzeit prüfen.")
	}
	return c.Subject.CommonName, nil
}

func denied(code, text string) error { return fault.New(fault.Denied, code, text, nil) }

// Server is how this machine lets others call. Who shows no certificate may connect as well –
// a new machine has none –, therefore whoever answers must ask Pruefe.
func (e *Admission) Server() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, ClientAuth: tls.RequestClientCert, NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return e.Identity.tls() },
		Time:           e.Now,
	}
}

// Client is how this machine calls the one of the name; empty: any of the pharmacy.
func (e *Admission) Client(platz string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, ServerName: Name, Time: e.Now,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return e.Identity.tls() },
		InsecureSkipVerify:   true, //nolint:gosec // VerifyConnection decides, by the key
		VerifyConnection: func(s tls.ConnectionState) error {
			got, err := e.Pruefe(first(s))
			if err == nil && platz != "" && got != platz {
				err = denied("M-114", "Unter dieser Adresse antwortet ein anderer Rechner der Apotheke; "+
					"bitte die Adressen der Rechner prüfen.")
			}
			return err
		},
	}
}

func first(s tls.ConnectionState) *x509.Certificate {
	if len(s.PeerCertificates) == 0 {
		return nil
	}
	return s.PeerCertificates[0]
}

// Wer says which machine sent a request.
func (e *Admission) Wer(s *tls.ConnectionState) (platz string, err error) {
	if s == nil {
		return e.Pruefe(nil)
	}
	return e.Pruefe(first(*s))
}
