package journaltest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
)

// Run holds a store to what journal.Store promises. Open returns a new, empty store
// with Projections; it closes the store when the test ends.
func Run(t *testing.T, open func(t *testing.T) journal.Store) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, journal.Store)
	}{
		{"Append", appends},
		{"Repeated", repeated},
		{"KeyReused", keyReused},
		{"AllOrNothing", allOrNothing},
		{"Limits", limits},
		{"Snapshot", snapshot},
		{"RowsEnd", rowsEnd},
		{"Scan", scan},
		{"Values", values},
		{"Records", records},
		{"Chain", chain},
		{"Concurrent", concurrent},
		{"Cancelled", cancelled},
		{"Received", received},
		{"ReceivedForged", receivedForged},
		{"ReceivedForks", receivedForks},
		{"ReceivedTwice", receivedTwice},
		{"ReceivedStrange", receivedStrange},
		{"ReceivedErasure", receivedErasure},
		{"Reborn", reborn},
		{"Abandoned", abandoned},
		{"ForeignLeave", foreignLeave},
		{"LeftBefore", leftBefore},
		{"Adopted", adopted},
		{"Sealed", sealed},
		{"Erased", erased},
		{"Close", closes},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
	t.Run("ExchangedKeys", func(t *testing.T) { exchangedKeys(t, open(t), open(t)) })
}

func must(t *testing.T, s journal.Store, a journal.Act) journal.Result {
	t.Helper()
	r, err := s.Append(t.Context(), a)
	if err != nil {
		t.Fatalf("append %s: %v", a.Key, err)
	}
	return r
}

func view(t *testing.T, s journal.Store, f func(journal.Rows)) {
	t.Helper()
	if err := s.View(t.Context(), func(rows journal.Rows) error { f(rows); return nil }); err != nil {
		t.Fatalf("view: %v", err)
	}
}

func get(t *testing.T, rows journal.Rows, key string) string {
	t.Helper()
	b, err := rows.Get("probe", key)
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	if b == nil {
		return "(none)"
	}
	return string(b)
}

// all returns the records of the store's own log.
func all(t *testing.T, s journal.Store) []journal.Record {
	t.Helper()
	var list []journal.Record
	err := s.Records(t.Context(), s.Self(), 0, func(r journal.Record) (bool, error) {
		list = append(list, r)
		return true, nil
	})
	if err != nil {
		t.Fatalf("records: %v", err)
	}
	return list
}

// unchanged fails if anything but n records is visible.
func unchanged(t *testing.T, s journal.Store, n int) {
	t.Helper()
	if got := len(all(t, s)); got != n {
		t.Errorf("%d records, want %d", got, n)
	}
	view(t, s, func(rows journal.Rows) {
		if got, err := count(rows); err != nil || got != n {
			t.Errorf("projection counts %d records (%v), want %d", got, err, n)
		}
		if got := get(t, rows, "verweigert"); got != "(none)" {
			t.Errorf("a refused act left a row: %q", got)
		}
	})
	heads, err := s.Heads(t.Context())
	if err != nil || len(heads) != 1 || heads[0].Seq != uint64(n) {
		t.Errorf("heads %+v (%v), want seq %d", heads, err, n)
	}
}

func appends(t *testing.T, s journal.Store) {
	r := must(t, s, set("a", "x", "1", "y", "2"))
	if r.Repeated || len(r.Records) != 2 {
		t.Fatalf("%+v", r)
	}
	first := r.Records[0]
	if first.Origin != s.Self() || first.Seq != 1 || first.Key != "a/0" || first.Actor != "AB" ||
		first.Wall != wall().UnixNano() || first.Zone != "Europe/Berlin" || first.Type != "einstellung.gesetzt.v1" ||
		string(first.Payload) != `{"schluessel":"x","wert":"1"}` {
		t.Errorf("first record: %+v", first)
	}
	must(t, s, set("b", "x", "", "leer", "", "z", "3"))
	view(t, s, func(rows journal.Rows) {
		if x, y, z := get(t, rows, "x"), get(t, rows, "y"), get(t, rows, "z"); x != "(none)" || y != "2" || z != "3" {
			t.Errorf("x=%s y=%s z=%s", x, y, z)
		}
	})
	unchanged(t, s, 5)
}

func repeated(t *testing.T, s journal.Store) {
	first := must(t, s, set("a", "x", "1", "y", "2"))
	must(t, s, set("b", "x", "3"))
	again := set("a", "x", "1", "y", "2")
	again.Decide = func(journal.Rows) ([]journal.Event, error) {
		t.Error("a repeated act was decided again")
		return nil, errRefused
	}
	second := must(t, s, again)
	if !second.Repeated || len(second.Records) != 2 {
		t.Fatalf("repeated act: %+v", second)
	}
	for i := range first.Records {
		if first.Records[i].Hash != second.Records[i].Hash || second.Records[i].Sum() != second.Records[i].Hash {
			t.Errorf("record %d differs when repeated", i)
		}
	}
	unchanged(t, s, 3)
}

