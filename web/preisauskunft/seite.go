package preisauskunft

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"
)

var errOhneRecht = errors.New("no law given")

// seitendaten is what the parts of the page are filled with.
type seitendaten struct {
	Stand, Bis, Katalog, Artikel string
	Fassung, Daten               string // of the page that a phone keeps; empty in a file
}

func (s Stand) seite() seitendaten {
	return seitendaten{Stand: s.Tag.German(), Bis: s.Bis.German(), Katalog: s.Katalog, Artikel: gruppiert(s.Artikel)}
}

// WriteDaten writes the data alone, packed, as the page of a phone fetches them.
func (l *Liste) WriteDaten(w io.Writer) error {
	packed, err := gzip.NewWriterLevel(w, stufe)
	if err != nil {
		return fmt.Errorf("compress price list: %w", err)
	}
	if err := l.write(packed); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return fmt.Errorf("write price list: %w", err)
	}
	return nil
}

// Telefonseite is the page that a phone keeps: the same as in the file, but it fetches its
// data from an address and can be installed.
type Telefonseite struct {
	HTML    []byte
	Fassung string // short for the page and its data together
	Policy  string // its Content-Security-Policy
}

// NewTelefonseite returns the page for data that lie at an address, such as "/daten/x.gz".
// The address must be another one for other data.
func NewTelefonseite(s Stand, address string) (Telefonseite, error) {
	d := s.seite()
	d.Daten, d.Fassung = address, "-"
	first, err := telefonseite(d)
	if err != nil {
		return Telefonseite{}, err
	}
	sum := sha256.Sum256(first)
	d.Fassung = hex.EncodeToString(sum[:16])
	page, err := telefonseite(d)
	return Telefonseite{
		HTML: page, Fassung: d.Fassung,
		Policy: "default-src 'none'; script-src " + hash(telefonskript) + " " + hash(skript) + "; style-src " + hash(stil) +
			"; connect-src 'self'; manifest-src 'self'; img-src 'self'; worker-src 'self'; base-uri 'none'; " +
			"form-action 'none'; frame-ancestors 'none'",
	}, err
}

func telefonseite(d seitendaten) ([]byte, error) {
	t, err := template.New("seite").Parse(seite)
	if err != nil {
		return nil, fmt.Errorf("parse page: %w", err)
	}
	var b bytes.Buffer
	b.WriteString("<!doctype html>\n<html lang=\"de\"><head><meta charset=\"utf-8\">\n<style>" + stil + "</style>\n")
	if err := t.Execute(&b, d); err != nil {
		return nil, fmt.Errorf("write page: %w", err)
	}
	for _, script := range []string{telefonskript, skript} {
		b.WriteString("<script>" + script + "</script>\n")
	}
	b.WriteString("</body></html>\n")
	return b.Bytes(), nil
}

// Dienstskript is the service worker, which keeps the page and its data on the phone.
func Dienstskript() io.ReadSeeker { return strings.NewReader(dienstskript) }
