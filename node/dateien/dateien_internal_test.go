package dateien

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

// lager is a plain folder of pieces, one file each with a small one in front; what is taken in
// must have the hash of the list.
type lager struct{ dir string }

func (lager) Art() string { return "probe" }

func (l lager) List() (list []Eintrag, err error) {
	entries, err := os.ReadDir(l.dir)
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(l.dir, e.Name(), "inhalt.bin"))
		if err != nil {
			return nil, err
		}
		files, err := l.Files(e.Name())
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(b)
		list = append(list, Eintrag{
			Art: "probe", Name: e.Name(), Bytes: files[0].Bytes + files[1].Bytes, SHA256: hex.EncodeToString(sum[:]),
		})
	}
	return list, err
}

func (l lager) Wants(e Eintrag) bool {
	_, err := os.Stat(filepath.Join(l.dir, e.Name))
	return err != nil
}

func (l lager) Files(name string) (list []Datei, err error) {
	for _, f := range []string{"ausweis.txt", "inhalt.bin"} {
		fi, err := os.Stat(filepath.Join(l.dir, name, f))
		if err != nil {
			return nil, NichtDa(err)
		}
		list = append(list, Datei{f, fi.Size()})
	}
	return list, nil
}

func (l lager) Open(name, file string) (Offen, error) {
	return os.Open(filepath.Join(l.dir, name, file))
}

func (lager) CheckNames(_ Eintrag, list []Datei) error {
	if len(list) != 2 || list[0].Name != "ausweis.txt" || list[1].Name != "inhalt.bin" || list[0].Bytes > 100 {
		return fault.New(fault.Denied, "M-134", "nicht erlaubt", nil)
	}
	return nil
}

func (lager) CheckFirst(e Eintrag, _ []Datei, folder string) error {
	b, err := os.ReadFile(filepath.Join(folder, "ausweis.txt"))
	if err == nil && string(b) != e.SHA256 {
		err = fault.New(fault.Corrupt, "A-643", "falsch unterschrieben", nil)
	}
	return err
}

func (l lager) Take(_ context.Context, e Eintrag, folder string) error {
	b, err := os.ReadFile(filepath.Join(folder, "inhalt.bin"))
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != e.SHA256 {
		return fault.New(fault.Corrupt, "A-416", "beschädigt", nil)
	}
	return os.Rename(folder, filepath.Join(l.dir, e.Name))
}

func (lager) Aside() ([]byte, error) { return nil, nil }
func (lager) TakeAside([]byte) error { return nil }

func (l lager) lege(t *testing.T, name string, b []byte) {
	t.Helper()
	sum := sha256.Sum256(b)
	folder := filepath.Join(l.dir, name)
	err := errors.Join(os.MkdirAll(folder, 0o700), os.WriteFile(filepath.Join(folder, "inhalt.bin"), b, 0o600),
		os.WriteFile(filepath.Join(folder, "ausweis.txt"), []byte(hex.EncodeToString(sum[:])), 0o600))
	if err != nil {
		t.Fatal(err)
	}
}

func inhalt(seed uint64, n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(seed)}).Read(b)
	return b
}

// rechner is a machine without a network.
type rechner struct {
	*Dateien
	lager
	t    *testing.T
	uhr  *clock.Manual
	free int64
}

func neu(t *testing.T, dir string) *rechner {
	t.Helper()
	r := &rechner{t: t, lager: lager{filepath.Join(dir, "lager")}, uhr: clock.NewManual(time.Unix(1e9, 0)), free: 1 << 40}
	if err := errors.Join(os.MkdirAll(r.dir, 0o700), os.MkdirAll(filepath.Join(dir, "empfang"), 0o700)); err != nil {
		t.Fatal(err)
	}
	r.Dateien = New(Options{
		Dir: filepath.Join(dir, "empfang"), Ordner: []Ordner{r.lager}, Clock: r.uhr, Log: slog.New(slog.DiscardHandler),
		Free: func(string) (int64, error) { return r.free, nil },
	})
	return r
}

// leitung carries a question to a handler; stoere may spoil what comes back.
type leitung struct {
	an     http.Handler
	stoere func(path string, body []byte) ([]byte, error)
	parts  int // that were fetched
}

func (l *leitung) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	l.an.ServeHTTP(w, req)
	resp := w.Result()
	if req.URL.Path == pathTeil {
		l.parts++
	}
	if l.stoere != nil {
		body, err := l.stoere(req.URL.Path, w.Body.Bytes())
		if err != nil {
			return nil, err
		}
		resp.Body = io.NopCloser(bytes.NewReader(body))
	}
	return resp, nil
}

