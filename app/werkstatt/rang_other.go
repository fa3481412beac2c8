//go:build !linux

package werkstatt

import "os/exec"

// allein keeps the keys of the terminal from the build where the system can.
func allein(*exec.Cmd) {}

// zurueckhaltend lets the sales go first where the system can.
func zurueckhaltend(int) {}
