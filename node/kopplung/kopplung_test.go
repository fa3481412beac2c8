package kopplung_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node/kopplung"
)

// apotheke is a machine that takes others in.
type apotheke struct {
	tuer *kopplung.Tuer
	uhr  *clock.Manual
	addr string
	got  []kopplung.Antrag
}

func neu(t *testing.T) *apotheke {
	t.Helper()
	a := &apotheke{uhr: clock.NewManual(time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC))}
	a.tuer = kopplung.NewTuer(a.uhr, slog.New(slog.DiscardHandler),
		func(_ context.Context, an kopplung.Antrag, _ string) (kopplung.Zusage, error) {
			a.got = append(a.got, an)
			return kopplung.Zusage{Platz: "platz-2", Till: "2", Aussteller: []byte("A")}, nil
		})
	mux := http.NewServeMux()
	mux.Handle(kopplung.Path, a.tuer)
	a.addr = serve(t, mux)
	return a
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.TLS = &tls.Config{MinVersion: tls.VersionTLS13}
	s.StartTLS()
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "https://")
}

func antrag() kopplung.Antrag {
	return kopplung.Antrag{Public: []byte("P"), Rang: 2, Adresse: "192.168.1.21:7443"}
}

func refused(t *testing.T, what string, err error, code string) {
	t.Helper()
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// Whoever knows the code is taken in, once, however it is typed.
func TestKoppeln(t *testing.T) {
	a := neu(t)
	code := a.tuer.Oeffnen()
	typed := strings.ToLower(strings.NewReplacer("-", " ", "0", "o", "1", "l").Replace(code))
	z, err := kopplung.Koppeln(t.Context(), a.addr, typed, antrag())
	if err != nil || z.Platz != "platz-2" || len(a.got) != 1 || a.got[0].Adresse != "192.168.1.21:7443" {
		t.Fatalf("%+v %v %+v", z, err, a.got)
	}
	_, err = kopplung.Koppeln(t.Context(), a.addr, code, antrag())
	refused(t, "the same code again", err, "M-121")
}

// Two machines with the same code at the same moment: one gets in. If it cannot be taken in after all, the
// code is as before, unless somebody has made another one or closed the door.
func TestZweiZugleich(t *testing.T) {
	a := neu(t)
	begun, further := make(chan struct{}), make(chan error)
	tuer := kopplung.NewTuer(a.uhr, slog.New(slog.DiscardHandler),
		func(context.Context, kopplung.Antrag, string) (kopplung.Zusage, error) {
			begun <- struct{}{}
			return kopplung.Zusage{}, <-further
		})
	addr := serve(t, tuer)
	ask := func(code string) chan error {
		done := make(chan error, 1)
		go func() {
			_, err := kopplung.Koppeln(context.WithoutCancel(t.Context()), addr, code, antrag())
			done <- err
		}()
		return done
	}
	code := tuer.Oeffnen()
	for range 2 {
		first := ask(code)
		<-begun
		refused(t, "a second one", <-ask(code), "M-121")
		further <- errors.New("full disk")
		refused(t, "not taken in", <-first, "M-123")
	}
	last := ask(code)
	<-begun
	other := tuer.Oeffnen()
	further <- errors.New("full disk")
	refused(t, "not taken in", <-last, "M-123")
	if got, _ := tuer.Offen(); got != other {
		t.Errorf("%q is open, %q was made", got, other)
	}
	last = ask(other)
	<-begun
	tuer.Schliessen()
	further <- errors.New("full disk")
	refused(t, "not taken in", <-last, "M-123")
	if got, _ := tuer.Offen(); got != "" {
		t.Errorf("%q is open, and somebody closed it", got)
	}
	other = tuer.Oeffnen()
	in := ask(other)
	<-begun
	further <- nil
	if err := <-in; err != nil {
		t.Error(err)
	}
	refused(t, "once more", <-ask(other), "M-121")
}

// A wrong code may be tried five times, then no more, and the right one does not help either.
func TestFalscherCode(t *testing.T) {
	a := neu(t)
	_, err := kopplung.Koppeln(t.Context(), a.addr, "0000-0000", antrag())
	refused(t, "closed", err, "M-121")
	code := a.tuer.Oeffnen()
	for i, want := range []string{"M-120", "M-120", "M-120", "M-120", "M-121"} {
		_, err := kopplung.Koppeln(t.Context(), a.addr, "ZZZZ-ZZZZ", antrag())
		refused(t, string(rune('1'+i)), err, want)
	}
	_, err = kopplung.Koppeln(t.Context(), a.addr, code, antrag())
	refused(t, "right, too late", err, "M-121")
	if len(a.got) != 0 {
		t.Errorf("taken in: %+v", a.got)
	}
}

// A code ends after ten minutes, whatever the clock on the wall says.
func TestCodeEndet(t *testing.T) {
	a := neu(t)
	code := a.tuer.Oeffnen()
	a.uhr.Set(time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC))
	if got, noch := a.tuer.Offen(); got != code || noch != kopplung.Dauer {
		t.Errorf("%q, %s", got, noch)
	}
	a.uhr.Advance(kopplung.Dauer)
	_, err := kopplung.Koppeln(t.Context(), a.addr, code, antrag())
	refused(t, "after ten minutes", err, "M-121")
}