func (r *rechner) quelle(platz string, stoere func(string, []byte) ([]byte, error)) (Quelle, *leitung) {
	r.blick()
	l := &leitung{an: r.Handler(), stoere: stoere}
	return Quelle{Platz: platz, URL: "http://" + platz, HTTP: &http.Client{Transport: l}, Stand: r.Stand()}, l
}

// hole runs until nothing more happens or the rounds are over; time passes between them.
func (r *rechner) hole(rounds int, list ...Quelle) {
	r.t.Helper()
	r.blick()
	for range rounds {
		for r.runde(r.t.Context(), list) {
		}
		if len(r.MissingHere()) == 0 && r.Fehler() == nil && r.alleGefragt() {
			return
		}
		r.uhr.Advance(10 * time.Minute)
	}
}

func (r *rechner) alleGefragt() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range r.bei {
		if n.hat == nil {
			return false
		}
	}
	return true
}

func (r *rechner) gleicht(o *rechner) {
	r.t.Helper()
	mine, err1 := r.List()
	theirs, err2 := o.List()
	if err1 != nil || err2 != nil || !slices.Equal(mine, theirs) {
		r.t.Errorf("%v %v\n%v %v", mine, err1, theirs, err2)
	}
}

// A blank machine gets all pieces, of any length around that of a part.
func TestAlleLaengen(t *testing.T) {
	a, b := neu(t, t.TempDir()), neu(t, t.TempDir())
	for i, n := range []int{1, Teil - 1, Teil, Teil + 1, 2 * Teil, 3*Teil + 17} {
		a.lege(t, fmt.Sprintf("stueck-%d", i), inhalt(uint64(i), n))
	}
	q, _ := a.quelle("a", nil)
	b.hole(1, q)
	b.gleicht(a)
	if left, _ := os.ReadDir(b.opt.Dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if len(a.MissingThere("b")) != 0 { // it has not asked
		t.Error("a does not know b")
	}
}

// Whatever the way does – cut, flip, truncate, lengthen, refuse –, nothing wrong is ever taken
// in, and in the end both have the same. A damaged part is fetched again alone.
func TestGestoerteLeitung(t *testing.T) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 7))
		a, b := neu(t, t.TempDir()), neu(t, t.TempDir())
		for i := range 3 {
			a.lege(t, fmt.Sprintf("s-%d", i), inhalt(seed, r.IntN(2*Teil)+1))
		}
		q, _ := a.quelle("a", func(_ string, b []byte) ([]byte, error) {
			b = bytes.Clone(b)
			switch x := r.IntN(12); {
			case x == 0:
				return nil, errors.New("cut")
			case x == 1 && len(b) > 0:
				b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
			case x == 2 && len(b) > 0:
				return b[:r.IntN(len(b))], nil
			case x == 3:
				return append(b, inhalt(seed, 1+r.IntN(100))...), nil
			}
			return b, nil
		})
		b.hole(200, q)
		b.gleicht(a)
	}
}

// One flipped part costs one part.
func TestBeschaedigtesTeilAlleinNeu(t *testing.T) {
	a, b := neu(t, t.TempDir()), neu(t, t.TempDir())
	a.lege(t, "s", inhalt(1, 5*Teil))
	once := false
	q, l := a.quelle("a", func(path string, b []byte) ([]byte, error) {
		if b = bytes.Clone(b); path == pathTeil && len(b) == Teil && !once {
			once, b[77] = true, b[77]^1
		}
		return b, nil
	})
	b.hole(1, q)
	b.gleicht(a)
	if l.parts != 1+5+1 {
		t.Errorf("%d parts fetched, want 7", l.parts)
	}
}

// A machine that ends in the middle – also by kill -9, which leaves half a part – goes on where
// it was; so it does when the other one is gone and a third has the piece.
func TestFortsetzen(t *testing.T) {
	dir := t.TempDir()
	a, c, b := neu(t, t.TempDir()), neu(t, t.TempDir()), neu(t, dir)
	a.lege(t, "s", inhalt(1, 10*Teil))
	c.lege(t, "s", inhalt(1, 10*Teil))
	q, l := a.quelle("a", nil)
	l.stoere = func(path string, b []byte) ([]byte, error) {
		if path == pathTeil && l.parts > 6 {
			return nil, errors.New("gone")
		}
		return b, nil
	}
	b.hole(1, q)
	half := filepath.Join(b.opt.Dir, "probe-s", "inhalt.bin")
	f, err := os.OpenFile(half, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("halb"), 5*Teil); err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	b = neu(t, dir)
	q, l = c.quelle("c", nil)
	b.hole(1, q)
	b.gleicht(a)
	if l.parts != 5 {
		t.Errorf("%d parts fetched, want 5: the rest was there", l.parts)
	}
}

