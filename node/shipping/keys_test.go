package shipping_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/node/shipping"
)

var errDraht = errors.New("wire is cut")

// draht hands requests to a server as it is then, unless they are lost.
type draht struct {
	server http.Handler
	lost   func(*http.Request) bool
}

func (d *draht) RoundTrip(r *http.Request) (*http.Response, error) {
	if d.lost != nil && d.lost(r) {
		return nil, errDraht
	}
	w := httptest.NewRecorder()
	d.server.ServeHTTP(w, r)
	return w.Result(), nil
}

func (d *draht) parent() *shipping.Parent {
	return &shipping.Parent{URL: "http://platz", HTTP: &http.Client{Transport: d}}
}

func server(s journal.Store) *shipping.Server {
	return shipping.NewServer(s, slog.New(slog.DiscardHandler))
}

// person puts a person on file, and books what names it.
func person(t *testing.T, s journal.Store, key string) journal.Sealed {
	t.Helper()
	d, err := s.Seal(t.Context(), key, []byte("Anna"))
	if err != nil {
		t.Fatal(err)
	}
	setze(t, s, key, "person", key)
	return d
}

func lesbar(t *testing.T, where string, s journal.Store, d journal.Sealed) {
	t.Helper()
	if _, err := s.Open(t.Context(), d); err != nil {
		t.Errorf("%s: %v", where, err)
	}
}

// verschlossen is a journal whose key store is closed for a while.
type verschlossen struct {
	journal.Store
	zu atomic.Bool
}

var errZu = errors.New("locked")

func (v *verschlossen) PersonKeys(ctx context.Context, after uint64, limit int) ([]journal.PersonKey, error) {
	if v.zu.Load() {
		return nil, errZu
	}
	return v.Store.PersonKeys(ctx, after, limit)
}

func (v *verschlossen) AddPersonKeys(ctx context.Context, list []journal.PersonKey) error {
	if v.zu.Load() {
		return errZu
	}
	return v.Store.AddPersonKeys(ctx, list)
}

// Records do not wait for keys that are locked away. The keys come later, though nothing else is new: here, at
// the parent, and beyond it.
func TestSchluesselSpaeter(t *testing.T) {
	lead, a, b := &verschlossen{Store: store("platz-1")}, &verschlossen{Store: store("platz-2")}, store("platz-3")
	p := parent(t, lead)
	ca, cb := shipping.NewChild(a, p), shipping.NewChild(b, p)
	for name, locked := range map[string]*verschlossen{"parent": lead, "child": a} {
		locked.zu.Store(true)
		d := map[string]journal.Sealed{"lead": person(t, lead, name+"-l"), "a": person(t, a, name+"-a")}
		for _, c := range []*shipping.Child{ca, cb} {
			sync(t, c)
		}
		if heads(t, a) != heads(t, lead) || heads(t, b) != heads(t, lead) {
			t.Errorf("%s is locked, and records wait for it", name)
		}
		locked.zu.Store(false)
		for _, c := range []*shipping.Child{cb, ca, cb} {
			if st := sync(t, c); st.Keys != nil {
				t.Error(st.Keys)
			}
		}
		for who, d := range d {
			for where, s := range map[string]journal.Store{"lead": lead, "a": a, "b": b} {
				lesbar(t, fmt.Sprintf("%s was locked: person of %s on %s", name, who, where), s, d)
			}
		}
	}
}

// An answer with keys that breaks off is asked for again.
func TestSchluesselAbgebrochen(t *testing.T) {
	lead, a := store("platz-1"), store("platz-2")
	served, broken := server(lead), false
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/keys") && !broken {
			broken = true
			fmt.Fprint(w, `[{"n":1,`)
			return
		}
		served.ServeHTTP(w, r)
	}))
	t.Cleanup(h.Close)
	d := person(t, lead, "p1")
	c := shipping.NewChild(a, &shipping.Parent{URL: h.URL, HTTP: h.Client()})
	if st := sync(t, c); st.Keys == nil {
		t.Error("nobody says that the keys did not come")
	}
	sync(t, c)
	lesbar(t, "here", a, d)
}

