package escpos_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/offizin/offizin/integration/escpos"
	"github.com/offizin/offizin/integration/escpos/sim"
	"github.com/offizin/offizin/internal/fault"
)

// netz is a virtual printer and where it is.
func netz(t *testing.T) (*sim.Drucker, escpos.Ziel) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	p, ended := sim.New(nil), make(chan error, 1)
	go func() { ended <- p.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	z, err := escpos.Parse(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return p, z
}

func frist(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), d)
	t.Cleanup(stop)
	return ctx
}

func code(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Code
	}
	return ""
}

func TestParse(t *testing.T) {
	for text, want := range map[string]escpos.Ziel{
		"192.168.1.20":         {Transport: escpos.TCP, Ort: "192.168.1.20:9100"},
		" drucker.lan:9101":    {Transport: escpos.TCP, Ort: "drucker.lan:9101"},
		"[fe80::1]:9100":       {Transport: escpos.TCP, Ort: "[fe80::1]:9100"},
		"/dev/usb/lp0":         {Transport: escpos.Device, Ort: "/dev/usb/lp0"},
		"seriell:COM3":         {Transport: escpos.Serial, Ort: "COM3", Baud: 9600},
		"seriell:/dev/x,19200": {Transport: escpos.Serial, Ort: "/dev/x", Baud: 19200},
	} {
		if got, err := escpos.Parse(text); err != nil || got != want {
			t.Errorf("%q: %+v %v", text, got, err)
		}
	}
	for _, text := range []string{"", "a b", "host:0", "host:99999", "seriell:", "seriell:COM3,7", "seriell:COM3,x", "a,b"} {
		if _, err := escpos.Parse(text); code(err) != "T-301" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"192.168.1.20", "seriell:COM3,9600", "/dev/usb/lp0", "[::1]:9100"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if z, err := escpos.Parse(text); err == nil && z.Ort == "" {
			t.Fatalf("%q is nowhere", text)
		}
	})
}

func TestDrucken(t *testing.T) {
	p, z := netz(t)
	d := escpos.New(z, false)
	for range 3 {
		if err := d.Drucken(frist(t, 5*time.Second), escpos.Encode(beleg().Zeilen(), escpos.Optionen{})); err != nil {
			t.Fatal(err)
		}
	}
	sheets, _, err := p.Stand()
	if err != nil || len(sheets) != 3 || gelesen(t, sheets[2].Bild) != amtlich {
		t.Errorf("%d sheets, %v", len(sheets), err)
	}
}

// What is wrong is told apart, and what was not printed is not printed later.
func TestFehler(t *testing.T) {
	p, z := netz(t)
	d := escpos.New(z, false)
	for trouble, want := range map[sim.Stoerung]string{
		sim.NoPaper: "T-305", sim.CoverOpen: "T-306", sim.Silent: "T-304", sim.Hangs: "T-308", sim.Gut: "",
	} {
		p.Set(trouble)
		err := d.Drucken(frist(t, 3*time.Second), escpos.Encode(beleg().Zeilen(), escpos.Optionen{}))
		if code(err) != want || errors.Is(err, escpos.ErrUncertain) != (want == "T-308") {
			t.Errorf("%v: %v, want %q", trouble, err, want)
		}
	}
	if sheets, _, err := p.Stand(); err != nil || len(sheets) != 1 {
		t.Errorf("%d sheets, %v", len(sheets), err)
	}
	p.Set(sim.NoPaper)
	if err := d.Pruefen(frist(t, 3*time.Second)); code(err) != "T-305" {
		t.Error(err)
	}
}

// The drawer opens without paper as well; never with a printer that does not answer.
func TestLade(t *testing.T) {
	p, z := netz(t)
	d := escpos.New(z, false)
	for i, c := range []struct {
		trouble sim.Stoerung
		code    string
		opened  int
	}{{sim.Gut, "", 1}, {sim.NoPaper, "", 2}, {sim.CoverOpen, "", 3}, {sim.Silent, "T-304", 3}} {
		p.Set(c.trouble)
		err := d.Lade(frist(t, 4*time.Second))
		for range 100 { // the printer counts when the connection ends
			if _, opened, _ := p.Stand(); opened == c.opened {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if sheets, opened, failed := p.Stand(); code(err) != c.code || opened != c.opened || len(sheets) != 0 || failed != nil {
			t.Errorf("%d: %v, opened %d times, %v", i, err, opened, failed)
		}
	}
}

func TestNiemandDa(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	z, err := escpos.Parse(l.Addr().String())
	if err != nil || l.Close() != nil {
		t.Fatal(err)
	}
	if err := escpos.New(z, false).Pruefen(frist(t, 3*time.Second)); code(err) != "T-303" {
		t.Error(err)
	}
}

// A device file that takes nothing holds nobody who waits; a second try does not pile up.
func TestGeraetHaengt(t *testing.T) {
	path := pipe(t)
	d := escpos.New(escpos.Ziel{Transport: escpos.Device, Ort: path}, false)
	for range 2 {
		if err := d.Drucken(frist(t, 100*time.Millisecond), []byte("x")); code(err) != "T-304" {
			t.Error(err)
		}
	}
	read := make(chan []byte, 1)
	go func() {
		f, err := os.Open(path)
		if err != nil {
			read <- nil
			return
		}
		defer f.Close()
		data, _ := io.ReadAll(f)
		read <- data
	}()
	if got := <-read; len(got) != 0 { // what hung ends
		t.Errorf("%q is printed, and was given up", got)
	}
	go func() {
		f, err := os.Open(path)
		if err != nil {
			read <- nil
			return
		}
		defer f.Close()
		data, _ := io.ReadAll(f)
		read <- data
	}()
	if err := d.Drucken(frist(t, 5*time.Second), []byte("Bon")); err != nil {
		t.Error(err)
	}
	if got := string(<-read); got != "Bon" {
		t.Errorf("%q", got)
	}
}

// A file of data is never written over, whatever address is set.
func TestDateiIstKeinDrucker(t *testing.T) {
	file := filepath.Join(t.TempDir(), "journal.sqlite")
	if err := os.WriteFile(file, []byte("wertvoll"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := escpos.New(escpos.Ziel{Transport: escpos.Device, Ort: file}, false)
	if err := d.Drucken(frist(t, time.Second), []byte("x")); code(err) != "T-302" {
		t.Error(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "wertvoll" {
		t.Errorf("%q %v", got, err)
	}
}

func pipe(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no named pipes as files here")
	}
	path := filepath.Join(t.TempDir(), "lp0")
	mkfifo(t, path)
	return path
}
