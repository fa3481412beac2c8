package preisauskunft

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	_ "embed" // the parts of the page
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strconv"
)

// The parts of the page. The script and the style are allowed by their hashes alone.
var (
	//go:embed seite.html
	seite string
	//go:embed seite.css
	stil string
	//go:embed seite.js
	skript string
	//go:embed telefon.js
	telefonskript string
	//go:embed dienst.js
	dienstskript string
)

// stufe of gzip: the highest, 9, saves 1 % and takes four times as long.
const stufe = 7

// Name is what the file is called when it is saved.
const Name = "preisauskunft.html"

// Write writes the page with all its data: one file, complete in itself.
func (l *Liste) Write(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	if err := l.kopf(out); err != nil {
		return err
	}
	text := base64.NewEncoder(base64.StdEncoding, out)
	packed, err := gzip.NewWriterLevel(text, stufe)
	if err != nil {
		return fmt.Errorf("compress price list: %w", err)
	}
	if err := l.write(packed); err != nil {
		return err
	}
	if err := errors.Join(packed.Close(), text.Close()); err != nil {
		return fmt.Errorf("write price list: %w", err)
	}
	_, _ = out.WriteString("</script>\n<script>" + skript + "</script>\n</body></html>\n") // Flush has its error
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write price list: %w", err)
	}
	return nil
}

// kopf writes the page down to where the data begin.
func (l *Liste) kopf(out *bufio.Writer) error {
	t, err := template.New("seite").Parse(seite)
	if err != nil {
		return fmt.Errorf("parse page: %w", err)
	}
	_, _ = out.WriteString("<!doctype html>\n<html lang=\"de\"><head><meta charset=\"utf-8\">\n" +
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src " + hash(skript) +
		"; style-src " + hash(stil) + "; base-uri 'none'; form-action 'none'\">\n<style>" + stil + "</style>\n")
	err = t.Execute(out, l.Stand().seite())
	if err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	_, _ = out.WriteString("<script type=\"application/octet-stream\" id=\"daten\">")
	return nil
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// gruppiert writes a number as "500.000".
func gruppiert(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}
