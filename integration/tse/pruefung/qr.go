package pruefung

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/offizin/offizin/integration/tse/lognachricht"
	"github.com/offizin/offizin/internal/fault"
)

// MaxQR is the longest text that is read, in bytes: a QR code holds 3 KB, a row of an export
// with a long Bestellung more.
const MaxQR = 64 << 10

// Ergebnis says that a signature is good: with which key and how it was written.
type Ergebnis struct {
	Kurve       string
	Algorithmus lognachricht.Algorithmus
	Version     int  // of the log message
	InTeilen    bool // processData in indefinite length
}

// String is the result for people: "P-256, ecdsa-plain-SHA256, Version 2".
func (e Ergebnis) String() string {
	text := fmt.Sprintf("%s, %s, Version %d", e.Kurve, e.Algorithmus, e.Version)
	if e.InTeilen {
		text += ", in Teilen"
	}
	return text
}

// bon is a receipt as its QR code says it.
type bon struct {
	nachricht  lognachricht.Nachricht // without version, operation and time
	ende       time.Time
	format     lognachricht.Zeitformat
	schluessel Schluessel
}

// PruefeQR checks the signature of a receipt by the text of its QR code; the same text can
// be made of a row of transactions_tse. The error is a fault.Fault that says what is wrong.
// The time of the start is not signed with it, only its form is checked.
func (k *Kurven) PruefeQR(text string) (Ergebnis, error) {
	b, err := k.parseQR(text)
	if err != nil {
		return Ergebnis{}, err
	}
	for _, n := range b.nachrichten() {
		if b.schluessel.Verify(n.Algorithmus, n.Signiert(), n.Signatur) {
			return Ergebnis{b.schluessel.Kurve, n.Algorithmus, n.Version, n.InTeilen}, nil
		}
	}
	return Ergebnis{}, fault.New(fault.Invalid, "T-119", "Die Signatur passt nicht zu den Angaben des Bons; "+
		"er ist verändert oder falsch gelesen; bitte den QR-Code noch einmal einlesen.", nil)
}

// parseQR takes the twelve fields apart. The fourth may hold semicolons: that of a
// Bestellung does.
func (k *Kurven) parseQR(text string) (b bon, err error) {
	if len(text) > MaxQR {
		return b, fault.New(fault.Invalid, "T-111",
			"Der Text ist länger als 64 KB; bitte je Zeile den Text eines QR-Codes angeben.", nil)
	}
	f := strings.Split(text, ";")
	if n := len(f); n > 12 {
		f = append(append(f[:3:3], strings.Join(f[3:n-8], ";")), f[n-8:]...)
	}
	switch {
	case len(f) < 12:
		return b, fault.New(fault.Invalid, "T-110",
			fmt.Sprintf("Der Text hat %d statt 12 durch Semikolon getrennte Felder; bitte den ganzen QR-Code einlesen.",
				len(f)), nil)
	case f[0] != "V0":
		return b, fault.New(fault.Invalid, "T-112",
			fmt.Sprintf("Der QR-Code beginnt mit „%s“ statt V0; bitte prüfen, ob er von einem Kassenbon stammt.",
				kurz(f[0])), nil)
	}
	b.nachricht = lognachricht.Nachricht{
		Art: lognachricht.Transaktion, ClientID: f[1], ProcessType: []byte(f[2]), ProcessData: []byte(f[3]),
		Algorithmus: lognachricht.ParseAlgorithmus(f[8]),
	}
	if b.nachricht.Algorithmus == 0 {
		return b, fault.New(fault.Invalid, "T-115",
			fmt.Sprintf("Das Verfahren „%s“ ist nicht bekannt; bitte prüfen, ob der QR-Code richtig gelesen ist.",
				kurz(f[8])), nil)
	}
	if err = b.zahlen(f); err != nil {
		return b, err
	}
	return b, b.signatur(k, f)
}

