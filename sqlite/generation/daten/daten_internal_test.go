package daten

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
)

// Every field of an article stands in the table, in the order in which it is written, with
// its name and whether it may be left out.
func TestTafelWieDerArtikel(t *testing.T) {
	typ := reflect.TypeFor[artikel.Artikel]()
	if typ.NumField() != len(felder) {
		t.Fatalf("the article has %d fields, the table %d", typ.NumField(), len(felder))
	}
	for i, f := range felder {
		name, rest, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		if f.name != `"`+name+`":` || f.kann != (rest == "omitempty") {
			t.Errorf("field %d: %s %v in the table, %q in the article", i, f.name, f.kann, typ.Field(i).Tag)
		}
	}
}

// What is stored is read the short way, and as encoding/json reads it.
func TestGespeichertes(t *testing.T) {
	list := []artikel.Artikel{{}, gefuellt(t)}
	for z, err := range muster.Quelle(muster.Options{Seed: 1, Artikel: 2000}).Artikel {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, z.Artikel)
	}
	for _, want := range list {
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got artikel.Artikel
		if !decode(b, &got) || got != want {
			t.Errorf("%s\ngot  %+v\nwant %+v", b, got, want)
		}
	}
}

// gefuellt has another value in every field, so that none can be taken for another.
func gefuellt(t *testing.T) (a artikel.Artikel) {
	t.Helper()
	v := reflect.ValueOf(&a).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString("Präparat " + string(rune('A'+i)))
		case reflect.Int, reflect.Int64:
			f.SetInt(int64(100 + i))
		case reflect.Bool:
			f.SetBool(true)
		default:
			t.Fatalf("a field of kind %s", f.Kind())
		}
	}
	return a
}

// Each flag is read into its own field.
func TestJedesKennzeichenFuerSich(t *testing.T) {
	for i := range reflect.TypeFor[artikel.Artikel]().NumField() {
		var want, got artikel.Artikel
		if f := reflect.ValueOf(&want).Elem().Field(i); f.Kind() == reflect.Bool {
			f.SetBool(true)
			b, _ := json.Marshal(want)
			if !decode(b, &got) || got != want {
				t.Errorf("%s: %+v", b, got)
			}
		}
	}
}

// Texts with escapes are read too; what is damaged is an error and no panic.
func TestUmweg(t *testing.T) {
	want := artikel.Artikel{Name: "A & B <5\" \\ \t \u2028", Hersteller: "x", AVP: -5, UVP: 12_345_678_901}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got := gefuellt(t) // what stood there before is gone
	if err := Decode(b, &got); err != nil || got != want {
		t.Errorf("%v %+v", err, got)
	}
	for _, s := range []string{"", "{", "null", string(b[:len(b)-1]), string(b) + "x", `{"pzn":"1"`, `{"pzn":1}`} {
		if err := Decode([]byte(s), &got); err == nil && s != "null" {
			t.Errorf("%q was read: %+v", s, got)
		}
	}
}

// FuzzDecode: what is read the short way is what encoding/json reads.
func FuzzDecode(f *testing.F) {
	for _, a := range []artikel.Artikel{{}, {Name: "Ibu 400", AVP: 100, Lagerung: "2–8 °C"}, {Name: "a&b"}, {MwSt: -1}} {
		b, _ := json.Marshal(a)
		f.Add(b)
	}
	b, _ := json.Marshal(artikel.Artikel{})
	f.Add([]byte(strings.Replace(string(b), `"apu":0`, `"apu":00`, 1)))
	f.Add([]byte(strings.Replace(string(b), `"apu":0`, `"apu":2147483648`, 1)))
	f.Add([]byte(strings.Replace(string(b), `"pzn":""`, `"pzn":"`+"\x01\xff"+`"`, 1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		var got, want artikel.Artikel
		if !decode(b, &got) {
			return
		}
		if err := json.Unmarshal(b, &want); err != nil || got != want {
			t.Errorf("%q: %v\ngot  %+v\nwant %+v", b, err, got, want)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	raw, _ := json.Marshal(muster.Bekannt()[0].Artikel)
	for name, f := range map[string]func([]byte, *artikel.Artikel) error{
		"own": Decode, "json": func(b []byte, a *artikel.Artikel) error { return json.Unmarshal(b, a) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var a artikel.Artikel
				if err := f(raw, &a); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
