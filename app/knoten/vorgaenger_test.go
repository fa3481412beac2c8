package knoten_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

// sicherung is the folder of a machine that has ended, as a restore of its backup makes it: without identity.
func (m *laufend) sicherung(name string) string {
	m.t.Helper()
	dir := filepath.Join(filepath.Dir(m.dir), name)
	if err := errors.Join(os.CopyFS(dir, os.DirFS(m.dir)), os.RemoveAll(filepath.Join(dir, knoten.Dir))); err != nil {
		m.t.Fatal(err)
	}
	return dir
}

// oeffne starts a machine that is refused by itself, and returns its code; empty: it started, and ended again.
func oeffne(t *testing.T, dir string) string {
	t.Helper()
	l, err := knoten.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	k, err := knoten.Open(t.Context(), knoten.Options{Apotheke: apotheke.Options{Dir: dir, Clock: clock.NewReal()}}, l)
	if err == nil {
		err = k.Close()
	}
	if err == nil {
		return ""
	}
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		t.Fatal(err)
	}
	return f.Code
}

// einlass is what a machine says to whoever shows the key in a data folder.
func (m *laufend) einlass(dir string) string {
	m.t.Helper()
	name := filepath.Join(dir, knoten.Dir, "rechner.pem")
	own, err := tls.LoadX509KeyPair(name, name)
	if err != nil {
		m.t.Fatal(err)
	}
	c := insecure()
	c.Certificates = []tls.Certificate{own}
	tr := &http.Transport{TLSClientConfig: c}
	defer tr.CloseIdleConnections()
	resp, err := (&http.Client{Transport: tr}).Get("https://" + m.addr + "/knoten/v1/wer")
	if err != nil {
		m.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	return string(b)
}

// beute is the folder of a stolen machine whose identity the thief has deleted, and the key that its program
// makes with the authority that lies in it.
func (m *laufend) beute() string {
	m.t.Helper()
	dir := m.sicherung("beute")
	t := starte(m.t, dir, "127.0.0.1:0", knoten.Options{Trotzdem: true})
	t.stop()
	return dir
}

func (m *laufend) epoche() int {
	x, _, err := m.Rechner.Aussteller(m.t.Context())
	if err != nil {
		m.t.Log(err)
	}
	return x.Epoche
}

// zuDritt are three machines that know each other.
func zuDritt(t *testing.T) (a, b, c *laufend) {
	t.Helper()
	dir := t.TempDir()
	a = starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b, c = a.dazu(filepath.Join(dir, "b")), a.dazu(filepath.Join(dir, "c"))
	bald(t, "all know each other", 10*time.Second, func() bool {
		return len(b.stand().Rechner) == 2 && len(c.stand().Rechner) == 2 && b.stand().Folgt == "platz-1"
	})
	bald(t, "keys are there", 10*time.Second, func() bool { return b.epoche() == 1 && c.epoche() == 1 })
	return a, b, c
}

// A stolen machine is restored from its backup: it takes its place with a new key, and as soon as it has met
// the others, no one lets in what the thief makes of the old disk, whatever he deletes.
func TestGestohlen(t *testing.T) {
	a, b, c := zuDritt(t)
	b.stop()
	time.Sleep(2 * time.Second)
	r := starte(t, b.sicherung("r"), "127.0.0.1:0", knoten.Options{})
	r.nenne(t.Context(), "n1", "Rosen-Apotheke")
	bald(t, "all have the new authority and what it wrote", 10*time.Second, func() bool {
		return a.epoche() == 2 && c.epoche() == 2 && r.epoche() == 2 && a.name(t.Context()) == "Rosen-Apotheke"
	})
	stolen := filepath.Join(filepath.Dir(b.dir), "dieb")
	if err := os.CopyFS(stolen, os.DirFS(b.dir)); err != nil {
		t.Fatal(err)
	}
	if got := a.einlass(stolen); !strings.Contains(got, "M-113") {
		t.Errorf("with the old key: %s", got)
	}
	if err := os.RemoveAll(filepath.Join(stolen, knoten.Dir)); err != nil {
		t.Fatal(err)
	}
	thief := starte(t, stolen, "127.0.0.1:0", knoten.Options{Trotzdem: true})
	thief.nenne(t.Context(), "n2", "Dieb")
	bald(t, "the thief is refused by all", 10*time.Second, func() bool {
		for _, x := range thief.stand().Rechner {
			if !strings.Contains(x.Fehler, "M-111") {
				return false
			}
		}
		return len(thief.stand().Rechner) == 2
	})
	for _, m := range []*laufend{a, c, r} {
		if got := m.einlass(stolen); !strings.Contains(got, "M-111") || m.name(t.Context()) != "Rosen-Apotheke" {
			t.Errorf("%s: %s", m.Kern.Platz, got)
		}
	}
	bald(t, "the others are together", 10*time.Second, func() bool {
		return r.stand().Folgt == "platz-1" && c.stand().Folgt == "platz-1" && len(a.stand().Rechner) == 2
	})
}

// While nobody else is there, or the network is cut: the restored machine itself lets the thief in no more,
// and the others as soon as they are back, also if it was started again before.
func TestGestohlenUndNiemandDa(t *testing.T) {
	a, b, c := zuDritt(t)
	for _, m := range []*laufend{a, b, c} {
		m.stop()
	}
	r := starte(t, b.sicherung("r"), "127.0.0.1:0", knoten.Options{})
	stolen := b.beute()
	if got := r.einlass(stolen); !strings.Contains(got, "M-111") {
		t.Errorf("alone: %s", got)
	}
	r.stop()
	r = starte(t, r.dir, r.addr, knoten.Options{})
	a, c = starte(t, a.dir, a.addr, knoten.Options{}), starte(t, c.dir, c.addr, knoten.Options{})
	bald(t, "all have the new authority", 15*time.Second, func() bool {
		return a.epoche() == 2 && c.epoche() == 2 && r.stand().Folgt == "platz-1"
	})
	for _, m := range []*laufend{a, c, r} {
		if got := m.einlass(stolen); !strings.Contains(got, "M-111") {
			t.Errorf("%s: %s", m.Kern.Platz, got)
		}
	}
	d := a.dazu(filepath.Join(filepath.Dir(a.dir), "d"))
	bald(t, "a new machine is known to all", 10*time.Second, func() bool {
		return d.stand().Folgt == "platz-1" && len(d.stand().Rechner) == 3 && len(r.stand().Rechner) == 3
	})
}

// The only machine is restored: it makes a new authority by itself.
func TestGestohlenDieEinzige(t *testing.T) {
	a := starte(t, filepath.Join(t.TempDir(), "a"), "127.0.0.1:0", knoten.Options{})
	a.stop()
	r := starte(t, a.sicherung("r"), "127.0.0.1:0", knoten.Options{})
	if got := r.einlass(a.beute()); !strings.Contains(got, "M-111") || r.epoche() != 2 {
		t.Errorf("epoch %d: %s", r.epoche(), got)
	}
	b := r.dazu(filepath.Join(filepath.Dir(a.dir), "b"))
	bald(t, "a new machine is in", 10*time.Second, func() bool { return b.stand().Folgt == "platz-1" })
}

// The same backup is restored once more, or that of another machine after all others were lost: nobody can
// tell that from a thief, so it says before its first sale that it needs a code.
func TestZweimalWiederhergestellt(t *testing.T) {
	a, b, c := zuDritt(t)
	b.stop()
	time.Sleep(2 * time.Second)
	again := b.sicherung("r2")
	r := starte(t, b.sicherung("r"), "127.0.0.1:0", knoten.Options{})
	bald(t, "all have the new authority", 10*time.Second, func() bool { return a.epoche() == 2 && c.epoche() == 2 })
	r.stop()
	if code := oeffne(t, again); code != "M-301" {
		t.Errorf("restored once more: %q, want M-301", code)
	}
	alone := starte(t, again, "127.0.0.1:0", knoten.Options{Trotzdem: true})
	alone.nenne(t.Context(), "n1", "allein")
	r = starte(t, r.dir, r.addr, knoten.Options{})
	r.nenne(t.Context(), "n2", "Rosen-Apotheke")
	bald(t, "the first one is at work", 10*time.Second, func() bool { return c.name(t.Context()) == "Rosen-Apotheke" })
	if got := alone.name(t.Context()); got != "allein" || a.einlass(again) == "" || len(a.stand().Rechner) != 2 {
		t.Errorf("%q, %d others", got, len(a.stand().Rechner))
	}
}

// Two machines are lost at once and restored each from its own backup, and no third is left.
func TestAlleWiederhergestellt(t *testing.T) {
	a, b, c := zuDritt(t)
	for _, m := range []*laufend{a, b, c} {
		m.stop()
	}
	ra := starte(t, a.sicherung("ra"), a.addr, knoten.Options{}) // under the old address
	if code := oeffne(t, b.sicherung("rb")); code != "M-301" {
		t.Errorf("%q, want M-301", code)
	}
	b2 := starte(t, filepath.Join(filepath.Dir(a.dir), "b2"), "127.0.0.1:0",
		knoten.Options{Partner: ra.addr, Code: ra.Tuer.Oeffnen(), Apotheke: apotheke.Options{Platz: "platz-2"}})
	bald(t, "with a code it is in", 10*time.Second, func() bool { return b2.stand().Folgt == "platz-1" && b2.Kern.Platz == "platz-2" })
}

// A backup is restored while its machine runs: the restored one does not start and throws nobody out, whether
// it reaches the machine itself or only others that hear from it. It does if that is wanted.
func TestOriginalLaeuft(t *testing.T) {
	a, b, c := zuDritt(t)
	b.stop()
	dir := b.sicherung("r")
	moved := starte(t, b.dir, "127.0.0.1:0", knoten.Options{}) // another address than in the backup
	bald(t, "the others hear of it", 10*time.Second, func() bool {
		return a.Node.Antwortet("platz-2") && c.Node.Antwortet("platz-2")
	})
	if code := oeffne(t, dir); code != "M-300" {
		t.Errorf("others hear of it: %q, want M-300", code)
	}
	moved.stop()
	a.stop()
	c.stop()
	b = starte(t, b.dir, b.addr, knoten.Options{})
	if code := oeffne(t, dir); code != "M-300" {
		t.Errorf("only the machine itself: %q, want M-300", code)
	}
	if list, err := b.Rechner.Alle(t.Context()); err != nil || list[0].Entfernt || len(list) != 3 {
		t.Errorf("%+v %v", list, err)
	}
	a = starte(t, a.dir, a.addr, knoten.Options{})
	r := starte(t, dir, "127.0.0.1:0", knoten.Options{Trotzdem: true})
	bald(t, "it was thrown out, as was wanted", 10*time.Second, func() bool {
		return a.epoche() == 2 && r.stand().Folgt == "platz-1" && strings.Contains(a.einlass(b.dir), "M-113")
	})
}

// holprig passes on what comes to an address, as a bad network does: the first connections die after so long. It
// counts them all.
func holprig(t *testing.T, from, to string, deaths ...time.Duration) *atomic.Int64 {
	t.Helper()
	l, err := knoten.Listen(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	n := &atomic.Int64{}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				_ = in.Close()
				continue
			}
			if i := int(n.Add(1)); i <= len(deaths) {
				time.AfterFunc(deaths[i-1], func() { _, _ = in.Close(), out.Close() })
			}
			go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
			go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
		}
	}()
	return n
}

