package knoten_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

// TestMessung measures, on demand, sales over HTTP of the three machines while catalogues are
// fetched: MESSUNG=<articles> go test -run TestMessung -v ./app/knoten.
func TestMessung(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("MESSUNG"))
	if n == 0 {
		t.Skip("measures on demand only")
	}
	a, b, _ := drei(t)
	if err := a.Dienste.Haus.BenutzerSetzen(t.Context(), workflow.Auftrag{Key: "u", Actor: "AB"}, haus.Benutzer{
		Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber", Aktiv: true,
	}); err != nil {
		t.Fatal(err)
	}
	a.importiereN(1, a.heute(), 20_000)
	bald(t, "b sells", time.Minute, func() bool { return b.gilt() == a.gilt() })
	t.Logf("quiet, lead: %s", verkaeufe(a, "q", 5*time.Second, nil))
	t.Logf("quiet, follower: %s", verkaeufe(b, "r", 5*time.Second, nil))
	id := vorbereitet(t, a, n)
	uhr := clock.NewReal()
	done := func() bool { return b.hat(id) }
	fl, ff := make(chan string), make(chan string)
	go func() { fl <- verkaeufe(a, "l", time.Hour, done) }()
	go func() { ff <- verkaeufe(b, "f", time.Hour, done) }()
	t.Logf("lead while two fetch: %s", <-fl)
	t.Logf("follower while it fetches: %s", <-ff)
	t.Logf("%d articles fetched in %s", n, uhr.Mono())
	d := a.dazu(t.TempDir())
	took := bald(t, "blank machine sells", 3*time.Minute, func() bool { return d.gilt() == a.gilt() && d.gilt() == id })
	t.Logf("a blank machine sells after %s", took)
}

// vorbereitet builds a catalogue elsewhere and puts it among those of a machine at once.
func vorbereitet(t *testing.T, m *laufend, n int) string {
	t.Helper()
	other := &laufend{t: t, dir: t.TempDir()}
	for _, name := range []string{"katalog.key", "katalog.pub"} {
		b, err := os.ReadFile(filepath.Join(m.dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(other.dir, name), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	id := other.importiereN(2, other.heute(), n)
	if err := os.Rename(filepath.Join(other.katalogDir(), id), filepath.Join(m.katalogDir(), id)); err != nil {
		t.Fatal(err)
	}
	return id
}

func verkaeufe(m *laufend, key string, dauer time.Duration, done func() bool) string {
	uhr, ctx := clock.NewReal(), context.Background()
	c := driver.New("http://"+m.addr, "AB")
	var times []time.Duration
	for i := 0; uhr.Mono() < dauer && (done == nil || !done()); i++ {
		k := key + strconv.Itoa(i)
		v, err := c.Scan(ctx, k+"a", "", string(muster.OTCSchmerzmittel.PZN()))
		if err == nil {
			v, err = c.Scan(ctx, k+"b", v.Vorgang, string(muster.FreiwahlVoll.PZN()))
		}
		if err != nil {
			return err.Error()
		}
		began := uhr.Mono()
		if _, err = c.Bezahlen(ctx, k+"c", v.Vorgang, v.Patient); err != nil {
			return err.Error()
		}
		times = append(times, uhr.Mono()-began)
		time.Sleep(20 * time.Millisecond)
	}
	slices.Sort(times)
	at := func(p int) time.Duration {
		return times[min(len(times)-1, len(times)*p/100)].Round(10 * time.Microsecond)
	}
	return strconv.Itoa(len(times)) + " sales, p50 " + at(50).String() + ", p95 " + at(95).String() + ", p99 " + at(99).String()
}
