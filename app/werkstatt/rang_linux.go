package werkstatt

import (
	"os/exec"
	"syscall"
)

// nice is how far a build stands back behind the sales.
const nice = 10

// allein keeps the keys of the terminal from the build: its end is ours to say.
func allein(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// zurueckhaltend lets the sales go first. Where it cannot, the build goes on as it is.
func zurueckhaltend(pid int) { _ = syscall.Setpriority(syscall.PRIO_PGRP, pid, nice) }
