package fiskaly_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/fiskaly"
	"github.com/offizin/offizin/integration/tse/fiskaly/sim"
	"github.com/offizin/offizin/integration/tse/pruefstand"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

// dienst is a driver before a simulated service.
type dienst struct {
	*testing.T

	kern *simulator.Simulator
	sim  *sim.Dienst
	url  string
	uhr  *clock.Manual
	tse  *fiskaly.Treiber
}

func neu(t *testing.T) *dienst {
	t.Helper()
	d := &dienst{T: t, uhr: clock.NewManual(time.Date(2026, 11, 26, 9, 30, 15, 0, time.UTC))}
	var err error
	if d.kern, err = simulator.Open(simulator.Optionen{Ordner: t.TempDir()}, d.uhr); err != nil {
		t.Fatal(err)
	}
	d.sim = sim.New(d.kern)
	server := httptest.NewServer(d.sim)
	t.Cleanup(server.Close)
	d.url = server.URL
	d.tse = d.treiber(nil)
	return d
}

func (d *dienst) treiber(change func(*fiskaly.Optionen)) *fiskaly.Treiber {
	d.Helper()
	opt := fiskaly.Optionen{
		URL: d.url, TSS: sim.TSS, APIKey: sim.APIKey, APISecret: sim.APISecret, AdminPIN: sim.AdminPIN,
	}
	if change != nil {
		change(&opt)
	}
	t, err := fiskaly.Open(opt)
	if err != nil {
		d.Fatal(err)
	}
	d.Cleanup(func() { _ = t.Close() })
	return t
}

func (d *dienst) in(limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(d.Context(), limit)
	d.Cleanup(cancel)
	return ctx
}

func (d *dienst) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *dienst) verkauf(ctx context.Context) error {
	b, err := d.tse.Beginnen(ctx, "OFFIZIN-1", "")
	if err != nil {
		return err
	}
	_, err = d.tse.Beenden(ctx, "OFFIZIN-1", b, "Kassenbeleg-V1", "Beleg^8.95_0.00_0.00_0.00_0.00^8.95:Bar")
	return err
}

func art(err error) tse.Art {
	f, ok := errors.AsType[*tse.Fehler](err)
	if !ok {
		return ""
	}
	return f.Art
}

// The service may answer a repeated request again or refuse it: nobody knows for certain, so the
// driver stands both.
func TestPruefstand(t *testing.T) {
	for name, s := range map[string]sim.Stoerung{"antwortet": {}, "Konflikt": {Konflikt: true}} {
		t.Run(name, func(t *testing.T) {
			pruefstand.Pruefen(t, func(t *testing.T) pruefstand.Aufbau {
				d := neu(t)
				d.sim.Stoeren(s)
				return pruefstand.Aufbau{
					TSE: d.tse, Kern: d.kern, Uhr: d.uhr, Merkt: true, Wartet: true,
					Zweite: func(*testing.T) anschluss.TSE { return d.treiber(nil) },
				}
			})
		})
	}
}

// A token that has ended is renewed without anybody noticing; a wrong key is not tried for ever.
func TestToken(t *testing.T) {
	d := neu(t)
	d.must(d.tse.Anmelden(d.in(time.Second), "OFFIZIN-1"))
	d.sim.Stoeren(sim.Stoerung{Abgelaufen: 1})
	d.must(d.verkauf(d.in(time.Second)))
	if n := d.sim.Anmeldungen(); n != 2 {
		t.Errorf("%d logins", n)
	}
	bad := d.treiber(func(o *fiskaly.Optionen) { o.APISecret = "verraten" })
	_, err := bad.Stand(d.in(time.Second))
	if art(err) != tse.Einrichtung || strings.Contains(err.Error(), "verraten") {
		t.Errorf("%v", err)
	}
	d.sim.Stoeren(sim.Stoerung{Abgelaufen: 100})
	if err := d.verkauf(d.in(time.Second)); art(err) != tse.Einrichtung || strings.Contains(err.Error(), "Bearer") {
		t.Errorf("%v", err)
	}
}

// Too many requests: it is waited for as long as asked, if there is time; never longer.
func TestUeberlast(t *testing.T) {
	d := neu(t)
	d.must(d.tse.Anmelden(d.in(time.Second), "OFFIZIN-1"))
	d.sim.Stoeren(sim.Stoerung{Ueberlast: 2})
	d.must(d.verkauf(d.in(2 * time.Second)))
	d.sim.Stoeren(sim.Stoerung{Ueberlast: 1, Warten: 1})
	watch := clock.NewReal()
	d.must(d.verkauf(d.in(3 * time.Second)))
	if took := watch.Mono(); took < time.Second {
		t.Errorf("waited only %v", took)
	}
	d.sim.Stoeren(sim.Stoerung{Ueberlast: 100, Warten: 60})
	watch = clock.NewReal()
	if err := d.verkauf(d.in(3 * time.Second)); art(err) != tse.Ausfall {
		t.Errorf("%v", err)
	}
	if took := watch.Mono(); took > time.Second {
		t.Errorf("waited %v for what could not come in time", took)
	}
}

