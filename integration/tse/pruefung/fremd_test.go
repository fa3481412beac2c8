package pruefung_test

import (
	"bytes"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/offizin/offizin/integration/tse/ber"
	"github.com/offizin/offizin/integration/tse/lognachricht"
	"github.com/offizin/offizin/integration/tse/pruefung"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
)

// TestSignedByOpenSSL: what a program of others signs is good, on each curve that we compute
// ourselves; and with the key of a certificate, which the standard library refuses.
func TestSignedByOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	do := func(args ...string) []byte {
		out, err := exec.Command(openssl, args...).Output()
		if err != nil {
			t.Fatalf("openssl %v: %v", args, err)
		}
		return out
	}
	for curve, size := range map[string]int{"brainpoolP256r1": 32, "brainpoolP384r1": 48, "brainpoolP512r1": 64, "secp521r1": 66} {
		do("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:"+curve, "-out", path("key"))
		block, _ := pem.Decode(do("pkey", "-in", path("key"), "-pubout"))
		key, err := pruefung.NewKurven().ParseSchluessel(block.Bytes)
		if err != nil {
			t.Fatalf("%s: %v", curve, err)
		}
		do("req", "-new", "-x509", "-key", path("key"), "-subj", "/CN=TEST", "-days", "9", "-outform", "DER", "-out", path("cert"))
		for hash, alg := range map[string]lognachricht.Algorithmus{
			"sha256": lognachricht.SHA256, "sha384": lognachricht.SHA384, "sha512": lognachricht.SHA512, "sha3-256": lognachricht.SHA3x256,
		} {
			n := sale(5)
			n.Version, n.Seriennummer, n.Algorithmus = lognachricht.V2, key.Seriennummer[:], alg
			n.Zeit, _ = lognachricht.NewZeit(noon, lognachricht.UTCTimeWithSeconds)
			write(t, path("message"), n.Signiert())
			n.Signatur = plainOf(t, do("dgst", "-"+hash, "-sign", path("key"), path("message")), size)
			cert, err := os.ReadFile(path("cert"))
			if err != nil {
				t.Fatal(err)
			}
			files := []file{{"info.csv", nil}, {"x.log", n.Encode()}, {hexOf(key.Seriennummer) + "_X509.der", cert}}
			if good, bad := check(t, archive(t, files)); good != 1 || len(bad) > 0 {
				t.Errorf("%s, %s: %d good, %v", curve, hash, good, bad)
			}
		}
	}
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// plainOf writes a signature plainly that openssl gives as SEQUENCE of two numbers.
func plainOf(t *testing.T, der []byte, size int) []byte {
	t.Helper()
	seq, _, err := ber.Read(der)
	if err != nil {
		t.Fatal(err)
	}
	r, rest, err := ber.Read(seq.Content)
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := ber.Read(rest)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, e := range []ber.Element{r, s} {
		out = append(out, new(big.Int).SetBytes(e.Content).FillBytes(make([]byte, size))...)
	}
	return out
}

// TestSimulator: the export of our own simulator passes like any other.
func TestSimulator(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 11, 26, 9, 30, 15, 0, time.UTC))
	s, err := simulator.Open(simulator.Optionen{Ordner: t.TempDir()}, c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := t.Context()
	if err := s.Selbsttest(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.Anmelden(ctx, "OFF-1"); err != nil {
		t.Fatal(err)
	}
	b, err := s.Beginnen(ctx, "OFF-1", "k")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Beenden(ctx, "OFF-1", b, "Kassenbeleg-V1", "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar"); err != nil {
		t.Fatal(err)
	}
	var tar bytes.Buffer
	if err := s.Export(ctx, 0, 0, &tar); err != nil {
		t.Fatal(err)
	}
	if good, bad := check(t, tar.Bytes()); good < 4 || len(bad) > 0 {
		t.Errorf("%d good, %v", good, bad)
	}
}