// The first machine has the piece damaged on its disk: it is not taken in, and the second one
// gives it.
func TestBeschaedigtBeimErsten(t *testing.T) {
	a, c, b := neu(t, t.TempDir()), neu(t, t.TempDir()), neu(t, t.TempDir())
	a.lege(t, "s", inhalt(1, 3*Teil))
	c.lege(t, "s", inhalt(1, 3*Teil))
	bad := lager{filepath.Join(a.dir)}
	qa, la := a.quelle("a", nil)
	list, _ := a.List()
	if err := os.WriteFile(filepath.Join(bad.dir, "s", "inhalt.bin"), inhalt(2, 3*Teil), 0o600); err != nil {
		t.Fatal(err)
	}
	old := la.an
	la.an = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == pathListe { // it still says what it had
			a.sage(w, r, liste{Version: version, Liste: list}, nil)
			return
		}
		old.ServeHTTP(w, r)
	})
	qc, _ := c.quelle("c", nil)
	b.hole(3, qa, qc)
	b.gleicht(c)
}

// The last 500 MB stay free, also if the disk fills while a piece is fetched; then it goes on.
func TestVollePlatte(t *testing.T) {
	a, b := neu(t, t.TempDir()), neu(t, t.TempDir())
	a.lege(t, "s", inhalt(1, 4*Teil))
	q, l := a.quelle("a", nil)
	b.free = Reserve + 4*Teil
	b.hole(2, q)
	if f, _ := errors.AsType[*fault.Fault](b.Fehler()); f == nil || f.Code != "M-132" || l.parts > 0 {
		t.Errorf("%v after %d parts", b.Fehler(), l.parts)
	}
	b.free = Reserve + 5*Teil
	l.stoere = func(_ string, x []byte) ([]byte, error) {
		if l.parts == 3 {
			b.free = Reserve - 1
		}
		return x, nil
	}
	b.hole(2, q)
	if f, _ := errors.AsType[*fault.Fault](b.Fehler()); f == nil || f.Code != "M-132" {
		t.Errorf("filled meanwhile: %v", b.Fehler())
	}
	b.free, l.stoere = 1<<40, nil
	b.hole(2, q)
	b.gleicht(a)
}

// endlos is an answer without end.
type endlos struct{}

func (endlos) Read(p []byte) (int, error) { return len(p), nil }

// A machine that answers without end, with other sizes, with a foreign vouching file, or with
// names that lead elsewhere, gets nothing in and writes nothing outside.
func TestBoeserNachbar(t *testing.T) {
	sum := strings.Repeat("ab", 32)
	good := Eintrag{Art: "probe", Name: "s", Bytes: 10, SHA256: sum}
	files := func(list ...Datei) map[string]any { return map[string]any{pathStueck: antwort{list}} }
	for name, c := range map[string]map[string]any{
		"endless list":      {pathListe: endlos{}},
		"endless files":     {pathStueck: endlos{}},
		"endless part":      {pathStueck: antwort{[]Datei{{"ausweis.txt", 5}, {"inhalt.bin", 5}}}, pathTeil: endlos{}},
		"too many hashes":   {pathTeile: teile{make([]string, 9)}},
		"way out":           files(Datei{"../x", 5}, Datei{"inhalt.bin", 5}),
		"way out, dots":     files(Datei{"..", 5}, Datei{"inhalt.bin", 5}),
		"absolute":          files(Datei{"/etc/x", 5}, Datei{"inhalt.bin", 5}),
		"windows":           files(Datei{`C:\x`, 5}, Datei{"inhalt.bin", 5}),
		"twice":             files(Datei{"inhalt.bin", 5}, Datei{"INHALT.bin", 5}),
		"negative":          files(Datei{"ausweis.txt", -5}, Datei{"inhalt.bin", 15}),
		"huge":              files(Datei{"ausweis.txt", 5}, Datei{"inhalt.bin", 1 << 62}),
		"foreign vouching":  files(Datei{"ausweis.txt", 5}, Datei{"inhalt.bin", 5}),
		"piece leads out":   {pathListe: liste{Version: version, Liste: []Eintrag{{"probe", "../s", 10, sum}}}},
		"kind leads out":    {pathListe: liste{Version: version, Liste: []Eintrag{{"../probe", "s", 10, sum}}}},
		"no hash":           {pathListe: liste{Version: version, Liste: []Eintrag{{"probe", "s", 10, "ab"}}}},
		"the same twice":    {pathListe: liste{Version: version, Liste: []Eintrag{good, good}}},
		"too many pieces":   {pathListe: liste{Version: version, Liste: make([]Eintrag, maxStuecke+1)}},
		"later version":     {pathListe: liste{Version: version + 1, Liste: []Eintrag{good}}},
		"large aside":       {pathListe: liste{Version: version, Aside: map[string][]byte{"probe": make([]byte, maxBeilage+1)}}},
		"nothing but blank": {pathListe: "", pathStueck: ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			b := neu(t, filepath.Join(dir, "b"))
			answers := map[string]any{
				pathListe: liste{Version: version, Liste: []Eintrag{good}}, pathStueck: antwort{[]Datei{{"ausweis.txt", 5}, {"inhalt.bin", 5}}},
				pathTeile: teile{[]string{sum}}, pathTeil: bytes.NewReader(make([]byte, 5)),
			}
			maps.Copy(answers, c)
			q := Quelle{Platz: "a", URL: "http://a", Stand: "x", HTTP: &http.Client{Transport: boese{b, answers}}}
			b.hole(3, q)
			if list, err := b.List(); err != nil || len(list) > 0 {
				t.Errorf("taken in: %v %v", list, err)
			}
			if list, _ := os.ReadDir(dir); len(list) != 1 {
				t.Errorf("written outside: %v", list)
			}
		})
	}
}

