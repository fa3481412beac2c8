package benchcmd

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestMessung(t *testing.T) {
	var r reihe
	for i := 100; i > 0; i-- {
		r = append(r, time.Duration(i)*time.Millisecond)
	}
	want := Messung{Name: "x", N: 100, P50: 50, P95: 95, P99: 99, Max: 100, PerS: 19.802}
	if got := r.messung("x"); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := (reihe{time.Millisecond}).messung("x"); got.P50 != 1 || got.P99 != 1 {
		t.Errorf("a single one: %+v", got)
	}
	if got := reihe(nil).messung("x"); got != (Messung{Name: "x"}) {
		t.Errorf("none: %+v", got)
	}
}

func TestPrint(t *testing.T) {
	list := []Messung{{Name: "sale", N: 3, P50: 1.5}, {Name: "page", N: 2}}
	var out bytes.Buffer
	if err := write(&out, true, list); err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil || m["name"] != list[i].Name {
			t.Errorf("%q: %v", line, err)
		}
		if _, there := m["rss_mb"]; there {
			t.Error("a figure without meaning must be absent")
		}
	}
	out.Reset()
	if err := write(&out, false, list); err != nil || !strings.Contains(out.String(), "1.500") {
		t.Errorf("%v %s", err, out.String())
	}
}
