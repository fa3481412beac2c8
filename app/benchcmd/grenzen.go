package benchcmd

import (
	"fmt"
	"strings"
)

// Grenzen are what a measure is held to at 500,000 articles; zero: to nothing. A measure
// beyond them says so, and is no error: the machine may be busy with something else.
type Grenzen struct {
	P95    float64 `json:"limit_p95_ms,omitempty"`
	P99    float64 `json:"limit_p99_ms,omitempty"`
	Max    float64 `json:"limit_max_ms,omitempty"`
	PerS   float64 `json:"limit_per_s,omitempty"` // at least
	RSS    float64 `json:"limit_rss_mb,omitempty"`
	Privat float64 `json:"limit_privat_mb,omitempty"`
}

// grenzen are the limits of a measure by its name.
func grenzen(name string) Grenzen {
	switch name {
	case "pzn":
		return Grenzen{P95: 1}
	case "prefix", "words-2", "words-3", "words", "typo", "nomatch", "broad":
		return Grenzen{P95: 5, P99: 10}
	case "start-sale":
		return Grenzen{Max: 2000, Privat: 250}
	case "full":
		return Grenzen{PerS: 20_000, RSS: 512}
	case "delta":
		return Grenzen{Max: 10_000, RSS: 512}
	case "restore":
		return Grenzen{Max: 600_000} // for five years
	case "activate", "rollback":
		return Grenzen{Max: 1000}
	case "safe":
		return Grenzen{P95: 20}
	case "takeover":
		return Grenzen{P95: 3000}
	case "takeover-sale":
		return Grenzen{Max: 1000}
	case "catchup":
		return Grenzen{PerS: 20_000}
	case "join":
		return Grenzen{Max: 60_000, Privat: 300}
	case "sale-tse", "sale-outage":
		return Grenzen{P95: 20}
	case "sale-outage-first":
		return Grenzen{Max: 3200}
	case "verify-p256":
		return Grenzen{PerS: 2000}
	case "verify-brainpool384":
		return Grenzen{PerS: 300}
	case "export":
		return Grenzen{Max: 60_000, RSS: 200}
	case "sale-during-activate":
		return Grenzen{Max: 50}
	}
	return Grenzen{}
}

// grenze writes the limits of a measure, and behind them those that it does not keep.
func (m Messung) grenze() string {
	var all, over []string
	for _, g := range []struct {
		name          string
		value, limit  float64
		unit, compare string
	}{
		{"p95", m.P95, m.Grenzen.P95, " ms", "≤"},
		{"p99", m.P99, m.Grenzen.P99, " ms", "≤"},
		{"max", m.Max, m.Grenzen.Max, " ms", "≤"},
		{"je s", -m.PerS, -m.Grenzen.PerS, "", "≥"},
		{"RSS", m.RSS, m.Grenzen.RSS, " MB", "≤"},
		{"privat", m.Privat, m.Grenzen.Privat, " MB", "≤"},
	} {
		if g.limit == 0 {
			continue
		}
		all = append(all, fmt.Sprintf("%s %s %.0f%s", g.name, g.compare, max(g.limit, -g.limit), g.unit))
		if g.value > g.limit {
			over = append(over, g.name)
		}
	}
	if len(all) == 0 {
		return "–"
	}
	text := strings.Join(all, ", ")
	if len(over) > 0 {
		text += "; nicht eingehalten: " + strings.Join(over, ", ")
	}
	return text
}
