package pruefung_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/integration/tse/ber"
	"github.com/offizin/offizin/integration/tse/lognachricht"
	"github.com/offizin/offizin/integration/tse/pruefung"
)

// TestVerfahren: every curve of the standard library with every hash of BSI TR-03116-5.
func TestVerfahren(t *testing.T) {
	k := pruefung.NewKurven()
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		for alg, hash := range map[lognachricht.Algorithmus]crypto.Hash{
			lognachricht.SHA224: crypto.SHA224, lognachricht.SHA256: crypto.SHA256, lognachricht.SHA384: crypto.SHA384,
			lognachricht.SHA512: crypto.SHA512, lognachricht.SHA3x224: crypto.SHA3_224, lognachricht.SHA3x256: crypto.SHA3_256,
			lognachricht.SHA3x384: crypto.SHA3_384, lognachricht.SHA3x512: crypto.SHA3_512,
		} {
			d := newDevice(t, curve, alg, hash)
			text := d.qr(d.sign(t, sale(7)), lognachricht.UnixTime, d.point)
			if e, err := k.PruefeQR(text); err != nil || e.Kurve != curve.Params().Name || e.Algorithmus != alg {
				t.Errorf("%s: %v, %v", text, e, err)
			}
		}
	}
}

// TestFormen: the forms in which devices sign the same receipt (facts, 11.3 and 9.4).
func TestFormen(t *testing.T) {
	d := newDevice(t, elliptic.P256(), lognachricht.SHA256, crypto.SHA256)
	spki, err := x509.MarshalPKIXPublicKey(d.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	v3 := sale(7)
	v3.Version, v3.Operation = lognachricht.V3, lognachricht.FinishV3
	pieces, v3pieces := sale(7), v3
	pieces.InTeilen, v3pieces.InTeilen = true, true
	order := sale(7)
	order.ProcessType, order.ProcessData = []byte("Bestellung-V1"), []byte("2;\"Eisbecher \"\"Himbeere\"\"\";3.99\r1;\"X\";1.00")
	for _, c := range []struct {
		name             string
		n                lognachricht.Nachricht
		written, printed lognachricht.Zeitformat
		key              []byte
		want             string
	}{
		{"plain", sale(7), lognachricht.UnixTime, lognachricht.UnixTime, d.point, "P-256, ecdsa-plain-SHA256, Version 2"},
		{"key as SPKI", sale(7), lognachricht.UnixTime, lognachricht.UnixTime, spki, "P-256, ecdsa-plain-SHA256, Version 2"},
		{"in pieces", pieces, lognachricht.UnixTime, lognachricht.UnixTime, d.point, "P-256, ecdsa-plain-SHA256, Version 2, in Teilen"},
		{"version 3", v3, lognachricht.UnixTime, lognachricht.UnixTime, d.point, "P-256, ecdsa-plain-SHA256, Version 3"},
		{"version 3 in pieces", v3pieces, lognachricht.UnixTime, lognachricht.UnixTime, d.point, "P-256, ecdsa-plain-SHA256, Version 3, in Teilen"},
		{"utcTime with seconds", sale(7), lognachricht.UTCTimeWithSeconds, lognachricht.UTCTimeWithSeconds, d.point, "P-256, ecdsa-plain-SHA256, Version 2"},
		{"utcTime that has seconds", sale(7), lognachricht.UTCTimeWithSeconds, lognachricht.UTCTime, spki, "P-256, ecdsa-plain-SHA256, Version 2"},
		{"generalizedTime", sale(7), lognachricht.GeneralizedTime, lognachricht.GeneralizedTime, d.point, "P-256, ecdsa-plain-SHA256, Version 2"},
		{"with milliseconds", sale(7), lognachricht.GeneralizedTimeWithMilliseconds, lognachricht.GeneralizedTimeWithMilliseconds, d.point, "P-256, ecdsa-plain-SHA256, Version 2"},
		{"Bestellung with semicolons", order, lognachricht.UnixTime, lognachricht.UnixTime, d.point, "P-256, ecdsa-plain-SHA256, Version 2"},
		{"another form than declared", sale(7), lognachricht.UTCTimeWithSeconds, lognachricht.UnixTime, d.point, ""},
	} {
		d.zeit, _ = lognachricht.NewZeit(noon, c.written)
		e, err := pruefung.NewKurven().PruefeQR(d.qr(d.sign(t, c.n), c.printed, c.key))
		if got := e.String(); (err == nil) != (c.want != "") || err == nil && got != c.want {
			t.Errorf("%s: %s, %v", c.name, got, err)
		}
	}
}

// TestOpenSSL asks a program of others for its opinion on the same signatures: those of the
// samples, on brainpool too, and one of ours.
func TestOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	d := newDevice(t, elliptic.P384(), lognachricht.SHA384, crypto.SHA384)
	for i, text := range append(samples(t), d.qr(d.sign(t, sale(3)), lognachricht.UnixTime, d.point)) {
		f := strings.Split(text, ";")
		if !opinion(t, openssl, f) {
			t.Errorf("sample %d: openssl says no", i)
		}
		f[3] += "0"
		if opinion(t, openssl, f) {
			t.Errorf("sample %d, changed: openssl says yes", i)
		}
	}
}

