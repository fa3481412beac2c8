//go:build !linux

package benchcmd

import "os"

// syncData makes what was written durable.
func syncData(f *os.File) error { return f.Sync() }

// maxRSS is not known on this system.
func maxRSS(*os.ProcessState) float64 { return 0 }

// rss is not known on this system.
func rss(int) (all, privat float64) { return 0, 0 }

// cpu is not known here.
func cpu(int) float64 { return 0 }
