package dateien

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node/refusal"
)

// Path is under which all addresses lie.
const Path = "/knoten/v1/dateien/"

// The addresses.
const (
	pathListe  = Path + "liste"
	pathStueck = Path + "stueck" // ?art&name
	pathTeile  = Path + "teile"  // ?art&name&datei, and eilig: the other cannot sell
	pathTeil   = Path + "teil"   // ?art&name&datei&nr
)

// Handler answers other machines. Whoever reaches it may read all pieces: who may is decided
// by whoever mounts it.
func (d *Dateien) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+pathListe, d.sageListe)
	mux.HandleFunc("GET "+pathStueck, d.sageStueck)
	mux.HandleFunc("GET "+pathTeile, d.sageTeile)
	mux.HandleFunc("GET "+pathTeil, d.sageTeil)
	return mux
}

// eigene is what is here now.
func (d *Dateien) eigene() (l liste, err error) {
	l = liste{Version: version, Liste: []Eintrag{}, Aside: map[string][]byte{}}
	for _, o := range d.opt.Ordner {
		list, err := o.List()
		if err != nil {
			return l, err
		}
		l.Liste = append(l.Liste, list...)
		if l.Aside[o.Art()], err = o.Aside(); err != nil {
			return l, err
		}
	}
	return l, nil
}

func (d *Dateien) sageListe(w http.ResponseWriter, r *http.Request) {
	l, err := d.eigene()
	d.sage(w, r, l, err)
}

func (d *Dateien) sageStueck(w http.ResponseWriter, r *http.Request) {
	o, name, err := d.gefragt(r)
	var a antwort
	if err == nil {
		a.Dateien, err = o.Files(name)
	}
	d.sage(w, r, a, err)
}

// NichtDa is the error for a piece or file that is not here (M-136).
func NichtDa(cause error) error {
	return fault.New(fault.NotFound, "M-136", "Diese Datei gibt es auf dem anderen Rechner nicht mehr; "+
		"es wird neu nachgesehen.", cause)
}

// gefragt is which piece a question is about.
func (d *Dateien) gefragt(r *http.Request) (Ordner, string, error) {
	o, name := d.ordner(r.FormValue("art")), r.FormValue("name")
	if o == nil || !nameGueltig(name) {
		return nil, "", NichtDa(nil)
	}
	return o, name, nil
}

// oeffne opens the file that a question is about.
func (d *Dateien) oeffne(r *http.Request) (f Offen, fi os.FileInfo, key string, err error) {
	o, name, err := d.gefragt(r)
	if err != nil {
		return nil, nil, "", err
	}
	list, err := o.Files(name)
	if err != nil {
		return nil, nil, "", err
	}
	file := r.FormValue("datei")
	if !slices.ContainsFunc(list, func(x Datei) bool { return x.Name == file }) {
		return nil, nil, "", NichtDa(nil)
	}
	if f, err = o.Open(name, file); err != nil {
		return nil, nil, "", NichtDa(err)
	}
	if fi, err = f.Stat(); err != nil {
		return nil, nil, "", errors.Join(NichtDa(err), f.Close())
	}
	return f, fi, o.Art() + "/" + name + "/" + file, nil
}

func (d *Dateien) sageTeile(w http.ResponseWriter, r *http.Request) {
	f, fi, key, err := d.oeffne(r)
	var t teile
	if err == nil {
		defer f.Close() //nolint:errcheck // only read
		urgent := func() bool { return r.FormValue("eilig") != "" }
		t.SHA256, err = d.summen.von(r.Context(), key, f, fi, NewPace(d.opt.Clock, urgent))
	}
	d.sage(w, r, t, err)
}

func (d *Dateien) sageTeil(w http.ResponseWriter, r *http.Request) {
	f, fi, _, err := d.oeffne(r)
	if err != nil {
		d.sage(w, r, nil, err)
		return
	}
	defer f.Close() //nolint:errcheck // only read
	nr, err := strconv.ParseInt(r.FormValue("nr"), 10, 32)
	whole := Datei{Bytes: fi.Size()}
	if err != nil || nr < 0 || nr >= whole.anzahl() {
		d.sage(w, r, nil, NichtDa(err))
		return
	}
	n := whole.laenge(nr)
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(n, 10))
	if _, err := io.Copy(w, io.NewSectionReader(f, nr*Teil, n)); err != nil {
		d.opt.Log.Debug("part not sent", slog.Any("error", err)) // the other asks again
	}
}

func (d *Dateien) sage(w http.ResponseWriter, r *http.Request, v any, err error) {
	if err != nil {
		status := http.StatusServiceUnavailable
		if fault.KindOf(err) == fault.NotFound {
			status = http.StatusNotFound
		}
		d.log.Info("file not given", slog.String("path", r.URL.Path), slog.Any("error", err))
		refusal.Write(w, status, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		d.opt.Log.Debug("answer not sent", slog.Any("error", err)) // the other asks again
	}
}

// maxSummen is how many files hashes are kept of.
const maxSummen = 64

// summen keeps the hashes of parts: each file is read once, however many machines ask.
type summen struct {
	mu   sync.Mutex // held while one file is read: one at a time
	list []*summe
}

// summe is of one file, as far as it was read.
type summe struct {
	key   string
	size  int64
	mtime time.Time
	teile []string
}

// von reads a file. Called off – nobody waits for ever –, it goes on there the next time.
func (s *summen) von(ctx context.Context, key string, f io.ReaderAt, fi os.FileInfo, pace *Pace) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.finde(key, fi)
	whole := Datei{Bytes: x.size}
	buf := make([]byte, min(Teil, x.size))
	for nr := int64(len(x.teile)); nr < whole.anzahl(); nr++ {
		part := buf[:whole.laenge(nr)]
		if _, err := f.ReadAt(part, nr*Teil); err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read part: %w", err)
		}
		sum := sha256.Sum256(part)
		x.teile = append(x.teile, hex.EncodeToString(sum[:]))
		if err := pace.Rest(ctx); err != nil {
			return nil, err
		}
	}
	return x.teile, nil
}

// finde is what is known of a file; if it was changed since, nothing.
func (s *summen) finde(key string, fi os.FileInfo) *summe {
	i := slices.IndexFunc(s.list, func(x *summe) bool { return x.key == key })
	if i >= 0 && s.list[i].size == fi.Size() && s.list[i].mtime.Equal(fi.ModTime()) {
		return s.list[i]
	}
	if i >= 0 {
		s.list = slices.Delete(s.list, i, i+1)
	}
	x := &summe{key: key, size: fi.Size(), mtime: fi.ModTime(), teile: []string{}}
	if s.list = append(s.list, x); len(s.list) > maxSummen {
		s.list = s.list[1:]
	}
	return x
}
