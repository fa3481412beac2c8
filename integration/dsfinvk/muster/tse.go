// Package muster has an invented pharmacy's days for tests of the export, and a TSE of
// their own: its log messages are written here a second time, from the standard.
package muster

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/dsfinvk/pruefung"
)

// TSE signs with a key that everybody knows, always the same way.
type TSE struct {
	tse.Geraet
	key             *ecdsa.PrivateKey
	nummer, zaehler uint64
}

// NewTSE makes the TSE of a seed.
func NewTSE(seed string) (*TSE, error) {
	sum := sha256.Sum256([]byte(seed))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), sum[:])
	if err != nil {
		return nil, fmt.Errorf("key of the TSE: %w", err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, fmt.Errorf("key of the TSE: %w", err)
	}
	serie := sha256.Sum256(point)
	return &TSE{key: key, Geraet: tse.Geraet{
		Treiber: "simulator", Seriennummer: hex.EncodeToString(serie[:]),
		Schluessel:  base64.StdEncoding.EncodeToString(point),
		Algorithmus: "ecdsa-plain-SHA256", Zeitformat: "unixTime", Uebung: true,
		Zertifikate: []string{base64.StdEncoding.EncodeToString([]byte("no certificate of " + seed))},
	}}, nil
}

// Sichern signs a record.
func (t *TSE) Sichern(b bon.Bon) (kassenbeleg.Gesichert, error) {
	k := kassenbeleg.Aus(b)
	t.nummer, t.zaehler = t.nummer+1, t.zaehler+2
	const second = int64(time.Second)
	begin, end := max(b.Beginn, b.Zeit-second)/second*second, b.Zeit/second*second
	s := pruefung.Signatur{
		Client: b.Serie, Prozess: k.Prozess(), Daten: k.Daten(), Transaktion: t.nummer, Zaehler: t.zaehler,
		Beginn: begin, Ende: end, Schluessel: t.Schluessel,
	}
	sum := sha256.Sum256(nachricht(s, t.Seriennummer))
	der, err := t.key.Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		return kassenbeleg.Gesichert{}, fmt.Errorf("sign %s: %w", b.Nummer, err)
	}
	return kassenbeleg.Gesichert{
		Nummer: b.Nummer, Serie: b.Serie, Prozess: s.Prozess, Daten: s.Daten, Signatur: &tse.Signatur{
			Transaktion: t.nummer, Zaehler: t.zaehler, Beginn: begin, Ende: end,
			Wert: base64.StdEncoding.EncodeToString(plain(der)), Seriennummer: t.Seriennummer,
		},
	}, nil
}

// plain is r‖s of a signature in DER, each of 32 bytes.
func plain(der []byte) []byte {
	out := make([]byte, 64)
	at := 2
	for i := range 2 {
		n := int(der[at+1])
		v := der[at+2 : at+2+n]
		for len(v) > 32 {
			v = v[1:]
		}
		copy(out[32*i+32-len(v):], v)
		at += 2 + n
	}
	return out
}

// der is the opposite.
func der(plain []byte) []byte {
	var body []byte
	for i := range 2 {
		body = append(body, integer(plain[32*i:32*i+32])...)
	}
	return tlv(0x30, body)
}

func integer(v []byte) []byte {
	for len(v) > 1 && v[0] == 0 {
		v = v[1:]
	}
	if v[0] >= 0x80 {
		v = append([]byte{0}, v...)
	}
	return tlv(2, v)
}

func tlv(tag byte, v []byte) []byte {
	switch n := len(v); {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, v...)
	case n < 0x100:
		return append([]byte{tag, 0x81, byte(n)}, v...)
	default:
		return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, v...)
	}
}

func uintBytes(n uint64) []byte {
	raw, _ := hex.DecodeString(fmt.Sprintf("%016x", n)) // digits only
	return raw
}

// nachricht is what a TSE signs with a Finish (BSI TR-03151, message version 2), unixTime.
func nachricht(s pruefung.Signatur, serie string) []byte {
	id, _ := hex.DecodeString(serie) // our own
	b := []byte{2, 1, 2, 6, 9, 4, 0, 0x7f, 0, 7, 3, 7, 1, 1}
	b = append(b, tlv(0x80, []byte("FinishTransaction"))...)
	b = append(b, tlv(0x81, []byte(s.Client))...)
	b = append(b, tlv(0x82, []byte(s.Daten))...)
	b = append(b, tlv(0x83, []byte(s.Prozess))...)
	n := integer(uintBytes(s.Transaktion))
	b = append(b, tlv(0x85, n[2:])...)
	b = append(b, tlv(4, id)...)
	b = append(b, tlv(0x30, []byte{6, 10, 4, 0, 0x7f, 0, 7, 1, 1, 4, 1, 3})...)
	b = append(b, integer(uintBytes(s.Zaehler))...)
	return append(b, integer(uintBytes(uint64(s.Ende/int64(time.Second))))...)
}

// Pruefer checks signatures of such a TSE.
func Pruefer(s pruefung.Signatur) error {
	point, err := base64.StdEncoding.DecodeString(s.Schluessel)
	if err != nil {
		return fmt.Errorf("public key: %w", err)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return fmt.Errorf("public key: %w", err)
	}
	wert, err := base64.StdEncoding.DecodeString(s.Wert)
	if err != nil || len(wert) != 64 {
		return errors.New("no signature of P-256: " + strconv.Quote(s.Wert))
	}
	serie := sha256.Sum256(point)
	sum := sha256.Sum256(nachricht(s, hex.EncodeToString(serie[:])))
	if !ecdsa.VerifyASN1(key, sum[:], der(wert)) {
		return errors.New("signature does not match")
	}
	return nil
}
