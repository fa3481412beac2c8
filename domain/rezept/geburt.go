package rezept

import (
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/civil"
)

// GeburtSpanne returns the first and the last day on which a person with the birth
// date text can be born. Insured people from abroad are known by year or month alone:
// "1972", "1972-05", as on the eGK "19720500", as typed "05.1972" or "00.05.1972". A
// date that no calendar has is refused.
func GeburtSpanne(text string) (first, last civil.Day, ok bool) {
	year, month, day, ok := geburtTeile(strings.TrimSpace(text))
	if !ok {
		return 0, 0, false
	}
	from, to := month, month
	if month == 0 {
		if day != 0 {
			return 0, 0, false
		}
		from, to = 1, 12
	}
	if day != 0 {
		d, err := civil.New(year, month, day)
		return d, d, err == nil
	}
	first, err := civil.New(year, from, 1)
	if err != nil {
		return 0, 0, false
	}
	return first, ultimo(year, to), true
}

// geburtTeile takes year, month and day apart; 0 stands for unknown.
func geburtTeile(text string) (year, month, day int, ok bool) {
	var part []string
	switch {
	case strings.Contains(text, "."):
		part = strings.Split(text, ".")
		for i, j := 0, len(part)-1; i < j; i, j = i+1, j-1 {
			part[i], part[j] = part[j], part[i]
		}
	case len(text) == 8 && !strings.Contains(text, "-"):
		part = []string{text[:4], text[4:6], text[6:]}
	default:
		part = strings.Split(text, "-")
	}
	if len(part) > 3 || len(part[0]) != 4 {
		return 0, 0, 0, false
	}
	var n [3]int
	for i, p := range part {
		v, err := strconv.ParseUint(p, 10, 16)
		if err != nil || (i > 0 && len(p) > 2) {
			return 0, 0, 0, false
		}
		n[i] = int(v)
	}
	return n[0], n[1], n[2], true
}

// ultimo is the last day of a month.
func ultimo(year, month int) civil.Day {
	if month == 12 {
		return civil.Must(year, 12, 31)
	}
	return civil.Must(year, month+1, 1).AddDays(-1)
}
