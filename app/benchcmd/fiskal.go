package benchcmd

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/lognachricht"
	"github.com/offizin/offizin/integration/tse/pruefung"
)

// Fiskal is `offizin bench fiskal`.
type Fiskal struct {
	Gemeinsam

	Measures []string `help:"Was gemessen wird: ${enum}." enum:"alle,sale-tse,sale-outage,verify,export" default:"alle"`
	Belege   int      `help:"Belege des Jahres, das der Export umfasst." default:"100000"`
}

// Run takes one measure after the other.
func (c *Fiskal) Run(e *env.Env) error {
	if c.N < 1 || c.N > 100_000 {
		return env.Usage("Die Zahl der Messungen muss zwischen 1 und 100000 liegen; bitte -n berichtigen.")
	}
	if slices.Contains(c.Measures, "alle") {
		c.Measures = []string{"sale-tse", "sale-outage", "verify", "export"}
	}
	var list []Messung
	for _, m := range c.Measures {
		var more []Messung
		var err error
		switch m {
		case "sale-tse":
			more, err = c.saleTSE(e)
		case "sale-outage":
			more, err = c.saleOutage(e)
		case "verify":
			more, err = c.verify(e)
		case "export":
			more, err = c.export(e)
		}
		if err != nil {
			return &env.Exit{Code: env.ExitOperating, Text: "Die Messung brach ab: " + err.Error(), Cause: err}
		}
		list = append(list, more...)
	}
	return write(e.Stdout, c.JSON, list)
}

// beispiel is the official example of DSFinV-K 2.4, Anhang I: brainpoolP384r1.
const beispiel = "V0;AMA-2642;Kassenbeleg-V1;Beleg^4.05_3.00_0.00_0.00_0.00^7.05:Bar;13;44131;" +
	"2019-11-22T11:29:48.000Z;2019-11-22T11:29:49.000Z;ecdsa-plain-SHA384;unixTime;" +
	"K8zsZ6NjsBzo/Yd3Hba84aH3oT+c4Og5VcfJ7s6Dxz7UmAwtcKmzW16OkS/lm8pD" +
	"E/37JHoRlYofUTLNF+9bY5Jv7C2P4nuEaHwlVarbiJs3bYlgQmIXQDZnf+8FhfBm;" +
	"BBXNYQErM4d9sk9Iy+0T6A4sdTocijml5X78Gq/At2uXTcs/3bZNNpyuHd+dpmY5" +
	"9yLh0xZcr9osHhkDAxsQumgjmtb3d9GIVnTaPCslEki84P1iHPiHKHfcszeQajPk3A=="

// verify measures the check of receipts from the text of their QR code on, on one core:
// each on P-256 another one, on brainpoolP384r1 always the official example, as nothing
// here can sign on that curve; the check keeps nothing from one to the next.
func (c *Fiskal) verify(e *env.Env) ([]Messung, error) {
	bons, err := signierte(c.N)
	if err != nil {
		return nil, err
	}
	k := pruefung.NewKurven()
	var list []Messung
	for _, m := range []struct {
		name string
		text func(i int) string
	}{
		{"verify-p256", func(i int) string { return bons[i] }},
		{"verify-brainpool384", func(int) string { return beispiel }},
	} {
		var r reihe
		before := cpu(os.Getpid())
		for i := -20; i < c.N; i++ {
			d, err := dauer(e.Clock, func() error {
				_, err := k.PruefeQR(m.text(max(i, 0)))
				return err
			})
			if err != nil {
				return nil, err
			}
			if i >= 0 {
				r = append(r, d)
			}
		}
		x := r.messung(m.name)
		x.CPU = rounded(cpu(os.Getpid()) - before)
		x.RSS, x.Privat = rss(os.Getpid())
		list = append(list, x)
	}
	return list, nil
}

// signierte are the QR codes of n sales that a TSE with a key of P-256 has signed.
func signierte(n int) ([]string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, fmt.Errorf("write the key: %w", err)
	}
	serial := sha256.Sum256(point)
	geraet := tse.Geraet{
		Schluessel: base64.StdEncoding.EncodeToString(point), Algorithmus: lognachricht.SHA256.String(),
		Zeitformat: string(lognachricht.UnixTime),
	}
	var list []string
	for i := range n {
		end := time.Unix(1_800_000_000+int64(i), 0).UTC()
		m := lognachricht.Nachricht{
			Version: lognachricht.V2, Art: lognachricht.Transaktion, Operation: lognachricht.Finish, ClientID: "BENCH-1",
			ProcessData: fmt.Appendf(nil, "Beleg^%d.00_0.00_0.00_0.00_0.00^%d.00:Bar", i, i),
			ProcessType: []byte(kassenbeleg.ProzessBeleg),
			Nummer:      uint64(i + 1), Seriennummer: serial[:], Algorithmus: lognachricht.SHA256, Zaehler: uint64(2*i + 2),
			Zeit: lognachricht.Zeit{Format: lognachricht.UnixTime, Unix: uint64(end.Unix())},
		}
		hash := sha256.Sum256(m.Signiert())
		r, s, err := ecdsa.Sign(rand.Reader, key, hash[:])
		if err != nil {
			return nil, fmt.Errorf("sign: %w", err)
		}
		value := append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
		g := kassenbeleg.Gesichert{
			Serie: m.ClientID, Prozess: string(m.ProcessType), Daten: string(m.ProcessData),
			Signatur: &tse.Signatur{
				Transaktion: m.Nummer, Zaehler: m.Zaehler, Beginn: end.UnixNano(), Ende: end.UnixNano(),
				Wert: base64.StdEncoding.EncodeToString(value),
			},
		}
		list = append(list, g.Text(geraet))
	}
	return list, nil
}
