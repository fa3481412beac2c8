// Package tse describes what a technische Sicherheitseinrichtung answers: the device that
// signs what a till records (§ 146a AO, KassenSichV, BSI TR-03153 and TR-03151).
package tse

import (
	"fmt"

	"github.com/offizin/offizin/domain/civil"
)

// Geraet is what is fixed about a TSE while it serves a till. It stands in the table "tse" of a
// DSFinV-K export.
type Geraet struct {
	Treiber        string    `json:"treiber"`           // "simulator", "epson", "fiskaly"
	Adresse        string    `json:"adresse,omitempty"` // host:port or URL; never with secrets
	Seriennummer   string    `json:"seriennummer"`      // 64 hex digits: SHA-256 of the public key
	Schluessel     string    `json:"schluessel"`        // public key, base64 of the point 04‖X‖Y
	Algorithmus    string    `json:"algorithmus"`       // "ecdsa-plain-SHA256", DSFinV-K Anhang I
	Zeitformat     string    `json:"zeitformat"`        // "unixTime", "utcTime", …
	Zertifikate    []string  `json:"zertifikate"`       // base64 DER, the TSE's own first
	Ablauf         civil.Day `json:"ablauf"`            // last day of its certificate
	Zertifizierung string    `json:"zertifizierung"`    // "BSI-K-TR-nnnn-yyyy"; empty: not certified
	Uebung         bool      `json:"uebung,omitempty"`  // signs with a key that proves nothing
	Bezeichnung    string    `json:"bezeichnung"`       // maker, model, software version
}

// Stand is how a TSE says it is.
type Stand struct {
	Geraet
	Clients          []string // registered with it
	Offene, MaxOffen int      // transactions open, and how many it can hold; 0: it does not say
	Signaturen       uint64   // made so far: its signature counter; 0: it does not say
	MaxSignaturen    uint64   // it can make; 0: it does not say
	Selbsttest       bool     // it wants one before it signs
	Uhr              int64    // its time, UTC nanoseconds; 0: it does not say
}

// Beginn is the answer to StartTransaction.
type Beginn struct {
	Transaktion  uint64 `json:"transaktion"`
	Zaehler      uint64 `json:"zaehler"`
	Zeit         int64  `json:"zeit"` // log time, UTC nanoseconds
	Seriennummer string `json:"seriennummer"`
}

// Signatur is the answer to FinishTransaction, with the start it belongs to. Values stand as
// the device gave them: they may not be changed afterwards (AEAO zu § 146a).
type Signatur struct {
	Transaktion  uint64 `json:"transaktion"`
	Zaehler      uint64 `json:"zaehler"` // of the Finish
	Beginn       int64  `json:"beginn"`  // log time of the Start, UTC nanoseconds
	Ende         int64  `json:"ende"`    // log time of the Finish, UTC nanoseconds
	Wert         string `json:"wert"`    // base64 of the plain r‖s: the Prüfwert
	Seriennummer string `json:"seriennummer"`
}

// Offen is a transaction that was started and not finished.
type Offen struct {
	Transaktion uint64
	Client      string
	Beginn      int64 // log time, UTC nanoseconds; 0: the device does not say
}

// Art says what can be done about a Fehler.
type Art string

// The kinds of Fehler.
const (
	Ausfall       Art = "ausfall"       // it cannot sign: go on selling, mark the receipt (AEAO 1.14)
	Wiederholbar  Art = "wiederholbar"  // the same request again may succeed at once
	Einrichtung   Art = "einrichtung"   // somebody must set something right: PIN, client, certificate
	Unabgeschickt Art = "unabgeschickt" // the request never reached the device
)

// Fehler is what a driver answers when the device does not do what it was asked.
type Fehler struct {
	Art  Art
	Text string // German, without a full stop: "Gerät antwortet nicht"
	Err  error  // what happened below; may be nil
}

// Error implements error.
func (f *Fehler) Error() string {
	if f.Err == nil {
		return "TSE: " + f.Text
	}
	return fmt.Sprintf("TSE: %s: %v", f.Text, f.Err)
}

// Unwrap gives what happened below.
func (f *Fehler) Unwrap() error { return f.Err }
