package knoten_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/epson"
	"github.com/offizin/offizin/integration/tse/epson/sim"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
	projektionen "github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

// till is a machine of one folder, from one start to the next, and all numbers that it gave out on paper.
type till struct {
	*testing.T
	*laufend

	dir     string
	opt     knoten.Options
	nummern map[string]bool
	acts    int
}

func newTill(t *testing.T) *till {
	t.Helper()
	k := &till{T: t, dir: filepath.Join(t.TempDir(), "a"), nummern: map[string]bool{}}
	k.opt.Hochstand = filepath.Join(t.TempDir(), "stand")
	return k
}

// mitTSE lays a simulated TSE down, which is a device: it does not lie in the data folder.
func (k *till) mitTSE(cfg anschluss.Konfig) *till {
	k.Helper()
	if err := errors.Join(os.MkdirAll(k.dir, 0o700), cfg.Schreiben(k.dir)); err != nil {
		k.Fatal(err)
	}
	return k
}

func (k *till) start() {
	k.Helper()
	k.laufend = starte(k.T, k.dir, "127.0.0.1:0", k.opt)
}

// bon puts change into the drawer, with a receipt of the next number. A number is never given out twice.
func (k *till) bon() bon.Bon {
	k.Helper()
	k.acts++
	b, err := k.Dienste.Tagesabschluss.Bewegen(k.Context(), workflow.Auftrag{Key: "bon-" + strconv.Itoa(k.acts), Actor: "AB"},
		tagesabschluss.Bewegung{Geschaeft: bon.Geldtransit, Betrag: 100, Grund: "Wechselgeld"})
	if err != nil {
		k.Fatal(err)
	}
	if k.nummern[b.Nummer] {
		k.Errorf("%s is given out a second time", b.Nummer)
	}
	k.nummern[b.Nummer] = true
	return b
}

// signiert waits until a TSE is set up and signs.
func (k *till) signiert() (serie string) {
	k.Helper()
	bald(k.T, "a TSE signs", 10*time.Second, func() bool {
		l, set, err := k.Absicherung.Lage(k.Context())
		serie = l.Serie
		return err == nil && set && l.Ungesichert == 0 && l.Grund == ""
	})
	return serie
}

func (k *till) kopiere() string {
	k.Helper()
	copied := filepath.Join(k.TempDir(), "kopie")
	if err := os.CopyFS(copied, os.DirFS(k.dir)); err != nil {
		k.Fatal(err)
	}
	return copied
}

func (k *till) zurueck(copied string) {
	k.Helper()
	if err := errors.Join(os.RemoveAll(k.dir), os.CopyFS(k.dir, os.DirFS(copied))); err != nil {
		k.Fatal(err)
	}
}

// wieAlt fails unless the start has found by a witness that the folder is old, and the next Bon begins anew.
func (k *till) wieAlt(witness string) {
	k.Helper()
	g := k.glied("bonnummern")
	if g.Code != "J-313" || !strings.Contains(g.Text, k.Kern.Till) || !strings.Contains(g.Ausweg, witness) {
		k.Errorf("%+v", g)
	}
	if b := k.bon(); !strings.HasPrefix(b.Nummer, k.Kern.Till+"-") || len(k.Kern.Till) != 6 {
		k.Errorf("gives out %s", b.Nummer)
	}
}

// wieVorher fails if it goes on otherwise than before.
func (k *till) wieVorher(till string) {
	k.Helper()
	if g := k.glied("bonnummern"); g.Code != "" || k.Kern.Till != till {
		k.Errorf("gives out %s, before %s: %+v", k.Kern.Till, till, g)
	}
	k.bon()
}

// The whole data folder was put back by hand, with all that is in it, on a computer with one machine. The
// file outside is ahead: the first Bon already has a number that nobody has. It is found each time, also
// after that copy was put back once, and it stays so.
func TestOrdnerZurueckgespielt(t *testing.T) {
	k := newTill(t)
	k.start()
	k.bon()
	k.stop()
	old := k.kopiere()
	k.start()
	k.bon()
	k.bon()
	k.stop()
	k.zurueck(old)
	k.start()
	k.wieAlt("hochstand-")
	till := k.Kern.Till
	k.stop()
	k.start()
	k.wieVorher(till)
	k.stop()
	k.zurueck(old)
	k.start()
	k.wieAlt("hochstand-")
	if k.Kern.Till == till {
		t.Errorf("gives out %s again", till)
	}
}

