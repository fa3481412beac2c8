package telefon

import (
	"crypto/x509"
	"net"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

func neu(t *testing.T, made, now time.Time) (*ausweis, *clock.Manual) {
	t.Helper()
	s, err := OpenAussteller(t.TempDir(), made, []string{"offizin.lan"})
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewManual(now)
	a := &ausweis{aussteller: s, clock: c}
	a.setze(orte{names: []string{"offizin.lan", "fremd.de"}, ips: []net.IP{net.ParseIP("192.168.1.20"), net.ParseIP("8.8.8.8")}})
	return a, c
}

func zeig(t *testing.T, a *ausweis) *x509.Certificate {
	t.Helper()
	c, err := a.zeige(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.Leaf
}

// What the server shows is vouched for by the root, for the names it may have, and valid
// for at most the 398 days that browsers allow.
func TestAusweis(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	a, _ := neu(t, now, now)
	c := zeig(t, a)
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(a.aussteller.Wurzel)
	between.AddCert(a.aussteller.mitte)
	for _, host := range []string{"offizin.lan", "192.168.1.20"} {
		if _, err := c.Verify(x509.VerifyOptions{DNSName: host, Roots: roots, Intermediates: between, CurrentTime: now}); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if len(c.DNSNames) != 1 || len(c.IPAddresses) != 1 {
		t.Errorf("%v %v: what the authority may not vouch for spoils the rest", c.DNSNames, c.IPAddresses)
	}
	if c.NotBefore.AddDate(0, 0, 398).Before(c.NotAfter) {
		t.Errorf("valid from %s to %s", c.NotBefore, c.NotAfter)
	}
}

// Another certificate is shown when the old one is two months old, the clock has jumped, or
// the machine has another address; else the same.
func TestAusweisErneuertSich(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	a, c := neu(t, now, now)
	last := zeig(t, a)
	step := func(what string, want bool) {
		t.Helper()
		next := zeig(t, a)
		if got := !next.Equal(last); got != want {
			t.Errorf("%s: another certificate: %v", what, got)
		}
		last = next
	}
	c.Set(now.AddDate(0, 0, 59))
	step("after 59 days", false)
	c.Set(now.AddDate(0, 0, 61))
	step("after 61 days", true)
	c.Set(now)
	step("clock set back by 61 days", true)
	c.Set(now.Add(-time.Hour))
	step("clock set back by an hour", false)
	a.setze(orte{names: []string{"offizin.lan", "fremd.de"}, ips: []net.IP{net.ParseIP("192.168.1.20").To4(), net.ParseIP("8.8.8.8")}})
	step("the same addresses", false)
	a.setze(orte{names: []string{"offizin.lan"}, ips: []net.IP{net.ParseIP("192.168.1.21")}})
	step("another address", true)
	if !last.IPAddresses[0].Equal(net.ParseIP("192.168.1.21")) {
		t.Errorf("%v", last.IPAddresses)
	}
}

// No clock stops it: whatever it says, when the authority was made or now, there is a
// certificate, and one that the authority outlives.
func TestAusweisBeiFalscherUhr(t *testing.T) {
	right := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for _, year := range []int{1, 1970, 2025, 2026, 2040, 2106, 9999} {
		wrong := time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)
		a, c := neu(t, wrong, wrong)
		for _, now := range []time.Time{wrong, right} {
			c.Set(now)
			cert := zeig(t, a)
			if !cert.NotBefore.Before(cert.NotAfter) || cert.NotAfter.After(a.aussteller.mitte.NotAfter) ||
				cert.NotBefore.Before(a.aussteller.mitte.NotBefore) {
				t.Errorf("%d: valid from %s to %s", year, cert.NotBefore, cert.NotAfter)
			}
			if now.Equal(right) && (right.Before(cert.NotBefore) || right.After(cert.NotAfter)) {
				t.Errorf("made in %d: not valid on %s when the clock is right again", year, right)
			}
		}
	}
	a, c := neu(t, right, right)
	c.Set(right.AddDate(0, 0, -300)) // a battery that is empty; the phones are right
	if cert := zeig(t, a); right.Before(cert.NotBefore) || right.After(cert.NotAfter) {
		t.Errorf("a clock 300 days slow: valid from %s to %s", cert.NotBefore, cert.NotAfter)
	}
}
