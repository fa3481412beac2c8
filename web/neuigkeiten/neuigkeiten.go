// Package neuigkeiten tells open screens that something has changed, so that they look again:
// a stream of server-sent events that says "neu" and nothing else.
package neuigkeiten

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// The limits of a stream.
const (
	Pfad       = "/neuigkeiten"
	Dauer      = 50 * time.Second // below what the server allows a response; the browser comes again
	Pause      = 250 * time.Millisecond
	MaxStreams = 32 // at a time
)

// Stream serves the streams.
type Stream struct {
	quellen []func() <-chan struct{}
	frei    chan struct{}
}

// New returns the streams. Each source returns a channel that is closed at its next change.
func New(quellen []func() <-chan struct{}) *Stream {
	return &Stream{quellen, make(chan struct{}, MaxStreams)}
}

// Routes registers the address.
func (s *Stream) Routes(mux *http.ServeMux) { mux.Handle("GET "+Pfad, s) }

// ServeHTTP sends a line at once, and one at each change, at most four a second, until the
// client goes away, the server ends or Dauer is over.
func (s *Stream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case s.frei <- struct{}{}:
		defer func() { <-s.frei }()
	default:
		http.Error(w, "", http.StatusServiceUnavailable) // the screen goes on looking by itself
		return
	}
	ctx, stop := context.WithTimeout(r.Context(), Dauer)
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	changed := s.horche(ctx)
	ended := ende(r.Context())
	out := http.NewResponseController(w)
	for text := "retry: 300\ndata: neu\n\n"; ; text = "data: neu\n\n" {
		if _, err := io.WriteString(w, text); err != nil || out.Flush() != nil {
			return
		}
		if !warte(ctx, ended, changed) {
			return
		}
	}
}

// horche is a channel that holds a value when one of the sources has changed.
func (s *Stream) horche(ctx context.Context) <-chan struct{} {
	changed := make(chan struct{}, 1)
	for _, quelle := range s.quellen {
		bell := quelle() // asked for before the first line: nothing after it is missed
		go func() {
			for {
				select {
				case <-bell:
				case <-ctx.Done():
					return
				}
				bell = quelle()
				select {
				case changed <- struct{}{}:
				default: // it is known already
				}
			}
		}()
	}
	return changed
}

// warte waits Pause and then for a change; false: it is over.
func warte(ctx context.Context, ended, changed <-chan struct{}) bool {
	pause := time.NewTimer(Pause)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-ctx.Done():
		return false
	case <-ended:
		return false
	}
	select {
	case <-changed:
		return true
	case <-ctx.Done():
	case <-ended:
	}
	return false
}

type endeKey struct{}

// Server lets the streams end when the server is asked to end: Shutdown waits for them.
func Server(s *http.Server) *http.Server {
	ended := make(chan struct{})
	s.RegisterOnShutdown(sync.OnceFunc(func() { close(ended) }))
	s.BaseContext = func(net.Listener) context.Context {
		return context.WithValue(context.Background(), endeKey{}, ended)
	}
	return s
}

// ende is closed when the server ends; nil: nobody says so.
func ende(ctx context.Context) <-chan struct{} {
	ended, _ := ctx.Value(endeKey{}).(chan struct{})
	return ended
}
