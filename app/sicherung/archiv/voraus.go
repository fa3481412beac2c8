package archiv

import "io"

// block is how much is read at a time, and bloecke how many of them ahead.
const (
	block   = 256 << 10
	bloecke = 4
)

// voraus reads a stream in a goroutine of its own: while one piece is written to the disk, the next one
// is decrypted and decompressed.
type voraus struct {
	gelesen chan []byte
	frei    chan []byte // read blocks, to be filled again
	halt    chan struct{}
	danach  error // after the last block; belongs to the goroutine until gelesen is closed

	ganz, rest []byte // the present block, and what of it is left
}

func vorauslesen(r io.Reader) *voraus {
	v := &voraus{gelesen: make(chan []byte, bloecke), frei: make(chan []byte, bloecke), halt: make(chan struct{})}
	for range bloecke {
		v.frei <- make([]byte, block)
	}
	go func() {
		defer close(v.gelesen)
		for v.danach == nil {
			select {
			case b := <-v.frei:
				var n int
				n, v.danach = fuelle(r, b)
				v.gelesen <- b[:n] // there is room: no more blocks than that are about
			case <-v.halt:
				return
			}
		}
	}()
	return v
}

// fuelle reads until the block is full, and returns the error of the reader as it is.
func fuelle(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = r.Read(b[n:])
		n += m
	}
	return n, err //nolint:wrapcheck // Next says what is damaged
}

func (v *voraus) Read(p []byte) (int, error) {
	for len(v.rest) == 0 {
		if v.ganz != nil {
			v.frei <- v.ganz
			v.ganz = nil
		}
		b, more := <-v.gelesen
		if !more {
			return 0, v.danach
		}
		v.ganz, v.rest = b[:cap(b)], b
	}
	n := copy(p, v.rest)
	v.rest = v.rest[n:]
	return n, nil
}

// schliesse ends the reading and waits for it.
func (v *voraus) schliesse() {
	close(v.halt)
	for range v.gelesen { // nobody wants them
	}
}