// opinion lets openssl verify a receipt. The message is put together here once more.
func opinion(t *testing.T, openssl string, f []string) bool {
	t.Helper()
	dir := t.TempDir()
	point, _ := base64.StdEncoding.DecodeString(f[11])
	plain, _ := base64.StdEncoding.DecodeString(f[10])
	var seconds, number, counter int64
	fmt.Sscan(f[4], &number)
	fmt.Sscan(f[5], &counter)
	end, _ := lognachricht.NewZeit(parse(t, f[7]), lognachricht.UnixTime)
	seconds = int64(end.Unix)
	n := lognachricht.Nachricht{
		Version: 2, Art: 1, Operation: "FinishTransaction", ClientID: f[1], ProcessData: []byte(f[3]), ProcessType: []byte(f[2]),
		Nummer: uint64(number), Seriennummer: sum(point), Algorithmus: lognachricht.ParseAlgorithmus(f[8]), Zaehler: uint64(counter),
		Zeit: lognachricht.Zeit{Format: lognachricht.UnixTime, Unix: uint64(seconds)},
	}
	half := len(plain) / 2
	der := ber.Append(nil, ber.Sequence, append(integer(plain[:half]), integer(plain[half:])...))
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	hash := "-" + strings.ToLower(strings.TrimPrefix(f[8], "ecdsa-plain-"))
	cmd := exec.Command(openssl, "dgst", hash, "-verify", write("key.pem", publicPEM(point)),
		"-signature", write("sig", der), write("message", n.Signiert()))
	return cmd.Run() == nil
}

func sum(point []byte) []byte {
	h := crypto.SHA256.New()
	h.Write(point)
	return h.Sum(nil)
}

func parse(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// integer writes a positive INTEGER of any length.
func integer(b []byte) []byte {
	n := new(big.Int).SetBytes(b).Bytes()
	if len(n) == 0 || n[0] >= 0x80 {
		n = append([]byte{0}, n...)
	}
	return ber.Append(nil, ber.Integer, n)
}

// publicPEM writes a key for openssl: on P-256, if that is where it lies, on P-384 or on
// brainpoolP384r1.
func publicPEM(point []byte) []byte {
	curve := []byte{0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11}
	if len(point) == 65 {
		curve = []byte{0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7}
	} else if _, err := ecdsa.ParseUncompressedPublicKey(elliptic.P384(), point); err == nil {
		curve = []byte{0x2b, 0x81, 4, 0, 34}
	}
	algorithm := ber.Append(ber.Append(nil, ber.OID, []byte{0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1}), ber.OID, curve)
	key := ber.Append(ber.Append(nil, ber.Sequence, algorithm), ber.BitString, append([]byte{0}, point...))
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: ber.Append(nil, ber.Sequence, key)})
}