func keyReused(t *testing.T, s journal.Store) {
	must(t, s, set("a", "x", "1"))
	_, err := s.Append(t.Context(), set("a", "x", "2"))
	if !errors.Is(err, journal.ErrKeyReused) || fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "J-101") {
		t.Errorf("reused key: %v", err)
	}
	// A key that only begins like another, or looks like a record's, is its own.
	must(t, s, set("a/0", "x", "3"))
	must(t, s, set("aa", "x", "4"))
	unchanged(t, s, 3)
}

func allOrNothing(t *testing.T, s journal.Store) {
	must(t, s, set("a", "x", "1"))
	verdict := errors.New("verdict")
	refused := set("b", "x", "2")
	refused.Decide = func(journal.Rows) ([]journal.Event, error) { return nil, verdict }
	if _, err := s.Append(t.Context(), refused); !errors.Is(err, verdict) {
		t.Errorf("refused by Decide: %v", err)
	}
	if _, err := s.Append(t.Context(), set("c", "x", "3", "verweigert", "1")); !errors.Is(err, errRefused) {
		t.Errorf("refused by a projection: %v", err)
	}
	unchanged(t, s, 1)
	view(t, s, func(rows journal.Rows) {
		if got := get(t, rows, "x"); got != "1" {
			t.Errorf("x is %s after refused acts", got)
		}
	})
	// The keys of refused acts are free, and the chain goes on.
	must(t, s, set("b", "x", "4"))
	must(t, s, set("c", "x", "5"))
	unchanged(t, s, 3)
	verify(t, all(t, s))
}

// foreign is an event of no released type.
type foreign struct{}

// EventType implements journal.Event.
func (foreign) EventType() string { return "unbekannt.v1" }

func limits(t *testing.T, s journal.Store) {
	long := func(n int) string { return strings.Repeat("x", n) }
	events := func(n int) []string { return slices.Repeat([]string{"x", "1"}, n) }
	named := func(a journal.Act, actor string) journal.Act { a.Actor = actor; return a }
	unlisted := set("u")
	unlisted.Decide = func(journal.Rows) ([]journal.Event, error) { return []journal.Event{foreign{}}, nil }
	for name, c := range map[string]struct {
		act  journal.Act
		code string
	}{
		"no key":           {set("", "x", "1"), "J-102"},
		"long key":         {set(long(journal.MaxKey+1), "x", "1"), "J-102"},
		"control in key":   {set("a\n", "x", "1"), "J-102"},
		"no actor":         {named(set("a", "x", "1"), ""), "J-103"},
		"too many events":  {set("a", events(journal.MaxEvents+1)...), "J-104"},
		"too large event":  {set("a", "x", long(journal.MaxPayload)), "J-104"},
		"no event":         {set("a"), ""},
		"unlisted event":   {unlisted, ""},
		"too long row key": {set("a", long(journal.MaxRowKey+1), "1"), ""},
		"foreign table":    {set("a", "fremd", "1"), ""},
	} {
		if _, err := s.Append(t.Context(), c.act); err == nil || !strings.Contains(err.Error(), c.code) {
			t.Errorf("%s: error %v, want %s", name, err, c.code)
		}
	}
	unchanged(t, s, 0)
	must(t, s, set(long(journal.MaxKey), events(journal.MaxEvents)...))
	must(t, s, set("groß", long(journal.MaxRowKey), long(journal.MaxPayload-2000)))
	unchanged(t, s, journal.MaxEvents+1)
}

func snapshot(t *testing.T, s journal.Store) {
	must(t, s, set("a", "x", "1"))
	view(t, s, func(rows journal.Rows) {
		must(t, s, set("b", "x", "2", "neu", "1"))
		if x, n := get(t, rows, "x"), get(t, rows, "neu"); x != "1" || n != "(none)" {
			t.Errorf("a view changed while it was open: x=%s neu=%s", x, n)
		}
	})
	view(t, s, func(rows journal.Rows) {
		if x := get(t, rows, "x"); x != "2" {
			t.Errorf("a later view does not see the act: x=%s", x)
		}
	})
	stop := errors.New("stop")
	if err := s.View(t.Context(), func(journal.Rows) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error of a view: %v", err)
	}
}

// Rows that outlive their view or act would read another moment or nothing.
func rowsEnd(t *testing.T, s journal.Store) {
	var kept []journal.Rows
	view(t, s, func(rows journal.Rows) { kept = append(kept, rows) })
	a := set("a", "x", "1")
	decide := a.Decide
	a.Decide = func(rows journal.Rows) ([]journal.Event, error) {
		kept = append(kept, rows)
		return decide(rows)
	}
	must(t, s, a)
	for i, rows := range kept {
		if _, err := rows.Get("probe", "x"); err == nil {
			t.Errorf("rows %d answer Get after their end", i)
		}
		if err := rows.Scan("probe", journal.Range{}, nil); err == nil {
			t.Errorf("rows %d answer Scan after their end", i)
		}
	}
}

func scan(t *testing.T, s journal.Store) {
	must(t, s, set("a", "a/1", "1", "a/2", "2", "b/1", "3", "ä", "4", "a", "5", "a0", "6", "\U0001F48A", "7"))
	for _, c := range []struct {
		r    journal.Range
		want string
	}{
		{journal.Range{}, "a a/1 a/2 a0 b/1 ä \U0001F48A"},
		{journal.Range{Reverse: true}, "\U0001F48A ä b/1 a0 a/2 a/1 a"},
		{journal.Prefix("a/"), "a/1 a/2"},
		{journal.Range{From: "a/", To: "a0", Reverse: true}, "a/2 a/1"},
		{journal.Range{From: "a/2"}, "a/2 a0 b/1 ä \U0001F48A"},
		{journal.Range{To: "a/2"}, "a a/1"},
		{journal.Range{From: "a/2", To: "a/2"}, ""},
		{journal.Range{From: "b", To: "a"}, ""},
		{journal.Prefix("zz"), ""},
	} {
		var got []string
		view(t, s, func(rows journal.Rows) {
			err := rows.Scan("probe", c.r, func(key string, _ []byte) (bool, error) {
				got = append(got, key)
				return true, nil
			})
			if err != nil {
				t.Errorf("scan %+v: %v", c.r, err)
			}
		})
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("scan %+v: %q, want %q", c.r, s, c.want)
		}
	}
	stop := errors.New("stop")
	view(t, s, func(rows journal.Rows) {
		calls := 0
		err := rows.Scan("probe", journal.Range{}, func(string, []byte) (bool, error) { calls++; return calls < 2, nil })
		if err != nil || calls != 2 {
			t.Errorf("stopped scan: %d calls, %v", calls, err)
		}
		err = rows.Scan("probe", journal.Range{}, func(string, []byte) (bool, error) { return true, stop })
		if !errors.Is(err, stop) {
			t.Errorf("error of a scan: %v", err)
		}
	})
}

// A value belongs to whoever reads it.
func values(t *testing.T, s journal.Store) {
	must(t, s, set("a", "x", "1"))
	view(t, s, func(rows journal.Rows) {
		b, err := rows.Get("probe", "x")
		if err != nil {
			t.Fatal(err)
		}
		b[0] = '9'
		if got := get(t, rows, "x"); got != "1" {
			t.Errorf("writing into a value changed the row to %s", got)
		}
	})
}

func records(t *testing.T, s journal.Store) {
	for i := range 5 {
		must(t, s, set(fmt.Sprint(i), "x", fmt.Sprint(i)))
	}
	var seqs []uint64
	err := s.Records(t.Context(), s.Self(), 2, func(r journal.Record) (bool, error) {
		seqs = append(seqs, r.Seq)
		return r.Seq < 4, nil
	})
	if err != nil || !slices.Equal(seqs, []uint64{3, 4}) {
		t.Errorf("records after 2 until 4: %v %v", seqs, err)
	}
	none := func(r journal.Record) (bool, error) { return false, fmt.Errorf("unexpected record %d", r.Seq) }
	if err := s.Records(t.Context(), s.Self(), 5, none); err != nil {
		t.Error(err)
	}
	other := journal.Origin{Node: s.Self().Node, Incarnation: "ffffffffffffffff"}
	if err := s.Records(t.Context(), other, 0, none); err != nil {
		t.Error(err)
	}
}

func chain(t *testing.T, s journal.Store) {
	for i := range 20 {
		must(t, s, set(fmt.Sprint(i), "x", fmt.Sprint(i), "y", "<&>ä\u2028"))
	}
	list := all(t, s)
	verify(t, list)
	heads, err := s.Heads(t.Context())
	if err != nil || len(heads) != 1 || heads[0].Hash != list[len(list)-1].Hash || heads[0].Origin != s.Self() {
		t.Errorf("heads: %+v %v", heads, err)
	}
}

// verify checks hashes, chain, numbers and counters.
func verify(t *testing.T, list []journal.Record) {
	t.Helper()
	var prev journal.Record
	for i, r := range list {
		if r.Sum() != r.Hash || r.Prev != prev.Hash || r.Seq != uint64(i+1) || r.Lamport <= prev.Lamport {
			t.Errorf("record %d breaks the chain: %+v", i+1, r)
		}
		prev = r
	}
}

func concurrent(t *testing.T, s journal.Store) {
	const workers, each = 8, 20
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				key := fmt.Sprintf("%d-%d", w, i)
				if i%5 == 0 {
					key = fmt.Sprintf("gemeinsam-%d", i) // all workers, once in the log
				}
				if _, err := s.Append(t.Context(), set(key, "x", fmt.Sprint(i))); err != nil {
					t.Errorf("append %s: %v", key, err)
				}
				if err := s.View(t.Context(), consistent); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	verify(t, all(t, s))
	unchanged(t, s, workers*(each-4)+4)
}

// consistent checks that both projections of a view are of the same moment.
func consistent(rows journal.Rows) error {
	before, err := count(rows)
	if err != nil {
		return err
	}
	x, err := rows.Get("probe", "x")
	if err != nil {
		return err
	}
	after, err := count(rows)
	if err != nil {
		return err
	}
	if (x == nil) != (before == 0) || before != after {
		return fmt.Errorf("view is torn: %d and %d records, x=%q", before, after, x)
	}
	return nil
}

func cancelled(t *testing.T, s journal.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Append(ctx, set("a", "x", "1")); !errors.Is(err, context.Canceled) {
		t.Errorf("append: %v", err)
	}
	if err := s.View(ctx, func(journal.Rows) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("view: %v", err)
	}
	if _, err := s.Heads(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("heads: %v", err)
	}
	unchanged(t, s, 0)
	must(t, s, set("a", "x", "1"))
}

func sealed(t *testing.T, s journal.Store) {
	a, err := s.Seal(t.Context(), "p1", []byte("Anna Muster"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Seal(t.Context(), "p2", []byte("Bernd Muster"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(a.Data), "Anna") || a.Person != "p1" {
		t.Errorf("sealed: %+v", a)
	}
	if got, err := s.Open(t.Context(), a); err != nil || string(got) != "Anna Muster" {
		t.Errorf("opened %q, %v", got, err)
	}
	if _, err := s.Open(t.Context(), journal.Sealed{Person: "p1", Data: b.Data}); err == nil {
		t.Error("data of one person opened as another's")
	}
	a.Data[len(a.Data)-1] ^= 1
	if _, err := s.Open(t.Context(), a); err == nil || errors.Is(err, journal.ErrErased) {
		t.Errorf("damaged data: %v", err)
	}
	for _, id := range []string{"", "a\x00b", strings.Repeat("x", journal.MaxPerson+1)} {
		if _, err := s.Seal(t.Context(), id, nil); err == nil || !strings.Contains(err.Error(), "J-105") {
			t.Errorf("person %q: %v", id, err)
		}
	}
}

func erased(t *testing.T, s journal.Store) {
	data, err := s.Seal(t.Context(), "p1", []byte("Anna"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := s.Seal(t.Context(), "p2", []byte("Bernd"))
	if err != nil {
		t.Fatal(err)
	}
	must(t, s, set("x", "x", "1"))
	refused := erase("weg", "p1")
	refused.Decide = func(journal.Rows) ([]journal.Event, error) { return nil, errRefused }
	if _, err := s.Append(t.Context(), refused); !errors.Is(err, errRefused) {
		t.Fatal(err)
	}
	if _, err := s.Open(t.Context(), data); err != nil {
		t.Errorf("a refused act erased: %v", err)
	}
	must(t, s, erase("weg", "p1"))
	must(t, s, erase("nie", "p3"))
	for range 2 { // the second time after a new erasure of the same person
		if _, err := s.Open(t.Context(), data); !errors.Is(err, journal.ErrErased) {
			t.Errorf("open after erasure: %v", err)
		}
		for _, p := range []string{"p1", "p3"} {
			if _, err := s.Seal(t.Context(), p, []byte("Anna")); !errors.Is(err, journal.ErrErased) {
				t.Errorf("seal for %s after erasure: %v", p, err)
			}
		}
		must(t, s, erase("noch einmal", "p1"))
	}
	if got, err := s.Open(t.Context(), other); err != nil || string(got) != "Bernd" {
		t.Errorf("the other person: %q, %v", got, err)
	}
	verify(t, all(t, s))
}

func closes(t *testing.T, s journal.Store) {
	c, ok := s.(io.Closer)
	if !ok {
		t.Fatal("a store must have Close")
	}
	must(t, s, set("a", "x", "1"))
	for range 2 {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, appendErr := s.Append(t.Context(), set("b", "x", "1"))
	_, sealErr := s.Seal(t.Context(), "p1", nil)
	_, headsErr := s.Heads(t.Context())
	viewErr := s.View(t.Context(), func(journal.Rows) error { return nil })
	for _, err := range []error{appendErr, sealErr, headsErr, viewErr} {
		if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "J-206") {
			t.Errorf("after Close: %v", err)
		}
	}
}
