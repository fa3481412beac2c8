package shipping_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/journaltest"
	"github.com/offizin/offizin/node/shipping"
	"github.com/offizin/offizin/sqlite"
)

// What the parent itself writes is safe as soon as a child has it.
func TestSicherBeimKind(t *testing.T) {
	lead, a := store("platz-1"), store("platz-2")
	s := shipping.NewServer(lead, slog.New(slog.DiscardHandler))
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	c := shipping.NewChild(a, &shipping.Parent{URL: h.URL, HTTP: h.Client()})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { c.Run(ctx, func(shipping.Stand, error) {}); close(ended) }()
	r := setze(t, lead, "l", "x", "1")
	patient, end := context.WithTimeout(t.Context(), 5*time.Second)
	defer end()
	if !s.Copies.Safe(patient, r.Origin, r.Seq) || s.Copies.Of("platz-2", r.Origin) != 1 {
		t.Error("the child has it, and nobody knows")
	}
	stop()
	<-ended
	s.Copies.Forget("platz-2")
	now, end := context.WithCancel(t.Context())
	end()
	if s.Copies.Safe(now, r.Origin, r.Seq) {
		t.Error("a machine that was removed holds no copy")
	}
}

// A machine that says it has what it cannot have is not believed.
func TestLuegnerischesKind(t *testing.T) {
	lead := store("platz-1")
	r := setze(t, lead, "l", "x", "1")
	s := shipping.NewServer(lead, slog.New(slog.DiscardHandler))
	for _, seq := range []string{"1", "1000"} {
		body := `{"version":1,"heads":[{"node":"platz-2","incarnation":"00000000000000aa","seq":0,"hash":"` +
			strings.Repeat("0", 64) + `"},{"node":"platz-1","incarnation":"` + r.Origin.Incarnation + `","seq":` + seq +
			`,"hash":"` + strings.Repeat("7", 64) + `"}]}`
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/knoten/v1/heads", strings.NewReader(body)))
		if w.Code != http.StatusOK || s.Copies.Up(r.Origin) != 0 {
			t.Errorf("seq %s: %d, safe up to %d", seq, w.Code, s.Copies.Up(r.Origin))
		}
	}
	body := `{"version":1,"heads":[{"node":"platz-2","incarnation":"00000000000000aa","seq":0,"hash":"` +
		strings.Repeat("0", 64) + `"},{"node":"platz-1","incarnation":"` + r.Origin.Incarnation +
		`","seq":1000,"hash":"` + strings.Repeat("0", 64) + `"}]}` // the hash of what is not there
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/knoten/v1/heads", strings.NewReader(body)))
	if w.Code != http.StatusUnprocessableEntity || s.Copies.Up(r.Origin) != 0 {
		t.Errorf("no hash: %d, safe up to %d", w.Code, s.Copies.Up(r.Origin))
	}
}

// ungeduldig is a journal whose child has gone before its records are stored.
type ungeduldig struct {
	journal.Store
	geht func()
}

func (u ungeduldig) Receive(ctx context.Context, list []journal.Record) (journal.Received, error) {
	u.geht()
	if err := ctx.Err(); err != nil {
		return journal.Received{}, err
	}
	return u.Store.Receive(ctx, list)
}

// A batch that takes longer than its child waits is stored all the same: the next try finds it.
func TestUngeduldigesKind(t *testing.T) {
	lead, a := store("platz-1"), store("platz-2")
	setze(t, a, "a", "x", "1")
	ctx, stop := context.WithCancel(t.Context())
	s := shipping.NewServer(ungeduldig{lead, stop}, slog.New(slog.DiscardHandler))
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.ServeHTTP(w, r.WithContext(ctx)) }))
	t.Cleanup(h.Close)
	c := shipping.NewChild(a, &shipping.Parent{URL: h.URL, HTTP: h.Client()})
	if _, err := c.Sync(t.Context()); err != nil || heads(t, lead) != heads(t, a) {
		t.Errorf("%v: %s, want %s", err, heads(t, lead), heads(t, a))
	}
}

