package event_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
)

var update = flag.Bool("update", false, "write golden files of types that have none yet")

// TestGolden: an event of every type ever released decodes for ever and is encoded to
// the same bytes. A golden file is never changed: a changed form is a new version with
// a name and a file of its own.
func TestGolden(t *testing.T) {
	for _, kind := range event.Types() {
		t.Run(kind, func(t *testing.T) {
			golden, err := os.ReadFile(golden(kind))
			if os.IsNotExist(err) && *update {
				golden, err = write(t, kind)
			}
			if err != nil {
				t.Fatalf("%v; run go test ./journal/event -update", err)
			}
			golden = bytes.TrimSuffix(golden, []byte("\n"))
			e, err := event.Decode(kind, golden)
			if err != nil || e == nil || e.EventType() != kind {
				t.Fatalf("decoded as %v, %v", e, err)
			}
			again, err := journal.Encode(e)
			if err != nil || !bytes.Equal(again, golden) {
				t.Errorf("encoded differently (%v):\n%s", err, cmp.Diff(string(golden), string(again)))
			}
			if name := zeroField(reflect.ValueOf(e), kind); name != "" {
				t.Errorf("%s is empty in the golden file: a change of it would go unseen; "+
					"as long as the type is not released, delete the file and run go test ./journal/event -update", name)
			}
		})
	}
}

// TestFrueher: an event written before a field was there decodes for ever and is encoded
// to the same bytes. The file is named after its type and what it lacks.
func TestFrueher(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "frueher", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(filepath.Base(f), ".ohne-")
		data = bytes.TrimSuffix(data, []byte("\n"))
		e, err := event.Decode(kind, data)
		if err != nil || e == nil {
			t.Fatalf("%s: decoded as %v, %v", f, e, err)
		}
		if again, err := journal.Encode(e); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%s: encoded differently (%v):\n%s", f, err, cmp.Diff(string(data), string(again)))
		}
	}
}

// TestGoldenFilesAreKnown: a type that was released is never taken out of the program.
func TestGoldenFilesAreKnown(t *testing.T) {
	files, err := filepath.Glob(golden("*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, f := range files {
		if kind := strings.TrimSuffix(filepath.Base(f), ".json"); !slices.Contains(event.Types(), kind) {
			t.Errorf("%s was released, but the program does not know it any more", kind)
		}
	}
	if !slices.IsSorted(event.Types()) {
		t.Error("Types is not sorted")
	}
}

func TestDecodeRefuses(t *testing.T) {
	if e, err := event.Decode("unbekannt.v1", []byte("{}")); e != nil || err != nil {
		t.Errorf("unknown type: %v %v", e, err)
	}
	for _, payload := range []string{"", "{", `{"schluessel":1}`, `{"fremd":"x"}`, "[]"} {
		if e, err := event.Decode("einstellung.gesetzt.v1", []byte(payload)); err == nil {
			t.Errorf("%q decodes as %v", payload, e)
		}
	}
}

func golden(kind string) string { return filepath.Join("testdata", "golden", kind+".json") }

// write makes the first golden file of a type: an event with something in every field.
func write(t *testing.T, kind string) ([]byte, error) {
	t.Helper()
	blank, err := event.Decode(kind, []byte("{}"))
	if err != nil {
		return nil, err
	}
	v := reflect.New(reflect.TypeOf(blank)).Elem()
	n := 0
	fill(v, &n)
	b, err := json.Marshal(v.Interface())
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(golden(kind)), 0o755); err != nil {
		return nil, err
	}
	return b, os.WriteFile(golden(kind), append(b, '\n'), 0o644)
}

// fill puts a value of its own into every exported field.
func fill(v reflect.Value, n *int) {
	*n++
	if v.CanAddr() && known(v) {
		return
	}
	switch v.Kind() { //nolint:exhaustive // events are made of few kinds
	case reflect.String:
		v.SetString("Wert " + string(rune('A'+*n%26)))
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int8, reflect.Int16:
		v.SetInt(int64(*n))
	case reflect.Uint8, reflect.Uint64, reflect.Uint32, reflect.Uint:
		v.SetUint(uint64(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), n)
			}
		}
	}
}

// known fills types with a form of their own by decoding an example.
func known(v reflect.Value) bool {
	u, ok := reflect.TypeAssert[json.Unmarshaler](v.Addr())
	if !ok {
		if u, ok := reflect.TypeAssert[interface{ UnmarshalText([]byte) error }](v.Addr()); ok {
			for _, text := range []string{"2026-11-25", "1"} {
				if u.UnmarshalText([]byte(text)) == nil {
					return true
				}
			}
		}
		return false
	}
	for _, text := range []string{`"2026-11-25"`, `"1.5"`, "1", `"1"`} {
		if u.UnmarshalJSON([]byte(text)) == nil && !v.IsZero() {
			return true
		}
	}
	return false
}

// zeroField names the first exported field that is empty, or "".
func zeroField(v reflect.Value, path string) string {
	switch v.Kind() { //nolint:exhaustive // events are made of few kinds
	case reflect.Pointer:
		if !v.IsNil() {
			return zeroField(v.Elem(), path)
		}
	case reflect.Slice:
		if v.Len() > 0 {
			return zeroField(v.Index(0), path+"[0]")
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			if name := zeroField(v.Field(i), path+"."+f.Name); name != "" {
				return name
			}
		}
		return ""
	}
	if v.IsZero() {
		return path
	}
	return ""
}
