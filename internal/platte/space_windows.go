package platte

import (
	"syscall"
	"unsafe"
)

func space(dir string) (frei, gesamt int64, err error) {
	path, err := syscall.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, err //nolint:wrapcheck // Frei says what was asked
	}
	ask := syscall.NewLazyDLL("kernel32.dll").NewProc("GetDiskFreeSpaceExW")
	ok, _, err := ask.Call(
		uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(&frei)), uintptr(unsafe.Pointer(&gesamt)), 0,
	)
	if ok == 0 {
		return 0, 0, err //nolint:wrapcheck // as above
	}
	return frei, gesamt, nil
}
