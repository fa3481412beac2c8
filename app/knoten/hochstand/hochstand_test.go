package hochstand_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten/hochstand"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/simulation/disk"
	"github.com/offizin/offizin/sqlite"
)

const maschine = "0123456789abcdef0123456789abcdef"

func origin(life string) journal.Origin { return journal.Origin{Node: "platz-1", Incarnation: life} }

func head(life string, seq uint64) journal.Head { return journal.Head{Origin: origin(life), Seq: seq} }

// ort is a data folder and one outside of it.
type ort struct {
	*testing.T

	daten, aussen string
}

func neu(t *testing.T) ort {
	t.Helper()
	o := ort{t, filepath.Join(t.TempDir(), "daten"), filepath.Join(t.TempDir(), "aussen")}
	if err := os.MkdirAll(filepath.Join(o.daten, "knoten"), 0o700); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o ort) marken() *hochstand.Marken {
	return hochstand.New(filepath.Join(o.daten, "knoten"), o.daten, o.aussen, maschine)
}

func (o ort) schreibe(h journal.Head) {
	o.Helper()
	inside, outside := o.marken().Schreiben(h)
	if inside != nil || outside != nil {
		o.Fatal(inside, outside)
	}
}

func (o ort) aelter(want string, heads ...journal.Head) {
	o.Helper()
	if got := filepath.Base(filepath.Dir(o.marken().Aelter(heads))); got != want && want != "" || want == "" && got != "." {
		o.Errorf("%v: %q, want %q", heads, got, want)
	}
}

// kopiere copies the data folder; zurueck puts the copy in its place, or in another one.
func (o ort) kopiere() (copied string) {
	o.Helper()
	copied = filepath.Join(o.TempDir(), "kopie")
	o.must(os.CopyFS(copied, os.DirFS(o.daten)))
	return copied
}

func (o ort) zurueck(copied, to string) {
	o.Helper()
	o.must(os.RemoveAll(to))
	o.must(os.CopyFS(to, os.DirFS(copied)))
}

func (o ort) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// A database that is put back is found by the file inside, a folder by the one outside, also if it is put
// back to another place, or to before the machine went on under another name.
func TestZurueckgespielt(t *testing.T) {
	o := neu(t)
	o.aelter("", head("a", 10)) // nothing is known
	o.schreibe(head("a", 10))
	o.aelter("", head("a", 10))
	o.aelter("", head("a", 11)) // written on after the mark
	o.aelter("knoten", head("a", 9))
	o.aelter("knoten", head("b", 0)) // another database altogether

	old := o.kopiere()
	o.schreibe(head("a", 12))
	o.zurueck(old, o.daten)
	o.aelter("aussen", head("a", 10))
	o.schreibe(head("b", 2)) // goes on under a new name
	o.aelter("", head("b", 2), head("a", 10))
	o.zurueck(old, o.daten)
	o.aelter("aussen", head("a", 10)) // of b it knows nothing

	o = neu(t)
	o.schreibe(head("a", 10))
	old = o.kopiere()
	o.schreibe(head("a", 12))
	o.daten = filepath.Join(t.TempDir(), "woanders")
	o.zurueck(old, o.daten)
	o.aelter("aussen", head("a", 10))
}

// What is not put back is not taken for it: a folder that was moved, a machine of the same name, one that
// was taken in anew, and the folder itself while a copy of it is tried out under a name of its own.
func TestNichtZurueckgespielt(t *testing.T) {
	o := neu(t)
	o.schreibe(head("a", 10))
	moved := filepath.Join(t.TempDir(), "umgezogen")
	o.must(os.Rename(o.daten, moved))
	one := o
	one.daten = moved
	one.aelter("", head("a", 10))

	other := hochstand.New(filepath.Join(moved, "gibt-es-nicht"), moved, o.aussen, strings.Repeat("f", 32))
	if where := other.Aelter([]journal.Head{head("z", 1)}); where != "" {
		t.Errorf("a machine with another key is found in %s", where)
	}

	try := one
	try.daten = filepath.Join(t.TempDir(), "probe")
	one.schreibe(head("a", 20))
	one.zurueck(moved, try.daten)
	try.must(os.WriteFile(filepath.Join(try.daten, "knoten", hochstand.File), []byte("{"), 0o600)) // unreadable: a help
	try.aelter("aussen", head("a", 15))
	try.schreibe(head("b", 40))
	one.aelter("", head("a", 20))
}