// A moment of trouble at the service costs no signature.
func TestGestoert(t *testing.T) {
	d := neu(t)
	d.must(d.tse.Anmelden(d.in(time.Second), "OFFIZIN-1"))
	d.sim.Stoeren(sim.Stoerung{Gestoert: 2})
	d.must(d.verkauf(d.in(3 * time.Second)))
	d.sim.Stoeren(sim.Stoerung{Gestoert: 1000})
	if err := d.verkauf(d.in(time.Second)); art(err) != tse.Ausfall {
		t.Errorf("%v", err)
	}
}

// The service signs and the answer is lost: the driver finds it, within the same request, and
// nothing is signed twice.
func TestAntwortVerloren(t *testing.T) {
	d := neu(t)
	ctx := d.in(3 * time.Second)
	d.must(d.tse.Anmelden(ctx, "OFFIZIN-1"))
	b, err := d.tse.Beginnen(ctx, "OFFIZIN-1", "v")
	d.must(err)
	before, err := d.tse.Stand(ctx)
	d.must(err)
	d.kern.Stoeren(simulator.Stoerung{Verloren: 1})
	g, err := d.tse.Beenden(ctx, "OFFIZIN-1", b, "Kassenbeleg-V1", "x")
	d.must(err)
	after, err := d.tse.Stand(ctx)
	d.must(err)
	if after.Signaturen != before.Signaturen+1 || g.Zaehler != after.Signaturen {
		t.Errorf("%d signatures, then %d", before.Signaturen, after.Signaturen)
	}
}

// A wrong PIN is tried once, not until the service blocks it.
func TestFalschePIN(t *testing.T) {
	d := neu(t)
	bad := d.treiber(func(o *fiskaly.Optionen) { o.AdminPIN = "99999" })
	for range 5 {
		err := bad.Anmelden(d.in(time.Second), "OFFIZIN-1")
		if art(err) != tse.Einrichtung || strings.Contains(err.Error(), "99999") {
			t.Errorf("%v", err)
		}
	}
	if n := d.sim.Fehlversuche(); n != 1 {
		t.Errorf("%d wrong PINs sent", n)
	}
	none := d.treiber(func(o *fiskaly.Optionen) { o.AdminPIN = "" })
	if err := none.Anmelden(d.in(time.Second), "OFFIZIN-1"); art(err) != tse.Einrichtung {
		t.Errorf("%v", err)
	}
}

// Nothing is sent unencrypted, except on this machine.
func TestTLS(t *testing.T) {
	for _, url := range []string{
		"http://kassensichv.example/api/v2", "http://127.0.0.1.example/", "ftp://127.0.0.1", "kassensichv.example",
		"https://key:secret@kassensichv.example", "https://",
	} {
		_, err := fiskaly.Open(fiskaly.Optionen{URL: url, TSS: sim.TSS, APIKey: "k", APISecret: "s"})
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "T-207") {
			t.Errorf("%s: %v", url, err)
		}
	}
	for _, o := range []fiskaly.Optionen{
		{APIKey: "k", APISecret: "s"},
		{TSS: sim.TSS, APISecret: "s"},
		{TSS: sim.TSS, APIKey: "k"},
		{TSS: "../" + sim.TSS, APIKey: "k", APISecret: "s"},
	} {
		if _, err := fiskaly.Open(o); !strings.Contains(err.Error(), "T-208") {
			t.Errorf("%v", err)
		}
	}
}

// The service sends the till elsewhere: it does not go there with its secrets.
func TestUmleitung(t *testing.T) {
	d := neu(t)
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the secrets went elsewhere")
	}))
	defer other.Close()
	here := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer here.Close()
	moved := d.treiber(func(o *fiskaly.Optionen) { o.URL = here.URL })
	if _, err := moved.Stand(d.in(time.Second)); err == nil {
		t.Error("it followed")
	}
}

// Without a connection nothing was sent.
func TestNichtDa(t *testing.T) {
	d := neu(t)
	gone := d.treiber(func(o *fiskaly.Optionen) { o.URL = "http://127.0.0.1:1" })
	if _, err := gone.Stand(d.in(time.Second)); art(err) != tse.Unabgeschickt {
		t.Errorf("%v", err)
	}
}

// An answer that lacks its counter is no signature: nothing is made up in its place.
func TestHalbeAntwort(t *testing.T) {
	half := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/auth"):
			_, _ = w.Write([]byte(`{"access_token":"t"}`))
		case strings.HasSuffix(r.URL.Path, "/client"):
			_, _ = w.Write([]byte(`{"data":[{"_id":"c","serial_number":"OFFIZIN-1","state":"REGISTERED"}]}`))
		default:
			_, _ = w.Write([]byte(`{"number":7,"state":"FINISHED","time_start":1780488000,"tss_serial_number":"x",` +
				`"log":{"timestamp":1780488002},"signature":{"value":"c2ln"}}`))
		}
	}))
	defer half.Close()
	d := neu(t)
	f := d.treiber(func(o *fiskaly.Optionen) { o.URL = half.URL })
	_, err := f.Beenden(d.in(time.Second), "OFFIZIN-1", tse.Beginn{Transaktion: 7}, "Kassenbeleg-V1", "x")
	if art(err) != tse.Ausfall {
		t.Errorf("%v", err)
	}
}
