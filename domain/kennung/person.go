package kennung

import (
	"strings"

	"github.com/offizin/offizin/domain/befund"
)

// pruefeIK checks an Institutionskennzeichen: nine digits; the last is the sum of
// the cross-sums of digits 3 to 8, weighted 2,1,2,1,2,1, modulo 10 (§ 293 SGB V).
func pruefeIK(e Ergebnis) Ergebnis {
	if !digits(e.Wert, 9) {
		return e.fail(Form, "", befund.Hindernis, "K-111",
			"Ein Institutionskennzeichen (IK) hat neun Ziffern; bitte alle neun eingeben.")
	}
	sum := 0
	for i := range 6 {
		sum += crossSum(int(e.Wert[2+i]-'0') * (2 - i%2))
	}
	return e.judge(e.Wert[8:], digit(sum%10), "K-112",
		"Die Prüfziffer des Institutionskennzeichens (IK) stimmt nicht; bitte die Ziffern vergleichen.")
}

// pruefeKVNR checks the Krankenversichertennummer: a letter, eight digits, a check
// digit; the letter counts as 01 to 26 (§ 290 SGB V). A wrong check digit only
// warns: placeholders and examples carry it, and no patient is sent away for it.
func pruefeKVNR(e Ergebnis) Ergebnis {
	e.Wert = strings.ToUpper(e.Wert)
	if len(e.Wert) != 10 || e.Wert[0] < 'A' || e.Wert[0] > 'Z' || !digits(e.Wert[1:], 9) {
		return e.fail(Form, "", befund.Hindernis, "K-121",
			"Eine Versichertennummer hat einen Buchstaben und neun Ziffern (A123456780); bitte von der Karte ablesen.")
	}
	letter := int(e.Wert[0]-'A') + 1
	sum := letter/10 + crossSum(letter%10*2)
	for i := range 8 {
		sum += crossSum(int(e.Wert[1+i]-'0') * (1 + i%2))
	}
	if want := digit(sum % 10); e.Wert[9:] != want {
		return e.fail(Pruefziffer, want, befund.Warnung, "K-122",
			"Die Prüfziffer der Versichertennummer stimmt nicht; bitte mit der Karte vergleichen oder bestätigen.")
	}
	e.Urteil, e.Pruefer = Gueltig, e.Wert[9:]
	return e
}

// pruefeLANR checks the Arztnummer: six digits weighted 4,9,…, a check digit that
// fills the sum up to the next ten, two digits Fachgruppe (KBV, § 75(7) SGB V).
func pruefeLANR(e Ergebnis) Ergebnis {
	if !digits(e.Wert, 9) {
		return e.fail(Form, "", befund.Hindernis, "K-131",
			"Eine Arztnummer (LANR) hat neun Ziffern; bitte alle neun vom Rezept ablesen.")
	}
	sum := 0
	for i := range 6 {
		sum += int(e.Wert[i]-'0') * (4 + i%2*5)
	}
	want := digit((10 - sum%10) % 10)
	switch e.Wert[:7] {
	case "9999999", "4444444", "5555555", "3333333":
		return e.fail(Pseudo, want, befund.Hinweis, "K-133",
			"Das ist eine Pseudo-Arztnummer; sie wird angenommen.")
	}
	return e.judge(e.Wert[6:7], want, "K-132",
		"Die Prüfziffer der Arztnummer (LANR) stimmt nicht, es ist die siebte Ziffer; bitte mit dem Rezept vergleichen.")
}

// pruefeForm checks numbers that have no (known) check digit: the BSNR of nine
// digits and the pharmacy number IDF of seven.
func pruefeForm(e Ergebnis) Ergebnis {
	n, code, text := 9, "K-141", "Eine Betriebsstättennummer (BSNR) hat neun Ziffern; bitte alle neun eingeben."
	if e.Art == ArtIDF {
		n, code, text = 7, "K-142", "Eine Apothekennummer (IDF) hat sieben Ziffern; bitte alle sieben eingeben."
	}
	if !digits(e.Wert, n) {
		return e.fail(Form, "", befund.Hindernis, code, text)
	}
	e.Urteil = NurForm
	return e
}

// pruefeTransaktionsnummer checks the number printed on paper Rezepturen: eight
// digits weighted 1,3,…; the remainder modulo 10 itself is the check digit.
// Source: TA1 to § 300 SGB V, chapter 7.
func pruefeTransaktionsnummer(e Ergebnis) Ergebnis {
	if !digits(e.Wert, 9) {
		return e.fail(Form, "", befund.Hindernis, "K-181",
			"Eine Transaktionsnummer hat neun Ziffern; bitte alle neun eingeben.")
	}
	return e.judge(e.Wert[8:], transaktionCheck(e.Wert[:8]), "K-182",
		"Die Prüfziffer der Transaktionsnummer stimmt nicht; bitte die Ziffern vergleichen.")
}

// Transaktionsnummer completes eight digits with their check digit. It panics if
// base is not eight digits. The caller sees to it that none repeats in a year.
func Transaktionsnummer(base string) string {
	if !digits(base, 8) {
		panic("kennung: base of a Transaktionsnummer must be eight digits")
	}
	return base + transaktionCheck(base)
}

func transaktionCheck(base string) string {
	sum := 0
	for i := range 8 {
		sum += int(base[i]-'0') * (1 + i%2*2)
	}
	return digit(sum % 10)
}

func digit(n int) string { return string(byte('0' + n)) }