// zahlen reads numbers and times.
func (b *bon) zahlen(f []string) error {
	for i, z := range map[int]*uint64{4: &b.nachricht.Nummer, 5: &b.nachricht.Zaehler} {
		n, err := strconv.ParseUint(f[i], 10, 64)
		if err != nil || strconv.FormatUint(n, 10) != f[i] {
			return fault.New(fault.Invalid, "T-113",
				fmt.Sprintf("Das Feld %d, „%s“, ist keine Zahl; bitte den QR-Code noch einmal einlesen.", i+1, kurz(f[i])), err)
		}
		*z = n
	}
	for _, i := range []int{6, 7} {
		const layout = "2006-01-02T15:04:05.000Z"
		t, err := time.Parse(layout, f[i])
		if err != nil || t.Format(layout) != f[i] {
			return fault.New(fault.Invalid, "T-114",
				fmt.Sprintf("Das Feld %d, „%s“, ist keine Zeit wie 2026-03-04T05:06:07.000Z; "+
					"bitte den QR-Code noch einmal einlesen.", i+1, kurz(f[i])), err)
		}
		b.ende = t
	}
	b.format = lognachricht.Zeitformat(f[9])
	if len(b.zeiten()) == 0 {
		return fault.New(fault.Invalid, "T-116",
			fmt.Sprintf("Das Zeitformat „%s“ ist nicht bekannt oder kann die Zeit im Feld 8 nicht angeben; "+
				"bitte prüfen, ob der QR-Code richtig gelesen ist.", kurz(f[9])), nil)
	}
	return nil
}

// zeiten are the forms in which the time of the end may have been signed: devices that
// declare utcTime write seconds all the same.
func (b *bon) zeiten() []lognachricht.Zeit {
	formats := []lognachricht.Zeitformat{b.format}
	if b.format == lognachricht.UTCTime {
		formats = []lognachricht.Zeitformat{lognachricht.UTCTimeWithSeconds, lognachricht.UTCTime}
	}
	var list []lognachricht.Zeit
	for _, f := range formats {
		if z, ok := lognachricht.NewZeit(b.ende, f); ok {
			list = append(list, z)
		}
	}
	return list
}

func (b *bon) signatur(k *Kurven, f []string) error {
	signature, err := decode(f[10])
	if err != nil {
		return fault.New(fault.Invalid, "T-117",
			"Die Signatur im Feld 11 ist kein Base64; bitte den QR-Code noch einmal einlesen.", err)
	}
	key, err := decode(f[11])
	if err == nil {
		b.schluessel, err = k.ParseSchluessel(key)
	}
	if err != nil {
		return fault.New(fault.Invalid, "T-118",
			"Der Schlüssel im Feld 12 ist keiner einer TSE (NIST P oder brainpool, 256 bis 521 Bit); "+
				"bitte den QR-Code noch einmal einlesen.", err)
	}
	if len(signature) != 2*b.schluessel.size {
		return fault.New(fault.Invalid, "T-120", fmt.Sprintf("Die Signatur im Feld 11 hat %d statt %d Bytes; "+
			"bitte den QR-Code noch einmal einlesen.", len(signature), 2*b.schluessel.size), nil)
	}
	b.nachricht.Signatur, b.nachricht.Seriennummer = signature, b.schluessel.Seriennummer[:]
	return nil
}

// nachrichten are the log messages that the TSE may have signed for the receipt: version 2
// before 3, in one piece before several.
func (b *bon) nachrichten() []lognachricht.Nachricht {
	var list []lognachricht.Nachricht
	for _, v := range []struct {
		version   int
		operation string
	}{{lognachricht.V2, lognachricht.Finish}, {lognachricht.V3, lognachricht.FinishV3}} {
		for _, pieces := range []bool{false, true} {
			for _, z := range b.zeiten() {
				n := b.nachricht
				n.Version, n.Operation, n.InTeilen, n.Zeit = v.version, v.operation, pieces, z
				list = append(list, n)
			}
		}
	}
	return list
}

// decode reads base64 that is written in the one right way.
func decode(text string) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, errors.New("line break in base64")
	}
	return base64.StdEncoding.Strict().DecodeString(text) //nolint:wrapcheck // becomes the cause of a fault
}

// kurz is the beginning of a text, without what would spoil a line of output.
func kurz(text string) string {
	clean := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	if r := []rune(clean); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return clean
}
