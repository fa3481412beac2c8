package knoten_test

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node/identity"
	"github.com/offizin/offizin/node/kopplung"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/sqlite/schema"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/person"
)

// laufend is a machine that runs.
type laufend struct {
	*knoten.Knoten
	t    *testing.T
	dir  string
	addr string
	stop func()
}

// starte opens a machine at an address and runs it until the test ends.
func starte(t *testing.T, dir, addr string, o knoten.Options) *laufend {
	t.Helper()
	l, err := knoten.Listen(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	o.Apotheke = apotheke.Options{
		Dir: dir, Platz: o.Apotheke.Platz, Clock: cmp.Or[clock.Clock](o.Apotheke.Clock, clock.NewReal()), PruefenNach: time.Hour, Schluessel: rechtsschluessel(),
	}
	k, err := knoten.Open(t.Context(), o, l)
	if err != nil {
		t.Fatal(errors.Join(err, l.Close()))
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(k.Laufen(ctx), k.Close()) }()
	m := &laufend{Knoten: k, t: t, dir: dir, addr: l.Addr().String()}
	m.stop = func() {
		if ctx.Err() == nil {
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("%s ended: %v", dir, err)
			}
		}
	}
	t.Cleanup(m.stop)
	return m
}

func (m *laufend) dazu(dir string) *laufend {
	m.t.Helper()
	return starte(m.t, dir, "127.0.0.1:0", knoten.Options{Partner: m.addr, Code: m.Tuer.Oeffnen()})
}

