// Package abschuss proves from outside that no acknowledged sale is lost or doubled
// when the program dies: it runs the real binary, sells over HTTP as several people at
// once, kills it at random moments, starts it again, repeats every step that was not
// acknowledged with the same key, and holds all that was acknowledged against what is
// there.
//
// A killed process loses its memory but not what the system holds for the disk: this
// proves the program. The disk is the matter of simulation/haltbarkeit.
package abschuss

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/offizin/offizin/app/driver"
)

// Baue builds the program into the folder and returns its path. The working directory
// lies somewhere in the module.
func Baue(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "offizin.exe")                       // the ending matters on Windows only
	out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, //nolint:gosec // our own program
		"github.com/offizin/offizin/cmd/offizin").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w: %s", err, out)
	}
	return binary, nil
}

// Programm is the binary on a data folder.
type Programm struct {
	Binary, Daten string
}

// Starte starts a small pharmacy and returns when it answers. When the context ends
// before that the program is killed, wherever it is.
func (p Programm) Starte(ctx context.Context) (*driver.Process, error) {
	return driver.Start(ctx, p.Binary, "demo", "--daten", p.Daten, "--artikel", "300")
}

// Ruf runs a command on the data folder to its end and returns what it prints and its
// exit code.
func (p Programm) Ruf(ctx context.Context, args ...string) (stdout, stderr string, code int, err error) {
	var out, errs strings.Builder
	cmd := exec.CommandContext(ctx, p.Binary, append(args, "--daten", p.Daten)...) //nolint:gosec // our own program
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return out.String(), errs.String(), e.ExitCode(), nil
	}
	return out.String(), errs.String(), 0, err
}