// The whole disk was put back, with what lies outside the data folder. The TSE has signed what the journal
// does not know. With its new numbers the machine is another till there, and that signs.
func TestPlatteZurueckgespielt(t *testing.T) {
	k := newTill(t).mitTSE(anschluss.Konfig{Treiber: simulator.Name, Ordner: t.TempDir()})
	k.opt.Hochstand = ""
	k.start()
	serie := k.signiert()
	k.bon()
	k.signiert()
	k.stop()
	old := k.kopiere()
	k.start()
	k.wieVorher("1")
	k.signiert()
	k.stop()
	k.zurueck(old)
	k.start()
	k.wieAlt("TSE")
	if next := k.signiert(); next == serie {
		t.Errorf("signs as %s, as before", next)
	}
	till := k.Kern.Till
	k.bon()
	k.signiert()
	for range 2 {
		k.stop()
		k.start()
		k.wieVorher(till)
		k.signiert()
	}
}

// The TSE does not answer at the start, so sales go on as before; when it answers, the machine is told to
// start anew, and then has other numbers.
func TestTSEAntwortetSpaet(t *testing.T) {
	kern, err := simulator.Open(simulator.Optionen{Ordner: t.TempDir()}, clock.NewReal())
	if err != nil {
		t.Fatal(err)
	}
	host, err := sim.Open("127.0.0.1:0", kern)
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	k := newTill(t).mitTSE(anschluss.Konfig{
		Treiber: epson.Name, Adresse: host.Adresse(), AdminPIN: sim.AdminPIN, ZeitPIN: sim.ZeitPIN,
	})
	k.opt.Hochstand = ""
	k.start()
	k.signiert()
	k.bon()
	k.signiert()
	k.stop()
	old := k.kopiere()
	k.start()
	k.bon()
	k.signiert()
	k.stop()
	k.zurueck(old)
	host.Stoeren(sim.Stoerung{Stumm: true})
	watch := clock.NewReal()
	k.start()
	if took := watch.Mono(); took > 4*time.Second {
		t.Errorf("the start waits %s for the TSE", took)
	}
	if g := k.glied("bonnummern"); g.Code != "" {
		t.Errorf("%+v", g)
	}
	host.Stoeren(sim.Stoerung{})
	bald(t, "it is said", 20*time.Second, func() bool { return k.glied("bonnummern").Code == "J-331" })
	k.stop()
	k.start()
	if k.Kern.Till == "1" {
		t.Error("gives out the same numbers")
	}
	k.wieVorher(k.Kern.Till)
}

// Nothing of that is taken for a folder that was put back: a program that is killed, one that begins to
// look outside, another version, and a backup that was restored, which goes on as another till anyway.
func TestNichtsZurueckgespielt(t *testing.T) {
	k := newTill(t).mitTSE(anschluss.Konfig{Treiber: simulator.Name, Ordner: t.TempDir()})
	outside := k.opt.Hochstand
	k.opt.Hochstand, k.opt.Version = "", "1"
	k.start()
	k.signiert()
	k.bon()
	k.signiert()
	k.stop()
	k.opt.Hochstand, k.opt.Version = outside, "2"
	for range 3 {
		k.start()
		k.wieVorher("1")
		k.signiert()
		k.abschuss()
	}
	k.start()
	k.wieVorher("1")
	k.signiert()
	target := t.TempDir()
	recovery, err := k.Sicherung.NeuerCode()
	if err != nil {
		t.Fatal(err)
	}
	made, err := k.Sicherung.Erstellen(t.Context(), target, nil)
	if err != nil {
		t.Fatal(err)
	}
	k.bon()
	k.signiert()
	k.stop()
	key, err := recovery.Identity()
	if err == nil {
		err = os.RemoveAll(k.dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = sicherung.Wiederherstellen(t.Context(), sicherung.Auftrag{
		Von: made.Datei, Nach: k.dir, Mit: []age.Identity{key}, Clock: clock.NewReal(), Projections: projektionen.Projections(),
	})
	if err != nil {
		t.Fatal(err)
	}
	k.start()
	k.wieVorher(k.Kern.Till)
	if k.signiert(); k.Kern.Till == "1" {
		t.Error("a restored till gives out the numbers of the one before")
	}
}

// abschuss leaves what a kill leaves while nobody sells: nothing is closed, and no mark of the end is written.
func (k *till) abschuss() {
	k.Helper()
	data, outside := k.kopiere(), k.opt.Hochstand+"-kopie"
	err := os.CopyFS(outside, os.DirFS(k.opt.Hochstand))
	k.stop()
	k.zurueck(data)
	err = errors.Join(err, os.RemoveAll(k.opt.Hochstand), os.Rename(outside, k.opt.Hochstand))
	if err != nil {
		k.Fatal(err)
	}
}

// Outside of the data folder nothing can be written: that is said, and sold on.
func TestHochstandNichtSchreibbar(t *testing.T) {
	k := newTill(t)
	if err := os.WriteFile(k.opt.Hochstand, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	k.start()
	if g := k.glied("hochstand"); g.Code != "J-330" {
		t.Errorf("%+v", g)
	}
	k.wieVorher("1")
}
