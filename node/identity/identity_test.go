package identity_test

import (
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node/identity"
)

// liste is what a machine knows of the others.
type liste struct {
	known, removed map[string]bool
	authority      []byte
}

func (l liste) Mitglied(f string) (platz string, known, removed bool) {
	return "platz-9", l.known[f], l.removed[f]
}

func (l liste) Aussteller() []byte { return l.authority }

func tag(year int) time.Time { return time.Date(year, 11, 25, 9, 0, 0, 0, time.UTC) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// rechner is a machine for which an authority vouched.
func rechner(a *identity.Aussteller, platz string, now time.Time) (*identity.Identity, *x509.Certificate) {
	m := must(identity.New())
	der := must(a.Sign(platz, m.Public(), now))
	if err := m.Setze(der); err != nil {
		panic(err)
	}
	return m, must(x509.ParseCertificate(der))
}

// Who is let in: known keys always, unknown ones only with the word of the present authority
// and within their time, removed ones never.
func TestEinlass(t *testing.T) {
	authority, later, foreign := must(identity.NewAussteller(1, tag(2026))), must(identity.NewAussteller(2, tag(2027))),
		must(identity.NewAussteller(1, tag(2026)))
	m, cert := rechner(authority, "platz-2", tag(2026))
	_, strange := rechner(foreign, "platz-2", tag(2026))
	known := map[string]bool{m.Fingerabdruck(): true}
	for name, c := range map[string]struct {
		liste liste
		cert  *x509.Certificate
		year  int
		want  string // code, or the name of the machine
	}{
		"no certificate":                   {liste{authority: authority.Zertifikat()}, nil, 2026, "M-110"},
		"unknown, vouched for":             {liste{authority: authority.Zertifikat()}, cert, 2026, "platz-2"},
		"unknown, expired":                 {liste{authority: authority.Zertifikat()}, cert, 2029, "M-112"},
		"unknown, not yet":                 {liste{authority: authority.Zertifikat()}, cert, 2020, "M-112"},
		"unknown, of the authority before": {liste{authority: later.Zertifikat()}, cert, 2026, "M-111"},
		"foreign":                          {liste{authority: authority.Zertifikat()}, strange, 2026, "M-111"},
		"no authority known":               {liste{}, cert, 2026, "M-111"},
		"known":                            {liste{known: known, authority: authority.Zertifikat()}, cert, 2026, "platz-9"},
		"known, expired":                   {liste{known: known, authority: authority.Zertifikat()}, cert, 2060, "platz-9"},
		"known, clock at 1970":             {liste{known: known, authority: authority.Zertifikat()}, cert, 1970, "platz-9"},
		"known, authority is new":          {liste{known: known, authority: later.Zertifikat()}, cert, 2026, "platz-9"},
		"removed":                          {liste{known: known, removed: known, authority: authority.Zertifikat()}, cert, 2026, "M-113"},
	} {
		e := identity.Admission{Mitglieder: c.liste, Now: func() time.Time { return tag(c.year) }}
		got, err := e.Pruefe(c.cert)
		if f, ok := errors.AsType[*fault.Fault](err); ok {
			got = f.Code
		}
		if got != c.want {
			t.Errorf("%s: %q %v, want %s", name, got, err, c.want)
		}
	}
}

// A machine keeps its key and certificate in a file that only its owner reads.
func TestDatei(t *testing.T) {
	name := filepath.Join(t.TempDir(), "rechner.pem")
	if _, err := identity.Load(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	m, _ := rechner(must(identity.NewAussteller(1, tag(2026))), "platz-2", tag(2026))
	if err := m.Save(name); err != nil {
		t.Fatal(err)
	}
	if st := must(os.Stat(name)); runtime.GOOS != "windows" && st.Mode().Perm() != 0o600 {
		t.Errorf("readable by others: %v", st.Mode())
	}
	again, err := identity.Load(name)
	if err != nil || again.Fingerabdruck() != m.Fingerabdruck() || again.Alt(tag(2026)) {
		t.Errorf("%v", err)
	}
	if !again.Alt(tag(2027)) || !again.Alt(tag(2025)) {
		t.Error("a certificate is made anew after a third of its life, and under a clock before it")
	}
	for _, b := range []string{"", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if err := os.WriteFile(name, []byte(b), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := identity.Load(name); !errors.Is(err, identity.ErrFile) {
			t.Errorf("%q: %v", b, err)
		}
	}
}

// An authority is stored and read back; a key that is not its own is found.
func TestAussteller(t *testing.T) {
	a, b := must(identity.NewAussteller(1, tag(2026))), must(identity.NewAussteller(2, tag(2026)))
	if _, err := identity.LoadAussteller(1, a.Zertifikat(), must(a.Schluessel())); err != nil {
		t.Error(err)
	}
	if _, err := identity.LoadAussteller(1, a.Zertifikat(), must(b.Schluessel())); err == nil {
		t.Error("read with another's key")
	}
	if _, err := a.Sign("platz-2", []byte("kein Schlüssel"), tag(2026)); err == nil {
		t.Error("vouched for nothing")
	}
}
