package archiv_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/app/sicherung/archiv"
	"github.com/offizin/offizin/internal/fault"
)

func kopf() archiv.Kopf {
	return archiv.Kopf{
		Format: archiv.Format, Apotheke: "a1", Zeit: time.Date(2026, 11, 26, 1, 0, 0, 0, time.UTC), Bytes: 7, Schema: 2,
		Koepfe: []archiv.Stand{{Herkunft: "platz-1/0123456789abcdef", Nr: 3, Hash: "00"}},
	}
}

func write(t testing.TB, files map[string]string, names []string, an ...age.Recipient) []byte {
	t.Helper()
	var b bytes.Buffer
	s, err := archiv.New(&b, kopf(), an...)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if err := s.Datei(n, int64(len(files[n])), strings.NewReader(files[n])); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(b []byte, id age.Identity) (map[string]string, error) {
	l, err := archiv.Open(bytes.NewReader(b), id)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	files := map[string]string{}
	for {
		name, size, r, err := l.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(r)
		if err != nil || int64(len(text)) != size {
			return nil, err
		}
		files[name] = string(text)
	}
}

func identity(t testing.TB) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Each of two keys opens it, a third does not; every byte that is changed, added or missing
// is found.
func TestWholeOrRefused(t *testing.T) {
	a, b, c := identity(t), identity(t), identity(t)
	files := map[string]string{"journal.db": strings.Repeat("x", 200_000), "katalog/eins/a.db": "", "recht/r.txt": "§"}
	names := []string{"journal.db", "katalog/eins/a.db", "recht/r.txt"}
	good := write(t, files, names, a.Recipient(), b.Recipient())
	for _, id := range []age.Identity{a, b} {
		got, err := read(good, id)
		if err != nil || len(got) != 3 || got["journal.db"] != files["journal.db"] || got["recht/r.txt"] != "§" {
			t.Fatalf("%d files, %v", len(got), err)
		}
	}
	if _, err := read(good, c); codeOf(err) != "D-111" {
		t.Errorf("foreign key: %v", err)
	}
	refused := func(what string, bad []byte) {
		if _, err := read(bad, a); err == nil || codeOf(err) == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := range good {
		for _, bit := range []byte{1, 0x80} {
			bad := bytes.Clone(good)
			bad[i] ^= bit
			refused("bit flip", bad)
		}
		refused("cut", good[:i])
	}
	refused("longer", append(bytes.Clone(good), 'x'))
}

// A file never leaves its folder, and what is shorter than it was said to be is no backup.
func TestNamesStayInside(t *testing.T) {
	s, err := archiv.New(io.Discard, kopf(), identity(t).Recipient())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "/etc/x", "../x", "a/../../x", "a//b", "kopf.json", "manifest.json", `a\b`, "C:x", "."} {
		if err := s.Datei(name, 0, strings.NewReader("")); err == nil {
			t.Errorf("%q", name)
		}
	}
	if err := s.Datei("kurz", 5, strings.NewReader("1234")); err == nil {
		t.Error("a file that shrank")
	}
}

// A backup of another form is refused as one.
func TestNewerFormat(t *testing.T) {
	var b bytes.Buffer
	id, k := identity(t), kopf()
	k.Format = 2
	s, err := archiv.New(&b, k, id.Recipient())
	if err != nil || s.Close() != nil {
		t.Fatal(err)
	}
	if _, err := read(b.Bytes(), id); codeOf(err) != "D-114" {
		t.Error(err)
	}
}

// Whatever files there are, they come back as they were.
func TestRoundTrip(t *testing.T) {
	id := identity(t)
	rapid.Check(t, func(r *rapid.T) {
		files := rapid.MapOfN(rapid.StringMatching(`[a-z]{1,8}(/[a-z0-9.]{1,8}x){0,3}`), rapid.String(), 0, 8).Draw(r, "files")
		var names []string
		for n := range files {
			names = append(names, n)
		}
		got, err := read(write(t, files, names, id.Recipient()), id)
		if err != nil || len(got) != len(files) {
			r.Fatalf("%v, %v", got, err)
		}
		for n, text := range files {
			if got[n] != text {
				r.Errorf("%s: %q", n, got[n])
			}
		}
	})
}

func codeOf(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Code
	}
	return ""
}

// What is behind the encryption may be written by anybody who knows the public keys.
func FuzzLies(f *testing.F) {
	add := func(list ...string) {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for i := 0; i < len(list); i += 2 {
			_ = w.WriteHeader(&tar.Header{Name: list[i], Size: int64(len(list[i+1])), Mode: 0o600})
			_, _ = io.WriteString(w, list[i+1])
		}
		_ = w.Close()
		f.Add(b.Bytes())
	}
	const head = `{"format":1,"koepfe":[{"herkunft":"p/0","nr":1,"hash":""}],"bytes":1}`
	add("kopf.json", head, "manifest.json", `{"kopf":"","dateien":[]}`)
	add("kopf.json", head, "../x", "y", "manifest.json", `{"dateien":[{"name":"x","bytes":-1}]}`)
	add("kopf.json", `{"format":99}`)
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := archiv.Lies(bytes.NewReader(b))
		for err == nil {
			var name string
			if name, _, _, err = l.Next(); err == nil && (strings.HasPrefix(name, "/") || strings.Contains(name, "..")) && strings.HasPrefix(name, "../") {
				t.Errorf("%q", name)
			}
		}
		if !errors.Is(err, io.EOF) && codeOf(err) == "" {
			t.Errorf("no sentence: %v", err)
		}
	})
}
