package artikel

import "strings"

// Gruppe returns the key under which articles are equal for the exchange of one
// for another: ingredient, strength, group of dosage forms and pack size. The
// Normgröße decides where there is one, whatever the number of tablets (Rahmenvertrag
// § 129 SGB V: identische Packungsgröße); else quantity and unit do. It is empty if
// the catalogue names no ingredient, no strength or no form: then nothing is equal but
// the article itself.
func (a Artikel) Gruppe() string {
	if a.Wirkstoff == "" || a.Wirkstaerke == "" || a.Darreichungsform == "" {
		return ""
	}
	wirkstoff, staerke := knapp(a.Wirkstoff), Staerke(a.Wirkstaerke)
	if wirkstoff == "" || staerke == "" {
		return ""
	}
	return strings.Join([]string{wirkstoff, staerke, Formgruppe(a.Darreichungsform), a.groesse()}, "|")
}

// Staerke writes a strength so that equal strengths are equal text: "400 mg",
// "400mg" and "400,0 mg" give "400mg"; "1.000 mg" and "1 g" stay apart.
func Staerke(s string) string {
	s = strings.ReplaceAll(knapp(s), "μ", "µ") // Greek mu and micro sign look alike
	s = strings.NewReplacer("mikrogramm", "µg", "mcg", "µg", "i.e.", "ie").Replace(s)
	var b strings.Builder
	for len(s) > 0 {
		n := zahl(s)
		if n == 0 {
			b.WriteByte(s[0])
			s = s[1:]
			continue
		}
		b.WriteString(glatt(s[:n]))
		s = s[n:]
	}
	return b.String()
}

func (a Artikel) groesse() string {
	switch a.Normgroesse {
	case "N1", "N2", "N3":
		return a.Normgroesse
	}
	return knapp(a.Menge + a.Einheit)
}

// zahl returns the length of the number at the start of s, 0 if there is none.
func zahl(s string) int {
	n := 0
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || n > 0 && (s[n] == ',' || s[n] == '.')) {
		n++
	}
	return len(strings.TrimRight(s[:n], ",."))
}

// glatt drops thousands points and trailing zeros after the comma; a point that
// groups no thousands is a decimal point.
func glatt(n string) string {
	whole, rest, komma := strings.Cut(n, ",")
	if !komma {
		if i := strings.LastIndexByte(n, '.'); i >= 0 && (len(n)-i != 4 || n[0] == '0') {
			whole, rest = n[:i], n[i+1:]
		}
	}
	whole = strings.ReplaceAll(whole, ".", "")
	if rest = strings.TrimRight(rest, "0"); rest == "" {
		return whole
	}
	return whole + "," + rest
}

func knapp(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }
