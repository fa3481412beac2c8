package journaltest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
)

// platz is another machine: it writes records without a store.
type platz struct {
	t     *testing.T
	chain journal.Chain
}

func nachbar(t *testing.T, node string, lamport uint64) *platz {
	t.Helper()
	return &platz{t, journal.Chain{
		Origin: journal.Origin{Node: node, Incarnation: "00000000000000aa"}, Lamport: lamport,
	}}
}

// tu makes the records of an act.
func (p *platz) tu(a journal.Act) []journal.Record {
	p.t.Helper()
	input, err := a.Check()
	if err != nil {
		p.t.Fatal(err)
	}
	events, err := a.Decide(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	list, err := p.chain.Extend(a, input, events)
	if err != nil {
		p.t.Fatal(err)
	}
	return list
}

func receive(t *testing.T, s journal.Store, list []journal.Record) journal.Received {
	t.Helper()
	r, err := s.Receive(t.Context(), list)
	if err != nil {
		t.Fatalf("receive: %v", err)
	}
	return r
}

// rowsOf are the settings of the probe.
func rowsOf(t *testing.T, s journal.Store, keys ...string) string {
	t.Helper()
	var list []string
	view(t, s, func(rows journal.Rows) {
		for _, k := range keys {
			list = append(list, k+"="+get(t, rows, k))
		}
	})
	return strings.Join(list, " ")
}

// What others wrote is stored as it is, applied, counted on from, and shipped on; coming
// again it changes nothing.
func received(t *testing.T, s journal.Store) {
	must(t, s, set("a", "x", "1"))
	p := nachbar(t, "platz-9", 40)
	list := slices.Concat(p.tu(set("b", "y", "2", "z", "3")), p.tu(set("c", "x", "4")))
	for i, want := range []int{3, 0} {
		r := receive(t, s, list)
		if r.New != want || r.Aside != 0 || r.Head != (journal.Head{Origin: p.chain.Origin, Seq: 3, Hash: list[2].Hash}) {
			t.Errorf("time %d: %+v", i, r)
		}
	}
	if got := rowsOf(t, s, "x", "y", "z"); got != "x=4 y=2 z=3" {
		t.Error(got)
	}
	bell := s.Changed()
	more := p.tu(set("d", "y", "5"))
	if r := receive(t, s, append(slices.Clone(list[1:]), more...)); r.New != 1 {
		t.Errorf("overlapping: %+v", r)
	}
	select {
	case <-bell:
	default:
		t.Error("nobody was told")
	}
	heads, err := s.Heads(t.Context())
	if err != nil || len(heads) != 2 || heads[0].Origin != s.Self() || heads[1].Origin != p.chain.Origin || heads[1].Seq != 4 {
		t.Errorf("%+v %v", heads, err)
	}
	var got []journal.Record
	if err := s.Records(t.Context(), p.chain.Origin, 1, func(r journal.Record) (bool, error) {
		got = append(got, r)
		return true, nil
	}); err != nil || len(got) != 3 || got[2].Hash != more[0].Hash || got[0].Sum() != list[1].Hash {
		t.Errorf("%d records, %v", len(got), err)
	}
	if own := must(t, s, set("e", "x", "6")).Records[0]; own.Lamport != 45 || own.Seq != 2 {
		t.Errorf("own record after those of counter 44: %+v", own)
	}
	again := must(t, s, set("b", "y", "2", "z", "3"))
	if !again.Repeated || len(again.Records) != 2 || again.Records[0].Origin != p.chain.Origin {
		t.Errorf("an act that another machine has done: %+v", again)
	}
}

// A record is taken only as its store made it, and all of a batch or nothing.
func receivedForged(t *testing.T, s journal.Store) {
	p := nachbar(t, "platz-9", 0)
	list := slices.Concat(p.tu(set("a", "x", "1")), p.tu(set("b", "x", "2")))
	sum := func(r *journal.Record) { r.Hash = r.Sum() }
	for name, spoil := range map[string]func(l []journal.Record){
		"payload":     func(l []journal.Record) { l[1].Payload = []byte(`{"schluessel":"x","wert":"3"}`) },
		"actor":       func(l []journal.Record) { l[1].Actor = "CD" },
		"time":        func(l []journal.Record) { l[1].Wall++ },
		"order":       func(l []journal.Record) { l[0], l[1] = l[1], l[0] },
		"twice":       func(l []journal.Record) { l[1] = l[0] },
		"two origins": func(l []journal.Record) { l[1].Origin.Node = "platz-8"; sum(&l[1]) },
		"no prev":     func(l []journal.Record) { l[1].Prev = journal.Hash{}; sum(&l[1]) },
		"first":       func(l []journal.Record) { l[0].Prev = journal.Hash{1}; sum(&l[0]) },
		"node":        func(l []journal.Record) { l[0].Origin.Node = "a/b"; sum(&l[0]) },
		"incarnation": func(l []journal.Record) { l[0].Origin.Incarnation = "A"; sum(&l[0]) },
		"key":         func(l []journal.Record) { l[1].Key = "b"; sum(&l[1]) },
		"no payload":  func(l []journal.Record) { l[1].Payload = nil; sum(&l[1]) },
		"counter":     func(l []journal.Record) { l[1].Lamport = journal.MaxLamport + 1; sum(&l[1]) },
		"too large":   func(l []journal.Record) { l[1].Payload = make([]byte, journal.MaxPayload+1); sum(&l[1]) },
	} {
		bad := slices.Clone(list)
		spoil(bad)
		if _, err := s.Receive(t.Context(), bad); !errors.Is(err, journal.ErrForged) || fault.KindOf(err) != fault.Corrupt {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, n := range []int{0, journal.MaxBatch + 1} {
		if _, err := s.Receive(t.Context(), make([]journal.Record, n)); !errors.Is(err, journal.ErrForged) {
			t.Errorf("%d records: %v", n, err)
		}
	}
	unchanged(t, s, 0)
	if _, err := s.Receive(t.Context(), list[1:]); !errors.Is(err, journal.ErrGap) {
		t.Errorf("without the first: %v", err)
	}
	receive(t, s, list)
}

// Two histories of one origin are told apart, wherever they part; nothing of the second is
// taken, and the first goes on.
func receivedForks(t *testing.T, s journal.Store) {
	fork := func(what string, list []journal.Record, want journal.Fork) {
		t.Helper()
		_, err := s.Receive(t.Context(), list)
		f, ok := errors.AsType[*journal.Fork](err)
		if !ok || *f != want || !errors.Is(err, journal.ErrFork) || fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s: %v %+v", what, err, f)
		}
	}
	p, copied := nachbar(t, "platz-9", 0), nachbar(t, "platz-9", 0)
	list := slices.Concat(p.tu(set("a", "x", "1")), p.tu(set("b", "x", "2")))
	other := slices.Concat(copied.tu(set("a", "x", "1")), copied.tu(set("c", "y", "3")), copied.tu(set("d", "y", "4")))
	receive(t, s, list)
	fork("a known record is another", other, journal.Fork{Origin: p.chain.Origin, Seq: 2})
	fork("the next follows another", other[2:], journal.Fork{Origin: p.chain.Origin, Seq: 2})
	if got := rowsOf(t, s, "x", "y"); got != "x=2 y=(none)" {
		t.Error(got)
	}
	receive(t, s, p.tu(set("e", "x", "5")))

	own := must(t, s, set("f", "x", "6")).Records
	if r := receive(t, s, own); r.New != 0 {
		t.Errorf("own records come back: %+v", r)
	}
	self := &platz{t, journal.Chain{Origin: s.Self(), Seq: 1, Hash: own[0].Hash, Lamport: own[0].Lamport}}
	later := self.tu(set("g", "x", "7"))
	fork("own records that this database does not have", later, journal.Fork{Origin: s.Self(), Seq: 2})
	must(t, s, set("h", "x", "8"))
	fork("own records other than those here", later, journal.Fork{Origin: s.Self(), Seq: 2})
}

// An act that was done on two machines counts once, and on every machine the same of the two,
// in whatever order they come. The same key for other things counts twice.
func receivedTwice(t *testing.T, s journal.Store) {
	early, late := nachbar(t, "platz-8", 10), nachbar(t, "platz-9", 20)
	first, second := early.tu(set("a", "x", "1")), late.tu(set("a", "x", "1"))
	receive(t, s, second)
	if r := receive(t, s, first); r.New != 1 || r.Aside != 0 {
		t.Errorf("the earlier one: %+v", r)
	}
	third := nachbar(t, "platz-7", 30).tu(set("a", "x", "1"))
	if r := receive(t, s, third); r.New != 1 || r.Aside != 1 {
		t.Errorf("a still later one: %+v", r)
	}
	counted := func(want int) {
		t.Helper()
		view(t, s, func(rows journal.Rows) {
			if n, err := count(rows); err != nil || n != want {
				t.Errorf("%d records count (%v), want %d", n, err, want)
			}
		})
	}
	counted(1)
	view(t, s, func(rows journal.Rows) { // what counts no more is kept of, whether it came first or later
		for node, want := range map[string]bool{"platz-7": true, "platz-8": false, "platz-9": true} {
			if b, err := rows.Get("zaehler", "behalten/a/0/"+node); err != nil || (b != nil) != want {
				t.Errorf("kept of the act of %s: %q %v", node, b, err)
			}
		}
	})
	again := must(t, s, set("a", "x", "1"))
	if !again.Repeated || again.Records[0].Origin != early.chain.Origin {
		t.Errorf("the one that counts: %+v", again.Records)
	}
	if r := receive(t, s, late.tu(set("b", "x", "2", "y", "3"))); r.Aside != 0 {
		t.Errorf("%+v", r)
	}
	other := early.tu(set("b", "x", "2", "y", "4"))
	if r := receive(t, s, other); r.Aside != 0 {
		t.Errorf("another input: %+v", r)
	}
	counted(5)
	// Every record of the later act is set aside, also when it wrote more of them.
	receive(t, s, early.tu(set("c", "x", "5")))
	longer := late.tu(withInput(set("c", "x", "5", "z", "6"), []string{"x", "5"}))
	if r := receive(t, s, longer); r.Aside != 2 {
		t.Errorf("%+v", r)
	}
	counted(6)
	mine := must(t, s, set("d", "x", "7")).Records
	receive(t, s, nachbar(t, "platz-6", 1).tu(set("d", "x", "7")))
	counted(7)
	if again := must(t, s, set("d", "x", "7")); !again.Repeated || again.Records[0].Hash != mine[0].Hash {
		t.Errorf("own acts keep their answer: %+v", again)
	}
}

func withInput(a journal.Act, input any) journal.Act { a.Input = input; return a }

// What this version does not know, or cannot read, is stored and shipped on, and stops
// nothing.
func receivedStrange(t *testing.T, s journal.Store) {
	p := nachbar(t, "platz-9", 0)
	strange := set("a")
	strange.Decide = func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{foreign{}, event.EinstellungGesetzt{Schluessel: "x", Wert: "1"}}, nil
	}
	if r := receive(t, s, p.tu(strange)); r.New != 2 || r.Aside != 1 {
		t.Errorf("unknown type: %+v", r)
	}
	if r := receive(t, s, p.tu(set("b", "verweigert", "1", "x", "2"))); r.New != 2 || r.Aside != 1 {
		t.Errorf("refused by a projection: %+v", r)
	}
	list := p.tu(set("c", "x", "3"))
	list[0].Payload = []byte(`{"wert":7}`)
	list[0].Hash = list[0].Sum()
	if r := receive(t, s, list); r.New != 1 || r.Aside != 1 {
		t.Errorf("unreadable: %+v", r)
	}
	if got := rowsOf(t, s, "x", "verweigert"); got != "x=2 verweigert=(none)" {
		t.Error(got)
	}
	must(t, s, set("d", "x", "4"))
}

// An erasure on one machine erases on all, before anything is read again.
func receivedErasure(t *testing.T, s journal.Store) {
	sealed, err := s.Seal(t.Context(), "p1", []byte("Frau Muster"))
	if err != nil {
		t.Fatal(err)
	}
	p := nachbar(t, "platz-9", 0)
	receive(t, s, p.tu(erase("a", "p1")))
	if _, err := s.Open(t.Context(), sealed); !errors.Is(err, journal.ErrErased) {
		t.Errorf("after erasure elsewhere: %v", err)
	}
	receive(t, s, p.tu(erase("b", "p2"))) // never seen here
	if _, err := s.Seal(t.Context(), "p2", []byte("x")); !errors.Is(err, journal.ErrErased) {
		t.Errorf("erased before it came: %v", err)
	}
}

// A database that was put back to an older state goes on under a new name: what it wrote
// since then stays, as its own, and what it wrote before that comes back from others.
func reborn(t *testing.T, s journal.Store) {
	first := must(t, s, set("a", "x", "1")).Records
	before := s.Self()
	lost := &platz{t, journal.Chain{Origin: before, Seq: 1, Hash: first[0].Hash, Lamport: first[0].Lamport}}
	there := slices.Concat(lost.tu(set("b", "y", "2")), lost.tu(set("c", "z", "3")))
	since := must(t, s, set("d", "x", "4", "v", "5")).Records
	if _, err := s.Receive(t.Context(), there); !errors.Is(err, journal.ErrFork) {
		t.Fatal(err)
	}
	if err := s.Reincarnate(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if s.Self() == before || s.Self().Node != before.Node {
		t.Errorf("self is %s", s.Self())
	}
	if r := receive(t, s, there); r.New != 2 {
		t.Errorf("%+v", r)
	}
	if got := rowsOf(t, s, "x", "y", "z", "v"); got != "x=4 y=2 z=3 v=5" {
		t.Error(got)
	}
	own := all(t, s)
	if len(own) != 3 || own[0].Seq != 1 || own[0].Type != "geschichte.verlassen.v1" || own[0].Prev != (journal.Hash{}) {
		t.Fatalf("%+v", own)
	}
	own = own[1:]
	if own[0].Key != "d/0" || string(own[1].Payload) != string(since[1].Payload) ||
		own[0].Wall != since[0].Wall || own[1].Sum() != own[1].Hash {
		t.Errorf("%+v", own)
	}
	for key, from := range map[string]journal.Origin{"a": before, "b": before, "d": s.Self()} {
		pairs := map[string][]string{"a": {"x", "1"}, "b": {"y", "2"}, "d": {"x", "4", "v", "5"}}[key]
		if r := must(t, s, set(key, pairs...)); !r.Repeated || r.Records[0].Origin != from {
			t.Errorf("%s again: %+v", key, r)
		}
	}
	r := must(t, s, set("e", "x", "6")).Records[0]
	if r.Seq != 4 || r.Prev != own[1].Hash || r.Lamport != 5 {
		t.Errorf("%+v", r)
	}
	if err := s.Reincarnate(t.Context(), 99); err != nil { // nothing to move
		t.Fatal(err)
	}
	must(t, s, set("f", "x", "7"))
	heads, err := s.Heads(t.Context())
	if err != nil || len(heads) != 3 || heads[0].Seq != 1 {
		t.Errorf("%+v %v", heads, err)
	}
}

// A history that its own machine has left is let go of, whoever brought it here first; the
// other one takes its place, acts that are in both names count once, and it does not come back.
func abandoned(t *testing.T, s journal.Store) {
	p := nachbar(t, "platz-9", 0)
	common := p.tu(set("a", "x", "1"))
	fork := *p
	wrong := slices.Concat(fork.tu(set("b", "y", "2")), fork.tu(set("c", "z", "3")))
	right := slices.Concat(p.tu(set("d", "v", "4")), p.tu(set("e", "w", "5")))
	receive(t, s, common)
	receive(t, s, wrong)
	reborn := &platz{t, journal.Chain{Origin: journal.Origin{Node: "platz-9", Incarnation: "00000000000000bb"}, Lamport: 9}}
	e, act := event.Leave(wrong[0], reborn.chain.Origin, wall())
	act.Decide = func(journal.Rows) ([]journal.Event, error) { return []journal.Event{e}, nil }
	news := reborn.tu(act)
	for _, r := range wrong {
		news = append(news, reborn.chain.Readmit(r))
	}
	for range 2 {
		if r := receive(t, s, news); r.Aside != 0 {
			t.Errorf("%+v", r)
		}
	}
	if r := receive(t, s, right); r.New != 2 || r.Aside != 0 {
		t.Errorf("the history that holds: %+v", r)
	}
	if got := rowsOf(t, s, "v", "w", "x", "y", "z"); got != "v=4 w=5 x=1 y=2 z=3" {
		t.Error(got)
	}
	if _, err := s.Receive(t.Context(), wrong); !errors.Is(err, journal.ErrFork) {
		t.Errorf("the history that was left came back: %v", err)
	}
	if again := must(t, s, set("b", "y", "2")); !again.Repeated || again.Records[0].Origin != reborn.chain.Origin {
		t.Errorf("an act of both names: %+v", again.Records)
	}
}

// Only a machine itself leaves its history: what another one says of it takes no record away,
// neither of a third one nor of this one.
func foreignLeave(t *testing.T, s journal.Store) {
	own := must(t, s, set("a", "x", "1")).Records
	there := nachbar(t, "platz-8", 0).tu(set("b", "y", "2"))
	receive(t, s, there)
	liar := nachbar(t, "platz-9", 5)
	for _, r := range []journal.Record{own[0], there[0]} {
		e, act := event.Leave(r, liar.chain.Origin, wall())
		act.Key += r.Origin.Node
		act.Decide = func(journal.Rows) ([]journal.Event, error) { return []journal.Event{e}, nil }
		receive(t, s, liar.tu(act))
	}
	if got := rowsOf(t, s, "x", "y"); got != "x=1 y=2" {
		t.Error(got)
	}
	if r := receive(t, s, there); r.New != 0 || r.Head.Seq != 1 {
		t.Errorf("%+v", r)
	}
	if r := must(t, s, set("c", "x", "3")).Records[0]; r.Seq != 2 || r.Prev != own[0].Hash {
		t.Errorf("%+v", r)
	}
}

// A machine was put back to before it left a history, and goes on in that: the record with which it
// had left it takes nothing away beneath the till, and it can leave it once more.
func leftBefore(t *testing.T, s journal.Store) {
	must(t, s, set("a", "x", "1"))
	second := must(t, s, set("b", "y", "2")).Records[0]
	life := &platz{t, journal.Chain{
		Origin: journal.Origin{Node: s.Self().Node, Incarnation: "00000000000000ff"}, Lamport: 9,
	}}
	e, act := event.Leave(second, life.chain.Origin, wall())
	act.Decide = func(journal.Rows) ([]journal.Event, error) { return []journal.Event{e}, nil }
	receive(t, s, append(life.tu(act), life.chain.Readmit(second)))
	if r := must(t, s, set("c", "z", "3")).Records[0]; r.Seq != 3 || r.Prev != second.Hash {
		t.Errorf("%+v", r)
	}
	if r := must(t, s, set("b", "y", "2")); !r.Repeated {
		t.Errorf("done again: %+v", r)
	}
	if err := s.Reincarnate(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	must(t, s, set("d", "x", "4"))
	if got := rowsOf(t, s, "x", "y", "z"); got != "x=4 y=2 z=3" {
		t.Error(got)
	}
	if own := all(t, s); len(own) != 4 || own[0].Type != "geschichte.verlassen.v1" {
		t.Errorf("%+v", own)
	}
}

// Two histories were written under an earlier name of this machine, and it has lost one of them: another still has
// that. It becomes its own, once; acts that are in both, or were done again since, count once; whoever has the
// record that it was left lets go of it.
func adopted(t *testing.T, s journal.Store) {
	p := &platz{t, journal.Chain{Origin: journal.Origin{Node: s.Self().Node, Incarnation: "00000000000000aa"}}}
	common := p.tu(set("a", "x", "1"))
	fork := *p
	here := slices.Concat(p.tu(set("b", "y", "2")), p.tu(set("both", "v", "7")))
	lost := slices.Concat(fork.tu(set("c", "z", "3", "w", "4")), fork.tu(set("both", "v", "7")), fork.tu(set("again", "u", "5")))
	receive(t, s, slices.Concat(common, here))
	must(t, s, set("again", "u", "5"))
	if _, err := s.Receive(t.Context(), lost); !errors.Is(err, journal.ErrFork) {
		t.Fatal(err)
	}
	other := nachbar(t, "platz-9", 0)
	gap := slices.Concat(lost[:1], lost[2:])
	for _, bad := range [][]journal.Record{nil, other.tu(set("o", "x", "9")), all(t, s), gap} {
		if err := s.Adopt(t.Context(), bad); !errors.Is(err, journal.ErrForged) && !errors.Is(err, journal.ErrGap) {
			t.Errorf("%d records: %v", len(bad), err)
		}
	}
	for range 2 {
		if err := s.Adopt(t.Context(), lost); err != nil {
			t.Fatal(err)
		}
	}
	if got := rowsOf(t, s, "x", "y", "z", "w", "v", "u"); got != "x=1 y=2 z=3 w=4 v=7 u=5" {
		t.Error(got)
	}
	for _, a := range []journal.Act{set("c", "z", "3", "w", "4"), set("both", "v", "7"), set("again", "u", "5")} {
		if r := must(t, s, a); !r.Repeated {
			t.Errorf("%s is done again", a.Key)
		}
	}
	next := must(t, s, set("d", "x", "6")).Records[0]
	own := all(t, s)
	if len(own) != 7 || own[1].Type != "geschichte.verlassen.v1" || own[2].Key != "c/0" || own[6].Hash != next.Hash {
		t.Fatalf("%+v", own)
	}
	for i := 1; i < len(own); i++ {
		if own[i].Sum() != own[i].Hash || own[i].Prev != own[i-1].Hash || own[i].Seq != uint64(i+1) {
			t.Errorf("record %d breaks the chain: %+v", i+1, own[i])
		}
	}
	holder := memory.New(memory.Options{Node: "platz-9", Projections: Projections()})
	receive(t, holder, slices.Concat(common, lost))
	receive(t, holder, own)
	receive(t, holder, here)
	if got := rowsOf(t, holder, "x", "y", "z", "w", "v", "u"); got != "x=6 y=2 z=3 w=4 v=7 u=5" {
		t.Error(got)
	}
}

// Keys of persons that two machines made are exchanged, both open what either sealed, and
// erasure wins in whatever order things come.
func exchangedKeys(t *testing.T, s, other journal.Store) {
	ctx := t.Context()
	seal := func(s journal.Store, person, text string) journal.Sealed {
		d, err := s.Seal(ctx, person, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	keys := func(s journal.Store, after uint64, limit int) []journal.PersonKey {
		list, err := s.PersonKeys(ctx, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	add := func(s journal.Store, list []journal.PersonKey) {
		if err := s.AddPersonKeys(ctx, list); err != nil {
			t.Fatal(err)
		}
	}
	here, there := seal(s, "p1", "Anna"), seal(other, "p1", "Anna M.")
	gone, late := seal(s, "p2", "Bernd"), seal(other, "p2", "Bernd B.")
	if _, err := s.Open(ctx, there); err == nil {
		t.Error("opened with a key that was never here")
	}
	must(t, s, erase("weg", "p2"))
	old := keys(other, 0, 10)
	for range 2 { // the second time nothing is new
		add(other, keys(s, 0, 10))
		add(s, old)
	}
	for i, at := range []journal.Store{s, other} {
		for _, d := range []journal.Sealed{here, there} {
			if got, err := at.Open(ctx, d); err != nil || !strings.HasPrefix(string(got), "Anna") {
				t.Errorf("machine %d: %q %v", i, got, err)
			}
		}
		for _, d := range []journal.Sealed{gone, late} {
			if _, err := at.Open(ctx, d); !errors.Is(err, journal.ErrErased) {
				t.Errorf("machine %d: the erased came back: %v", i, err)
			}
		}
		list := keys(at, 0, 10)
		if len(list) != 3 {
			t.Errorf("machine %d has %d keys and erasures, want 3", i, len(list))
		}
		if rest := keys(at, list[0].N, 1); len(rest) != 1 || rest[0].N != list[1].N {
			t.Errorf("machine %d: after the first of %v: %v", i, list, rest)
		}
	}
}