// The network loses what is asked: the restored machine asks on, and does not take that for the end of the one
// that runs.
func TestOriginalLaeuftNetzHolprig(t *testing.T) {
	a, b, c := zuDritt(t)
	b.stop()
	dir := b.sicherung("r")
	b = starte(t, b.dir, "127.0.0.1:0", knoten.Options{}) // another address than in the backup
	bald(t, "a hears of it", 10*time.Second, func() bool { return a.Node.Antwortet("platz-2") })
	c.stop()
	before := a.addr
	a.stop()
	a = starte(t, a.dir, "127.0.0.1:0", knoten.Options{})
	bald(t, "they hear of each other", 10*time.Second, func() bool {
		return a.Node.Antwortet("platz-2") && b.Node.Antwortet("platz-1")
	})
	n := holprig(t, before, a.addr, 0, 700*time.Millisecond)
	if code := oeffne(t, dir); code != "M-300" || n.Load() > 4 {
		t.Errorf("%q, want M-300; %d connections", code, n.Load())
	}
}

// Nobody answers: the restored machine starts after three seconds.
func TestVorgaengerOhneNetz(t *testing.T) {
	a, b, c := zuDritt(t)
	for _, m := range []*laufend{a, b, c} {
		m.stop()
	}
	uhr := clock.NewReal()
	deaf, err := knoten.Listen(t.Context(), a.addr) // takes connections and never says anything
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	if code := oeffne(t, b.sicherung("r")); code != "" || uhr.Mono() > 5*time.Second {
		t.Errorf("%q after %s", code, uhr.Mono())
	}
}

