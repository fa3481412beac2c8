package journal_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/offizin/offizin/journal"
)

// The encoding that is hashed is for ever: this sum was computed once by hand from
// docs/betrieb/journal-export.md.
func TestSumIsForEver(t *testing.T) {
	r := journal.Record{
		Origin: journal.Origin{Node: "platz-1", Incarnation: "0123456789abcdef"}, Seq: 1, Key: "a/0", Type: "x.v1",
		Lamport: 2, Wall: -1, Zone: journal.Zone, Actor: "AB", Payload: []byte(`{"x":"ä"}`),
	}
	const want = "9a8dc4c1c82ec571385156d524a767c86a044ea3e9ead0ec7a95fe4b52504110"
	sum := r.Sum()
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("sum is %s, want %s", got, want)
	}
	for i, change := range []func(*journal.Record){
		func(r *journal.Record) { r.Origin.Node = "platz-2" },
		func(r *journal.Record) { r.Origin.Incarnation = "f" },
		func(r *journal.Record) { r.Seq++ },
		func(r *journal.Record) { r.Key = "a/1" },
		func(r *journal.Record) { r.InputHash[0]++ },
		func(r *journal.Record) { r.Type = "x.v2" },
		func(r *journal.Record) { r.Lamport++ },
		func(r *journal.Record) { r.Wall++ },
		func(r *journal.Record) { r.Zone = "UTC" },
		func(r *journal.Record) { r.Actor = "CD" },
		func(r *journal.Record) { r.Payload = bytes.ToUpper(r.Payload) },
		func(r *journal.Record) { r.Prev[31]++ },
		func(r *journal.Record) { r.Key, r.Type = "a/0x", ".v1" }, // the same bytes in other fields
	} {
		changed := r
		change(&changed)
		if changed.Sum() == sum {
			t.Errorf("change %d does not change the sum", i)
		}
	}
}

func TestSplitKey(t *testing.T) {
	for key, want := range map[string]string{
		"a/0": "a", "a/b/12": "a/b", "a/999": "a", "a": "", "/0": "", "a/": "", "a/-1": "", "a/01": "", "a/x": "", "": "",
	} {
		act, i, ok := journal.SplitKey(key)
		if ok != (want != "") || ok && (act != want || journal.RecordKey(act, i) != key) {
			t.Errorf("%q: %q %d %v", key, act, i, ok)
		}
	}
}

func TestPrefix(t *testing.T) {
	for p, to := range map[string]string{"": "", "a": "b", "a/": "a0", "a\xff": "b", "\xff\xff": ""} {
		if r := journal.Prefix(p); r.From != p || r.To != to || r.Reverse {
			t.Errorf("%q: %+v", p, r)
		}
	}
}

// Which of two records of an act counts does not change when one of their machines goes on under a new name.
func TestEarlierUnderAnotherName(t *testing.T) {
	at := func(name string, lamport uint64, wall int64, payload string) *journal.Record {
		return &journal.Record{
			Origin: journal.Origin{Node: "platz-1", Incarnation: name}, Lamport: lamport, Wall: wall, Payload: []byte(payload),
		}
	}
	for _, first := range []string{"aa", "cc"} {
		for _, second := range []string{"bb", "dd"} {
			for _, c := range [][2]*journal.Record{
				{at(first, 1, 9, "z"), at(second, 2, 1, "a")},
				{at(first, 1, 1, "z"), at(second, 1, 2, "a")},
				{at(first, 1, 1, "a"), at(second, 1, 1, "z")},
			} {
				if !c[0].Earlier(c[1]) || c[1].Earlier(c[0]) {
					t.Errorf("%+v and %+v", c[0], c[1])
				}
			}
		}
	}
	if a, b := at("aa", 1, 1, "a"), at("bb", 1, 1, "a"); !a.Earlier(b) || b.Earlier(a) || a.Earlier(a) {
		t.Error("the same content")
	}
}