// Persons that two machines put on file are read on both, and before a record that names
// them comes its key.
func TestSchluesselReisenMit(t *testing.T) {
	lead, a := store("platz-1"), store("platz-2")
	c := shipping.NewChild(a, parent(t, lead))
	seal := func(s journal.Store, person, text string) journal.Sealed {
		d, err := s.Seal(t.Context(), person, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for round, person := range []string{"p1", "p2"} {
		there, here := seal(lead, person, "Anna"), seal(a, person, "Anna M.")
		setze(t, lead, "l"+person, "x", "1")
		setze(t, a, "a"+person, "y", "1")
		if st := sync(t, c); st.Keys != nil {
			t.Fatal(st.Keys)
		}
		for _, s := range []journal.Store{lead, a} {
			for _, d := range []journal.Sealed{there, here} {
				if got, err := s.Open(t.Context(), d); err != nil || !strings.HasPrefix(string(got), "Anna") {
					t.Errorf("round %d: %q %v", round, got, err)
				}
			}
		}
	}
}

// What comes to a machine after its keys were sent, such as to a blank one that is being filled itself,
// waits for the next round: else a record would be where its key is not, and nobody would ask for that.
func TestSchluesselVorDemSatz(t *testing.T) {
	for name, c := range map[string]struct{ ahead, up bool }{"down": {}, "down, ahead": {ahead: true}, "up": {up: true}} {
		t.Run(name, func(t *testing.T) {
			lead, a := store("platz-1"), lokal(t, "platz-2")
			var from, to journal.Store = lead, a
			if c.up {
				from, to = a, lead
			}
			person := func(key string) journal.Sealed {
				d, err := from.Seal(context.Background(), key, []byte("Anna"))
				if err != nil {
					t.Error(err)
				}
				setze(t, from, key, "person", key)
				return d
			}
			setze(t, from, "before", "x", "1")
			var late journal.Sealed
			served := shipping.NewServer(lead, slog.New(slog.DiscardHandler))
			h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				served.ServeHTTP(w, r)
				if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/keys") && late.Data == nil {
					late = person("p1") // all keys of both have been sent
				}
			}))
			t.Cleanup(h.Close)
			child := shipping.NewChild(a, &shipping.Parent{URL: h.URL, HTTP: h.Client()})
			child.Ahead = c.ahead
			for range 3 {
				sync(t, child)
				if _, err := to.Open(t.Context(), late); err != nil && heads(t, a) == heads(t, lead) {
					t.Fatalf("the record is there, its key is not: %v", err)
				}
			}
			if got, err := to.Open(t.Context(), late); err != nil || string(got) != "Anna" || heads(t, a) != heads(t, lead) {
				t.Errorf("%q %v", got, err)
			}
		})
	}
}

func lokal(t *testing.T, node string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{
		Dir: t.TempDir(), Node: node, Projections: journaltest.Projections(), Ballast: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// A parent that was put back to an older state learns from its child that it must ask it, and
// gets back what it had written.
func TestElternteilZurueckgesetzt(t *testing.T) {
	lead, a := store("platz-1"), store("platz-2")
	c := shipping.NewChild(a, parent(t, lead))
	setze(t, lead, "l1", "x", "1")
	setze(t, lead, "l2", "x", "2")
	sync(t, c)
	old := store("platz-1") // the same name and incarnation, an older disk
	setze(t, old, "l1", "x", "1")
	setze(t, old, "l3", "x", "3")
	p, doubts := zweifler(t, old)
	if st := sync(t, shipping.NewChild(a, p)); len(st.Forks) != 1 {
		t.Errorf("%+v", st)
	}
	if len(*doubts) == 0 || (*doubts)[0] != "platz-2" {
		t.Fatalf("the parent was told of %v", *doubts)
	}
	if st := sync(t, shipping.NewChild(old, parent(t, a))); !st.Reborn {
		t.Errorf("%+v", st)
	}
	sync(t, shipping.NewChild(old, parent(t, a)))
	if x, y := heads(t, old), heads(t, a); x != y {
		t.Errorf("\n%s\n%s", x, y)
	}
}

// Whose copy it is says the certificate, not the machine itself.
func TestUnterFremdemNamen(t *testing.T) {
	lead := store("platz-1")
	r := setze(t, lead, "l", "x", "1")
	s := shipping.NewServer(lead, slog.New(slog.DiscardHandler))
	body := fmt.Sprintf(`{"version":1,"heads":[{"node":"platz-1","incarnation":%q,"seq":1,"hash":"%x"}]}`,
		r.Origin.Incarnation, r.Hash)
	req := httptest.NewRequestWithContext(shipping.WithPeer(t.Context(), "platz-3"), http.MethodPost, "/knoten/v1/heads",
		strings.NewReader(body))
	s.ServeHTTP(httptest.NewRecorder(), req)
	if s.Copies.Of("platz-3", r.Origin) != 1 || s.Copies.Of("platz-1", r.Origin) != 0 {
		t.Errorf("platz-3 has %d, platz-1 %d", s.Copies.Of("platz-3", r.Origin), s.Copies.Of("platz-1", r.Origin))
	}
}
