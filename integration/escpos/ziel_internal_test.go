package escpos

import (
	"io/fs"
	"testing"
)

// What a printer would get is never written over data, be it a file, a folder or a whole disk.
func TestDruckt(t *testing.T) {
	for mode, want := range map[fs.FileMode]bool{
		0o600:                             false, // journal.db
		fs.ModeDir | 0o700:                false,
		fs.ModeDevice | 0o660:             false, // /dev/sda
		fs.ModeSocket | 0o600:             false,
		fs.ModeDevice | fs.ModeCharDevice: true, // /dev/usb/lp0
		fs.ModeNamedPipe | 0o600:          true,
	} {
		if druckt(mode) != want {
			t.Errorf("%v: %v", mode, !want)
		}
	}
}
