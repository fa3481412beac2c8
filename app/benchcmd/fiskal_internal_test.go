package benchcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/internal/clock"
)

// TestFiskalVerify: every signature that is measured is good, and each measure has its limit.
func TestFiskalVerify(t *testing.T) {
	var out bytes.Buffer
	c := &Fiskal{Gemeinsam: Gemeinsam{N: 5, JSON: true}, Measures: []string{"verify"}}
	if err := c.Run(&env.Env{Ctx: context.Background(), Stdout: &out, Clock: clock.NewReal()}); err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"verify-p256": 2000, "verify-brainpool384": 300}
	for line := range strings.Lines(out.String()) {
		var m Messung
		if err := json.Unmarshal([]byte(line), &m); err != nil || m.Grenzen.PerS != want[m.Name] || m.N != 5 {
			t.Errorf("%s: %v", line, err)
		}
		delete(want, m.Name)
	}
	if len(want) > 0 {
		t.Errorf("not measured: %v", want)
	}
}
