package abschuss_test

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/simulation/abschuss"
)

// binary is the program, built once.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "abschuss-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if binary, err = abschuss.Baue(context.Background(), dir); err != nil {
		panic(err)
	}
	return m.Run()
}

// kills is how often the program is killed: 30 times with every change, 5,000 times in
// the long proof, 3 times for who is in a hurry. OFFIZIN_LAEUFE names another number.
func kills(t *testing.T) int {
	t.Helper()
	if text := os.Getenv("OFFIZIN_LAEUFE"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	switch {
	case os.Getenv("OFFIZIN_BEWEIS") == "lang":
		return 5_000
	case testing.Short():
		return 3
	}
	return 30
}

// No acknowledged sale is lost or doubled when the program is killed under load, or
// while it starts, and whatever was not acknowledged can be repeated. One half of the
// kills has a fixed seed, the other a random one; OFFIZIN_SEED names another. A seed
// decides what is sold and when the kill comes, not what the machine makes of it.
func TestAbschuss(t *testing.T) {
	n := kills(t)
	seeds := []uint64{1, rand.Uint64() >> 1}
	if text := os.Getenv("OFFIZIN_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seeds = []uint64{seed}
	}
	for _, seed := range seeds {
		e := laufe(t, abschuss.Regeln{Seed: seed, Kills: (n + len(seeds) - 1) / len(seeds)})
		t.Logf("seed %d: %s", seed, e)
		if !e.Gut() {
			t.Errorf("seed %d: not what was acknowledged", seed)
		}
		if n >= 30 && (e.Wiederholt < e.Kills/4 || e.Bons < e.Kills/2) {
			t.Errorf("seed %d: the kills hardly hit anything", seed)
		}
	}
}

// Planted fault: a client that repeats with a new key books twice, and the harness
// finds it.
func TestGepflanzterFehler(t *testing.T) {
	for seed := range uint64(5) {
		e := laufe(t, abschuss.Regeln{Seed: seed, Kills: 20, OhneKey: true})
		if !e.Gut() {
			t.Logf("found: %s", e)
			return
		}
	}
	t.Error("a new key at each repetition was not found in 100 kills")
}

// A first start that is killed again and again leaves the same journal as one that
// nobody disturbed: nothing is filled in twice, nothing is left out.
func TestErststart(t *testing.T) {
	_, want, err := abschuss.Erststart(t.Context(), folder(t), rand.New(rand.NewPCG(1, 1)), 0)
	if err != nil {
		t.Fatal(err)
	}
	hits, folders := 0, max(1, kills(t)/6)
	for seed := range folders {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			hit, got, err := abschuss.Erststart(t.Context(), folder(t), rand.New(rand.NewPCG(uint64(seed), 2)), 3)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("records differ:\n%s", diff)
			}
			hits += hit
		})
	}
	t.Logf("%d folders, %d kills before the first start was done, %d records each", folders, hits, len(want))
	if hits == 0 && folders > 1 {
		t.Error("no kill came early enough")
	}
}

func folder(t *testing.T) abschuss.Programm {
	t.Helper()
	return abschuss.Programm{Binary: binary, Daten: t.TempDir()}
}

func laufe(t *testing.T, g abschuss.Regeln) abschuss.Ergebnis {
	t.Helper()
	g.Programm = folder(t)
	g.Clock = clock.NewReal()
	g.Bericht = func(e abschuss.Ergebnis) { t.Log(e) }
	e, err := abschuss.Laufe(t.Context(), g)
	if err != nil {
		t.Fatalf("seed %d: %v; so far: %s", g.Seed, err, e)
	}
	return e
}
