package logs_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/logs"
)

// However much goes wrong, twenty lines a minute are written, and the next minute says how many were not;
// the wall clock has no part in it.
func TestZwanzigJeMinute(t *testing.T) {
	uhr, out := clock.NewManual(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)), &bytes.Buffer{}
	log := logs.New(slog.New(slog.NewTextHandler(out, nil)), uhr)
	lines := func() int { return strings.Count(out.String(), "\n") }
	for range 500 {
		log.Warn("refused")
		log.With(slog.String("from", "x")).WithGroup("g").Warn("refused")
	}
	uhr.Set(time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC))
	log.Warn("refused")
	if lines() != 20 || strings.Contains(out.String(), "left_out") {
		t.Errorf("%d lines:\n%s", lines(), out)
	}
	out.Reset()
	uhr.Advance(time.Minute)
	log.Warn("refused")
	log.Warn("refused")
	if lines() != 2 || strings.Count(out.String(), "left_out_before=981") != 1 {
		t.Errorf("%s", out)
	}
}

// Whoever fills the log of a server with handshakes or with nonsense hides neither a panic nor what a machine
// that is known did wrong.
func TestFremderVerdecktNichts(t *testing.T) {
	out := &bytes.Buffer{}
	uhr := clock.NewManual(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC))
	log := slog.NewLogLogger(logs.Server(slog.New(slog.NewTextHandler(out, nil)), uhr).Handler(), slog.LevelWarn)
	write := func(format string, want int) {
		t.Helper()
		out.Reset()
		for range 500 {
			log.Printf(format, "192.168.1.66:5000")
		}
		if n := strings.Count(out.String(), "\n"); n != want {
			t.Errorf("%s: %d lines, want %d", format, n, want)
		}
	}
	write("http: TLS handshake error from %s: EOF", 20)
	write("http2: server connection error from %s: PROTOCOL_ERROR", 20)
	write("http2: panic serving %s: nil", 500)
	write("http: panic serving %s: nil", 500)
}
