package pruefung_test

import (
	"archive/tar"
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/lognachricht"
)

// device signs as a TSE does, with a key of the standard library.
type device struct {
	key    *ecdsa.PrivateKey
	point  []byte
	hash   crypto.Hash
	alg    lognachricht.Algorithmus
	zeit   lognachricht.Zeit
	serial [32]byte
}

var noon = time.Date(2026, 3, 4, 11, 29, 49, 0, time.UTC)

func newDevice(t testing.TB, curve elliptic.Curve, alg lognachricht.Algorithmus, hash crypto.Hash) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	z, _ := lognachricht.NewZeit(noon, lognachricht.UnixTime)
	return &device{key: key, point: point, hash: hash, alg: alg, zeit: z, serial: sha256.Sum256(point)}
}

// sign completes a message.
func (d *device) sign(t testing.TB, n lognachricht.Nachricht) lognachricht.Nachricht {
	t.Helper()
	n.Seriennummer, n.Algorithmus, n.Zeit = d.serial[:], d.alg, d.zeit
	if n.Version == 0 {
		n.Version = lognachricht.V2
	}
	h := d.hash.New()
	h.Write(n.Signiert())
	r, s, err := ecdsa.Sign(rand.Reader, d.key, h.Sum(nil))
	if err != nil {
		t.Fatal(err)
	}
	n.Signatur = plain(d.key.Curve, r, s)
	return n
}

func plain(c elliptic.Curve, r, s *big.Int) []byte {
	size := (c.Params().N.BitLen() + 7) / 8
	return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
}

// sale is the finish message of a sale.
func sale(nr uint64) lognachricht.Nachricht {
	return lognachricht.Nachricht{
		Art: lognachricht.Transaktion, Operation: lognachricht.Finish, ClientID: "OFF-1",
		ProcessData: fmt.Appendf(nil, "Beleg^%d.00_0.00_0.00_0.00_0.00^%d.00:Bar", nr, nr), ProcessType: []byte("Kassenbeleg-V1"),
		Nummer: nr, Zaehler: 2 * nr,
	}
}

// qr is the text on the receipt of a signed message, as the till prints it.
func (d *device) qr(n lognachricht.Nachricht, format lognachricht.Zeitformat, key []byte) string {
	s := tse.Signatur{
		Transaktion: n.Nummer, Zaehler: n.Zaehler, Beginn: noon.Add(-time.Second).UnixNano(), Ende: noon.UnixNano(),
		Wert: base64.StdEncoding.EncodeToString(n.Signatur),
	}
	g := kassenbeleg.Gesichert{Serie: n.ClientID, Prozess: string(n.ProcessType), Daten: string(n.ProcessData), Signatur: &s}
	return g.Text(tse.Geraet{
		Algorithmus: d.alg.String(), Zeitformat: string(format), Schluessel: base64.StdEncoding.EncodeToString(key),
	})
}

// file is one file of an export.
type file struct {
	name string
	data []byte
}

func archive(t testing.TB, files []file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Mode: 0o600, Size: int64(len(f.data))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (d *device) certificate(t testing.TB) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(7), NotBefore: noon, NotAfter: noon.AddDate(5, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, d.key.Public(), d.key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// export is what a device with a start, a sale and the two other kinds of message exports;
// the certificate lies last, as PEM if so wished.
func (d *device) export(t testing.TB, asPEM bool) []file {
	t.Helper()
	start := lognachricht.Nachricht{
		Art: lognachricht.Transaktion, Operation: lognachricht.Start, ClientID: "OFF-1", ProcessData: []byte{}, ProcessType: []byte{},
		Nummer: 1, Zaehler: 1,
	}
	pieces := sale(2)
	pieces.InTeilen = true
	der := d.certificate(t)
	if asPEM {
		der = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	log := func(n lognachricht.Nachricht) []byte { return d.sign(t, n).Encode() }
	return []file{
		{"info.csv", []byte(`"description:","TEST","manufacturer:","nobody","version:","1"`)},
		{"Unixt_1772623789_Sig-1_Log-Tra_No-1_Start_Client-OFF-1.log", log(start)},
		{"Unixt_1772623789_Sig-2_Log-Tra_No-1_Finish_Client-OFF-1.log", log(sale(1))},
		{"Unixt_1772623789_Sig-4_Log-Tra_No-2_Finish_Client-OFF-1.log", log(pieces)},
		{"Unixt_1772623789_Sig-5_Log-Sys_updateTime.log", log(lognachricht.Nachricht{
			Art: lognachricht.System, Operation: "updateTime", Systemdaten: []byte{0x81, 0}, Zaehler: 5,
		})},
		{"Unixt_1772623789_Sig-6_Log-Aud.log", log(lognachricht.Nachricht{Art: lognachricht.Audit, Auditdaten: []byte{1, 2}, Zaehler: 6})},
		{hex.EncodeToString(d.serial[:]) + "_X509.cer", der},
	}
}

func hexOf(serial [32]byte) string { return hex.EncodeToString(serial[:]) }