// While no code is open nothing that a stranger sends is kept, however slowly it comes.
func TestZuLiestNichts(t *testing.T) {
	a := neu(t)
	body := &zaehlt{Reader: strings.NewReader(`{"inhalt":{"rang":1},"probe":"` + strings.Repeat("A", 43) + `="}`)}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, kopplung.Path, body)
	r.TLS = &tls.ConnectionState{}
	a.tuer.ServeHTTP(w, r)
	if body.n != 0 || !strings.Contains(w.Body.String(), "M-121") {
		t.Errorf("%d bytes read, %s", body.n, w.Body)
	}
}

// zaehlt counts what is read.
type zaehlt struct {
	io.Reader
	n int
}

func (z *zaehlt) Read(p []byte) (int, error) {
	n, err := z.Reader.Read(p)
	z.n += n
	return n, err
}

// Who looks for the pharmacy in the network and mistypes the code hears that, wherever in the order the machine is
// that shows it; the right code finds it.
func TestKoppelnAny(t *testing.T) {
	a, other := neu(t), neu(t)
	code := a.tuer.Oeffnen()
	for _, list := range [][]string{{a.addr, other.addr}, {other.addr, a.addr}} {
		_, err := kopplung.KoppelnAny(t.Context(), list, "ZZZZ-ZZZZ", antrag())
		refused(t, "wrong code", err, "M-120")
	}
	z, err := kopplung.KoppelnAny(t.Context(), []string{other.addr, a.addr}, code, antrag())
	if err != nil || z.Platz != "platz-2" {
		t.Errorf("%+v %v", z, err)
	}
}

// Somebody in between who passes everything on gets nowhere: the proof is for one connection.
func TestDazwischen(t *testing.T) {
	a := neu(t)
	code := a.tuer.Oeffnen()
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}}
	between := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req, err := http.NewRequestWithContext(r.Context(), r.Method, "https://"+a.addr+r.URL.Path, r.Body)
		if err != nil {
			return
		}
		resp, err := client.Do(req)
		if err != nil {
			return
		}
		defer resp.Body.Close()
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body)
	}))
	_, err := kopplung.Koppeln(t.Context(), between, code, antrag())
	refused(t, "in between", err, "M-120")
	if len(a.got) != 0 {
		t.Errorf("taken in: %+v", a.got)
	}
}

// A machine that does not know the code cannot pretend to be the pharmacy.
func TestFremdeApotheke(t *testing.T) {
	for want, body := range map[string]string{
		"M-125": `{"inhalt":{"platz":"platz-9"},"probe":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}`,
		"M-122": `{"inhalt":{"platz":"platz-9"}}`,
	} {
		addr := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
		_, err := kopplung.Koppeln(t.Context(), addr, "AAAA-AAAA", antrag())
		refused(t, body, err, want)
	}
	silent := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	_, err := kopplung.Koppeln(t.Context(), silent, "AAAA-AAAA", antrag())
	refused(t, "no answer", err, "M-126")
	_, err = kopplung.Koppeln(t.Context(), "127.0.0.1:1", "AAAA-AAAA", antrag())
	refused(t, "nobody there", err, "M-124")
}

// Whatever is sent to the door is refused with a code and takes nobody in.
func FuzzTuer(f *testing.F) {
	f.Add([]byte(`{"inhalt":{"rang":1},"probe":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}`))
	f.Add([]byte(`{"inhalt":null,"probe":""}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		tuer := kopplung.NewTuer(clock.NewReal(), slog.New(slog.DiscardHandler),
			func(context.Context, kopplung.Antrag, string) (kopplung.Zusage, error) {
				t.Fatal("taken in")
				return kopplung.Zusage{}, nil
			})
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, kopplung.Path, bytes.NewReader(b))
		r.TLS = &tls.ConnectionState{}
		tuer.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "M-12") {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	})
}
