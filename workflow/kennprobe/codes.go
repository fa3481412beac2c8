package kennprobe

import (
	"io"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/packcode"
)

// Code is the outcome for one pack code. Fields holds what was computed, under
// the column names of the table; guesses carry a question mark.
type Code struct {
	ID     string
	State  State
	Fields []Field
	Differ []string // columns that differ, "serial: erwartet X, gelesen Y"
	Reason string   // German, or empty
}

// Field is one column of the computed row.
type Field struct{ Name, Wert string }

// Codes checks a table with the columns id, raw_escaped, valid, product_code_type,
// product_code, pzn8, serial, expiry_raw, expiry_date, batch and extra. Only
// raw_escaped must be there.
func Codes(r io.Reader, emit func(Code) error) (Summe, error) {
	var sum Summe
	err := each(r, []string{"raw_escaped"}, func(r row) error {
		c := code(r)
		sum.add(c.State)
		return emit(c)
	})
	return sum, err
}

func code(r row) Code {
	e := packcode.Parse(Unescape(r.fields["raw_escaped"]))
	c := Code{ID: r.get("id"), Fields: fields(e)}
	texts := make([]string, 0, len(e.Befunde))
	for _, b := range e.Befunde {
		texts = append(texts, b.Error())
	}
	c.Reason = strings.Join(texts, " ")
	c.State, c.Differ = compareCode(r, e, c.Fields)
	return c
}

// fields is the computed row. A refused code has no content: none may be used.
func fields(e packcode.Ergebnis) []Field {
	guess := ""
	if e.Urteil == packcode.Mehrdeutig {
		guess = "?"
	}
	mark := func(s string) string {
		if s == "" {
			return ""
		}
		return s + guess
	}
	date := e.Verfall.String()
	if guess != "" {
		date = ""
	}
	return []Field{
		{"valid", verdict(e.Urteil)},
		{"product_code_type", string(e.Art)},
		{"product_code", e.Code},
		{"pzn8", string(e.PZN)},
		{"serial", mark(e.Serie)},
		{"expiry_raw", mark(e.VerfallRoh)},
		{"expiry_date", date},
		{"batch", mark(e.Charge)},
		{"extra", extra(e.Extra())},
	}
}

func extra(list []packcode.Element) string {
	parts := make([]string, 0, len(list))
	for _, el := range list {
		parts = append(parts, el.ID+"="+el.Wert)
	}
	return strings.Join(parts, ";")
}

func verdict(u packcode.Urteil) string {
	switch u {
	case packcode.Gueltig:
		return "yes"
	case packcode.OhneProdukt:
		return "no-product"
	case packcode.Mehrdeutig:
		return "ambiguous"
	default:
		return "no"
	}
}

// compareCode compares the columns the table has. A refused code is only compared
// by its verdict. A row marked lib-specific records how another library behaves;
// the coding rules say that such codes are read, so only a refusal is noted.
func compareCode(r row, e packcode.Ergebnis, fields []Field) (State, []string) {
	want := r.get("valid")
	switch want {
	case "yes", "no", "no-product", "ambiguous":
		if v := verdict(e.Urteil); v != want {
			return Differ, []string{"valid: erwartet " + want + ", gelesen " + v}
		}
	case "lib-specific":
		if e.Urteil == packcode.Ungueltig {
			return Ungeklaert, nil
		}
		return Agree, nil
	default:
		return Ungeklaert, nil
	}
	if want == "no" {
		return Agree, nil
	}
	differ, guessed := differences(r, e, fields)
	switch {
	case len(differ) > 0:
		return Differ, differ
	case guessed:
		return Ungeklaert, nil
	}
	return Agree, nil
}

// differences lists the columns that differ. guessed means that two guesses
// differ, which is nobody's mistake.
func differences(r row, e packcode.Ergebnis, fields []Field) (list []string, guessed bool) {
	for _, f := range fields[1:] {
		want := r.get(f.Name)
		switch {
		case !r.has(f.Name) || same(f, want, e):
		case e.Urteil == packcode.Mehrdeutig && isGuess(f.Name):
			guessed = true
		default:
			list = append(list, f.Name+": erwartet "+want+", gelesen "+f.Wert)
		}
	}
	return list, guessed
}

func isGuess(column string) bool {
	return slices.Contains([]string{"serial", "expiry_raw", "expiry_date", "batch", "extra"}, column)
}

func same(f Field, want string, e packcode.Ergebnis) bool {
	switch f.Name {
	case "product_code": // a PZN is no product code of its own
		return want == f.Wert || e.Art == kennung.ArtPZN && want == string(e.PZN)
	case "product_code_type":
		return sameType(want, f.Wert)
	case "extra":
		return containsAll(e, want)
	}
	return want == f.Wert
}

// sameType: an EAN is a GTIN, and the codes of medical devices have many names.
func sameType(want, got string) bool {
	w, g := strings.ToUpper(want), strings.ToUpper(got)
	return w == g || g == "UDI-DI" && strings.Contains(w, "UDI") || g == "GTIN" && strings.HasPrefix(w, "EAN")
}

// containsAll reports whether the code has every element that the table names, as
// "ID=value" or just "ID". What else the code has, the table need not name.
func containsAll(e packcode.Ergebnis, want string) bool {
	for part := range strings.SplitSeq(want, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		id, value, hasValue := strings.Cut(part, "=")
		if !slices.ContainsFunc(e.Elemente, func(el packcode.Element) bool {
			return el.ID == id && (!hasValue || el.Wert == value)
		}) {
			return false
		}
	}
	return true
}

// Unescape turns \xHH and \\ of a table into bytes; everything else stays.
func Unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			if s[i+1] == '\\' {
				b.WriteByte('\\')
				i++
				continue
			}
			if hi, lo := hexAt(s, i+2), hexAt(s, i+3); s[i+1] == 'x' && hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func hexAt(s string, i int) int {
	if i >= len(s) {
		return -1
	}
	n := strings.IndexByte("0123456789abcdef0123456789ABCDEF", s[i])
	if n < 0 {
		return -1
	}
	return n % 16
}

// Escape makes control characters visible as \xHH, so that a row stays one line.
func Escape(s string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == 0x7f {
			b.WriteString(`\x` + string(hex[c>>4]) + string(hex[c&15]))
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
