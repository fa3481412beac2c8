//go:build unix

package wacht

import (
	"syscall"
	"time"
)

// CPU is the time that this process has computed, in all its threads.
func CPU() (time.Duration, bool) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), true
}
