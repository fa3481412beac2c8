// Package quittung says what stands on a receipt, line by line, whatever it is shown on:
// paper of 80 mm, PDF or screen. All of § 6 KassenSichV stands on it.
package quittung

import (
	"time"

	"github.com/offizin/offizin/domain/bon"
)

// Apotheke is the head of every receipt: § 6 S. 1 Nr. 1 KassenSichV asks for full name and
// address.
type Apotheke struct {
	Name, Inhaber, Strasse, PLZ, Ort, Telefon string
	IK, Steuernummer                          string
}

// Art is which receipt of a Bon it is.
type Art string

// The receipts of one Bon.
const (
	Bon       Art = ""          // the receipt itself
	Zuzahlung Art = "zuzahlung" // Zuzahlungsquittung with name (§ 61 S. 4 SGB V), only on request
	Kulanz    Art = "kulanz"    // Zuzahlung the pharmacy waived
)

// Lage is what the technical security device did for the Bon.
type Lage string

// The states. Only Signiert has a QR code.
const (
	Keine    Lage = ""         // none is set up: the receipt is none of § 6 KassenSichV
	Signiert Lage = "signiert" // signed
	Ausfall  Lage = "ausfall"  // out of order: marked, never signed later (AEAO zu § 146a, 1.14)
	Probe    Lage = "probe"    // signed by a device for practice: never a QR code
)

// Sicherung is what the technical security device answered, as it answered: values on a
// receipt are never rounded or cut. Times are German time.
type Sicherung struct {
	Lage               Lage
	KassenSeriennummer string // serial number of the till (KASSE_SERIENNR)
	Transaktion        uint64
	Zaehler            uint64 // signature counter of the Finish
	Beginn, Ende       time.Time
	Sicherheitsmodul   string // serial number of the TSE: 64 hex digits
	Pruefwert          string // base64 of the signature
	QR                 string // "V0;…", DSFinV-K Anhang I
}

// Patient is who a Zuzahlungsquittung is for; without ID it holds the lines of everybody.
type Patient struct{ ID, Name, Geburt string }

// Beleg is everything a receipt is made from. Times are German time.
type Beleg struct {
	Art       Art
	Apotheke  Apotheke
	Bon       bon.Bon
	Benutzer  string // name of who sold
	Kunde     string // printed only if given: personalised on request (§ 62 SGB V)
	Zeit      time.Time
	Kopie     time.Time // when it was printed again; zero: the original
	Digital   bool      // given as QR code, not on paper
	Training  bool      // made in training mode: no sale
	Sicherung Sicherung
	Patient   Patient // of a Zuzahlungsquittung
}

// Style is how a line is set.
type Style int

// The styles.
const (
	Plain  Style = iota
	Bold         // bold
	Small        // small
	Center       // bold, in the middle
	Big          // bold, twice as high, in the middle
	Rule         // a rule, no text
	Code         // Left is the content of a QR code
)

// Zeile is one line: text on the left, an amount on the right.
type Zeile struct {
	Left, Right string
	Style       Style
}

// Zeilen sets the receipt from top to bottom.
func (b Beleg) Zeilen() []Zeile {
	switch b.Art {
	case Zuzahlung:
		return b.zuzahlung()
	case Kulanz:
		return b.kulanz()
	case Bon:
	}
	out := b.kopf(titel(b.Bon))
	out = append(out, positionen(b.Bon)...)
	out = append(out, summen(b.Bon)...)
	out = append(out, steuern(b.Bon)...)
	out = append(out, anteilQuittung(b.Bon)...)
	out = append(out, b.Sicherung.zeilen(b.Zeit)...)
	if b.Apotheke.Telefon != "" {
		out = append(out, Zeile{Left: "Fragen? " + b.Apotheke.Telefon, Style: Small})
	}
	out = append(out, Zeile{Left: "Vielen Dank und gute Besserung!", Style: Center})
	return append(out, b.gutscheine()...)
}

// Titel names the receipt, for the title of a document.
func (b Beleg) Titel() string {
	switch b.Art {
	case Zuzahlung:
		return "Zuzahlungsquittung zu Bon " + b.Bon.Nummer
	case Kulanz:
		return "Erlassene Zuzahlung zu Bon " + b.Bon.Nummer
	case Bon:
	}
	return "Bon " + b.Bon.Nummer
}

// Barzahlung says whether cash went over the counter, in or out: then the drawer opens.
func Barzahlung(b bon.Bon) bool {
	for _, z := range b.Zahlungen {
		if z.Art == bon.Bar && (z.Betrag != 0 || z.Gegeben != 0) {
			return true
		}
	}
	return false
}
