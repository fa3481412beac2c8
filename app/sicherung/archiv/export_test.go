package archiv

import (
	"io"
	"strings"
)

// Lies reads what is decrypted and decompressed already.
func Lies(r io.Reader) (*Leser, error) { return lies(r, strings.NewReader("")) }
