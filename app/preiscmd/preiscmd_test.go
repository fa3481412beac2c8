package preiscmd_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/preiscmd"
	"github.com/offizin/offizin/internal/clock"
)

// run parses and runs `offizin preis` with args.
func run(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var cli struct {
		Preis preiscmd.Preis `cmd:""`
	}
	var out, errs bytes.Buffer
	e := &env.Env{Stdout: &out, Stderr: &errs, Clock: clock.NewManual(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))}
	parser, err := kong.New(&cli, kong.Bind(e))
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := parser.Parse(append([]string{"preis"}, args...))
	if err != nil {
		t.Fatal(err)
	}
	err = ctx.Run(e)
	return out.String(), errs.String(), err
}

const oracle = "../../workflow/preisprobe/testdata/oracle.csv"

func TestCheckAgreesWithTheOracle(t *testing.T) {
	out, _, err := run(t, "check", oracle)
	if err != nil || !strings.Contains(out, "Summe: 145 Zeilen") || !strings.Contains(out, " 0 differ") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestCheckFindsADifference(t *testing.T) {
	data, err := os.ReadFile(oracle)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.csv")
	changed := strings.Replace(string(data), "62.64,19,11.90,74.54,1", "62.64,19,11.90,74.53,1", 1)
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, err := run(t, "check", file)
	if env.CodeOf(err) != env.ExitDiffers || !strings.Contains(out, "O001\tA\tdiffer\tavp_gross\t74.53\t74.54") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestComputePrintsEveryRow(t *testing.T) {
	out, errs, err := run(t, "compute", oracle)
	if err != nil || errs != "" || strings.Count(out, "\n") != 146 {
		t.Errorf("%v %q, %d lines", err, errs, strings.Count(out, "\n"))
	}
}

// A directory is no table, and a contradictory row is named on the error stream.
func TestComputeNamesWhatIsWrong(t *testing.T) {
	for _, cmd := range []string{"compute", "check"} {
		out, _, err := run(t, cmd, t.TempDir())
		if env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), "P-309") || out != "" {
			t.Errorf("%s: %v %q", cmd, err, out)
		}
	}
	data, err := os.ReadFile(oracle)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.csv")
	changed := strings.Replace(string(data), "62.64,19,11.90,74.54,1", "62.64,300,,,1", 1)
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, err := run(t, "compute", file)
	if err != nil || !strings.Contains(errs, "Zeile 1 O001: ") || !strings.Contains(errs, "P-312") ||
		!strings.Contains(out, "62.64,300,,,1") {
		t.Errorf("%v %q", err, errs)
	}
}

func TestExplain(t *testing.T) {
	out, _, err := run(t, "explain", "--datum=2026-11-23", "--apu=50.00", "--rx", "--festbetrag=70,00")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"74,54 €", "AMPreisV § 3 Abs. 1", "seit 01.01.2020", "SGB V § 61 Satz 1", "Mehrkosten", "Patient zahlt", "11,54 €",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}

func TestExplainRefuses(t *testing.T) {
	for want, args := range map[string][]string{
		"P-321": {"explain"},
		"P-322": {"explain", "--apu=-5"},
		"P-323": {"explain", "--apu=5", "--datum=2026-02-30"},
		"P-101": {"explain", "--apu=0"},
		"L-120": {"explain", "--apu=5", "--datum=2003-12-31"},
		"Z-101": {"explain", "--apu=5", "--packungen=0"},
		"Z-106": {"explain", "--apu=5", "--geburt=24.11.2026"},
		"Z-110": {"explain", "--apu=5", "--payer=ABC"},
		"P-309": {"compute", "missing.csv"},
	} {
		_, _, err := run(t, args...)
		if env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s", args, err, want)
		}
	}
	if _, _, err := run(t, "explain", "--apu="+strings.Repeat("9", 30)); env.CodeOf(err) != env.ExitUsage {
		t.Errorf("overlong amount: %v", err)
	}
}
