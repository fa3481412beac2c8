package dateien

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node/refusal"
)

// How long one question may take, and one part.
const (
	frageEnde = time.Minute // a large file is read as a whole before its hashes are known
	teilEnde  = time.Minute
)

// Quelle is another machine of the pharmacy that answers.
type Quelle struct {
	Platz string
	URL   string // "https://platz-1:8443"
	HTTP  *http.Client
	Stand string // what it said last of what it has; empty: nothing
}

// errWeg reports a machine that was not reached, or was gone in the middle.
var errWeg = errors.New("machine not reached")

func weg(cause error) error {
	return fault.New(fault.Unavailable, "M-133", "Der andere Rechner war beim Holen der Kataloge nicht zu erreichen; "+
		"es geht dort weiter, sobald er antwortet.", errors.Join(errWeg, cause))
}

func (q Quelle) liste(ctx context.Context) (l liste, err error) {
	err = q.frage(ctx, pathListe, nil, func(r io.Reader) error {
		l, err = liesListe(r)
		return err
	})
	return l, err
}

func (q Quelle) dateien(ctx context.Context, e Eintrag) (list []Datei, err error) {
	err = q.frage(ctx, pathStueck, ort(e, ""), func(r io.Reader) error {
		list, err = liesDateien(r, e)
		return err
	})
	return list, err
}

// teile asks for the hashes of a file; urgent: as soon as may be.
func (q Quelle) teile(ctx context.Context, e Eintrag, f Datei, urgent bool) (list [][sha256.Size]byte, err error) {
	v := ort(e, f.Name)
	if urgent {
		v.Set("eilig", "1")
	}
	err = q.frage(ctx, pathTeile, v, func(r io.Reader) error {
		list, err = liesTeile(r, f)
		return err
	})
	return list, err
}

// teil fetches one part into buf, which is as long as it must be. What comes damaged is not
// checked here.
func (q Quelle) teil(ctx context.Context, e Eintrag, f Datei, nr int64, buf []byte) error {
	v := ort(e, f.Name)
	v.Set("nr", strconv.FormatInt(nr, 10))
	return q.frage(ctx, pathTeil, v, func(r io.Reader) error {
		if _, err := io.ReadFull(r, buf); err != nil {
			return weg(err)
		}
		if n, _ := r.Read(make([]byte, 1)); n > 0 {
			return malformed(errors.New("part is too long"))
		}
		return nil
	})
}

func ort(e Eintrag, file string) url.Values {
	v := url.Values{"art": {e.Art}, "name": {e.Name}}
	if file != "" {
		v.Set("datei", file)
	}
	return v
}

// frage asks one question and reads its answer.
func (q Quelle) frage(ctx context.Context, path string, v url.Values, read func(io.Reader) error) error {
	limit := frageEnde
	if path == pathTeil {
		limit = teilEnde
	}
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, q.URL+path+"?"+v.Encode(), http.NoBody)
	if err != nil {
		return fmt.Errorf("ask %s: %w", q.Platz, err)
	}
	resp, err := q.HTTP.Do(req)
	if err != nil {
		return weg(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or not wanted
	if resp.StatusCode == http.StatusOK {
		return read(resp.Body)
	}
	f, err := refusal.Read(resp.Body, fault.Unavailable)
	if err != nil || resp.StatusCode == http.StatusForbidden {
		return weg(fmt.Errorf("%s answers %s", q.Platz, resp.Status))
	}
	if resp.StatusCode == http.StatusNotFound {
		return NichtDa(nil)
	}
	return weg(fmt.Errorf("%s: %w", q.Platz, f))
}
