package export_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/export"
)

// What is appended is, byte for byte, what is exported, whatever stands in the record; and what
// was appended is read again as it was.
func TestAppendIsTheExport(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"platz-1", "ä", "a\"b", "\\", "\u2028", "<&>", "\xff", ""}))
		hash := func() (h journal.Hash) {
			copy(h[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
			return h
		}
		r := journal.Record{
			Origin: journal.Origin{Node: text.Draw(t, "node"), Incarnation: text.Draw(t, "incarnation")},
			Seq:    rapid.Uint64().Draw(t, "seq"), Key: text.Draw(t, "key"), InputHash: hash(), Type: text.Draw(t, "type"),
			Lamport: rapid.Uint64().Draw(t, "lamport"), Wall: rapid.Int64().Draw(t, "wall"), Zone: text.Draw(t, "zone"),
			Actor: text.Draw(t, "actor"), Prev: hash(), Hash: hash(),
			Payload: []byte(rapid.OneOf(text, rapid.SampledFrom([]string{
				`{"a":1}`, `{"a": 1}`, ` {}`, `{} `, "{}\n", `null`, `{"a":"\" b","c":[1,2]}`, `{"a":"ä<` + "\u2028" + `"}`, `{`, `{}{}`, `0`,
				`{},"prev":"00"`, `null,"payload_base64":"AA=="`, `{"hash":"\\"}`, "{\"\xff\":1}",
			})).Draw(t, "payload")),
		}
		got, err := export.Append([]byte("x"), &r)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if err := export.NewEncoder(&want).Encode(export.Of(r)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff("x"+want.String(), string(got)); diff != "" {
			t.Fatal(diff)
		}
		if back, ok := export.Parse(got[1:]); ok && len(r.Payload) > 0 { // none is written as null
			if diff := cmp.Diff(r, back); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// Whatever line is read the short way is read the same the long way.
func FuzzParse(f *testing.F) {
	r := journal.Record{
		Origin: journal.Origin{Node: "platz-1", Incarnation: "0123456789abcdef"}, Seq: 1, Key: "a/0", Type: "x.v1",
		Lamport: 2, Wall: -1, Zone: journal.Zone, Actor: "Ä", Payload: []byte(`{"x":"ä"}`),
	}
	line, err := export.Append(nil, &r)
	if err != nil {
		f.Fatal(err)
	}
	if _, ok := export.Parse(line); !ok {
		f.Fatalf("%s is read the long way", line)
	}
	f.Add(line)
	for old, other := range map[string]string{
		`{"x":"ä"}`: `null,"payload_base64":"AA=="`, `"seq":1`: `"seq":01`, `"wall":-1`: `"wall":-0`, `"Ä"`: `"\u00c4"`,
		`:{"x"`: `: {"x"`, `"type"`: `"key":"b","type"`, `00"}`: `00" }`,
	} {
		f.Add(bytes.Replace(line, []byte(old), []byte(other), 1))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		got, ok := export.Parse(line)
		if !ok || !json.Valid(got.Payload) { // the hash of nothing that we wrote
			return
		}
		var z export.Zeile
		if err := json.Unmarshal(line, &z); err != nil {
			t.Fatal(err)
		}
		want, err := z.Record()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}
