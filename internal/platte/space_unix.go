//go:build unix

package platte

import "syscall"

func space(dir string) (frei, gesamt int64, err error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, 0, err //nolint:wrapcheck // Frei says what was asked
	}
	size := int64(st.Bsize) //nolint:unconvert // its type differs between systems
	return int64(st.Bavail) * size, int64(st.Blocks) * size, nil
}
