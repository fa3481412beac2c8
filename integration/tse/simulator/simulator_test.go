package simulator_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/pruefstand"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

func uhr() *clock.Manual { return clock.NewManual(time.Date(2026, 11, 26, 9, 30, 15, 123e6, time.UTC)) }

func open(t *testing.T, opt simulator.Optionen, c clock.Clock) *simulator.Simulator {
	t.Helper()
	s, err := simulator.Open(opt, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPruefstand(t *testing.T) {
	for _, form := range []string{"unixTime", "utcTimeWithSeconds"} {
		t.Run(form, func(t *testing.T) {
			pruefstand.Pruefen(t, func(t *testing.T) pruefstand.Aufbau {
				c := uhr()
				s := open(t, simulator.Optionen{Ordner: t.TempDir(), Zeitformat: form}, c)
				return pruefstand.Aufbau{
					TSE: s, Kern: s, Uhr: c, Merkt: true, Zweite: func(*testing.T) anschluss.TSE { return s },
				}
			})
		})
	}
}

// It says what it is, and its receipts have no QR code (facts §2: never in test mode).
func TestNichtZertifiziert(t *testing.T) {
	s := open(t, simulator.Optionen{Ordner: t.TempDir()}, uhr())
	stand, err := s.Stand(t.Context())
	if err != nil || !stand.Uebung || stand.Zertifizierung != "" || stand.Bezeichnung != "SIMULATOR – nicht zertifiziert" {
		t.Errorf("%+v %v", stand, err)
	}
	if der, err := base64.StdEncoding.DecodeString(stand.Zertifikate[0]); err != nil || !simulator.Ist(der) {
		t.Error("its certificate does not say so")
	}
	g := kassenbeleg.Gesichert{Signatur: &tse.Signatur{}}
	if g.QR(stand.Geraet) != "" {
		t.Error("a QR code")
	}
}

// A real till gets no simulator.
func TestEchtbetrieb(t *testing.T) {
	_, err := simulator.Open(simulator.Optionen{Ordner: t.TempDir(), Echtbetrieb: true}, uhr())
	if fault.KindOf(err) != fault.Denied || !strings.Contains(err.Error(), "T-201") {
		t.Errorf("%v", err)
	}
}

// It counts on where it stopped: key, clients, open transactions, log and counters are on disk.
func TestNeustart(t *testing.T) {
	opt, c, ctx := simulator.Optionen{Ordner: t.TempDir(), Zeitformat: "utcTimeWithSeconds"}, uhr(), t.Context()
	s := open(t, opt, c)
	must(t, s.Anmelden(ctx, "OFFIZIN-1"))
	done, err := s.Beginnen(ctx, "OFFIZIN-1", "a")
	must(t, err)
	signed, err := s.Beenden(ctx, "OFFIZIN-1", done, "Kassenbeleg-V1", "x")
	must(t, err)
	left, err := s.Beginnen(ctx, "OFFIZIN-1", "b")
	must(t, err)
	before, err := s.Stand(ctx)
	must(t, err)
	must(t, s.Close())
	if _, err := s.Stand(ctx); err == nil {
		t.Error("it answers after it was closed")
	}

	opt.Zeitformat = "" // the file says
	s = open(t, opt, c)
	after, err := s.Stand(ctx)
	must(t, err)
	if after.Schluessel != before.Schluessel || after.Signaturen != before.Signaturen || after.Offene != 1 ||
		len(after.Clients) != 1 || after.Zeitformat != "utcTimeWithSeconds" {
		t.Errorf("%+v, then %+v", before, after)
	}
	if again, found, err := s.Beendet(ctx, "OFFIZIN-1", done.Transaktion); err != nil || !found || again != signed {
		t.Errorf("%+v %v %v, want %+v", again, found, err, signed)
	}
	if again, err := s.Beginnen(ctx, "OFFIZIN-1", "b"); err != nil || again != left {
		t.Errorf("%+v %v, want %+v", again, err, left)
	}
	if next, err := s.Beginnen(ctx, "OFFIZIN-1", "c"); err != nil || next.Transaktion != left.Transaktion+1 {
		t.Errorf("%+v %v", next, err)
	}
}

// Whatever part of the last line reached the disk: what was answered is there, what was not
// may be gone.
func TestAbgerisseneZeile(t *testing.T) {
	dir, c, ctx := t.TempDir(), uhr(), t.Context()
	s := open(t, simulator.Optionen{Ordner: dir}, c)
	must(t, s.Anmelden(ctx, "OFFIZIN-1"))
	b, err := s.Beginnen(ctx, "OFFIZIN-1", "a")
	must(t, err)
	whole, err := os.ReadFile(filepath.Join(dir, simulator.Datei))
	must(t, err)
	_, err = s.Beenden(ctx, "OFFIZIN-1", b, "Kassenbeleg-V1", "x")
	must(t, err)
	all, err := os.ReadFile(filepath.Join(dir, simulator.Datei))
	must(t, err)
	must(t, s.Close())
	for n := len(whole); n <= len(all); n += 7 {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, simulator.Datei), all[:n], 0o600))
		s := open(t, simulator.Optionen{Ordner: dir}, c)
		open, err := s.Offene(ctx, "OFFIZIN-1")
		if err != nil || len(open) != 1 && n < len(all) {
			t.Errorf("%d of %d bytes: open %+v %v", n, len(all), open, err)
		}
		if _, err := s.Beenden(ctx, "OFFIZIN-1", b, "Kassenbeleg-V1", "x"); err != nil {
			t.Errorf("%d of %d bytes: %v", n, len(all), err)
		}
		must(t, s.Close())
	}
	damaged := bytes.Replace(whole, []byte(`"log":"M`), []byte(`"log":"A`), 1)
	must(t, os.WriteFile(filepath.Join(dir, simulator.Datei), damaged, 0o600))
	if _, err := simulator.Open(simulator.Optionen{Ordner: dir}, c); fault.KindOf(err) != fault.Corrupt {
		t.Errorf("damaged: %v", err)
	}
}

