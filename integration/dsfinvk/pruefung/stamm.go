package pruefung

import (
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
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

// stammsatz has room for a row of master data; false, and a finding: there is no more.
func (l *lauf) stammsatz(z *zeile, n int) bool {
	if l.stamm += n; l.stamm <= maxStamm {
		return true
	}
	if !l.voll {
		z.fund("D-702", "Hier stehen mehr Abschlüsse und Stammdaten, als ein Export haben kann; "+
			"bitte kürzere Zeiträume einzeln prüfen.")
	}
	l.voll = true
	return false
}

func (l *lauf) zAbschluss(z *zeile) {
	l.bericht.Abschluesse++
	k := z.key()
	if l.abschluesse[k] != nil {
		z.fund("T-429", "Dieser Abschluss steht schon in der Datei.")
		return
	}
	if !l.stammsatz(z, 640+len(k.till)+len(k.zeit)+len(k.nummer)) {
		return
	}
	k.till = l.name(k.till)
	a := &abschluss{
		zKey: k, index: uint32(len(l.folge)), tillNr: l.nummer(l.tills, k.till), zeile: z.nr, nr: z.ganz("Z_NR"),
		erstellt: z.zeit("Z_ERSTELLUNG"), tag: kurz(z.text("Z_BUCHUNGSTAG"), 10), basis: "EUR",
		von: kurz(z.text("Z_START_ID"), maxKey), bis: kurz(z.text("Z_ENDE_ID"), maxKey),
		summe: z.zahl("Z_SE_ZAHLUNGEN"), bar: z.zahl("Z_SE_BARZAHLUNGEN"),
	}
	l.abschluesse[k], l.folge = a, append(l.folge, a)
	if n := (zNummer{a.tillNr, k.nummer}); l.nachNummer[n] == nil {
		l.nachNummer[n] = a
	}
	l.nachZeit[a.erstellt] = true
	if n, ok := l.kleinste[a.tillNr]; !ok || a.nr < n {
		l.kleinste[a.tillNr] = a.nr
	}
	if z.text("STNR") == "" && z.text("USTID") == "" {
		z.fund("T-450", "Weder Steuernummer noch USt-IdNr. ist angegeben.")
	}
	if !taxonomie(z.text("TAXONOMIE_VERSION")) {
		z.fund("T-427", fmt.Sprintf("TAXONOMIE_VERSION „%.20s“ ist keine Fassung ab 2.3.", z.text("TAXONOMIE_VERSION")))
	}
	z.laender("LAND")
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
	z.laender("LOC_LAND")
}

func (l *lauf) zGeraet(z *zeile) {
	if a := z.zuAbschluss(); a != nil {
		a.geraete++
		a.ohneUSt = z.text("KEINE_UST_ZUORDNUNG") == "1"
		a.serie, a.basis = l.name(kurz(z.text("KASSE_SERIENNR"), maxKey)), l.name(kurz(z.text("KASSE_BASISWAEH_CODE"), 3))
	}
	z.waehrung("KASSE_BASISWAEH_CODE")
}

func (l *lauf) zTerminal(z *zeile) {
	if a := z.zuAbschluss(); a != nil && l.stammsatz(z, 32) {
		a.geraetenr = append(a.geraetenr, l.name(kurz(z.text("TERMINAL_ID"), maxKey)))
	}
}

func (l *lauf) zAgentur(z *zeile) {
	if a := z.zuAbschluss(); a != nil && l.stammsatz(z, 32) {
		a.agenturen = append(a.agenturen, l.name(kurz(z.text("AGENTUR_ID"), maxKey)))
	}
	z.laender("AGENTUR_LAND")
}

// agentur holds an agency to those of the closing; 0 is the pharmacy itself.
func (z *zeile) agentur(a *abschluss) {
	if id := z.text("AGENTUR_ID"); id != "" && id != "0" && !slices.Contains(a.agenturen, kurz(id, maxKey)) {
		z.fund("D-713", fmt.Sprintf("Die AGENTUR_ID „%.40s“ steht für diesen Abschluss nicht in pa.csv.", id))
	}
}

// geraet holds a terminal to those of the closing.
func (z *zeile) geraet(a *abschluss, name string) {
	if id := z.text(name); id != "" && id != a.till && !slices.Contains(a.geraetenr, kurz(id, maxKey)) {
		z.fund("D-713", fmt.Sprintf("%s „%.40s“ steht für diesen Abschluss nicht in slaves.csv.", name, id))
	}
}

// laender holds a country to its form: ISO 3166, three letters.
func (z *zeile) laender(name string) {
	if s := z.text(name); s != "" && !grossbuchstaben(s) {
		z.fund("D-714", fmt.Sprintf("%s „%.20s“ ist kein Land mit drei Großbuchstaben wie DEU.", name, s))
	}
}

// waehrung holds a currency to its form: ISO 4217, three letters.
func (z *zeile) waehrung(name string) {
	if s := z.text(name); s != "" && !grossbuchstaben(s) {
		z.fund("D-714", fmt.Sprintf("%s „%.20s“ ist keine Währung mit drei Großbuchstaben wie EUR.", name, s))
	}
}

func grossbuchstaben(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func (l *lauf) zTSE(z *zeile) {
	a := z.zuAbschluss()
	if a == nil || !l.stammsatz(z, 160) {
		return
	}
	id := z.ganz("TSE_ID")
	if a.findTSE(id) != nil {
		z.fund("T-429", "Diese TSE_ID steht schon im selben Abschluss.")
	}
	t := &tse{
		serie:       l.name(kurz(strings.ToLower(z.text("TSE_SERIAL")), maxKey)),
		algorithmus: l.name(kurz(z.text("TSE_SIG_ALGO"), maxKey)),
		zeitformat:  l.name(kurz(z.text("TSE_ZEITFORMAT"), maxKey)),
		schluessel:  l.name(kurz(z.text("TSE_PUBLIC_KEY"), maxWort)),
	}
	a.tse = append(a.tse, tseZeile{id, t})
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
	a := z.zuAbschluss()
	if a == nil || !l.stammsatz(z, 32) {
		return
	}
	s := satz{z.ganz("UST_SCHLUESSEL"), z.zahl("UST_SATZ")}
	if slices.Contains(a.saetze, s) {
		z.fund("T-429", "Dieser Steuersatz steht schon im selben Abschluss.")
	}
	a.saetze = append(a.saetze, s)
	if rates := erlaubt(s.schluessel); len(rates) > 0 && !slices.Contains(rates, s.satz) {
		z.fund("D-712", fmt.Sprintf("Der Satz %s gehört nicht zum Steuerschlüssel %d.", euro(s.satz), s.schluessel))
	}
}

// erlaubt are the rates that a VAT key may have (DSFinV-K 2.4, § 12 and § 28 UStG for the second
// half of 2020); nil: not listed here, those of § 24 UStG have changed too often.
func erlaubt(schluessel int64) []int64 {
	switch schluessel {
	case 1:
		return []int64{19 * stufe, 16 * stufe}
	case 2:
		return []int64{7 * stufe, 5 * stufe}
	case 5, 6, 7, 8:
		return []int64{0}
	}
	return nil
}

// steuer checks an amount with its net and tax, under a key; spiel is by how much the tax may
// be off, in cents: several lines may have been rounded one by one.
func (z *zeile) steuer(a *abschluss, key int64, v [3]int64, spiel int64) {
	if z.netto(v); v[1]+v[2] != v[0] {
		return
	}
	if a.ohneUSt && key != 5 && key != 7 && v[0] != 0 {
		z.fund("D-717", fmt.Sprintf("Der Schlüssel %d ermittelt Umsatzsteuer, KEINE_UST_ZUORDNUNG sagt das Gegenteil.", key))
	}
	rates := a.saetze
	if !slices.ContainsFunc(rates, func(s satz) bool { return s.schluessel == key }) {
		z.fund("T-453", fmt.Sprintf("Der Steuerschlüssel %d steht für diesen Abschluss nicht in vat.csv.", key))
		return
	}
	const most = 1e12 // 10 million euro; beyond that the product would overflow
	if v[0] > most || v[0] < -most {
		return
	}
	for _, s := range rates {
		r := s.satz
		if s.schluessel != key || r < 0 || r >= 100*stufe {
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