// Where nothing can be written that is said, and the file inside stays.
func TestAussenNichtBeschreibbar(t *testing.T) {
	o := neu(t)
	o.must(os.WriteFile(o.aussen, nil, 0o600))
	inside, outside := o.marken().Schreiben(head("a", 10))
	if inside != nil || outside == nil {
		t.Errorf("%v, %v", inside, outside)
	}
	o.aelter("knoten", head("a", 9))
	o.aussen = ""
	o.schreibe(head("a", 10))
	o.must(os.Remove(filepath.Join(o.daten, "knoten", hochstand.File)))
	o.aelter("", head("a", 9))
}

// Each system keeps such things elsewhere; in the data folder they would be put back with it.
func TestOrt(t *testing.T) {
	daten, home := t.TempDir(), t.TempDir()
	t.Setenv("STATE_DIRECTORY", daten+":/anderswo")
	t.Setenv("XDG_STATE_HOME", filepath.Join(daten, "stand"))
	t.Setenv("HOME", home)
	t.Setenv("LOCALAPPDATA", home)
	dir, err := hochstand.Ort(daten)
	if err != nil || !strings.HasPrefix(dir, home) {
		t.Errorf("%q %v", dir, err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("asking made %s: %v", dir, err)
	}
	service := t.TempDir()
	t.Setenv("STATE_DIRECTORY", service)
	if dir, err := hochstand.Ort(filepath.Join(service, "daten")); err != nil || dir != hochstand.Ganz(service) && dir != service {
		t.Errorf("of a service %q %v", dir, err)
	}
	for _, name := range []string{"STATE_DIRECTORY", "XDG_STATE_HOME", "HOME", "LOCALAPPDATA", "ProgramData"} {
		t.Setenv(name, "")
	}
	if dir, err := hochstand.Ort(daten); err == nil {
		t.Errorf("of nobody %q", dir)
	}
}

// platte is a machine whose database lies on a disk that loses power.
type platte struct {
	ort

	disk  *disk.Disk
	r     *rand.Rand
	store *sqlite.Store
	acts  int
}

func (p *platte) start() bool {
	p.Helper()
	s, err := sqlite.Open(context.Background(), sqlite.Options{
		Dir: "/daten", Node: "platz-1", VFS: p.disk.Name(), Inline: true, CheckpointPages: 5 + p.r.IntN(100), Ballast: -1,
	})
	p.store = s
	return err == nil
}

func (p *platte) heads() []journal.Head {
	h, err := p.store.Heads(context.Background())
	if err != nil {
		return nil
	}
	return h
}

// lebe writes and marks at moments as they come, until the power goes or it has done enough.
func (p *platte) lebe(n int) {
	for range n {
		if p.r.IntN(3) == 0 {
			if h := p.heads(); h != nil {
				p.schreibe(h[0])
			}
		}
		p.acts++
		_, _ = p.store.Append(context.Background(), journal.Act{
			Key: fmt.Sprint(p.acts), Actor: "AB", Wall: time.Unix(1, 0),
			Decide: func(journal.Rows) ([]journal.Event, error) {
				return []journal.Event{event.BestandGeaendert{PZN: kennung.PZN("12345678"), Delta: 1, Art: "korrektur"}}, nil
			},
		})
	}
}

// The power goes at every moment, also while a start looks at what was left: the marks were never ahead of
// what is on the disk, so that a power cut is never taken for a folder that was put back. One that was, is
// found each time that anything was marked since.
func TestStromausfallIstNichtZurueckgespielt(t *testing.T) {
	seeds := uint64(12)
	if os.Getenv("OFFIZIN_BEWEIS") == "lang" {
		seeds = 500
	}
	for seed := range seeds {
		o := neu(t)
		p := &platte{
			ort: o, disk: disk.New(fmt.Sprintf("hochstand-%d", seed), t.TempDir(), seed), r: rand.New(rand.NewPCG(seed, 3)),
		}
		for range 6 {
			p.disk.Set(disk.Faults{CutAt: 1 + p.r.IntN(250)})
			if p.start() {
				p.aelter("", p.heads()...)
				p.lebe(p.r.IntN(20))
			}
			p.disk.Cut()
			p.disk.Restore()
			p.disk.Set(disk.Faults{})
			if !p.start() {
				t.Fatalf("seed %d: does not start", seed)
			}
			p.aelter("", p.heads()...)
			p.must(p.store.Close())
		}
		p.alt()
		p.disk.Close()
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d seeds, each with 12 starts after a power cut and an old copy", seeds)
}

// alt puts an old copy of disk and folder back.
func (p *platte) alt() {
	p.Helper()
	image, folder := p.disk.Copy(), p.kopiere()
	p.start()
	p.lebe(1 + p.r.IntN(9))
	p.schreibe(p.heads()[0])
	p.must(p.store.Close())
	p.disk.Put(image)
	p.zurueck(folder, p.daten)
	p.start()
	p.aelter("aussen", p.heads()...)
	p.must(p.store.Close())
}
