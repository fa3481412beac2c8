package escpos_test

import (
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/integration/escpos"
)

// What the TSE of the official example signed: TR-03151 v1.0.1, message version 2.
const nachricht = "020102060904007f000703070101801146696e6973685472616e73616374696f6e8108414d412d32363432" +
	"822742656c65675e342e30355f332e30305f302e30305f302e30305f302e30305e372e30353a426172" +
	"830e4b617373656e62656c65672d563185010d0420bf1b13c1cf8a6f7958c190201daf9e18b850cf2cdc0885078d48868f625955e3" +
	"300c060a04007f00070101040104020300ac6302045dd7c6ad"

// The code read from the paper verifies with OpenSSL: key and signature come from the
// picture, the message from DSFinV-K Anhang I.
func TestOpenSSLBestaetigt(t *testing.T) {
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl here")
	}
	fields := strings.Split(gelesen(t, drucke(t, "openssl", beleg(), escpos.Optionen{}).Bild), ";")
	if len(fields) != 12 {
		t.Fatalf("%d fields", len(fields))
	}
	point, err := base64.StdEncoding.DecodeString(fields[11])
	if err != nil || hex.EncodeToString(sum(point)) != beleg().Sicherung.Sicherheitsmodul {
		t.Fatalf("the key is not that of the serial number: %v", err)
	}
	message, err := hex.DecodeString(nachricht)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	args := []string{
		"dgst", "-sha384", "-verify", write("key.pem", brainpool(t, point)), "-signature", write("sig", der(t, fields[10])),
	}
	out, err := exec.CommandContext(t.Context(), program, append(args, write("message", message))...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Verified OK") {
		t.Errorf("openssl: %s %v", out, err)
	}
	message[len(message)-1]++
	if out, err := exec.CommandContext(t.Context(), program, append(args, write("changed", message))...).CombinedOutput(); err == nil {
		t.Errorf("a changed time verifies: %s", out)
	}
}

func sum(b []byte) []byte {
	s := sha256.Sum256(b)
	return s[:]
}

// brainpool is the public key as PEM; crypto/x509 knows no brainpoolP384r1.
func brainpool(t *testing.T, point []byte) []byte {
	t.Helper()
	type algorithm struct{ Kind, Curve asn1.ObjectIdentifier }
	data, err := asn1.Marshal(struct {
		Algorithm algorithm
		Key       asn1.BitString
	}{
		algorithm{asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}, asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 11}},
		asn1.BitString{Bytes: point, BitLength: 8 * len(point)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: data})
}

// der is the plain signature r‖s as a sequence of two integers.
func der(t *testing.T, plain string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(plain)
	if err != nil {
		t.Fatal(err)
	}
	half := len(b) / 2
	data, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(b[:half]), new(big.Int).SetBytes(b[half:])})
	if err != nil {
		t.Fatal(err)
	}
	return data
}
