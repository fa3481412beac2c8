package escpos

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.bug.st/serial"

	"github.com/offizin/offizin/internal/fault"
)

// Transport is how a printer is reached.
type Transport int

// The ways.
const (
	TCP    Transport = iota // TCP, port 9100 unless another is named
	Device                  // device file, "/dev/usb/lp0"
	Serial                  // serial port, "seriell:COM3,9600"
)

// Ziel is where a printer is.
type Ziel struct {
	Transport Transport
	Ort       string // host:port or path
	Baud      int
}

const standardPort = "9100"

// Parse reads an address: "192.168.1.20", "drucker.lan:9101", "/dev/usb/lp0" or
// "seriell:COM3,9600".
func Parse(text string) (Ziel, error) {
	text = strings.TrimSpace(text)
	wrong := func(err error) (Ziel, error) {
		return Ziel{}, fault.New(fault.Invalid, "T-301", "Das ist keine Adresse eines Druckers – Form: 192.168.1.20, "+
			"/dev/usb/lp0 oder seriell:COM3,9600.", err)
	}
	if port, ok := strings.CutPrefix(text, "seriell:"); ok {
		name, speed, given := strings.Cut(port, ",")
		baud := 9600
		if given {
			var err error
			if baud, err = strconv.Atoi(speed); err != nil || baud < 1200 || baud > 921600 {
				return wrong(err)
			}
		}
		if name == "" {
			return wrong(nil)
		}
		return Ziel{Serial, name, baud}, nil
	}
	if filepath.IsAbs(text) || strings.HasPrefix(text, "/") {
		return Ziel{Transport: Device, Ort: filepath.Clean(text)}, nil
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host, port = strings.Trim(text, "[]"), standardPort
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || host == "" || strings.ContainsAny(host, " /\\,;") {
		return wrong(err)
	}
	return Ziel{Transport: TCP, Ort: net.JoinHostPort(host, port)}, nil
}

// open connects. What does not answer in time is given up with ctx.
func (z Ziel) open(ctx context.Context) (io.ReadWriteCloser, error) {
	switch z.Transport {
	case TCP:
		var d net.Dialer
		c, err := d.DialContext(ctx, "tcp", z.Ort)
		if err != nil {
			return nil, fmt.Errorf("dial printer: %w", err)
		}
		return c, nil
	case Serial:
		p, err := serial.Open(z.Ort, &serial.Mode{BaudRate: z.Baud})
		if err != nil {
			return nil, fmt.Errorf("open serial port: %w", err)
		}
		if err := p.SetReadTimeout(200 * time.Millisecond); err != nil {
			_ = p.Close() // the first error counts
			return nil, fmt.Errorf("set time-out of serial port: %w", err)
		}
		return p, nil
	case Device:
	}
	return device(z.Ort)
}

// device opens a device file or a pipe. A file of data is never written over, nor a disk, whatever
// is set.
func device(path string) (io.ReadWriteCloser, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("look for printer: %w", err)
	}
	if !druckt(info.Mode()) {
		return nil, fault.New(fault.Invalid, "T-302",
			"Unter dieser Adresse liegt eine Datei oder Platte und kein Drucker – prüfen Sie die Adresse.", nil)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0) // the address of the settings
	if err != nil {
		return nil, fmt.Errorf("open printer: %w", err)
	}
	return writeOnly{f}, nil
}

// druckt reports whether a printer can be behind a file: a disk is a device, too, but takes blocks.
func druckt(m fs.FileMode) bool { return m&(fs.ModeCharDevice|fs.ModeNamedPipe) != 0 }

// writeOnly is a device that is not asked: many answer nothing, and reading would wait for ever.
type writeOnly struct{ *os.File }

func (writeOnly) Read([]byte) (int, error) { return 0, io.EOF }
