package kennung

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/befund"
)

// The ranges of PZN bases (without check digit) that a pharmacy numbers itself.
// Source: ABDATA; such numbers never go to an insurer.
const (
	hausVon1, hausBis1 = "0800000", "0839999"
	hausVon2, hausBis2 = "8000000", "8399999"
)

// IstHausPZN reports whether p lies in a range for the pharmacy's own articles:
// bases 0800000–0839999 and 8000000–8399999, each followed by its check digit.
func IstHausPZN(p PZN) bool { return len(p) == 8 && imHausbereich(string(p[:7])) }

func imHausbereich(base string) bool {
	return base >= hausVon1 && base <= hausBis1 || base >= hausVon2 && base <= hausBis2
}

// HausPZN returns the n-th PZN of the house ranges that can be issued, counting
// from 0, and false when the ranges are used up. Bases whose remainder is 10 are
// left out, as in every PZN.
func HausPZN(n int) (PZN, bool) {
	if n < 0 {
		return "", false
	}
	for p := range HausPZNs() {
		if n == 0 {
			return p, true
		}
		n--
	}
	return "", false
}

// HausPZNs walks all PZN of the house ranges that can be issued, in the order of HausPZN.
func HausPZNs() iter.Seq[PZN] {
	return func(yield func(PZN) bool) {
		for _, r := range [2][2]int{{800_000, 839_999}, {8_000_000, 8_399_999}} {
			for b := r[0]; b <= r[1]; b++ {
				base := fmt.Sprintf("%07d", b)
				if check, ok := PZNCheck(base); ok && !yield(PZN(base+string(check))) {
					return
				}
			}
		}
	}
}

func pruefePZN(e Ergebnis) Ergebnis {
	e.Wert = stripPZN(e.Wert)
	switch {
	case e.Art == ArtPZNBasis:
		return pruefeBasis(e)
	case e.Art != ArtHausPZN && digits(e.Wert, 7):
		return pruefePZN7(e)
	case e.Art == ArtPZN7 || !digits(e.Wert, 8):
		return e.failForm()
	}
	check, ok := PZNCheck(e.Wert[:7])
	if !ok {
		return e.fail(NieVergeben, "10", befund.Hindernis, "K-104",
			"Eine PZN mit diesen ersten sieben Ziffern wird nie vergeben; bitte jede Ziffer mit der Packung vergleichen.")
	}
	e = e.judgePZN(string(check))
	return hausBefund(e)
}

// hausBefund adds what is special about the pharmacy's own numbers.
func hausBefund(e Ergebnis) Ergebnis {
	haus := e.Urteil == Gueltig && imHausbereich(e.Wert[:7])
	switch {
	case haus:
		e.Befund = &befund.Befund{
			Code: "K-105", Schwere: befund.Hinweis, Subject: e.Wert,
			Text: "Das ist eine hauseigene PZN der Apotheke; sie darf nie an einen Kostenträger gehen.",
		}
	case e.Art == ArtHausPZN && e.Urteil == Gueltig:
		return e.fail(Form, e.Pruefer, befund.Hindernis, "K-106",
			"Diese PZN liegt außerhalb der hauseigenen Bereiche (0800000–0839999, 8000000–8399999); "+
				"bitte eine aus diesen Bereichen nehmen.")
	}
	return e
}

func pruefePZN7(e Ergebnis) Ergebnis {
	old := e.Wert
	e.Wert = "0" + old
	check, ok := PZNCheck(e.Wert[:7])
	if !ok {
		return e.fail(NieVergeben, "10", befund.Hindernis, "K-104",
			"Eine PZN mit diesen Ziffern wird nie vergeben; bitte alle acht Ziffern von der Packung eingeben.")
	}
	return e.judge(old[6:], string(check), "K-103",
		"Sieben Ziffern sind eine alte PZN, aber die letzte passt nicht; vermutlich fehlt eine Ziffer: "+
			"bitte alle acht eingeben.")
}

func pruefeBasis(e Ergebnis) Ergebnis {
	if !digits(e.Wert, 7) {
		return e.fail(Form, "", befund.Hindernis, "K-107",
			"Der Stamm einer PZN hat sieben Ziffern; bitte ohne Prüfziffer eingeben.")
	}
	check, ok := PZNCheck(e.Wert)
	if !ok {
		return e.fail(NieVergeben, "10", befund.Hindernis, "K-104",
			"Zu diesem Stamm gibt es keine Prüfziffer, er wird nie vergeben; bitte den nächsten nehmen.")
	}
	e.Urteil, e.Pruefer = Gueltig, string(check)
	return e
}

// failForm says what is wrong with the form of a PZN.
func (e Ergebnis) failForm() Ergebnis {
	switch {
	case strings.Trim(e.Wert, "0123456789") != "":
		return e.fail(Form, "", befund.Hindernis, "K-101",
			"Eine PZN besteht nur aus Ziffern; bitte die acht Ziffern von der Packung eingeben.")
	case len(e.Wert) == 6:
		return e.fail(Form, "", befund.Hindernis, "K-101",
			"Das sind sechs Ziffern; bei einer alten PZN fehlt die Prüfziffer: bitte alle acht Ziffern eingeben.")
	}
	return e.fail(Form, "", befund.Hindernis, "K-101",
		"Eine PZN hat acht Ziffern, eingegeben sind "+strconv.Itoa(len(e.Wert))+"; bitte prüfen und neu eingeben.")
}

// judgePZN compares the check digit and names the transposition that would explain a
// wrong one. The weights 1 to 7 modulo 11 find every single transposition of unlike
// digits.
func (e Ergebnis) judgePZN(check string) Ergebnis {
	hits := vertauscht(e.Wert)
	if len(hits) == 0 {
		return e.judge(e.Wert[7:], check, "K-102",
			"Die Prüfziffer der PZN stimmt nicht; bitte jede Ziffer mit der Packung vergleichen und neu eingeben.")
	}
	return e.judge(e.Wert[7:], check, "K-102", "Die Prüfziffer der PZN stimmt nicht; zwei Ziffern vertauscht? "+
		"Möglich wäre "+strings.Join(hits, " oder ")+": bitte mit der Packung vergleichen.")
}

// vertauscht lists the valid PZN that differ by two neighbouring digits.
func vertauscht(wert string) []string {
	var hits []string
	for i := range 7 {
		b := []byte(wert)
		b[i], b[i+1] = b[i+1], b[i]
		if check, ok := PZNCheck(string(b[:7])); ok && check == b[7] && string(b) != wert {
			hits = append(hits, string(b))
		}
	}
	return hits
}
