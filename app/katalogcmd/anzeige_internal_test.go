package katalogcmd

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow/einspielung"
)

// On a terminal one line is written over and over, with the bar, the count and the time
// left; what comes next finds it empty. Nobody sees anything where there is no terminal.
func TestAnzeige(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC))
	var out bytes.Buffer
	a := &anzeige{clock: c, terminal: &out}
	for i := range 11 {
		a.melde(einspielung.Lesen, i*100, 1000)
		a.melde(einspielung.Lesen, i*100+1, 1000) // too soon to be shown
		c.Advance(time.Second)
	}
	a.melde(einspielung.Bauen, 0, 1000)
	a.ende()
	lines := strings.Split(out.String(), "\r")
	if want := "[##............]  17 % Quelle wird gelesen 500/1000, noch etwa 24 Sekunden"; len(lines) != 15 || lines[6] != want {
		t.Errorf("%d lines, %q", len(lines), lines)
	}
	if !strings.HasPrefix(lines[12], "[####..........]  34 % Katalog wird gebaut 0/1000   ") || strings.TrimSpace(lines[13]) != "" {
		t.Errorf("%q", lines[12:])
	}
	for _, l := range lines {
		if len([]rune(l)) > 79 {
			t.Errorf("%d characters: %q", len([]rune(l)), l)
		}
	}
	b := newAnzeige(&env.Env{Clock: c, Stderr: &out})
	if b.terminal != nil || b.zeilen != nil {
		t.Error("a buffer is no terminal")
	}
}
