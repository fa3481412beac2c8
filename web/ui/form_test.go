package ui_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
)

func code(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Code
	}
	return ""
}

// TestZeit: what a person types as the time of a sale made by hand.
func TestZeit(t *testing.T) {
	for _, c := range []struct{ tag, uhrzeit, want string }{
		{"23.11.2026", "09:41", "2026-11-23T08:41:00Z"},
		{"23.11.2026", "9:41", "2026-11-23T08:41:00Z"},
		{"29.03.2026", "01:59", "2026-03-29T00:59:00Z"},
		{"29.03.2026", "02:30", "W-114"}, // the night the clocks went forward
		{"29.03.2026", "03:00", "2026-03-29T01:00:00Z"},
		{"23.11.2026", "24:00", "W-114"},
		{"23.11.2026", "", "W-114"},
		{"31.11.2026", "09:41", "W-110"},
	} {
		f := &ui.Form{Werte: url.Values{"tag": {c.tag}, "uhrzeit": {c.uhrzeit}}}
		got := f.Zeit("tag", "uhrzeit").UTC().Format(time.RFC3339)
		if f.Err != nil {
			got = code(f.Err)
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.tag, c.uhrzeit, got, c.want)
		}
	}
}

// FuzzForm: whatever is sent, reading it ends with a value or a sentence with a code.
func FuzzForm(f *testing.F) {
	for _, s := range []string{"", "1.234,56", "-1", "23.11.2026", "09:41", "\x00", strings.Repeat("9", 400), "٣"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		form := &ui.Form{Werte: url.Values{"x": {s}}}
		form.Zahl("x")
		form.Tag("x")
		form.Zeit("x", "x")
		form.Text("x")
		if form.Err != nil && code(form.Err) == "" {
			t.Errorf("%q: no code: %v", s, form.Err)
		}
	})
}
