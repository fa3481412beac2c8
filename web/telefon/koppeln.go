package telefon

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // names a profile by its contents (RFC 4122, version 5); nothing is secured by it
	"crypto/sha256"
	"crypto/x509"
	_ "embed" // the page and the profile
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

var (
	//go:embed koppeln.html
	koppelseite string
	//go:embed koppeln.css
	koppelstil string
	//go:embed profil.xml
	profil string
)

// The files that the pairing hands out.
const (
	dateiDER    = "/offizin-zertifikat.crt"
	dateiPEM    = "/offizin-zertifikat.pem"
	dateiProfil = "/offizin.mobileconfig"
)

// Fingerabdruck is the SHA-256 of a certificate as phones show it: pairs of hex digits.
func Fingerabdruck(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	text := strings.ToUpper(hex.EncodeToString(sum[:]))
	var b strings.Builder
	for i := 0; i < len(text); i += 2 {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(text[i : i+2])
	}
	return b.String()
}

// Koppeln answers without encryption, for nobody trusts the certificate yet: it gives that
// certificate away, with its fingerprint to compare, and nothing else. Seite returns the
// address of the Preisauskunft for a host, as the phone named it.
func Koppeln(wurzel *x509.Certificate, seite func(host string) string) (http.Handler, error) {
	t, err := template.New("koppeln").Parse(koppelseite)
	if err != nil {
		return nil, fmt.Errorf("parse pairing page: %w", err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: wurzel.Raw})
	mux := http.NewServeMux()
	give := func(path, art, name string, b []byte) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			if name != "" {
				w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
			}
			gib(w, r, art, "", bytes.NewReader(b))
		})
	}
	give(dateiDER, "application/x-x509-ca-cert", dateiDER[1:], wurzel.Raw)
	give(dateiPEM, "application/x-pem-file", dateiPEM[1:], cert)
	give(dateiProfil, "application/x-apple-aspen-config", "", iosProfil(wurzel))
	sum := sha256.Sum256([]byte(koppelstil))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		var b bytes.Buffer
		err := t.Execute(&b, map[string]any{
			"Stil": template.CSS(koppelstil), //nolint:gosec // our own
			"Name": wurzel.Subject.CommonName, "Fingerabdruck": Fingerabdruck(wurzel), "Seite": seite(r.Host),
			"DER": dateiDER, "Profil": dateiProfil,
		})
		if err != nil {
			hinweis(w, http.StatusInternalServerError, err.Error())
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		gib(w, r, "text/html; charset=utf-8", "", bytes.NewReader(b.Bytes()))
	})
	return nurLesen(mux), nil
}

// iosProfil is the certificate as a profile for iPhones: one payload, com.apple.security.root.
// The same certificate always gives the same profile, so that installing it twice changes
// nothing.
func iosProfil(c *x509.Certificate) []byte {
	sum := sha1.Sum(c.Raw) //nolint:gosec // see the import
	id := func(n byte) string {
		b := sum
		b[0] ^= n
		b[6], b[8] = b[6]&0x0f|0x50, b[8]&0x3f|0x80
		return strings.ToUpper(fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16]))
	}
	var name bytes.Buffer
	template.HTMLEscape(&name, []byte(c.Subject.CommonName))
	return []byte(strings.NewReplacer(
		"{{NAME}}", name.String(), "{{PROFIL}}", id(0), "{{ZERTIFIKAT}}", id(1), "{{KENNUNG}}", hex.EncodeToString(sum[:6]),
		"{{DATEN}}", base64.StdEncoding.EncodeToString(c.Raw),
	).Replace(profil))
}
