package abschuss_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/simulation/abschuss"
	"github.com/offizin/offizin/sqlite"
)

// platte is a small disk in memory; what fills it is one file.
type platte struct{ dir string }

// mount returns a disk of the size, which is gone when the test ends.
func mount(t *testing.T, size string) platte {
	t.Helper()
	d := platte{t.TempDir()}
	if err := syscall.Mount("tmpfs", d.dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(d.dir, syscall.MNT_DETACH) })
	return d
}

func (d platte) name() string { return filepath.Join(d.dir, "fremd.bin") }

// Fuelle implements abschuss.Platte.
func (d platte) Fuelle() error {
	f, err := os.OpenFile(d.name(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	for block := make([]byte, 1<<16); len(block) > 0; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			block = block[:len(block)/2]
		} else if err != nil {
			return err
		}
	}
	return nil
}

// Leere implements abschuss.Platte.
func (d platte) Leere() error { return os.Remove(d.name()) }

// On a disk that is really full every answer is a Bon or the sentence that says so;
// with room again everything goes on. Once without room for the reserve of 64 MB, once
// with it.
func TestVollePlatte(t *testing.T) {
	for _, size := range []string{"12m", "160m"} {
		t.Run(size, func(t *testing.T) {
			d := mount(t, size)
			e, refused, err := abschuss.VollePlatte(t.Context(), abschuss.Regeln{
				Programm: abschuss.Programm{Binary: binary, Daten: filepath.Join(d.dir, "daten")},
				Seed:     1, Kills: 3, Clock: clock.NewReal(),
			}, d)
			t.Logf("%d steps refused: %s", refused, e)
			if err != nil {
				t.Fatal(err)
			}
			if !e.Gut() || refused < 20 {
				t.Error("not what was acknowledged")
			}
		})
	}
}

// A disk that may only be read: each command says so in a sentence and ends with the
// code of the machine; nothing is written, and when it may be written again all is there.
func TestNurLesen(t *testing.T) {
	d := mount(t, "80m")
	p := abschuss.Programm{Binary: binary, Daten: filepath.Join(d.dir, "daten")}
	x, err := p.Starte(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	x.Kill()
	remount(t, d, syscall.MS_RDONLY)
	for _, args := range [][]string{
		{"demo", "--listen", "127.0.0.1:0"}, {"journal", "verify"}, {"journal", "rebuild"}, {"journal", "export"},
	} {
		_, errs, code, err := p.Ruf(t.Context(), args...)
		if err != nil || code != env.ExitOperating || !strings.Contains(errs, "J-205") {
			t.Errorf("%v: code %d, %v, %s", args, code, err, errs)
		}
		t.Log(strings.TrimSpace(errs))
	}
	remount(t, d, 0)
	if out, errs, code, err := p.Ruf(t.Context(), "journal", "verify"); err != nil || code != env.ExitOK {
		t.Errorf("code %d, %v, %s%s", code, err, out, errs)
	}
}

func remount(t *testing.T, d platte, flags uintptr) {
	t.Helper()
	if err := syscall.Mount("tmpfs", d.dir, "tmpfs", syscall.MS_REMOUNT|flags, "size=80m"); err != nil {
		t.Fatal(err)
	}
}

// A full disk does not stop a start: the reserve gives the room it needs, and a sale.
func TestStartAufVollerPlatte(t *testing.T) {
	d := mount(t, "160m")
	p := abschuss.Programm{Binary: binary, Daten: filepath.Join(d.dir, "daten")}
	x, err := p.Starte(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; ; n++ { // it is filled beside the work
		if fi, err := os.Stat(filepath.Join(p.Daten, "ballast.bin")); err == nil && fi.Size() == sqlite.DefaultBallast {
			break
		}
		if n > 1000 {
			t.Fatal("no reserve appears")
		}
		time.Sleep(5 * time.Millisecond)
	}
	x.Kill()
	if err := d.Fuelle(); err != nil {
		t.Fatal(err)
	}
	if x, err = p.Starte(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer x.Kill()
	c := driver.New(x.URL, "AB")
	a, err := c.Scan(t.Context(), "a", "", string(muster.OTCSchmerzmittel.PZN()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.Bezahlen(t.Context(), "b", a.Vorgang, a.Patient); err != nil {
		t.Error(err)
	}
}