// TestKind is the process that TestKill kills: it signs without end and says what was answered.
func TestKind(t *testing.T) {
	dir := os.Getenv("OFFIZIN_TSE_KIND")
	if dir == "" {
		t.Skip("only in a process of its own")
	}
	s, ctx := open(t, simulator.Optionen{Ordner: dir}, uhr()), t.Context()
	must(t, s.Anmelden(ctx, "OFFIZIN-1"))
	for n := 0; ; n++ {
		b, err := s.Beginnen(ctx, "OFFIZIN-1", strconv.Itoa(n))
		must(t, err)
		sig, err := s.Beenden(ctx, "OFFIZIN-1", b, "Kassenbeleg-V1", "x")
		must(t, err)
		_, err = os.Stdout.WriteString("signed " + strconv.FormatUint(b.Transaktion, 10) + " " + sig.Wert + "\n")
		must(t, err)
	}
}

// kill -9 loses no signature that was answered, and the device goes on.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process")
	}
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run", "^TestKind$")
	child.Env = append(os.Environ(), "OFFIZIN_TSE_KIND="+dir)
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	var answered bytes.Buffer
	buf := make([]byte, 4096)
	for strings.Count(answered.String(), "\n") < 20 {
		n, err := out.Read(buf)
		must(t, err)
		answered.Write(buf[:n])
	}
	must(t, child.Process.Kill())
	_ = child.Wait()
	s := open(t, simulator.Optionen{Ordner: dir}, uhr())
	for line := range strings.Lines(answered.String()) {
		f := strings.Fields(line)
		if len(f) != 3 || !strings.HasSuffix(line, "\n") {
			continue
		}
		nr, err := strconv.ParseUint(f[1], 10, 64)
		must(t, err)
		sig, found, err := s.Beendet(ctx, "OFFIZIN-1", nr)
		if err != nil || !found || sig.Wert != f[2] {
			t.Errorf("transaction %d: %v %v", nr, found, err)
		}
	}
	_, err = s.Beginnen(ctx, "OFFIZIN-1", "weiter")
	must(t, err)
}

// Slow but in time is in time; too slow is an outage, and what was asked is done all the same.
func TestVerzug(t *testing.T) {
	s, ctx := open(t, simulator.Optionen{Ordner: t.TempDir()}, uhr()), t.Context()
	must(t, s.Anmelden(ctx, "OFFIZIN-1"))
	s.Stoeren(simulator.Stoerung{Verzug: 5 * time.Millisecond})
	b, err := s.Beginnen(ctx, "OFFIZIN-1", "a")
	must(t, err)
	s.Stoeren(simulator.Stoerung{Verzug: time.Minute})
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	if _, err := s.Beenden(short, "OFFIZIN-1", b, "Kassenbeleg-V1", "x"); err == nil {
		t.Error("it answered in no time")
	}
	s.Stoeren(simulator.Stoerung{})
	if _, found, err := s.Beendet(ctx, "OFFIZIN-1", b.Transaktion); err != nil || !found {
		t.Errorf("%v %v", found, err)
	}
}

// A device holds only so many open transactions.
func TestMaxOffen(t *testing.T) {
	s, ctx := open(t, simulator.Optionen{Ordner: t.TempDir(), MaxOffen: 2}, uhr()), t.Context()
	must(t, s.Anmelden(ctx, "OFFIZIN-1"))
	for _, key := range []string{"a", "b"} {
		_, err := s.Beginnen(ctx, "OFFIZIN-1", key)
		must(t, err)
	}
	if _, err := s.Beginnen(ctx, "OFFIZIN-1", "c"); err == nil {
		t.Error("a third one")
	}
}

func TestZeitformat(t *testing.T) {
	_, err := simulator.Open(simulator.Optionen{Ordner: t.TempDir(), Zeitformat: "swatch"}, uhr())
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("%v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func BenchmarkVerkauf(b *testing.B) {
	s, err := simulator.Open(simulator.Optionen{Ordner: b.TempDir()}, clock.NewReal())
	if err != nil {
		b.Fatal(err)
	}
	ctx := b.Context()
	_ = s.Anmelden(ctx, "OFFIZIN-1")
	for b.Loop() {
		t, err := s.Beginnen(ctx, "OFFIZIN-1", "")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Beenden(ctx, "OFFIZIN-1", t, "Kassenbeleg-V1", "Beleg^8.95_0.00_0.00_0.00_0.00^8.95:Bar"); err != nil {
			b.Fatal(err)
		}
	}
}
