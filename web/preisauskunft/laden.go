package preisauskunft

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
)

// Pfad is the address of the file in the till.
const Pfad = "/preisauskunft"

// Seite gives the file away for download.
type Seite struct {
	rahmen *ui.Rahmen
	liste  func(context.Context) (*Liste, error)
	einer  sync.Mutex // one at a time: it takes a processor and memory
}

// NewSeite returns the page that makes the list anew each time it is asked.
func NewSeite(r *ui.Rahmen, liste func(context.Context) (*Liste, error)) *Seite {
	return &Seite{rahmen: r, liste: liste}
}

// Routes registers the address of the file.
func (s *Seite) Routes(mux *http.ServeMux) { mux.HandleFunc("GET "+Pfad, s.laden) }

func (s *Seite) laden(w http.ResponseWriter, r *http.Request) {
	page, err := s.datei(r.Context())
	if errors.Is(err, context.DeadlineExceeded) {
		err = fault.New(fault.Unavailable, "A-566", "Der Katalog ist für diesen Knopf zu groß; bitte die Datei mit "+
			"„offizin catalogue preisauskunft“ schreiben.", err)
	}
	if err != nil {
		s.rahmen.FehlerZeigen(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+Name+`"`)
	_, _ = w.Write(page) // the client has gone away: nobody is left to tell
}

func (s *Seite) datei(ctx context.Context) ([]byte, error) {
	if !s.einer.TryLock() {
		return nil, fault.New(fault.Conflict, "A-565",
			"Die Preisauskunft wird gerade schon geschrieben; bitte in einer Minute wiederholen.", nil)
	}
	defer s.einer.Unlock()
	l, err := s.liste(ctx)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = l.Write(&page)
	return page.Bytes(), err
}
