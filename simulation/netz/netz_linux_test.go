package netz_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/simulation/abschuss"
	"github.com/offizin/offizin/simulation/netz"
)

var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "netz-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if binary, err = abschuss.Baue(context.Background(), dir); err != nil {
		panic(err)
	}
	return m.Run()
}

// laenge is how much is done: kills, and how often each fault comes.
func laenge(t *testing.T) (kills, passes int) {
	t.Helper()
	kills, passes = 20, 1
	switch {
	case os.Getenv("OFFIZIN_BEWEIS") == "lang":
		kills, passes = 200, 20
	case testing.Short():
		t.Skip("a minute of real machines; not with -short")
	}
	if text := os.Getenv("OFFIZIN_LAEUFE"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		kills, passes = n, max(1, n/10)
	}
	return kills, passes
}

// laengste is how long a payment may take on a machine that is alive, whatever happens to the
// others and the network: 200 ms for a second machine, the rest is for a busy computer.
const laengste = 5 * time.Second

func ende(t *testing.T, l *netz.Lauf, what string) {
	t.Helper()
	e, err := l.Ende(t.Context())
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	t.Logf("%s: %s", what, e)
	if len(e.Fehler) > 0 || e.Laengste > laengste {
		t.Error("not what was acknowledged, or not in time")
	}
}

// Any machine dies in mid-sale, again and again: every acknowledged sale is on every machine
// exactly once.
func TestKills(t *testing.T) {
	kills, _ := laenge(t)
	seed := rand.Uint64() >> 1
	r := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	var list []*driver.Rechner
	for i := range 3 {
		list = append(list, &driver.Rechner{Binary: binary, Daten: filepath.Join(dir, strconv.Itoa(i+1))})
	}
	l, err := netz.Open(t.Context(), clock.NewReal(), list)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for n := range kills {
		if err := l.Kill(t.Context(), r); err != nil {
			t.Fatalf("seed %d, kill %d: %v", seed, n+1, err)
		}
	}
	ende(t, l, strconv.Itoa(kills)+" kills")
}

// stoerung is something that happens to a machine, for a while.
type stoerung struct {
	name  string
	dauer time.Duration
	mache func(context.Context, int) error
}

// Cables are pulled, packets go one way only or get lost, the disk of one machine is full, the
// lead comes and goes: everybody goes on selling at once, on the machine itself too, and after
// it every acknowledged sale is on every machine exactly once.
func TestStoerungen(t *testing.T) {
	_, passes := laenge(t)
	w, err := netz.NewNetzwerk(t.Context(), 3)
	if err != nil {
		t.Skipf("no network can be laid here (root, ip, nft and nsenter are needed): %v", err)
	}
	defer w.Close()
	dir := t.TempDir()
	small := abschuss.Tmpfs{Dir: filepath.Join(dir, "2")}
	if err := os.Mkdir(small.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := small.Mount("96m"); err != nil {
		t.Skip(err)
	}
	defer small.Unmount()
	var list []*driver.Rechner
	for i := range 3 {
		list = append(list, w.Rechner(i, binary, filepath.Join(dir, strconv.Itoa(i+1), "daten")))
	}
	l, err := netz.Open(t.Context(), clock.NewReal(), list)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r := rand.New(rand.NewPCG(rand.Uint64(), 2))
	for range passes {
		for _, s := range []stoerung{
			{"cut", 4 * time.Second, w.Trenne},
			{"one way", 4 * time.Second, w.Einseitig},
			{"loss", 3 * time.Second, w.Verlust},
			{"flapping lead", 0, func(ctx context.Context, _ int) error { return flattern(ctx, w) }},
		} {
			i := r.IntN(len(list))
			verkauftWeiter(t, l, s, i)
			if err := w.Verbinde(t.Context(), i); err != nil {
				t.Fatal(err)
			}
		}
		vollePlatte(t, l, small)
	}
	ende(t, l, strconv.Itoa(passes)+" passes")
}

// sold is what each machine has sold.
func sold(l *netz.Lauf) (list []int) {
	for _, r := range l.Rechner {
		list = append(list, l.VerkauftAn(r))
	}
	return list
}

// verkauftWeiter lets something happen and holds that every machine sells meanwhile.
func verkauftWeiter(t *testing.T, l *netz.Lauf, s stoerung, i int) {
	t.Helper()
	before := sold(l)
	if err := s.mache(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	netz.Ruhe(t.Context(), s.dauer)
	for n, after := range sold(l) {
		t.Logf("%s of machine %d: machine %d sold %d", s.name, i+1, n+1, after-before[n])
		if after == before[n] {
			t.Errorf("%s of machine %d: machine %d sold nothing", s.name, i+1, n+1)
		}
	}
}

// vollePlatte fills the disk of the second machine, its reserve too, until that sells no more,
// and holds that the others do; with room again it goes on with the same keys.
func vollePlatte(t *testing.T, l *netz.Lauf, d abschuss.Tmpfs) {
	t.Helper()
	full := func(context.Context) bool {
		if err := d.Fuelle(); err != nil {
			t.Fatal(err)
		}
		before := l.VerkauftAn(l.Rechner[1])
		netz.Ruhe(t.Context(), time.Second)
		return l.VerkauftAn(l.Rechner[1]) == before
	}
	if err := driver.Warte(t.Context(), time.Minute, "the disk is full", full); err != nil {
		t.Fatal(err)
	}
	before := sold(l)
	netz.Ruhe(t.Context(), time.Second)
	after := sold(l)
	t.Logf("full disk of machine 2: sold %v, then %v", before, after)
	if after[0] == before[0] || after[2] == before[2] || after[1] != before[1] {
		t.Error("a full disk of one machine stops the others, or does not stop it")
	}
	if err := d.Leere(); err != nil {
		t.Fatal(err)
	}
	more := func(context.Context) bool { return l.VerkauftAn(l.Rechner[1]) > after[1] }
	if err := driver.Warte(t.Context(), time.Minute, "the machine sells again", more); err != nil {
		t.Fatal(err)
	}
}

// flattern lets the first machine, which leads, come and go.
func flattern(ctx context.Context, w *netz.Netzwerk) error {
	for range 4 {
		if err := w.Trenne(ctx, 0); err != nil {
			return err
		}
		netz.Ruhe(ctx, 700*time.Millisecond)
		if err := w.Verbinde(ctx, 0); err != nil {
			return err
		}
		netz.Ruhe(ctx, 700*time.Millisecond)
	}
	return nil
}
