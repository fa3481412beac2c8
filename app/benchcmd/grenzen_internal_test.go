package benchcmd

import (
	"encoding/json"
	"testing"
)

// The limits of issue 3 stand beside the measures, and what is not kept is named.
func TestGrenzen(t *testing.T) {
	for _, c := range []struct {
		m    Messung
		want string
	}{
		{Messung{Name: "page"}, "–"},
		{Messung{Name: "pzn", P95: 1}, "p95 ≤ 1 ms"},
		{Messung{Name: "typo", P95: 5.001, P99: 10}, "p95 ≤ 5 ms, p99 ≤ 10 ms; nicht eingehalten: p95"},
		{Messung{Name: "full", PerS: 19_999, RSS: 600}, "je s ≥ 20000, RSS ≤ 512 MB; nicht eingehalten: je s, RSS"},
		{Messung{Name: "full", PerS: 20_000, RSS: 512}, "je s ≥ 20000, RSS ≤ 512 MB"},
		{Messung{Name: "start-sale", Max: 2001, Privat: 250}, "max ≤ 2000 ms, privat ≤ 250 MB; nicht eingehalten: max"},
		{Messung{Name: "safe", P95: 20.5}, "p95 ≤ 20 ms; nicht eingehalten: p95"},
		{Messung{Name: "takeover", P95: 3000}, "p95 ≤ 3000 ms"},
		{Messung{Name: "catchup", PerS: 19_999}, "je s ≥ 20000; nicht eingehalten: je s"},
		{Messung{Name: "join", Max: 60_001, Privat: 300}, "max ≤ 60000 ms, privat ≤ 300 MB; nicht eingehalten: max"},
	} {
		c.m.Grenzen = grenzen(c.m.Name)
		if got := c.m.grenze(); got != c.want {
			t.Errorf("%s: %q, want %q", c.m.Name, got, c.want)
		}
	}
	b, err := json.Marshal(reihe{1}.messung("pzn"))
	var m map[string]any
	if err != nil || json.Unmarshal(b, &m) != nil || m["limit_p95_ms"] != 1.0 {
		t.Errorf("%s %v", b, err)
	}
}
