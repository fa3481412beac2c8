//go:build !linux

package platte

import "os"

// Forget drops what the system still holds of a file; this one cannot be asked to.
func Forget(*os.File) {}
