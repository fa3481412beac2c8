package pruefstand

import (
	"archive/tar"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/lognachricht"
)

// gilt verifies a signature as an auditor does: from the text of the QR code alone, with the
// message of BSI TR-03151 rebuilt byte by byte (facts §11.3), not by our own writer of it.
func gilt(g tse.Geraet, client string, s tse.Signatur, daten string) error {
	text := kassenbeleg.Gesichert{Serie: client, Prozess: prozess, Daten: daten, Signatur: &s}.Text(g)
	f := strings.Split(text, ";")
	if len(f) != 12 || f[8] != "ecdsa-plain-SHA256" {
		return fmt.Errorf("no text of a QR code: %q", text)
	}
	key, err := punkt(f[11])
	if err != nil {
		return err
	}
	raw, err := key.Bytes()
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	serial := sha256.Sum256(raw)
	if s.Seriennummer != hex.EncodeToString(serial[:]) || g.Seriennummer != s.Seriennummer {
		return fmt.Errorf("serial number %s is not that of the key", s.Seriennummer)
	}
	m, err := nachricht(f, serial[:])
	if err != nil {
		return err
	}
	sig, err := base64.StdEncoding.DecodeString(f[10])
	if err != nil || !stimmt(key, m, sig) {
		return errors.New("the signature is not that of the data")
	}
	return nil
}

func nachricht(f []string, serial []byte) ([]byte, error) {
	m, _ := hex.DecodeString("0201020609" + "04007f000703070101")
	m = tlv(m, 0x80, []byte("FinishTransaction"))
	m = tlv(m, 0x81, []byte(f[1]))
	m = tlv(m, 0x82, []byte(f[3]))
	m = tlv(m, 0x83, []byte(f[2]))
	nr, err := ganzzahl(f[4])
	if err != nil {
		return nil, err
	}
	zaehler, err := ganzzahl(f[5])
	if err != nil {
		return nil, err
	}
	m = tlv(tlv(m, 0x85, nr), 0x04, serial)
	oid, _ := hex.DecodeString("300c060a04007f00070101040103")
	m = tlv(append(m, oid...), 0x02, zaehler)
	at, err := time.Parse("2006-01-02T15:04:05.000Z", f[7])
	if err != nil {
		return nil, fmt.Errorf("read time of finish: %w", err)
	}
	switch f[9] {
	case "unixTime":
		return tlv(m, 0x02, big.NewInt(at.Unix()).Bytes()), nil
	case "utcTimeWithSeconds", "utcTime":
		return tlv(m, 0x17, []byte(at.Format("060102150405Z"))), nil
	}
	return nil, fmt.Errorf("format of time %s", f[9])
}

// tlv appends an element of at most 255 bytes.
func tlv(m []byte, tag byte, b []byte) []byte {
	if len(b) > 127 {
		return append(append(m, tag, 0x81, byte(len(b))), b...)
	}
	return append(append(m, tag, byte(len(b))), b...)
}

func ganzzahl(s string) ([]byte, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("read number: %w", err)
	}
	b := new(big.Int).SetUint64(n).Bytes()
	if len(b) == 0 || b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return b, nil
}

func punkt(b64 string) (*ecdsa.PublicKey, error) {
	raw, err := base64.StdEncoding.DecodeString(b64)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	return key, nil
}

func stimmt(key *ecdsa.PublicKey, m, sig []byte) bool {
	hash := sha256.Sum256(m)
	return len(sig) == 64 &&
		ecdsa.Verify(key, hash[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:]))
}

// export: the TAR file has the certificate, and every log message in it verifies; of a range
// only its transactions are in it (facts §11.2).
func (p *probe) export() {
	var nr []uint64
	for i := range 3 {
		b := p.beginnen(platzEins, "v"+strconv.Itoa(i))
		p.beenden(platzEins, b, daten(i))
		nr = append(nr, b.Transaktion)
	}
	g := p.geraet()
	all := p.lesen(g, 0, 0)
	for _, n := range nr {
		if all[n] != 2 {
			p.Errorf("transaction %d: %d messages, want 2", n, all[n])
		}
	}
	part := p.lesen(g, nr[1], nr[1])
	if part[nr[1]] != 2 || part[nr[0]] != 0 || part[nr[2]] != 0 {
		p.Errorf("of transaction %d: %v", nr[1], part)
	}
}

// lesen counts the messages of each transaction in an export.
func (p *probe) lesen(g tse.Geraet, von, bis uint64) map[uint64]int {
	p.Helper()
	var buf bytes.Buffer
	p.must(p.TSE.Export(p.frist(), von, bis, &buf))
	key, err := punkt(g.Schluessel)
	p.must(err)
	count, names := map[uint64]int{}, []string(nil)
	for r := tar.NewReader(&buf); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		p.must(err)
		b, err := io.ReadAll(r)
		p.must(err)
		names = append(names, h.Name)
		if !strings.HasSuffix(h.Name, ".log") {
			continue
		}
		n, signed, err := lognachricht.Parse(b)
		if err != nil || !stimmt(key, signed, n.Signatur) {
			p.Errorf("%s does not verify: %v", h.Name, err)
		}
		if n.Art == lognachricht.Transaktion {
			count[n.Nummer]++
		}
	}
	for _, want := range []string{"info.csv", g.Seriennummer + "_X509.cer"} {
		if !slices.Contains(names, want) {
			p.Errorf("%s is missing among %q", want, names)
		}
	}
	return count
}
