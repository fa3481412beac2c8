package apotheke_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/uhr"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/verkauf"
)

// laden is a pharmacy on a machine whose clock the test sets.
type laden struct {
	wechsel

	uhr *clock.Manual
}

func newLaden(t *testing.T) *laden {
	x := &laden{wechsel{T: t, dir: t.TempDir()}, clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC))}
	x.start()
	liste(t, filepath.Join(x.dir, "katalog"), 20261115, 398)
	x.must(x.a.Dienste.Haus.BenutzerSetzen(t.Context(), x.act(), haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Aktiv: true}))
	return x
}

func (x *laden) start() {
	x.Helper()
	var err error
	x.a, err = apotheke.Open(x.Context(), apotheke.Options{Dir: x.dir, Clock: x.uhr})
	x.must(err)
	x.Cleanup(func() { _ = x.a.Close() })
}

// restart is a power cut at which the machine's clock takes that time.
func (x *laden) restart(at time.Time) {
	x.Helper()
	x.must(x.a.Close())
	x.uhr.Set(at)
	x.start()
}

// verkauft sells one pack and returns the day of the Bon.
func (x *laden) verkauft() string {
	x.Helper()
	s := x.a.Dienste.Verkauf
	v, err := s.Beginnen(x.Context(), x.act())
	x.must(err)
	v, _, err = s.Scan(x.Context(), x.act(), v.Vorgang.ID, "01126111")
	x.must(err)
	b, err := s.Bezahlen(x.Context(), x.act(), v.Vorgang.ID, verkauf.Zahlung{Erwartet: v.Summen.Patient})
	x.must(err)
	return b.Tag.String()
}

func (x *laden) glied() stoerung.Glied {
	x.Helper()
	for _, g := range x.a.Dienste.Stoerung.Zustand(x.Context()).Glieder {
		if g.ID == "uhr" {
			return g
		}
	}
	x.Fatal("no link of the clock")
	return stoerung.Glied{}
}

// bestaetigt presses the button as the page shows it.
func (x *laden) bestaetigt(key string, rechner time.Time) *httptest.ResponseRecorder {
	x.Helper()
	h, err := x.a.Handler()
	x.must(err)
	form := url.Values{"key": {key}, "rechner": {strconv.FormatInt(rechner.Unix(), 10)}}
	r := httptest.NewRequest(http.MethodPost, "http://localhost/stoerungen/uhr", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "benutzer", Value: "AB"})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// With a dead battery the till sells on with the day that was, says so, and takes the true
// time as soon as the machine has it; V-160 is for nobody any more.
func TestToteBatterie(t *testing.T) {
	for _, boot := range []time.Time{
		time.Unix(0, 0).UTC(), time.Date(2000, 1, 1, 0, 0, 3, 0, time.UTC), time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC),
	} {
		x := newLaden(t)
		x.verkauft()
		x.restart(boot)
		if day := x.verkauft(); day != "2026-11-23" {
			t.Errorf("%v: sold on %s", boot, day)
		}
		if g := x.glied(); g.Code != "U-101" || g.Zustand != stoerung.Gestoert || !strings.Contains(g.Text, "es gilt 23.11.2026 12:00") {
			t.Errorf("%v: %+v", boot, g)
		}
		x.uhr.Set(time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)) // NTP
		if day := x.verkauft(); day != "2026-11-24" {
			t.Errorf("%v: set right: sold on %s", boot, day)
		}
		if g := x.glied(); g.Code != "U-104" || g.Zustand != stoerung.Warnung {
			t.Errorf("%v: set right: %+v", boot, g)
		}
	}
}

// Ten years ahead are not believed; a person who confirms them by mistake confirms the way
// back, too, and nothing is poisoned: time, catalogue and law are those of the day again.
func TestZehnJahreVor(t *testing.T) {
	x := newLaden(t)
	noon := x.uhr.Now()
	x.uhr.Set(noon.AddDate(10, 0, 0))
	if day := x.verkauft(); day != "2026-11-23" {
		t.Errorf("not believed: sold on %s", day)
	}
	if g := x.glied(); g.Code != "U-102" {
		t.Errorf("%+v", g)
	}
	if w := x.bestaetigt("u1", noon); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "U-105") {
		t.Errorf("confirmed what the clock does not show: %d %s", w.Code, w.Body)
	}
	if w := x.bestaetigt("u2", x.uhr.Now()); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if g, now := x.glied(), x.a.Kern.Clock.Now(); g.Zustand != stoerung.Gut || now.Year() != 2036 {
		t.Errorf("%+v at %v", g, now)
	}
	x.restart(noon.Add(time.Hour))
	if g := x.glied(); g.Code != "U-101" {
		t.Errorf("back: %+v", g)
	}
	x.bestaetigt("u2", x.uhr.Now()) // pressed again with the old key: done long ago
	if g := x.glied(); g.Code != "U-101" {
		t.Errorf("an old key confirms again: %+v", g)
	}
	if w := x.bestaetigt("u3", x.uhr.Now()); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if g, day := x.glied(), x.verkauft(); g.Zustand != stoerung.Gut || day != "2026-11-23" {
		t.Errorf("%+v, sold on %s", g, day)
	}
	x.restart(noon.Add(2 * time.Hour))
	if g := x.glied(); g.Zustand != stoerung.Gut {
		t.Errorf("after a restart: %+v", g)
	}
}

// Without its file, or with one that is damaged, the clock knows the newest record.
func TestUhrOhneDatei(t *testing.T) {
	for _, text := range []string{"", "{", `{"hoechste":"gestern"}`} {
		x := newLaden(t)
		x.verkauft()
		x.must(x.a.Close())
		x.must(os.WriteFile(filepath.Join(x.dir, uhr.File), []byte(text), 0o600))
		x.uhr.Set(time.Unix(0, 0).UTC())
		x.start()
		if g := x.glied(); g.Code != "U-101" || !strings.Contains(g.Text, "23.11.2026") {
			t.Errorf("%q: %+v", text, g)
		}
	}
}

// Order is by sequence, whatever the clock does: the records of an hour that came twice and
// of a day that was set back follow each other.
func TestReihenfolgeOhneUhr(t *testing.T) {
	x := newLaden(t)
	var days []string
	for _, at := range []string{"2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z", "2027-10-30T01:30:00Z"} {
		step, err := time.Parse(time.RFC3339, at)
		x.must(err)
		x.uhr.Set(step)
		x.bestaetigt("z"+at, step) // whatever it shows, somebody says that it is right
		days = append(days, x.verkauft())
	}
	self, last, n := x.a.Store.Self(), uint64(0), 0
	x.must(x.a.Store.Records(t.Context(), self, 0, func(r journal.Record) (bool, error) {
		if r.Seq != last+1 {
			t.Errorf("record %d after %d", r.Seq, last)
		}
		if r.Type == "verkauf.abgeschlossen.v1" {
			n++
		}
		last = r.Seq
		return true, nil
	}))
	if n != 3 || !slices.Equal(days, []string{"2027-10-31", "2027-10-31", "2027-10-30"}) {
		t.Errorf("%d sales, of %v", n, days)
	}
}
