package shipping_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/journaltest"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/node/shipping"
)

func store(node string) *memory.Store {
	return memory.New(memory.Options{Node: node, Projections: journaltest.Projections()})
}

// parent serves a store to children.
func parent(t *testing.T, s journal.Store) *shipping.Parent {
	t.Helper()
	p, _ := zweifler(t, s)
	return p
}

// zweifler is a parent, and the machines that it must ask.
func zweifler(t *testing.T, s journal.Store) (*shipping.Parent, *[]string) {
	t.Helper()
	server, doubts := shipping.NewServer(s, slog.New(slog.DiscardHandler)), &[]string{}
	server.Doubt = func(name string) { *doubts = append(*doubts, name) }
	h := httptest.NewServer(server)
	t.Cleanup(h.Close)
	return &shipping.Parent{URL: h.URL, HTTP: h.Client()}, doubts
}

// setze writes one setting.
func setze(t *testing.T, s journal.Store, key, name, value string) journal.Record {
	t.Helper()
	r, err := s.Append(t.Context(), journal.Act{
		Key: key, Input: []string{name, value}, Actor: "AB", Wall: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC),
		Decide: func(journal.Rows) ([]journal.Event, error) {
			return []journal.Event{event.EinstellungGesetzt{Schluessel: name, Wert: value}}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.Records[0]
}

func sync(t *testing.T, c *shipping.Child) shipping.Stand {
	t.Helper()
	st, err := c.Sync(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// settings is how many there are.
func settings(t *testing.T, s journal.Store) (n int) {
	t.Helper()
	if err := s.View(t.Context(), func(rows journal.Rows) error {
		return rows.Scan("probe", journal.Range{}, func(string, []byte) (bool, error) { n++; return true, nil })
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// heads are the ends of all logs of a store, as text.
func heads(t *testing.T, s journal.Store) string {
	t.Helper()
	list, err := s.Heads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, h := range list {
		if h.Seq > 0 {
			m[h.Origin.String()] = fmt.Sprintf("%d %x", h.Seq, h.Hash[:4])
		}
	}
	return fmt.Sprint(m)
}

// Three machines: what one child writes reaches the other through their parent, thousands of
// records as well as one.
func TestDreiRechner(t *testing.T) {
	lead, a, b := store("platz-1"), store("platz-2"), store("platz-3")
	p := parent(t, lead)
	ca, cb := shipping.NewChild(a, p), shipping.NewChild(b, p)
	for i := range 1700 {
		setze(t, a, fmt.Sprint("a", i), "x", fmt.Sprint(i))
	}
	setze(t, lead, "l", "y", "1")
	setze(t, b, "b", "z", "2")
	if st := sync(t, ca); st.Pushed != 1700 || st.Pulled != 1 {
		t.Errorf("%+v", st)
	}
	if st := sync(t, cb); st.Pushed != 1 || st.Pulled != 1701 {
		t.Errorf("%+v", st)
	}
	sync(t, ca)
	if x, y, z := heads(t, lead), heads(t, a), heads(t, b); x != y || y != z {
		t.Errorf("\n%s\n%s\n%s", x, y, z)
	}
	if st := sync(t, ca); st.Pushed+st.Pulled != 0 || st.Reborn || len(st.Forks) != 0 {
		t.Errorf("nothing to do: %+v", st)
	}
}

// A sale is safe as soon as the parent has it; without a parent nobody waits longer than he
// wants to.
func TestSicher(t *testing.T) {
	lead, a := store("platz-1"), store("platz-2")
	c := shipping.NewChild(a, parent(t, lead))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { c.Run(ctx, func(shipping.Stand, error) {}); close(ended) }()
	for i := range 20 {
		r := setze(t, a, fmt.Sprint(i), "x", "1")
		patient, end := context.WithTimeout(t.Context(), 5*time.Second)
		if !c.Copies.Safe(patient, r.Origin, r.Seq) {
			t.Fatalf("record %d is not safe", i)
		}
		end()
	}
	bell := a.Changed()
	setze(t, lead, "l", "y", "1") // comes by itself
	select {
	case <-bell:
	case <-time.After(5 * time.Second):
		t.Error("news of the parent did not come")
	}
	stop()
	<-ended
	r := setze(t, a, "later", "x", "2")
	short, end := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer end()
	if c.Copies.Safe(short, r.Origin, r.Seq) {
		t.Error("safe without anybody who has it")
	}
}

// A machine whose disk was put back to an older state, and that has sold since then, goes on
// under a new name; nothing of what it wrote before or after is lost.
func TestZurueckgespielt(t *testing.T) {
	for since := range 3 {
		lead, a := store("platz-1"), store("platz-2")
		p := parent(t, lead)
		for i := range 9 {
			setze(t, a, fmt.Sprint("a", i), fmt.Sprint("k", i), "1")
		}
		sync(t, shipping.NewChild(a, p))
		old := store("platz-2") // the backup: five of nine
		for i := range 5 {
			setze(t, old, fmt.Sprint("a", i), fmt.Sprint("k", i), "1")
		}
		for i := range since {
			setze(t, old, fmt.Sprint("neu", i), fmt.Sprint("n", i), "1")
		}
		c := shipping.NewChild(old, p)
		pushed := min(since, 1) + since // which history was left, and the sales in it
		if st := sync(t, c); !st.Reborn || st.Pulled != 4 || st.Pushed != pushed {
			t.Errorf("%d sales since: %+v", since, st)
		}
		setze(t, old, "weiter", "w", "1")
		if st := sync(t, c); st.Reborn || st.Pushed != 1 {
			t.Errorf("%+v", st)
		}
		if x, y := heads(t, lead), heads(t, old); x != y {
			t.Errorf("\n%s\n%s", x, y)
		}
		if n, m := settings(t, lead), settings(t, old); n != 10+since || m != n {
			t.Errorf("%d and %d settings", n, m)
		}
	}
}

// A machine that was put back twice has written two histories under one name and lost both: one came back from one
// neighbour. What another holds becomes its own, wherever it meets that; both neighbours end with the same records.
func TestVerwaisteGeschichte(t *testing.T) {
	for _, long := range []int{1, 3} {
		life := func(key string, n int) *memory.Store {
			s := store("platz-2") // always the same first incarnation
			setze(t, s, "anfang", "x", "1")
			for i := range n {
				setze(t, s, fmt.Sprint(key, i), fmt.Sprint(key, i), "1")
			}
			return s
		}
		lead, third, a := store("platz-1"), store("platz-3"), store("platz-2")
		sync(t, shipping.NewChild(life("b", 2), parent(t, lead)))
		sync(t, shipping.NewChild(life("c", long), parent(t, third)))
		if st := sync(t, shipping.NewChild(a, parent(t, lead))); !st.Reborn || st.Pulled != 3 {
			t.Fatalf("%+v", st)
		}
		own, doubts := zweifler(t, a)
		if st := sync(t, shipping.NewChild(third, own)); len(st.Forks) != 1 {
			t.Fatalf("%+v", st)
		}
		if !slices.Contains(*doubts, "platz-3") {
			t.Fatalf("it must ask %v", *doubts)
		}
		toThird, toLead := shipping.NewChild(a, parent(t, third)), shipping.NewChild(a, parent(t, lead))
		toThird.Claims = shipping.NewClaims(clock.NewManual(time.Unix(0, 0)).Mono)
		for range 4 { // one may end early: what was said to be there was let go of meanwhile
			_, _ = toThird.Sync(t.Context())
			_, _ = toLead.Sync(t.Context())
		}
		sync(t, toThird)
		sync(t, toLead)
		if x, y, z := heads(t, a), heads(t, lead), heads(t, third); x != y || y != z {
			t.Errorf("\n%s\n%s\n%s", x, y, z)
		}
		for _, s := range []*memory.Store{a, lead, third} {
			if n := settings(t, s); n != 1+2+long {
				t.Errorf("%s has %d settings", s.Self().Node, n)
			}
		}
	}
}

// What a machine has left by itself, and another still holds, it does not take again, nor is that one taken for a
// liar: it lets go of it in the same round.
func TestVerlasseneGeschichte(t *testing.T) {
	lead, third, before, a := store("platz-1"), store("platz-3"), store("platz-2"), store("platz-2")
	for i := range 5 {
		setze(t, before, fmt.Sprint("a", i), fmt.Sprint("k", i), "1")
	}
	for i := range 3 {
		setze(t, a, fmt.Sprint("a", i), fmt.Sprint("k", i), "1")
	}
	setze(t, a, "neu", "n", "1")
	sync(t, shipping.NewChild(before, parent(t, lead)))
	sync(t, shipping.NewChild(third, parent(t, a)))
	claims := shipping.NewClaims(clock.NewManual(time.Unix(0, 0)).Mono)
	toLead, toThird := shipping.NewChild(a, parent(t, lead)), shipping.NewChild(a, parent(t, third))
	toLead.Claims, toThird.Claims = claims, claims
	if st := sync(t, toLead); !st.Reborn {
		t.Fatalf("%+v", st)
	}
	for range 3 {
		if _, err := toThird.Sync(t.Context()); errors.Is(err, shipping.ErrClaim) {
			t.Fatal(err)
		}
	}
	sync(t, toLead)
	own := 0
	if err := a.Records(t.Context(), a.Self(), 0, func(journal.Record) (bool, error) { own++; return true, nil }); err != nil {
		t.Fatal(err)
	}
	if x, y, z := heads(t, a), heads(t, lead), heads(t, third); x != y || y != z || own != 2 {
		t.Errorf("%d own records\n%s\n%s\n%s", own, x, y, z)
	}
}

// A machine with an empty disk gets everything back from its neighbour.
func TestLeererRechner(t *testing.T) {
	lead, a := store("platz-1"), store("platz-2")
	p := parent(t, lead)
	setze(t, a, "a", "x", "1")
	sync(t, shipping.NewChild(a, p))
	blank := store("platz-9")
	if st := sync(t, shipping.NewChild(blank, p)); st.Pulled != 1 {
		t.Errorf("%+v", st)
	}
	if x, y := heads(t, lead), heads(t, blank); x != y {
		t.Errorf("\n%s\n%s", x, y)
	}
}

// A parent that lies, breaks off, is of another age or sends without end is refused; the own
// journal stays as it is.
func TestSchlechteNachbarn(t *testing.T) {
	good := store("platz-1")
	setze(t, good, "l", "y", "1")
	honest := shipping.NewServer(good, slog.New(slog.DiscardHandler))
	for name, h := range map[string]http.HandlerFunc{
		"no JSON":       func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") },
		"empty":         func(http.ResponseWriter, *http.Request) {},
		"other version": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"version":9,"heads":[]}`) },
		"refusing":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"version":1,"heads":[`)
			for {
				if _, err := fmt.Fprint(w, `{"node":"platz-1","incarnation":"0000000000000000","seq":1,"hash":""},`); err != nil {
					return
				}
			}
		},
		"claims more than it has": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				fmt.Fprintf(w, `{"version":1,"heads":[{"node":"platz-1","incarnation":"0123456789abcdef","seq":7,"hash":"%064d"}]}`, 7)
				return
			}
			r.URL.RawQuery = "node=platz-1&incarnation=" + good.Self().Incarnation + "&seq=0"
			honest.ServeHTTP(w, r)
		},
		"has what it does not hand out": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				honest.ServeHTTP(w, r)
			}
		},
		"breaks off": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				honest.ServeHTTP(w, r)
				return
			}
			fmt.Fprint(w, `{"node":"platz-1","incarn`)
		},
	} {
		server := httptest.NewServer(h)
		a := store("platz-2")
		setze(t, a, "a", "x", "1")
		before := heads(t, a)
		st, err := shipping.NewChild(a, &shipping.Parent{URL: server.URL, HTTP: server.Client()}).Sync(t.Context())
		if name != "claims more than it has" && (err == nil || heads(t, a) != before) {
			t.Errorf("%s: %+v %v", name, st, err)
		}
		if name == "claims more than it has" && err == nil {
			t.Errorf("%s: %+v", name, st)
		}
		server.Close()
	}
}
