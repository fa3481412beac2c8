package abschuss_test

import (
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

// mount returns a small disk, which is gone when the test ends.
func mount(t *testing.T, size string) abschuss.Tmpfs {
	t.Helper()
	d := abschuss.Tmpfs{Dir: t.TempDir()}
	if err := d.Mount(size); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(d.Unmount)
	return d
}

// On a disk that is really full every answer is a Bon or the sentence that says so;
// with room again everything goes on. Once without room for the reserve of 64 MB, once
// with it.
func TestVollePlatte(t *testing.T) {
	for _, size := range []string{"12m", "160m"} {
		t.Run(size, func(t *testing.T) {
			d := mount(t, size)
			e, refused, err := abschuss.VollePlatte(t.Context(), abschuss.Regeln{
				Programm: abschuss.Programm{Binary: binary, Daten: filepath.Join(d.Dir, "daten")},
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
	p := abschuss.Programm{Binary: binary, Daten: filepath.Join(d.Dir, "daten")}
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

func remount(t *testing.T, d abschuss.Tmpfs, flags uintptr) {
	t.Helper()
	if err := syscall.Mount("tmpfs", d.Dir, "tmpfs", syscall.MS_REMOUNT|flags, "size=80m"); err != nil {
		t.Fatal(err)
	}
}

// A full disk does not stop a start: the reserve gives the room it needs, and a sale.
func TestStartAufVollerPlatte(t *testing.T) {
	d := mount(t, "160m")
	p := abschuss.Programm{Binary: binary, Daten: filepath.Join(d.Dir, "daten")}
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
