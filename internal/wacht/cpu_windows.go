package wacht

import (
	"syscall"
	"time"
)

// CPU is the time that this process has computed, in all its threads.
func CPU() (time.Duration, bool) {
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0, false
	}
	var made, ended, kernel, user syscall.Filetime
	if syscall.GetProcessTimes(self, &made, &ended, &kernel, &user) != nil {
		return 0, false
	}
	const tick = 100 // nanoseconds
	ticks := func(f syscall.Filetime) int64 { return int64(f.HighDateTime)<<32 | int64(f.LowDateTime) }
	return time.Duration((ticks(kernel) + ticks(user)) * tick), true
}
