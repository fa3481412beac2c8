package verbund_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/cryptotest"
	"time"

	"github.com/offizin/offizin/simulation/verbund"
)

// laufe plays one seed with all chance seeded.
func laufe(t *testing.T, seed uint64, g verbund.Regeln) (e verbund.Ergebnis) {
	t.Helper()
	t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
		cryptotest.SetGlobalRandom(t, seed)
		var err error
		if e, err = verbund.Laufe(t.Context(), seed, t.TempDir(), g); err != nil {
			t.Fatal(err)
		}
	})
	return e
}

// number reads a number from the environment.
func number(t *testing.T, name string) (uint64, bool) {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return 0, false
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n, true
}

func lang() bool { return os.Getenv("OFFIZIN_BEWEIS") == "lang" }

// seeds are what is played: 50 fixed ones and a random one with every change, 20,000 in the
// long proof, a few for who is in a hurry. OFFIZIN_SEED plays that one; with OFFIZIN_LAEUFE,
// which is the number of seeds, all that follow it. OFFIZIN_STAND names a file that keeps the
// next seed, so that a long proof which was broken off goes on where it was.
func seeds(t *testing.T) []uint64 {
	t.Helper()
	from, one := number(t, "OFFIZIN_SEED")
	n, many := number(t, "OFFIZIN_LAEUFE")
	switch {
	case many:
	case one:
		n = 1
	case lang():
		n = 20_000
	case testing.Short():
		n = 5
	default:
		n = 50
	}
	end := from + n
	if b, err := os.ReadFile(os.Getenv("OFFIZIN_STAND")); err == nil {
		next, err := strconv.ParseUint(strings.TrimSpace(string(b)), 10, 64)
		if err != nil {
			t.Fatalf("OFFIZIN_STAND: %v", err)
		}
		from = max(from, next)
	}
	var list []uint64
	for s := from; s < end; s++ {
		list = append(list, s)
	}
	if !one && !many && !lang() {
		list = append(list, rand.Uint64()>>1)
	}
	return list
}

// Whatever happens to machines, disks, clocks and wires: what was acknowledged is there once
// and on all, and five minutes after the last trouble all machines are equal. The same seed
// plays the same run.
func TestVerbund(t *testing.T) {
	list := seeds(t)
	var g verbund.Regeln
	if os.Getenv("OFFIZIN_SPUR") != "" {
		g.Spur = os.Stderr
	}
	var all verbund.Ergebnis
	start := time.Now()
	for i, seed := range list {
		e := laufe(t, seed, g)
		again := laufe(t, seed, verbund.Regeln{})
		if e.Spur != again.Spur {
			t.Fatalf("seed %d is not the same twice; to compare: %s", seed, zeile(seed))
		}
		if !e.Gut() {
			t.Fatalf("seed %d: %s\nagain: %s", seed, &e, zeile(seed))
		}
		all.Add(e)
		merke(t, seed+1)
		if len(list) > 100 && i%100 == 99 {
			t.Logf("%d of %d seeds, up to %d, %s", i+1, len(list), seed, time.Since(start).Round(time.Second))
		}
	}
	t.Logf("%d seeds, the last %d, in %s: %s", len(list), list[len(list)-1], time.Since(start).Round(time.Second), &all)
	if len(list) >= 50 && (all.Stromausfaelle < len(list)/2 || all.PlattenVerloren == 0 ||
		all.Wiedergeburten == 0 || all.Neubauten == 0) {
		t.Error("hardly anything went wrong")
	}
}

// The rule of the program for who is whose parent does as well, if a parent that has two
// histories asks the child that has told it so.
func TestRangfolge(t *testing.T) {
	n, ok := number(t, "OFFIZIN_LAEUFE")
	if !ok {
		n = 5
	}
	for seed := range n {
		if e := laufe(t, seed, verbund.Regeln{Rang: verbund.Rangfolge}); !e.Gut() {
			t.Fatalf("seed %d: %s", seed, &e)
		}
	}
}

// zeile is the command that plays a seed again.
func zeile(seed uint64) string {
	return "OFFIZIN_SPUR=1 OFFIZIN_SEED=" + strconv.FormatUint(seed, 10) +
		" go test -count=1 -run 'TestVerbund$' -v ./simulation/verbund"
}

// merke keeps the next seed of a long proof.
func merke(t *testing.T, next uint64) {
	t.Helper()
	if name := os.Getenv("OFFIZIN_STAND"); name != "" {
		if err := os.WriteFile(name, []byte(strconv.FormatUint(next, 10)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// gepflanzt are faults that the simulation must find: one that finds nothing proves nothing.
func gepflanzt() []struct {
	name string
	g    verbund.Regeln
} {
	return []struct {
		name string
		g    verbund.Regeln
	}{
		{"no key", verbund.Regeln{OhneKey: true}},
		{"+24 h day", verbund.Regeln{Plus24: true}},
		{"synchronous=NORMAL", verbund.Regeln{Unsafe: "NORMAL"}},
		{"02:30 cron", verbund.Regeln{Cron: true}},
		{"a new id at each try", verbund.Regeln{NeueID: true}},
		{"order by wall clock", verbund.Regeln{NachUhr: true}},
		{"a parent with two histories asks nobody", verbund.Regeln{OhneRueckfrage: true, Rang: verbund.Rangfolge}},
	}
}

// Each planted fault is found within 1,000 seeds; two of them with every change, all in the
// long proof.
func TestGepflanzteFehler(t *testing.T) {
	list := gepflanzt()
	if !lang() {
		list = list[:2]
	}
	for _, c := range list {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(1000) {
				if e := laufe(t, seed, c.g); !e.Gut() {
					t.Logf("found with seed %d: %s", seed, e.Fehler[0])
					return
				}
			}
			t.Error("not found within 1,000 seeds")
		})
	}
}
