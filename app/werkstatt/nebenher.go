package werkstatt

import (
	"fmt"
	"os/exec"
)

// Nebenher starts a program that stands back behind the sales, as a build does, and does not
// hear the keys of the terminal: who starts it ends it.
func Nebenher(cmd *exec.Cmd) error {
	allein(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	zurueckhaltend(cmd.Process.Pid)
	return nil
}
