package knoten_test

import (
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/internal/clock"
)

// Half a request from somewhere holds the end of the program up for as long as a payment may take, and is no
// error.
func TestEndetTrotzHalberAnfrage(t *testing.T) {
	m := starte(t, t.TempDir(), "127.0.0.1:0", knoten.Options{})
	for _, half := range []string{
		"POST /anmelden HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
			"Content-Length: 100\r\n\r\na=", "GET / HTTP/1.1\r\nHost: %s",
	} {
		c, err := net.Dial("tcp", m.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := fmt.Fprintf(c, half, m.addr); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(200 * time.Millisecond) // both are being read
	uhr := clock.NewReal()
	m.stop()
	if took := uhr.Mono(); took > 8*time.Second {
		t.Errorf("ended after %s", took)
	}
}
