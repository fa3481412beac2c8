package bonseite

import (
	"crypto/sha256"
	_ "embed" // the parts of the page
	"encoding/base64"
	"strings"
)

// The parts of the page. The script and the style are allowed by their hashes alone.
var (
	//go:embed seite.html
	seite string
	//go:embed seite.css
	stil string
	//go:embed seite.js
	skript string
)

// Name is what the file is called when it is saved.
const Name = "bon.html"

// Seite is the page: one file that needs nothing else, asks nobody and knows no pharmacy.
func Seite() []byte {
	var b strings.Builder
	b.WriteString("<!doctype html>\n<html lang=\"de\"><head><meta charset=\"utf-8\">\n" +
		"<meta http-equiv=\"Content-Security-Policy\" content=\"" + richtlinie() + "\">\n" +
		"<style>" + stil + "</style>\n" + seite +
		"<script type=\"text/plain\" id=\"woerterbuch1\">" + woerterbuch + "</script>\n" +
		"<script>" + skript + "</script>\n</body></html>\n")
	return []byte(b.String())
}

// richtlinie allows the page its own script and style, and nothing else: no connection, no image,
// no form; where browsers know it, no text becomes a part of the page.
func richtlinie() string {
	return "default-src 'none'; script-src " + hash(skript) + "; style-src " + hash(stil) +
		"; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
