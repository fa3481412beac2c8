// Package telefon gives the Preisauskunft to phones: the pages that a phone sees (the
// price list, kept there by a service worker, and the pairing that hands out the
// certificate of the pharmacy) and the page of the till that leads there. See
// docs/adr/0013.
package telefon

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/offizin/offizin/web/preisauskunft"
)

// Ausgabe is one version of the price list for phones.
type Ausgabe struct {
	Stand preisauskunft.Stand
	Datei string // the packed data on the disk
	Summe string // SHA-256 of that file, in hex
}

// Geraet is what phones may read. It knows nothing but the price list: no session, no
// journal, no stock. It is safe for concurrent use.
type Geraet struct{ jetzt, vorher atomic.Pointer[fassung] }

// fassung is a version, ready to be handed out.
type fassung struct {
	Ausgabe

	seite            preisauskunft.Telefonseite
	adresse, daten   string // of page and data; both hold their SHA-256
	stand            []byte // stand.json
	standtag, htmtag string // ETags
}

// Setze makes a version the one that phones get. The one before can still be fetched, so
// that whoever is just reading it comes to the end.
func (g *Geraet) Setze(a Ausgabe) error {
	f := &fassung{Ausgabe: a, daten: "/daten/" + a.Summe + ".gz"}
	var err error
	if f.seite, err = preisauskunft.NewTelefonseite(a.Stand, f.daten); err != nil {
		return err
	}
	sum := sha256.Sum256(f.seite.HTML)
	f.adresse = "/seite/" + hex.EncodeToString(sum[:]) + ".html"
	f.stand, err = json.Marshal(map[string]string{
		"fassung": f.seite.Fassung, "seite": f.adresse, "daten": f.daten, "tag": a.Stand.Tag.String(),
	})
	if err != nil {
		return fmt.Errorf("encode version: %w", err)
	}
	f.htmtag, f.standtag = strconv.Quote(f.adresse[7:39]), strconv.Quote(f.seite.Fassung)
	if old := g.jetzt.Load(); old != nil && old.Summe != a.Summe {
		g.vorher.Store(old)
	}
	g.jetzt.Store(f)
	return nil
}

// fassungen are the versions that may be fetched, the present one first.
func (g *Geraet) fassungen() (list []*fassung) {
	for _, p := range []*atomic.Pointer[fassung]{&g.jetzt, &g.vorher} {
		if f := p.Load(); f != nil {
			list = append(list, f)
		}
	}
	return list
}

// Handler answers phones.
func (g *Geraet) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", g.seite)
	mux.HandleFunc("GET /stand.json", g.stand)
	mux.HandleFunc("GET /seite/{name}", g.alteSeite)
	mux.HandleFunc("GET /daten/{name}", g.daten)
	mux.HandleFunc("GET /dienst.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'")
		gib(w, r, "text/javascript; charset=utf-8", "", preisauskunft.Dienstskript())
	})
	mux.HandleFunc("GET /manifest.webmanifest", manifest)
	mux.HandleFunc("GET /sinnbild-192.png", func(w http.ResponseWriter, r *http.Request) { sinnbild(w, r, 192) })
	mux.HandleFunc("GET /sinnbild-512.png", func(w http.ResponseWriter, r *http.Request) { sinnbild(w, r, 512) })
	return nurLesen(mux)
}

// nurLesen sets what holds for every answer, and refuses what does not only read.
func nurLesen(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
		head.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		head.Set("Cache-Control", "no-cache")
		if r.Method != http.MethodGet && r.Method != http.MethodHead || r.ContentLength != 0 {
			head.Set("Allow", "GET, HEAD")
			head.Set("Connection", "close") // what it still sends is not read
			hinweis(w, http.StatusMethodNotAllowed, "Hier lässt sich nur lesen; bitte die Adresse ohne Zusätze öffnen. (A-728)")
			return
		}
		r.Header.Del("Range") // all or nothing: the hash is over the whole
		h.ServeHTTP(w, r)
	})
}

func hinweis(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // the phone has gone away: nobody is left to tell
}

// gib writes a whole answer, or 304 where the phone has it.
func gib(w http.ResponseWriter, r *http.Request, art, tag string, body io.ReadSeeker) {
	w.Header().Set("Content-Type", art)
	if tag != "" {
		w.Header().Set("Etag", tag)
	}
	http.ServeContent(w, r, "", time.Time{}, body)
}

// keine says that there is no list yet.
func keine(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "30")
	hinweis(w, http.StatusServiceUnavailable,
		"Die Preisliste wird gerade geschrieben; bitte eine Minute warten. (A-721)")
}

func unbekannt(w http.ResponseWriter) {
	hinweis(w, http.StatusNotFound, "Das gibt es hier nicht (mehr); bitte die Preisauskunft neu öffnen. (A-729)")
}

// daten gives the data of a version, straight from the disk.
func (g *Geraet) daten(w http.ResponseWriter, r *http.Request) {
	for _, f := range g.fassungen() {
		if f.Summe+".gz" != r.PathValue("name") {
			continue
		}
		file, err := os.Open(f.Datei)
		if err != nil {
			keine(w) // it is being written anew
			return
		}
		defer file.Close() //nolint:errcheck // only read
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		gib(w, r, "application/octet-stream", strconv.Quote(f.Summe[:32]), file)
		return
	}
	unbekannt(w)
}
