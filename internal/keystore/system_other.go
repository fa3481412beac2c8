//go:build !windows

package keystore

// System lists the stores, that of this system first.
func System() []Store {
	own := Store(foreign{nameSystemd, FileSystemd})
	if s, ok := newSystemd(); ok {
		own = s
	}
	return []Store{own, foreign{nameDPAPI, FileDPAPI}}
}
