package kennung

import (
	"fmt"
	"strings"

	"github.com/offizin/offizin/domain/befund"
)

// The lengths of an IBAN; the German one is fixed (ISO 13616).
const (
	minIBAN, maxIBAN = 15, 34
	germanIBAN       = 22
)

// pruefeIBAN checks an account number: after moving the first four characters to
// the end and writing letters as 10 to 35, the number modulo 97 is 1 (ISO 13616).
func pruefeIBAN(e Ergebnis) Ergebnis {
	e.Wert = strings.ToUpper(e.Wert)
	if !ibanForm(e.Wert) {
		return e.fail(Form, "", befund.Hindernis, "K-171",
			"Eine deutsche IBAN hat DE und 20 Ziffern; bitte alle Zeichen eingeben.")
	}
	rest := ibanRest(e.Wert)
	if rest != 1 {
		return e.fail(Pruefziffer, fmt.Sprintf("mod97=%d", rest), befund.Hindernis, "K-172",
			"Die Prüfziffern der IBAN stimmen nicht; bitte jede Stelle vergleichen.")
	}
	e.Urteil, e.Pruefer = Gueltig, "mod97=1"
	return e
}

func ibanForm(s string) bool {
	if len(s) < minIBAN || len(s) > maxIBAN || !digits(s[2:4], 2) {
		return false
	}
	for i := range len(s) {
		letter := s[i] >= 'A' && s[i] <= 'Z'
		if !letter && (s[i] < '0' || s[i] > '9') || i < 2 && !letter {
			return false
		}
	}
	return s[:2] != "DE" || len(s) == germanIBAN && digits(s[4:], germanIBAN-4)
}

func ibanRest(s string) int {
	rest := 0
	for i := range len(s) {
		c := s[(i+4)%len(s)]
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest
}
