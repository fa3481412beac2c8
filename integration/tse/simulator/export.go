package simulator

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/lognachricht"
)

// gueltig is how many years its certificate is valid.
const gueltig = 5

// zertifikat is a certificate that it has signed itself: it proves nothing.
func zertifikat(key *ecdsa.PrivateKey, now time.Time) ([]byte, error) {
	template := x509.Certificate{
		SerialNumber: big.NewInt(now.Unix()),
		Subject: pkix.Name{
			CommonName: hex.EncodeToString(seriennummer(&key.PublicKey)), Organization: []string{"Offizin"},
			OrganizationalUnit: []string{Bezeichnung},
		},
		NotBefore: now.UTC(), NotAfter: now.UTC().AddDate(gueltig, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("make certificate of TSE simulator: %w", err)
	}
	return der, nil
}

// Ist reports whether a certificate is that of a simulator: whatever it signs proves nothing.
func Ist(certificate []byte) bool { return bytes.Contains(certificate, []byte(Bezeichnung)) }

// Export writes the log messages of the transactions from one number to another as a TAR file,
// or everything if both are 0 (BSI TR-03153 5.1.1; facts §11.2). While it is read the device
// goes on signing; what it signs meanwhile is not in it.
func (s *Simulator) Export(ctx context.Context, von, bis uint64, w io.Writer) error {
	var d *datei
	var list []stelle
	err := s.tun(ctx, func() error {
		d, list = s.datei, s.datei.stellen
		return nil
	})
	if err != nil {
		return err
	}
	t := tar.NewWriter(w)
	if err := d.archiv(ctx, t, von, bis, list); err != nil {
		return err
	}
	if err := t.Close(); err != nil {
		return geschrieben(err)
	}
	return nil
}

func geschrieben(err error) error {
	return &tse.Fehler{Art: tse.Einrichtung, Text: "Der Export lässt sich nicht schreiben", Err: err}
}

func (d *datei) archiv(ctx context.Context, t *tar.Writer, von, bis uint64, list []stelle) error {
	const info = "\"description:\",\"%s\",\"manufacturer:\",\"Offizin\",\"version:\",\"1\"\n"
	sum := hex.EncodeToString(seriennummer(&d.key.PublicKey))
	if err := eintrag(t, "info.csv", fmt.Appendf(nil, info, Bezeichnung), time.Time{}); err != nil {
		return err
	}
	if err := eintrag(t, sum+"_X509.cer", d.kopf.Zertifikat, time.Time{}); err != nil {
		return err
	}
	for _, where := range list {
		if nr := where.nummer; (von != 0 || bis != 0) && (nr == 0 || nr < von || nr > bis) {
			continue
		}
		if ctx.Err() != nil {
			return &tse.Fehler{Art: tse.Wiederholbar, Text: "Der Export wurde abgebrochen", Err: ctx.Err()}
		}
		m, raw, err := d.nachricht(where)
		if err != nil {
			return kaputt(err)
		}
		at, _ := m.Zeit.Instant()
		if err := eintrag(t, dateiname(m), raw, at); err != nil {
			return err
		}
	}
	return nil
}

func eintrag(t *tar.Writer, name string, b []byte, at time.Time) error {
	err := t.WriteHeader(&tar.Header{Name: name, Size: int64(len(b)), Mode: 0o644, ModTime: at, Format: tar.FormatPAX})
	if err == nil {
		_, err = t.Write(b)
	}
	if err != nil {
		return geschrieben(err)
	}
	return nil
}

// dateiname is the name of a log message in an export (BSI TR-03153 5.1.1).
func dateiname(n lognachricht.Nachricht) string {
	name := zeitname(n.Zeit) + "_Sig-" + strconv.FormatUint(n.Zaehler, 10)
	switch n.Art {
	case lognachricht.System:
		return name + "_Log-Sys_" + n.Operation + ".log"
	case lognachricht.Audit:
		return name + "_Log-Aud.log"
	case lognachricht.Transaktion:
	}
	return fmt.Sprintf("%s_Log-Tra_No-%d_%s_Client-%s.log", name, n.Nummer, strings.TrimSuffix(n.Operation, "Transaction"),
		strings.ReplaceAll(n.ClientID, "/", "_"))
}

func zeitname(z lognachricht.Zeit) string {
	switch z.Format {
	case lognachricht.UTCTime, lognachricht.UTCTimeWithSeconds:
		return "Utc_" + z.Text
	case lognachricht.GeneralizedTime, lognachricht.GeneralizedTimeWithMilliseconds:
		return "Gent_" + z.Text
	case lognachricht.UnixTime:
	}
	return "Unixt_" + strconv.FormatUint(z.Unix, 10)
}