// Run asks for keys that came late, too, without other news.
func TestSchluesselSpaeterImLauf(t *testing.T) {
	lead, a := &verschlossen{Store: store("platz-1")}, store("platz-2")
	served, asked := server(lead), make(chan struct{}, 1000)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		waits := r.URL.Query().Has("warten")
		r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, "warten=1", "") // its patience ends at once
		served.ServeHTTP(w, r)
		if waits {
			select {
			case asked <- struct{}{}:
			default:
			}
		}
	}))
	t.Cleanup(h.Close)
	lead.zu.Store(true)
	d := person(t, lead, "p1")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		shipping.NewChild(a, &shipping.Parent{URL: h.URL, HTTP: h.Client()}).Run(ctx, func(shipping.Stand, error) {})
	}()
	for range 3 {
		<-asked
	}
	lead.zu.Store(false)
	for range cap(asked) + 5 {
		<-asked
	}
	stop()
	<-ended
	lesbar(t, "here", a, d)
}

// A machine that was put back goes on under a new name, and takes in with the history that it left the keys of it.
func TestSchluesselDerVerlassenenGeschichte(t *testing.T) {
	before, old := store("platz-2"), store("platz-2")
	for i := range 5 {
		setze(t, before, fmt.Sprint("a", i), "x", "1")
		setze(t, old, fmt.Sprint("a", i), "x", "1")
	}
	lost := person(t, before, "p1")
	third := store("platz-3")
	sync(t, shipping.NewChild(before, parent(t, third)))
	for i := range 3 {
		setze(t, old, fmt.Sprint("neu", i), "x", "1")
	}
	lead := store("platz-1")
	d := &draht{server: server(lead), lost: func(r *http.Request) bool {
		return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/records")
	}}
	c := shipping.NewChild(old, d.parent())
	if _, err := c.Sync(t.Context()); err == nil {
		t.Fatal("nothing was lost")
	}
	d.lost = nil
	sync(t, shipping.NewChild(third, d.parent()))
	if st := sync(t, c); !st.Reborn || st.Pulled != 1 {
		t.Errorf("%+v", st)
	}
	lesbar(t, "here", old, lost)
}

// A parent whose disk was put back gets the keys again, whichever of the two asks first.
func TestSchluesselNachRueckgabe(t *testing.T) {
	lead, a := store("platz-1"), store("platz-2")
	d := &draht{server: server(lead)}
	c, own := shipping.NewChild(a, d.parent()), server(a)
	c.Copies = own.Copies
	known := person(t, a, "p1")
	sync(t, c)
	blank := store("platz-1") // what it had is gone
	d.server = server(blank)
	back := &draht{server: own, lost: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/keys") }}
	if _, err := shipping.NewChild(blank, back.parent()).Sync(t.Context()); err == nil {
		t.Fatal("nothing was lost")
	}
	sync(t, c)
	if heads(t, blank) != heads(t, a) {
		t.Errorf("%s, want %s", heads(t, blank), heads(t, a))
	}
	lesbar(t, "parent", blank, known)
}

// While both sides write all the time nothing is sent twice, keys least of all.
func TestNichtsZweimal(t *testing.T) {
	const n = 100
	lead, a := store("platz-1"), store("platz-2")
	if _, err := a.Seal(t.Context(), "p1", []byte("Anna")); err != nil {
		t.Fatal(err)
	}
	served := server(lead)
	var keys atomic.Int64
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/keys") {
			keys.Add(1)
		}
		time.Sleep(time.Millisecond) // the way
		served.ServeHTTP(w, r)
	}))
	t.Cleanup(h.Close)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	var pushed, pulled atomic.Int64
	go func() {
		defer close(ended)
		shipping.NewChild(a, &shipping.Parent{URL: h.URL, HTTP: h.Client()}).Run(ctx, func(st shipping.Stand, _ error) {
			pushed.Add(int64(st.Pushed))
			pulled.Add(int64(st.Pulled))
		})
	}()
	for i := range n {
		setze(t, a, fmt.Sprint("a", i), "x", "1")
		setze(t, lead, fmt.Sprint("l", i), "y", "1")
		time.Sleep(2 * time.Millisecond)
	}
	for end := time.Now().Add(10 * time.Second); pulled.Load() < n || pushed.Load() < n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d went, %d came", pushed.Load(), pulled.Load())
		}
	}
	stop()
	<-ended
	if pushed.Load() != n || pulled.Load() != n || keys.Load() != 1 {
		t.Errorf("%d records sent, %d taken, keys sent %d times", pushed.Load(), pulled.Load(), keys.Load())
	}
}
