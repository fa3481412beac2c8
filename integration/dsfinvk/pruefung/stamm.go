package pruefung

import (
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// key is the closing that a row names.
func (z *zeile) key() zKey { return zKey{z.text("Z_KASSE_ID"), z.text("Z_ERSTELLUNG"), z.text("Z_NR")} }

// zuAbschluss is the closing that a row belongs to; nil, and a finding, if there is none.
func (z *zeile) zuAbschluss() *abschluss {
	k := z.key()
	a := z.abschluesse[k]
	if a == nil && k != (zKey{}) {
		z.fund("T-430", "Die Zeile gehört zu einem Abschluss, der in cashpointclosing.csv nicht steht.")
	}
	return a
}

func (l *lauf) nurZ(z *zeile) { z.zuAbschluss() }

func (l *lauf) zAbschluss(z *zeile) {
	l.bericht.Abschluesse++
	k := z.key()
	if l.abschluesse[k] != nil {
		z.fund("T-429", "Dieser Abschluss steht schon in der Datei.")
		return
	}
	a := &abschluss{
		zKey: k, zeile: z.nr, nr: z.ganz("Z_NR"), von: z.text("Z_START_ID"), bis: z.text("Z_ENDE_ID"),
		summe: z.zahl("Z_SE_ZAHLUNGEN"), bar: z.zahl("Z_SE_BARZAHLUNGEN"), tse: map[int64]*tse{}, saetze: map[int64][]int64{},
		cases: map[fall][3]int64{}, casesSoll: map[fall][3]int64{}, paid: map[zahlart]int64{}, paidSoll: map[zahlart]int64{},
	}
	l.abschluesse[k], l.folge = a, append(l.folge, a)
	if z.text("STNR") == "" && z.text("USTID") == "" {
		z.fund("T-450", "Weder Steuernummer noch USt-IdNr. ist angegeben.")
	}
	if !taxonomie(z.text("TAXONOMIE_VERSION")) {
		z.fund("T-427", fmt.Sprintf("TAXONOMIE_VERSION „%.20s“ ist keine Fassung ab 2.3.", z.text("TAXONOMIE_VERSION")))
	}
}

// taxonomie says whether it is a version from 2.3 on.
func taxonomie(s string) bool {
	a, b, ok := strings.Cut(s, ".")
	major, err1 := strconv.Atoi(a)
	minor, err2 := strconv.Atoi(b)
	return ok && err1 == nil && err2 == nil && (major > 2 || major == 2 && minor >= 3)
}

func (l *lauf) zOrt(z *zeile) {
	if a := z.zuAbschluss(); a != nil {
		a.orte++
	}
}

func (l *lauf) zGeraet(z *zeile) {
	if a := z.zuAbschluss(); a != nil {
		a.geraete++
		a.serie = z.text("KASSE_SERIENNR")
	}
}

func (l *lauf) zTSE(z *zeile) {
	a := z.zuAbschluss()
	if a == nil {
		return
	}
	id := z.ganz("TSE_ID")
	if a.tse[id] != nil {
		z.fund("T-429", "Diese TSE_ID steht schon im selben Abschluss.")
	}
	t := &tse{
		serie: strings.ToLower(z.text("TSE_SERIAL")), algorithmus: z.text("TSE_SIG_ALGO"),
		zeitformat: z.text("TSE_ZEITFORMAT"), schluessel: z.text("TSE_PUBLIC_KEY"),
	}
	a.tse[id] = t
	point, err := punkt(t.schluessel)
	if sum := sha256.Sum256(point); err != nil || hex.EncodeToString(sum[:]) != t.serie {
		z.fund("T-443", "TSE_SERIAL ist nicht der SHA-256-Wert des öffentlichen Schlüssels.")
	}
}

// punkt is the point of a public key in base64, with or without the wrapping of an SPKI.
func punkt(key string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		return nil, fmt.Errorf("public key: %w", err)
	}
	var spki struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if rest, err := asn1.Unmarshal(raw, &spki); err == nil && len(rest) == 0 {
		return spki.Key.Bytes, nil
	}
	return raw, nil
}

func (l *lauf) zSatz(z *zeile) {
	if a := z.zuAbschluss(); a != nil {
		k := z.ganz("UST_SCHLUESSEL")
		a.saetze[k] = append(a.saetze[k], z.zahl("UST_SATZ"))
	}
}

// steuer checks an amount with its net and tax, under a key; spiel is by how much the tax may
// be off, in cents: several lines may have been rounded one by one.
func (z *zeile) steuer(a *abschluss, key int64, v [3]int64, spiel int64) {
	if v[1]+v[2] != v[0] {
		z.fund("T-436", fmt.Sprintf(
			"Netto %s und Steuer %s sind zusammen nicht brutto %s.", euro(v[1]), euro(v[2]), euro(v[0])))
		return
	}
	rates, ok := a.saetze[key]
	if !ok {
		z.fund("T-453", fmt.Sprintf("Der Steuerschlüssel %d steht für diesen Abschluss nicht in vat.csv.", key))
		return
	}
	const most = 1e12 // 10 million euro; beyond that the product would overflow
	if v[0] > most || v[0] < -most {
		return
	}
	for _, r := range rates {
		if r < 0 || r >= 100*stufe {
			continue
		}
		d := v[2] - v[0]*r/(100*stufe+r)
		if max(d, -d) <= spiel*stufe/100 {
			return
		}
	}
	z.fund("T-454", fmt.Sprintf(
		"Die Steuer %s passt nicht zu brutto %s und dem Satz des Schlüssels %d.", euro(v[2]), euro(v[0]), key))
}

// betraege are gross, net and tax of a row.
func (z *zeile) betraege(brutto, netto, steuer string) [3]int64 {
	return [3]int64{z.zahl(brutto), z.zahl(netto), z.zahl(steuer)}
}

// euro writes hundred-thousandths, with as many decimals as they need, at least two.
func euro(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	s := strings.TrimRight(fmt.Sprintf("%d,%05d", n/stufe, n%stufe), "0")
	for len(s)-strings.IndexByte(s, ',') < 3 {
		s += "0"
	}
	return sign + s
}
