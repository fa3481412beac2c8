package civil

import "strings"

// Parse reads an ISO day, "2026-11-23".
func Parse(s string) (Day, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, ErrDay
	}
	return numbers(s[:4], s[5:7], s[8:])
}

// ParseGerman reads a day as a person types it: "23.11.2026", "1.2.2026",
// "23112026" or ISO. Two-digit years are refused: a birth date leaves no room
// for guessing.
func ParseGerman(s string) (Day, error) {
	s = strings.TrimSpace(s)
	if d, err := Parse(s); err == nil {
		return d, nil
	}
	if len(s) == 8 && !strings.Contains(s, ".") {
		return numbers(s[4:], s[2:4], s[:2])
	}
	part := strings.Split(s, ".")
	if len(part) != 3 || len(part[2]) != 4 {
		return 0, ErrDay
	}
	return numbers(part[2], part[1], part[0])
}

func numbers(year, month, day string) (Day, error) {
	var n [3]int
	for i, s := range []string{year, month, day} {
		if s == "" || len(s) > 4 {
			return 0, ErrDay
		}
		for _, r := range s {
			if r < '0' || r > '9' {
				return 0, ErrDay
			}
			n[i] = n[i]*10 + int(r-'0')
		}
	}
	return New(n[0], n[1], n[2])
}
