package preisprobe

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
)

// zeile is one row of a table by column name.
type zeile struct {
	kopf map[string]int
	row  []string
}

// get returns a cell without surrounding space; a column that is not there is empty.
func (z zeile) get(name string) string {
	if i, ok := z.kopf[name]; ok && i < len(z.row) {
		return strings.TrimSpace(z.row[i])
	}
	return ""
}

// text is what the row says in words, in lower case.
func (z zeile) text() string {
	return strings.ToLower(z.get("case") + " " + z.get("patient_flags") + " " + z.get("note"))
}

// cent reads an amount that must not be negative; false: not stated.
func (z zeile) cent(name string) (money.Cent, bool, error) {
	s := z.get(name)
	if s == "" {
		return 0, false, nil
	}
	c, err := money.ParseDecimal(s)
	if err != nil || c < 0 {
		return 0, false, schlecht(name, s)
	}
	return c, true, nil
}

func schlecht(name, s string) error {
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return fault.New(fault.Invalid, "P-310", "Die Spalte „"+name+"“ enthält „"+strings.ToValidUTF8(s, "�")+
		"“; erwartet wird ein Wert wie in der Beschreibung der Tabelle, bitte berichtigen.", nil)
}

// packs is the number of packs; 1 if not stated.
func (z zeile) packs() (n int, stated bool, err error) {
	s := z.get("packs")
	if s == "" {
		return 1, false, nil
	}
	n, err = strconv.Atoi(s)
	if err != nil || n < 1 || n > 999 {
		return 0, false, schlecht("packs", s)
	}
	return n, true, nil
}

// The end of a range of days that is computed.
const (
	erster = iota
	letzter
)

// tag returns the first or last day of what the date column names: a day, a month, a
// year, or a range "a..b" that may be open at one end.
func (z zeile) tag(ende int) (civil.Day, error) {
	s := z.get("date")
	von, bis, ok := strings.Cut(s, "..")
	if !ok {
		bis = von
	}
	if von == "" || bis == "" {
		von, bis = von+bis, von+bis
		ende = map[bool]int{true: erster, false: letzter}[strings.HasSuffix(s, "..")]
	}
	if ende == letzter {
		von = bis
	}
	d, err := spanne(strings.TrimSpace(von), ende)
	if err != nil {
		return 0, schlecht("date", s)
	}
	return d, nil
}

// spanne is the first or last day of "2025", "2025-10" or "2025-10-27".
func spanne(s string, ende int) (civil.Day, error) {
	switch len(s) {
	case len("2025"):
		return civil.Parse(s + map[int]string{erster: "-01-01", letzter: "-12-31"}[ende])
	case len("2025-10"):
		d, err := civil.Parse(s + "-01")
		if err != nil || ende == erster {
			return d, err
		}
		next := d.AddDays(31)
		return next.AddDays(-next.DayOfMonth()), nil
	}
	return civil.Parse(s)
}

var (
	amountAt  = regexp.MustCompile(`^-?\d+(\.\d{1,2})?`)
	amountEnd = regexp.MustCompile(`(?i)(?:eigenbeteiligung|kostenanteil)\D*(\d+\.\d{2})$`)
	words     = regexp.MustCompile(`\([^()]*[a-wyzA-WYZ%][^()]*\)`)
	times     = regexp.MustCompile(`(\d+)\s*[x×*]\s*(?:\(([^()]*)\)|(\d+(?:\.\d+)?))`)
)

// betragVorn reads the amount at the beginning of "0.40 (5%)".
func betragVorn(s string) (money.Cent, bool) {
	c, err := money.ParseDecimal(amountAt.FindString(strings.TrimSpace(s)))
	return c, err == nil
}

// summe adds up "3x(17.33+1.36+81.00)+0.96 Verwurf": amounts, packs times a sum, and
// words, which mean nothing.
func summe(s string) (money.Cent, bool) {
	s = words.ReplaceAllString(s, "")
	var sum money.Cent
	ok := true
	s = times.ReplaceAllStringFunc(s, func(m string) string {
		part := times.FindStringSubmatch(m)
		n, err := strconv.Atoi(part[1])
		inner, fine := glieder(part[2] + part[3])
		ok = ok && err == nil && n <= 1000 && fine
		sum += money.Cent(n) * inner
		return "0"
	})
	rest, fine := glieder(s)
	return sum + rest, ok && fine && sum+rest <= money.MaxInput
}

func glieder(s string) (money.Cent, bool) {
	var sum money.Cent
	for part := range strings.SplitSeq(s, "+") {
		c, ok := betragVorn(part)
		if !ok || c < 0 || strings.ContainsAny(strings.TrimLeft(strings.TrimSpace(part), "0123456789."), "0123456789()") {
			return 0, false
		}
		sum += c
	}
	return sum, true
}