// A neighbour that offers another piece with every list, none of which can be taken in, fills no
// memory: what has not been tried for an hour is forgotten.
func TestImmerAndereStuecke(t *testing.T) {
	b := neu(t, t.TempDir())
	answers := map[string]any{pathStueck: antwort{[]Datei{{"../x", 5}, {"inhalt.bin", 5}}}}
	tried := map[string]bool{}
	for i := range 200 {
		e := Eintrag{Art: "probe", Name: fmt.Sprint("s", i), Bytes: 10, SHA256: strings.Repeat("ab", 32)}
		answers[pathListe] = liste{Version: version, Liste: []Eintrag{e}}
		b.hole(1, Quelle{Platz: "a", URL: "http://a", Stand: fmt.Sprint(i), HTTP: &http.Client{Transport: boese{b, answers}}})
		for key := range b.stuecke {
			tried[key] = true
		}
		if len(b.stuecke) > 10 {
			t.Fatalf("%d pieces are remembered", len(b.stuecke))
		}
	}
	if len(tried) < 100 {
		t.Errorf("only %d were tried: the test shows nothing", len(tried))
	}
}

// boese answers as it was told.
type boese struct {
	r       *rechner
	answers map[string]any
}

func (b boese) RoundTrip(req *http.Request) (*http.Response, error) {
	switch v := b.answers[req.URL.Path].(type) {
	case endlos:
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(v)}, nil
	case io.ReadSeeker:
		_, _ = v.Seek(0, io.SeekStart)
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(v)}, nil
	default:
		w := httptest.NewRecorder()
		b.r.sage(w, req, v, nil)
		return w.Result(), nil
	}
}

// Whatever another machine says, reading it ends with names that lead nowhere, sizes within the
// limits, and as many hashes as parts.
func FuzzListe(f *testing.F) {
	f.Add([]byte(`{"version":1,"stuecke":[{"art":"recht","name":"n.recht","bytes":5,"sha256":"` + strings.Repeat("00", 32) + `"}]}`))
	f.Add([]byte(`{"dateien":[{"name":"a","bytes":3},{"name":"b","bytes":2}]}`))
	f.Add([]byte(`{"sha256":["` + strings.Repeat("00", 32) + `"]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, err := liesListe(bytes.NewReader(b)); err == nil {
			for _, e := range l.Liste {
				local := filepath.Join("x", e.Art+"-"+e.Name)
				if filepath.Dir(local) != "x" || !filepath.IsLocal(e.Name) || e.Bytes <= 0 {
					t.Errorf("%+v", e)
				}
			}
		}
		if list, err := liesDateien(bytes.NewReader(b), Eintrag{Bytes: 5}); err == nil {
			for _, x := range list {
				if !filepath.IsLocal(x.Name) || filepath.Base(x.Name) != x.Name || x.Bytes < 0 || x.Bytes > 5 {
					t.Errorf("%+v", x)
				}
			}
		}
		if list, err := liesTeile(bytes.NewReader(b), Datei{"x", Teil + 1}); err == nil && len(list) != 2 {
			t.Errorf("%d hashes", len(list))
		}
	})
}

// A folder that is gone is looked for again and again, and fills no disk with the log.
func TestOrdnerFehlt(t *testing.T) {
	out := &bytes.Buffer{}
	d := New(Options{
		Dir: t.TempDir(), Ordner: []Ordner{lager{filepath.Join(t.TempDir(), "fehlt")}},
		Clock: clock.NewManual(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)), Log: slog.New(slog.NewTextHandler(out, nil)),
	})
	for range 100 {
		d.blick()
	}
	if n := strings.Count(out.String(), "files not listed"); n == 0 || n > 20 {
		t.Errorf("%d lines", n)
	}
}
