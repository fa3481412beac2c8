package ui_test

import (
	"testing"

	"github.com/offizin/offizin/web/ui"
)

// Where a login leads is in its address, which anybody can send: no browser may take it for a foreign one
// (URL Standard, "basic URL parser": tab, CR and LF are removed, a backslash is a slash).
func TestEigener(t *testing.T) {
	for path, want := range map[string]string{
		"/lager": "/lager", "/verkauf?q=a b": "/verkauf?q=a b", "/kunden/%09": "/kunden/%09", "/größe": "/größe",
		"": "/verkauf", "lager": "/verkauf", "https://boese.example": "/verkauf", "//boese.example": "/verkauf",
		"/\\boese.example": "/verkauf", "/\t/boese.example": "/verkauf", "/\n/boese.example": "/verkauf",
		"/\r/boese.example": "/verkauf", "\t//boese.example": "/verkauf", "/\x00/boese.example": "/verkauf",
		"/\x7f/boese.example": "/verkauf",
	} {
		if got := ui.Eigener(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}
