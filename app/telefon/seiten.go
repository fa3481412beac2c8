package telefon

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/offizin/offizin/internal/clock"
)

// Ausweis is the certificate of another server of this machine, by the same authority.
type Ausweis struct{ ausweis *ausweis }

// OpenAusweis reads the authority of a data folder, or makes it if phones never came. A-723 says
// that it cannot be read.
func OpenAusweis(daten string, c clock.Clock) (*Ausweis, error) {
	dir := filepath.Join(daten, Dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unlesbar(err)
	}
	a, err := OpenAussteller(dir, c.Now(), namen(""))
	if err != nil {
		return nil, err
	}
	return &Ausweis{&ausweis{aussteller: a, clock: c}}, nil
}

// Wurzel is what another browser imports to believe the server.
func (a *Ausweis) Wurzel() *x509.Certificate { return a.ausweis.aussteller.Wurzel }

// Gilt has the certificate name the machine as it is now, and the addresses of a listener.
func (a *Ausweis) Gilt(listen net.Addr) {
	all, _ := net.InterfaceAddrs() // none: there are the names
	a.ausweis.setze(orte{names: slices.DeleteFunc(namen(""), func(n string) bool {
		return !a.ausweis.aussteller.Erlaubt(n)
	}), ips: adressen(listen, all)})
}

// Kennt reports whether the certificate names a host, as a browser asks for it ("host:port").
func (a *Ausweis) Kennt(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	ip := net.ParseIP(host)
	a.ausweis.mu.Lock()
	defer a.ausweis.mu.Unlock()
	return slices.Contains(a.ausweis.orte.names, host) || ip != nil && slices.ContainsFunc(a.ausweis.orte.ips, ip.Equal)
}

// TLS is how the server speaks: TLS 1.3, HTTP/1.1.
func (a *Ausweis) TLS() *tls.Config { return a.ausweis.tls() }

// ImHaus reports whether somebody calls from a private network, or from this machine.
func ImHaus(a net.Addr) bool {
	t, ok := a.(*net.TCPAddr)
	return ok && (t.IP.IsLoopback() || t.IP.IsLinkLocalUnicast() || eigene(t.IP))
}