// The folder of a machine that runs is copied to a second computer, with its identity: that does not start as long
// as the machine, or another that hears from it, answers. The address tells a copy from the machine itself.
func TestKopieStartetNicht(t *testing.T) {
	a, b, c := zuDritt(t)
	b.stop()
	copied := filepath.Join(filepath.Dir(b.dir), "kopie")
	if err := os.CopyFS(copied, os.DirFS(b.dir)); err != nil {
		t.Fatal(err)
	}
	b = starte(t, b.dir, b.addr, knoten.Options{})
	if code := oeffne(t, copied); code != "M-302" {
		t.Errorf("the machine itself answers: %q, want M-302", code)
	}
	b.stop()
	b = starte(t, b.dir, "127.0.0.1:0", knoten.Options{}) // where the copy does not know it
	bald(t, "a hears of it", 10*time.Second, func() bool { return a.Node.Antwortet("platz-2") })
	c.stop()
	if code := oeffne(t, copied); code != "M-302" {
		t.Errorf("another one hears from it: %q, want M-302", code)
	}
	b.stop() // the computer is changed: the copy is the machine now
	b = starte(t, copied, "127.0.0.1:0", knoten.Options{})
	bald(t, "it is in", 10*time.Second, func() bool { return b.stand().Folgt == "platz-1" })
}
