package kassenbeleg

import (
	"strconv"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/tse"
)

// Gesichert is what a TSE signed for a record, or why it did not.
type Gesichert struct {
	Nummer   string        `json:"nummer"`             // of the Bon
	Serie    string        `json:"serie"`              // serial number of the till: the client
	Prozess  string        `json:"prozess"`            // processType
	Daten    string        `json:"daten"`              // processData
	Signatur *tse.Signatur `json:"signatur,omitempty"` // nil: not signed
	Ausfall  string        `json:"ausfall,omitempty"`  // why it is not signed; it never will be
}

// QR is the text of the QR code of a signed receipt (DSFinV-K 2.4 Anhang I Tz. 2); empty if it
// was not signed, or by a TSE that proves nothing: such a receipt may show none.
func (g Gesichert) QR(t tse.Geraet) string {
	if g.Signatur == nil || t.Uebung {
		return ""
	}
	return g.text(t)
}

// Text is the same text, also of a TSE that proves nothing: to check its signatures.
func (g Gesichert) Text(t tse.Geraet) string {
	if g.Signatur == nil {
		return ""
	}
	return g.text(t)
}

func (g Gesichert) text(t tse.Geraet) string {
	s := g.Signatur
	return strings.Join([]string{
		"V0", g.Serie, g.Prozess, g.Daten, strconv.FormatUint(s.Transaktion, 10), strconv.FormatUint(s.Zaehler, 10),
		Zeit(s.Beginn), Zeit(s.Ende), t.Algorithmus, t.Zeitformat, s.Wert, t.Schluessel,
	}, ";")
}

// Zeit writes an instant, UTC nanoseconds, as QR code and export have it: ISO 8601, UTC,
// milliseconds.
func Zeit(nanos int64) string {
	return time.Unix(0, nanos).UTC().Format("2006-01-02T15:04:05.000Z")
}