// bald waits until something is so, and says how long it took.
func bald(t *testing.T, what string, limit time.Duration, f func() bool) time.Duration {
	t.Helper()
	uhr := clock.NewReal()
	for !f() {
		if uhr.Mono() > limit {
			t.Fatalf("not within %s: %s", limit, what)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return uhr.Mono()
}

func (m *laufend) stand() knoten.Stand {
	m.t.Helper()
	st, err := m.Stand(context.Background())
	if err != nil {
		m.t.Fatal(err)
	}
	return st
}

func (m *laufend) name(ctx context.Context) string {
	m.t.Helper()
	e, err := m.Dienste.Haus.Einstellungen(ctx)
	if err != nil {
		m.t.Fatal(err)
	}
	return e.Name
}

func (m *laufend) nenne(ctx context.Context, key, name string) {
	m.t.Helper()
	err := m.Dienste.Haus.Setzen(ctx, workflow.Auftrag{Key: key, Actor: "AB"}, haus.Einstellungen{Name: name})
	if err != nil {
		m.t.Fatal(err)
	}
}

// Three machines: what one writes is on all of them within a second, persons too. The lead
// dies: the next one leads within three seconds, and nobody had to wait to write. The lead
// comes back and gets what it missed.
func TestDreiRechner(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b, c := a.dazu(filepath.Join(dir, "b")), a.dazu(filepath.Join(dir, "c"))
	bald(t, "all know each other", 5*time.Second, func() bool {
		return a.stand().Fuehrt && b.stand().Folgt == "platz-1" && c.stand().Folgt == "platz-1" && len(c.stand().Rechner) == 2
	})
	b.nenne(ctx, "n1", "Rosen-Apotheke")
	bald(t, "written on b, read on a and c", time.Second, func() bool {
		return a.name(ctx) == "Rosen-Apotheke" && c.name(ctx) == "Rosen-Apotheke"
	})
	p, err := c.Dienste.Personen.Anlegen(ctx, workflow.Auftrag{Key: "p1", Actor: "AB"}, person.Person{Name: "Muster"})
	if err != nil {
		t.Fatal(err)
	}
	bald(t, "a person of c on b", time.Second, func() bool {
		got, ok, err := b.Dienste.Personen.Find(ctx, p.ID)
		return err == nil && ok && got.Name == "Muster"
	})
	bald(t, "all of b is safe", time.Second, func() bool { st := b.stand(); return st.Seq > 0 && st.Sicher == st.Seq })

	a.stop()
	c.nenne(ctx, "n2", "Tulpen-Apotheke")
	took := bald(t, "b leads", 3*time.Second, func() bool { return b.stand().Fuehrt && c.stand().Folgt == "platz-2" })
	t.Logf("taken over after %s", took)
	bald(t, "written on c, read on b", time.Second, func() bool { return b.name(ctx) == "Tulpen-Apotheke" })

	a = starte(t, a.dir, a.addr, knoten.Options{})
	bald(t, "a has what it missed", 5*time.Second, func() bool { return a.name(ctx) == "Tulpen-Apotheke" })
	if a.stand().Fuehrt || !b.stand().Fuehrt {
		t.Error("a machine that has just come back does no errands for a minute")
	}
}

// When the machine that is followed dies, a sale does not wait for it: until another one leads
// there is nobody to wait for.
func TestNiemandDa(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b, c := a.dazu(filepath.Join(dir, "b")), a.dazu(filepath.Join(dir, "c"))
	bald(t, "all know each other", 5*time.Second, func() bool {
		return b.stand().Folgt == "platz-1" && c.stand().Folgt == "platz-1" && len(c.stand().Rechner) == 2
	})
	waits := func() bool { // for a record that never comes
		limit, stop := context.WithTimeout(ctx, 100*time.Millisecond)
		defer stop()
		c.Node.Safe(limit, c.Store.Self(), 1<<40)
		return limit.Err() != nil
	}
	bald(t, "a sale waits for a", 5*time.Second, waits)
	a.stop()
	bald(t, "a sale waits for nobody", 2*time.Second, func() bool { return !waits() && c.stand().Folgt == "platz-1" })
	bald(t, "a sale waits for b", 5*time.Second, func() bool { return waits() && c.stand().Folgt == "platz-2" })
}

// A rank that is given on one machine is followed by the other, without a start, and kept: the
// new first one leads. Who may not manage gives no rank.
func TestRangSetzen(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b := a.dazu(filepath.Join(dir, "b"))
	bald(t, "both know each other", 5*time.Second, func() bool { return len(a.stand().Rechner) == 1 && b.stand().Folgt == "platz-1" })
	page := a.Dienste.Rechner
	set := func(platz string, rang int) error {
		return page.Rang(ctx, workflow.Auftrag{Key: platz + strconv.Itoa(rang), Actor: "AB"}, platz, rang)
	}
	if err := errors.Join(set("platz-2", 3), set("platz-1", 5)); err != nil {
		t.Fatal(err)
	}
	bald(t, "each has its rank, and sees the other's", 5*time.Second, func() bool {
		one, two := a.stand(), b.stand()
		return one.Rang == 5 && two.Rang == 3 && one.Rechner[0].Rang == 3 && two.Rechner[0].Rang == 5
	})
	for rang, code := range map[int]string{0: "M-207", 100: "M-207"} {
		if f, ok := errors.AsType[*fault.Fault](set("platz-2", rang)); !ok || f.Code != code {
			t.Errorf("rank %d: %v", rang, f)
		}
	}
	if f, ok := errors.AsType[*fault.Fault](set("platz-9", 1)); !ok || f.Code != "M-231" {
		t.Errorf("no such machine: %v", f)
	}
	b.stop()
	b = starte(t, b.dir, b.addr, knoten.Options{})
	if got := b.stand().Rang; got != 3 {
		t.Errorf("rank %d after another start", got)
	}
	if st, err := page.Stand(ctx); err != nil || len(st.Rechner) != 2 || st.Rechner[0].Platz != "platz-2" || !st.Rechner[1].Hier {
		t.Errorf("%+v %v", st, err)
	}
}

// A cart is open on a machine that runs: it stays there. The machine ends: within three seconds
// another may go on with it, after the question.
func TestUebernahme(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b := a.dazu(filepath.Join(dir, "b"))
	bald(t, "b follows a", 5*time.Second, func() bool { return b.stand().Folgt == "platz-1" })
	v, err := a.Dienste.Verkauf.Beginnen(ctx, workflow.Auftrag{Key: "v1", Actor: "AB"})
	if err != nil {
		t.Log(err) // there is no catalogue; the cart is begun
	}
	var list []vorgaenge.Eintrag
	bald(t, "the cart is on b", time.Second, func() bool {
		list, err = workflow.View(ctx, b.Kern, vorgaenge.List)
		return err == nil && len(list) == 1
	})
	id := list[0].ID
	if _, err := b.Dienste.Uebernahme.Frage(ctx, id); err == nil || !strings.Contains(err.Error(), "V-420") {
		t.Errorf("%s: %v, want V-420", v.Vorgang.ID, err)
	}
	a.stop()
	took := bald(t, "b may ask", 4*time.Second, func() bool {
		platz, err := b.Dienste.Uebernahme.Frage(ctx, id)
		return err == nil && platz == "platz-1"
	})
	t.Logf("free after %s", took)
	_, _ = b.Dienste.Verkauf.Fortsetzen(ctx, workflow.Auftrag{Key: "v2", Actor: "AB"}, id) // without a catalogue it shows nothing
	if list, err = workflow.View(ctx, b.Kern, vorgaenge.List); err != nil || list[0].Platz != "platz-2" || list[0].Epoche != 2 {
		t.Errorf("%+v %v", list, err)
	}
}

// The page opens the door for one machine, says how to come in, and shuts it.
func TestEinladung(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	page := a.Dienste.Rechner
	if page.Einladung() != nil {
		t.Error("open before anybody opened it")
	}
	if err := page.Einladen(ctx, "AB"); err != nil {
		t.Fatal(err)
	}
	in := page.Einladung()
	if in == nil || !in.NurHier || in.Noch > 10*time.Minute || !strings.Contains(in.Befehl, "--partner "+a.addr+" --code "+in.Code) {
		t.Fatalf("%+v", in)
	}
	b := starte(t, filepath.Join(dir, "b"), "127.0.0.1:0", knoten.Options{Partner: a.addr, Code: in.Code})
	if b.Kern.Platz != "platz-2" || page.Einladung() != nil {
		t.Errorf("%s, and the door: %+v", b.Kern.Platz, page.Einladung())
	}
	if err := errors.Join(page.Einladen(ctx, "AB"), page.Schliessen(ctx, "AB")); err != nil || page.Einladung() != nil {
		t.Errorf("not shut: %v", err)
	}
}

// A machine that was removed is told so by the others and gets nothing any more; it goes on
// selling. With its old folder it does not come back.
func TestEntfernen(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b, c := a.dazu(filepath.Join(dir, "b")), a.dazu(filepath.Join(dir, "c"))
	bald(t, "all know each other", 5*time.Second, func() bool { return c.stand().Folgt == "platz-1" && len(b.stand().Rechner) == 2 })
	if err := a.Entfernen(ctx, "platz-3"); err != nil {
		t.Fatal(err)
	}
	bald(t, "c is refused", 5*time.Second, func() bool {
		for _, r := range c.stand().Rechner {
			if !strings.Contains(r.Fehler, "M-113") {
				return false
			}
		}
		return len(b.stand().Rechner) == 1
	})
	a.nenne(ctx, "n1", "Rosen-Apotheke")
	c.nenne(ctx, "n2", "allein")
	bald(t, "b has it", time.Second, func() bool { return b.name(ctx) == "Rosen-Apotheke" })
	if got := c.name(ctx); got != "allein" {
		t.Errorf("the removed machine got %q", got)
	}
	d := a.dazu(filepath.Join(dir, "d")) // the new authority vouches for new machines, for b too
	bald(t, "d and b know each other", 5*time.Second, func() bool { return len(b.stand().Rechner) == 2 && d.name(ctx) == "Rosen-Apotheke" })
	if err := a.Entfernen(ctx, "platz-1"); err == nil {
		t.Error("a machine removed itself")
	}
}

// A wrong code, a folder with another pharmacy, and nobody there: each has its sentence, and
// the folder can be used again.
func TestBeitrittVerweigert(t *testing.T) {
	dir := t.TempDir()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	other := starte(t, filepath.Join(dir, "o"), "127.0.0.1:0", knoten.Options{})
	other.stop()
	try := func(dir string, o knoten.Options, code string) {
		t.Helper()
		l, err := knoten.Listen(t.Context(), "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		o.Apotheke = apotheke.Options{Dir: dir, Clock: clock.NewReal()}
		_, err = knoten.Open(t.Context(), o, l)
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
	a.Tuer.Oeffnen()
	if err := os.RemoveAll(filepath.Join(other.dir, knoten.Dir)); err != nil {
		t.Fatal(err)
	}
	try(other.dir, knoten.Options{Partner: a.addr, Code: "0000-0000"}, "M-213")
	fresh := filepath.Join(dir, "b")
	try(fresh, knoten.Options{Partner: a.addr, Code: "0000-0000"}, "M-120")
	try(fresh, knoten.Options{Partner: "127.0.0.1:1", Code: "0000-0000"}, "M-124")
	for _, partner := range []string{"192.168.1.20:7443", knoten.Auto} { // it would be entered where nobody reaches it
		try(fresh, knoten.Options{Partner: partner, Code: "0000-0000"}, "M-281")
	}
	b := a.dazu(fresh)
	bald(t, "b is in", 5*time.Second, func() bool { return b.stand().Folgt == "platz-1" })
	bald(t, "a sees b", 5*time.Second, func() bool { return a.Node.Antwortet("platz-2") })
	for _, name := range []string{"platz-1", "platz-2"} { // both run: nobody takes their place
		id, err := identity.New()
		if err != nil {
			t.Fatal(err)
		}
		_, err = kopplung.Koppeln(t.Context(), a.addr, a.Tuer.Oeffnen(), kopplung.Antrag{
			Public: id.Public(), Platz: name, Adresse: "127.0.0.1:1",
		})
		if err == nil || !strings.Contains(err.Error(), "M-280") {
			t.Errorf("%s: %v, want M-280", name, err)
		}
	}
}

// One address for pages and machines: pages are plain and only for this machine, machines are
// encrypted, strangers get no records, and who says nothing holds nobody up.
func TestEineAdresse(t *testing.T) {
	a := starte(t, filepath.Join(t.TempDir(), "a"), "127.0.0.1:0", knoten.Options{})
	for range 20 {
		c, err := net.Dial("tcp", a.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	get := func(url string) (int, string) {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: insecure()}, Timeout: 5 * time.Second}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(b)
	}
	for _, c := range []struct {
		url, want string
		status    int
	}{
		{"http://" + a.addr + "/gesund", "ok", http.StatusOK},
		{"https://" + a.addr + "/knoten/v1/wer", "M-110", http.StatusForbidden},
		{"https://" + a.addr + "/knoten/v1/records?node=platz-1", "M-110", http.StatusForbidden},
		{"https://" + a.addr + "/verkauf", "", http.StatusNotFound},
		{"http://" + a.addr + "/knoten/lokal/v1/stand", "", http.StatusForbidden},
		{"http://" + a.addr + "/knoten/v1/wer", "", http.StatusNotFound},
	} {
		if status, body := get(c.url); status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %q", c.url, status, body)
		}
	}
	run, err := knoten.Find(a.dir)
	if err != nil {
		t.Fatal(err)
	}
	if st, err := run.Stand(t.Context()); err != nil || !st.Laeuft || st.Platz != "platz-1" {
		t.Errorf("%+v %v", st, err)
	}
	a.stop()
	if _, err := knoten.Find(a.dir); err == nil {
		t.Error("found after its end")
	}
}

// A journal without identity – a disk that was put back, or a restored backup – takes its place
// again with a new key, and with receipt numbers that nobody has given out yet.
func TestWiederhergestellt(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b := a.dazu(filepath.Join(dir, "b"))
	bald(t, "b is in and has the journal", 5*time.Second, func() bool {
		list, err := b.Rechner.Alle(ctx)
		return err == nil && len(list) == 2
	})
	if a.Kern.Till != "1" || b.Kern.Till != "2" {
		t.Fatalf("receipts %s and %s", a.Kern.Till, b.Kern.Till)
	}
	b.stop()
	if err := os.RemoveAll(filepath.Join(b.dir, knoten.Dir)); err != nil {
		t.Fatal(err)
	}
	b = starte(t, b.dir, "127.0.0.1:0", knoten.Options{})
	till := b.Kern.Till
	if b.Kern.Platz != "platz-2" || len(till) != 4 || till[0] != '2' || b.stand().Rang != 2 || b.Rang() != 2 {
		t.Errorf("%s, receipts %s, rank %d", b.Kern.Platz, b.Kern.Till, b.stand().Rang)
	}
	b.nenne(ctx, "n1", "Rosen-Apotheke")
	bald(t, "a knows the new key", 5*time.Second, func() bool { return a.name(ctx) == "Rosen-Apotheke" && len(a.stand().Rechner) == 1 })
	b.stop()
	b = starte(t, b.dir, b.addr, knoten.Options{})
	if b.Kern.Till != till {
		t.Errorf("receipts %s after another start", b.Kern.Till)
	}
	b.stop()
	if err := os.RemoveAll(filepath.Join(b.dir, knoten.Dir)); err != nil {
		t.Fatal(err)
	}
	named := knoten.Options{Apotheke: apotheke.Options{Platz: "platz-2"}} // saying who it is changes nothing
	b = starte(t, b.dir, b.addr, named)
	if b.Kern.Till == till || len(b.Kern.Till) != 4 || b.Kern.Till[0] != '2' {
		t.Errorf("receipts %s of one that was told its name", b.Kern.Till)
	}
}

// A backup from before a second machine was there knows nothing of that one's receipt numbers, and
// does not give them out again.
func TestAlteSicherung(t *testing.T) {
	dir := t.TempDir()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	a.stop()
	backup := filepath.Join(dir, "sicherung")
	if err := os.CopyFS(backup, os.DirFS(a.dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(backup, knoten.Dir)); err != nil {
		t.Fatal(err)
	}
	a = starte(t, a.dir, "127.0.0.1:0", knoten.Options{})
	b := a.dazu(filepath.Join(dir, "b"))
	a.stop()
	restored := starte(t, backup, "127.0.0.1:0", knoten.Options{})
	if restored.Kern.Platz != "platz-1" || restored.Kern.Till == b.Kern.Till || restored.Kern.Till == "1" {
		t.Errorf("%s gives out receipts %s, %s those of %s", restored.Kern.Platz, restored.Kern.Till, b.Kern.Platz, b.Kern.Till)
	}
}

// A journal whose keys cannot be opened, with a certificate that is due: personal data stay
// closed, and the machine starts and writes.
func TestVerschlossen(t *testing.T) {
	a := starte(t, filepath.Join(t.TempDir(), "a"), "127.0.0.1:0", knoten.Options{})
	a.stop()
	for _, name := range []string{"knoten.key", knoten.Dir} {
		if err := os.RemoveAll(filepath.Join(a.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	a = starte(t, a.dir, "127.0.0.1:0", knoten.Options{})
	a.nenne(t.Context(), "n1", "Rosen-Apotheke")
	if _, _, err := a.Rechner.Aussteller(t.Context()); err == nil {
		t.Error("the key of the authority opens without that of the machine")
	}
	if g := a.glied("schluessel"); g.Code != "S-657" || g.Ausweg == "" { // it is said, not only logged
		t.Errorf("%+v", g)
	}
	a.stop()
	if d, known, err := knoten.LiesAusweis(a.dir); err != nil || !known || !d.Uncertified {
		t.Errorf("%+v %v %v", d, known, err)
	}
}

// The same for a data folder of the release before there were machines.
func TestAlterOrdnerVerschlossen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	old, err := apotheke.Open(t.Context(), apotheke.Options{Dir: dir, Clock: clock.NewReal(), PruefenNach: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	_, err = old.Store.Seal(t.Context(), "p1", []byte("Anna"))
	if err := errors.Join(err, old.Close(), os.Remove(filepath.Join(dir, "knoten.key"))); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		a := starte(t, dir, "127.0.0.1:0", knoten.Options{})
		if a.nenne(t.Context(), "n1", "Rosen-Apotheke"); a.Kern.Platz != "platz-1" || a.Kern.Till != "1" {
			t.Errorf("%s, receipts %s", a.Kern.Platz, a.Kern.Till)
		}
		a.stop()
	}
}

// A record that the disk has spoiled is put back from another machine by the next check of the
// journal, with nobody doing anything.
func TestGeheilt(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b := a.dazu(filepath.Join(dir, "b"))
	a.nenne(ctx, "n1", "Rosen-Apotheke")
	bald(t, "b has it", 5*time.Second, func() bool { return b.name(ctx) == "Rosen-Apotheke" })
	b.stop()
	c, err := sqlite3.Open(filepath.Join(b.dir, sqlite.File))
	if err != nil {
		t.Fatal(err)
	}
	err = c.Exec("DROP TRIGGER record_update; UPDATE record SET actor = 'XX' WHERE key = 'n1/0'; " + schema.NeverChange)
	if err := errors.Join(err, c.Close()); err != nil {
		t.Fatal(err)
	}
	b = starte(t, b.dir, b.addr, knoten.Options{})
	bald(t, "b finds a", 5*time.Second, func() bool { return b.stand().Folgt == "platz-1" })
	bald(t, "the journal of b is whole", 20*time.Second, func() bool {
		b.Dienste.Stoerung.Zustand(ctx) // who looks has it checked
		r, err := b.Store.Verify(ctx)
		return err == nil && len(r.Funde) == 0
	})
}
