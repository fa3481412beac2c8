package shipping

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
)

// acts writes acts of so many events each.
func acts(t testing.TB, sizes ...int) *memory.Store {
	t.Helper()
	s := memory.New(memory.Options{Node: "platz-2"})
	for i, n := range sizes {
		_, err := s.Append(t.Context(), journal.Act{Key: fmt.Sprint(i), Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) {
			var list []journal.Event
			for range n {
				list = append(list, event.EinstellungGesetzt{Schluessel: "x", Wert: "ä\u2028<"})
			}
			return list, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// Batches are of some hundred records and never end in the middle of an act.
func TestGanzeVorgaenge(t *testing.T) {
	for _, c := range []struct{ acts, want []int }{
		{[]int{1, 2, 3}, []int{6}},
		{[]int{499, 3, 5}, []int{502, 5}},
		{[]int{400, 900, 2}, []int{400, 900, 2}},
		{[]int{1000, 1000}, []int{1000, 1000}},
		{nil, nil},
	} {
		s, after := acts(t, c.acts...), uint64(0)
		var got []int
		for {
			list, err := next(t.Context(), s, s.Self(), after)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			if err := journal.Batch(list); err != nil {
				t.Fatal(err)
			}
			got, after = append(got, len(list)), list[len(list)-1].Seq
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: %v, want %v", c.acts, got, c.want)
		}
	}
}

// Whatever a peer sends, what is taken for a batch is one, and is sent on as it came.
func FuzzReadBatch(f *testing.F) {
	s := acts(f, 1, 2)
	list, err := next(f.Context(), s, s.Self(), 0)
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := writeBatch(&b, list); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(bytes.Replace(b.Bytes(), []byte(`"seq":2`), []byte(`"seq":3`), 1))
	f.Add([]byte("{}"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := readBatch(bytes.NewReader(b))
		if err != nil || list == nil {
			return
		}
		if err := journal.Batch(list); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := writeBatch(&out, list); err != nil {
			t.Fatal(err)
		}
		again, err := readBatch(&out)
		if err != nil || !reflect.DeepEqual(again, list) {
			t.Fatalf("%v %v", again, err)
		}
	})
}

// Whatever a peer sends, what is taken for keys is some.
func FuzzReadKeys(f *testing.F) {
	f.Add([]byte(`[{"n":1,"person":"p1","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},{"n":2,"person":"p2"}]`))
	f.Add([]byte(`[{"n":1,"person":"","key":"AAEC"}]`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := readKeys(bytes.NewReader(b))
		if err != nil {
			return
		}
		out, err := json.Marshal(wireKeys(list))
		if err != nil {
			t.Fatal(err)
		}
		again, err := readKeys(bytes.NewReader(out))
		if err != nil || !reflect.DeepEqual(again, list) {
			t.Fatalf("%v %v", again, err)
		}
	})
}

// One release apart is understood both ways, with whatever the newer one says besides; two are refused.
func TestUnderstood(t *testing.T) {
	head := `"heads":[{"node":"platz-2","incarnation":"a","seq":0,"hash":"` + strings.Repeat("0", 64) + `","neu":1}],"auch_neu":{}}`
	for version, want := range map[int]bool{
		Version - 2: false, Version - 1: true, Version: true, Version + 1: true, Version + 2: false,
	} {
		var o offer
		if err := json.Unmarshal(fmt.Appendf(nil, `{"version":%d,%s`, version, head), &o); err != nil {
			t.Fatal(err)
		}
		if _, err := o.heads(); (err == nil) != want {
			t.Errorf("version %d: %v", version, err)
		}
	}
}
