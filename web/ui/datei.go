package ui

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/offizin/offizin/internal/platte"
)

// maxExport bounds a request for a file that takes long: a year of receipts.
const maxExport = 10 * time.Minute

// dauer is how long a request may take.
func dauer(path string) time.Duration {
	if strings.HasPrefix(path, "/kassenbuch/export/") || strings.HasPrefix(path, "/pruefung/datei/") {
		return maxExport
	}
	return maxDauer
}

// zuSenden is how the name of a file begins that is sent.
const zuSenden = "offizin-datei-"

// Datei sends what write writes as a file to keep. It is written into a temporary file first:
// what is refused half way is returned, and nothing was sent.
func (s *Rahmen) Datei(w http.ResponseWriter, r *http.Request, name, kind string, write func(io.Writer) error) error {
	until := s.Clock.Now().Add(dauer(r.URL.Path))
	_ = http.NewResponseController(w).SetWriteDeadline(until) // else that of every request holds
	platte.RemoveDead(os.TempDir(), zuSenden)
	file, err := platte.Zwischendatei("", zuSenden)
	if err != nil {
		return fmt.Errorf("make file to send: %w", err)
	}
	defer func() { _ = platte.Discard(file) }() // it was read, or is of no use
	if err := write(file); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read file to send: %w", err)
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = io.Copy(w, file) // the client has gone away: nobody is left to tell
	return nil
}
