package packcode

import (
	"strings"

	"github.com/offizin/offizin/domain/befund"
)

// The control characters of the pack codes.
const (
	gs  = "\x1d"
	rs  = "\x1e"
	eot = "\x04"
)

// aim is what an AIM symbology identifier tells about the content.
type aim int

const (
	aimNone aim = iota
	aimGS1
	aimCode39
	aimEAN
	aimOther
)

// Scanner says what is known about a scanner; the zero value is a good one.
type Scanner struct {
	// GS is the text that this scanner sends in place of the group separator, "".
	GS string `json:"gs,omitempty"`
	// Umgekehrt means that it exchanges upper and lower case (Caps Lock).
	Umgekehrt bool `json:"umgekehrt,omitempty"`
	// TastaturUS means that it types an American keyboard on a German computer.
	TastaturUS bool `json:"tastatur_us,omitempty"`
}

// Parse reads one scan of this scanner.
func (sc Scanner) Parse(raw string) Ergebnis {
	if len(raw) > MaxLaenge {
		return refuse(OhneHuelle, "K-202",
			"Der Scan ist zu lang für einen Packungscode; bitte nur einen Code scannen.")
	}
	s := sc.clean(raw)
	if s == "" {
		return refuse(OhneHuelle, "K-201", "Der Scan ist leer; bitte noch einmal scannen.")
	}
	if b := wrongKeyboard(s); b != nil {
		return Ergebnis{Urteil: Ungueltig, Befunde: []befund.Befund{*b}}
	}
	return parse(s)
}

func (sc Scanner) clean(raw string) string {
	s := raw
	if sc.TastaturUS {
		s = usLayout().Replace(s)
	}
	if sc.Umgekehrt {
		s = swapCase(s)
	}
	if sc.GS != "" {
		s = strings.ReplaceAll(s, sc.GS, gs)
	}
	s = placeholders().Replace(unescape(s))
	return strings.Trim(s, " \t\r\n\x02\x03")
}

// placeholders are the ways in which keyboard-wedge scanners and programs write
// the control characters. None of them can be part of a serial number or batch,
// which may not contain < > in this form, ^, [ ] or { }.
func placeholders() *strings.Replacer {
	return strings.NewReplacer(
		"<GS>", gs, "{GS}", gs, "[GS]", gs, "^]", gs, "\u241d", gs, "<F8>", gs, "{F8}", gs, "[F8]", gs,
		"<RS>", rs, "{RS}", rs, "[RS]", rs, "^^", rs, "\u241e", rs,
		"<EOT>", eot, "{EOT}", eot, "[EOT]", eot, "\u2404", eot,
	)
}

// usLayout maps what appears on a German computer when a scanner types as an
// American keyboard back to what was meant.
func usLayout() *strings.Replacer {
	return strings.NewReplacer("z", "y", "y", "z", "Z", "Y", "Y", "Z", "ß", "-", "?", "_", "´", "=", "`", "+",
		"ü", "[", "Ü", "{", "+", "]", "*", "}", "ö", ";", "Ö", ":", "ä", "'", "Ä", "\"", "#", "\\", "'", "|",
		";", "<", ":", ">", "-", "/", "_", "?", "\"", "@", "§", "#", "&", "^", "/", "&", "(", "*", ")", "(", "=", ")")
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return r
	}, s)
}

// unescape turns control characters written as text, \x1D or \u001D as in XML and
// log files, into themselves. A backslash is never part of a pack code.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c, n := escape(s[i:]); n > 0 {
			b.WriteByte(c)
			i += n - 1
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// escape reads one escape at the start of s and returns its length, 0 if none.
func escape(s string) (byte, int) {
	for _, head := range [...]string{`\x`, `\X`, `\u00`, `\U00`} {
		n := len(head)
		if len(s) < n+2 || s[:n] != head {
			continue
		}
		hi, lo := hexDigit(s[n]), hexDigit(s[n+1])
		if hi >= 0 && lo >= 0 && hi < 8 {
			return byte(hi<<4 | lo), n + 2
		}
	}
	return 0, 0
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// cutAIM removes an AIM symbology identifier: ], a letter, a modifier.
func cutAIM(s string) (aim, string) {
	if len(s) < 3 || s[0] != ']' {
		return aimNone, s
	}
	switch s[1:3] {
	case "d2", "C1", "e0", "e1", "e2", "Q3", "J1":
		return aimGS1, s[3:]
	}
	switch s[1] {
	case 'A':
		return aimCode39, s[3:]
	case 'E':
		return aimEAN, s[3:]
	}
	return aimOther, s[3:]
}

// wrongKeyboard recognises scans whose AIM identifier shows that case is exchanged
// or the keyboard layout is wrong. Then nothing in the scan can be trusted.
func wrongKeyboard(s string) *befund.Befund {
	if len(s) < 3 {
		return nil
	}
	switch s[:3] {
	case "]D1", "]D2", "]c1":
		return &befund.Befund{
			Code: "K-219", Schwere: befund.Hindernis,
			Text: "Groß- und Kleinschreibung sind vertauscht; bitte die Feststelltaste lösen und noch einmal scannen.",
		}
	case "+d1", "+d2", "+C1", "+e0", "ü=:":
		return &befund.Befund{
			Code: "K-220", Schwere: befund.Hindernis,
			Text: "Der Scanner tippt mit falscher Tastaturbelegung; bitte ihn auf Deutsch stellen und noch einmal scannen.",
		}
	}
	return nil
}
