package benchcmd

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// syncData makes what was written durable, as the database does.
func syncData(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) } //nolint:wrapcheck // wrapped by the caller

// maxRSS is the largest resident memory that an ended process had, in MB.
func maxRSS(p *os.ProcessState) float64 {
	if u, ok := p.SysUsage().(*syscall.Rusage); ok {
		return rounded(float64(u.Maxrss) / 1024)
	}
	return 0
}

// rss is the resident memory of a process in MB, and what of it is anonymous; 0 if unknown.
func rss(pid int) (all, privat float64) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		kb, _ := strconv.Atoi(f[1]) // 0 if the kernel changes its mind
		switch f[0] {
		case "VmRSS:":
			all = rounded(float64(kb) / 1024)
		case "RssAnon:":
			privat = rounded(float64(kb) / 1024)
		}
	}
	return all, privat
}

// cpu is how much of the processors a process has used so far, in seconds (proc(5): fields 14
// and 15 in hundredths).
func cpu(pid int) float64 {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ") // the name may hold anything
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11]) // 0 if the kernel changes its mind
	system, _ := strconv.Atoi(f[12])
	return rounded(float64(user+system) / 100)
}
