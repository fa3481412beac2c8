// Package sim is a TSE host of Epson as far as its protocol is known: a server in front of the
// TSE simulator, with the faults of a real network and of real devices. It proves nothing.
package sim

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/offizin/offizin/integration/tse/simulator"
)

// The secrets of the simulated device.
const (
	AdminPIN = "11111"
	ZeitPIN  = "22222"
	Secret   = "EPSONKEY"
	geraet   = "local_TSE"
)

// Stoerung is how the host misbehaves. What the TSE behind it does wrong, its simulator knows.
type Stoerung struct {
	Stuecke  bool // answers come in packets of few bytes
	OhneEnde int  // so many answers lack the zero byte
	Besetzt  int  // so often the device is in use by another machine
	Abriss   int  // so many connections break when something is asked, before it is done
	Stumm    bool // it takes requests and does nothing
}

// Host is the server.
type Host struct {
	kern *simulator.Simulator
	l    net.Listener
	stop context.CancelFunc
	alle sync.WaitGroup

	mu       sync.Mutex // guards what follows
	stoerung Stoerung
	offen    net.Conn // who has the device open
	conns    map[net.Conn]bool
	zugang   zugang
	letzte   map[string]uint64 // the transaction of the last answer, by client
	auszug   []byte            // what is being exported
	laeuft   bool              // an export
}

// Open serves a TSE at an address, such as "127.0.0.1:0".
func Open(addr string, kern *simulator.Simulator) (*Host, error) {
	var lc net.ListenConfig
	ctx, stop := context.WithCancel(context.Background())
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		stop()
		return nil, fmt.Errorf("serve simulated Epson TSE: %w", err)
	}
	h := &Host{
		kern: kern, l: l, stop: stop, conns: map[net.Conn]bool{}, zugang: neuerZugang(), letzte: map[string]uint64{},
	}
	h.alle.Go(func() { h.annehmen(ctx) })
	return h, nil
}

// Adresse is where it listens.
func (h *Host) Adresse() string { return h.l.Addr().String() }

// Stoeren makes it misbehave from now on.
func (h *Host) Stoeren(s Stoerung) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stoerung = s
}

// Neustart breaks all connections and forgets who was logged in, as a printer does that was
// switched off and on.
func (h *Host) Neustart() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.zugang = neuerZugang()
	for c := range h.conns {
		_ = c.Close()
	}
}

// Close stops it.
func (h *Host) Close() error {
	h.stop()
	err := h.l.Close()
	h.Neustart()
	h.alle.Wait()
	if err != nil {
		return fmt.Errorf("close simulated Epson TSE: %w", err)
	}
	return nil
}

func (h *Host) annehmen(ctx context.Context) {
	for {
		c, err := h.l.Accept()
		if err != nil {
			return
		}
		h.mu.Lock()
		h.conns[c] = true
		h.mu.Unlock()
		h.alle.Go(func() { h.bedienen(ctx, c) })
	}
}

// bedienen answers one connection until it ends; then the device is free for others.
func (h *Host) bedienen(ctx context.Context, c net.Conn) {
	ctx, cancel := context.WithCancel(ctx)
	questions := make(chan string)
	h.alle.Go(func() { // notices that the other side has gone, also while the device is at work
		defer cancel()
		defer close(questions)
		for r := bufio.NewReader(c); ; {
			q, err := r.ReadString(0)
			if err != nil {
				return
			}
			select {
			case questions <- q:
			case <-ctx.Done():
				return
			}
		}
	})
	defer func() {
		_ = c.Close()
		cancel()
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.conns, c)
		if h.offen == c {
			h.offen, h.laeuft, h.auszug = nil, false, nil
		}
	}()
	h.senden(c, "<connect><data><client_id>sock0001</client_id><protocol_version>2.0</protocol_version></data></connect>")
	for q := range questions {
		a, err := h.antwort(ctx, c, q)
		if err != nil {
			return
		}
		h.senden(c, a)
	}
}

// senden writes an answer, as badly as it was asked to.
func (h *Host) senden(c net.Conn, a string) {
	h.mu.Lock()
	s := h.stoerung
	greeting := strings.HasPrefix(a, "<connect>")
	if s.OhneEnde > 0 && !greeting {
		h.stoerung.OhneEnde--
	}
	h.mu.Unlock()
	b := []byte(a)
	if s.OhneEnde == 0 || greeting {
		b = append(b, 0)
	}
	size := len(b)
	if s.Stuecke {
		size = len(b)/3 + 1
	}
	for len(b) > 0 {
		n := min(size, len(b))
		if _, err := c.Write(b[:n]); err != nil {
			return
		}
		b = b[n:]
		if s.Stuecke {
			t := time.NewTimer(time.Millisecond) // so that they do not travel together
			<-t.C
		}
	}
}

// frage is a message of a till.
type frage struct {
	XMLName xml.Name
	Device  string `xml:"device_id"`
	Type    string `xml:"data>type"`
	Request string `xml:"data>requestdata"`
}

var errAbriss = errors.New("connection breaks")

func (h *Host) antwort(ctx context.Context, c net.Conn, text string) (string, error) {
	var f frage
	if err := xml.Unmarshal([]byte(strings.TrimSuffix(text, "\x00")), &f); err != nil {
		return "<error><code>PARAM_ERROR</code></error>", nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stoerung.Stumm {
		h.mu.Unlock()
		<-ctx.Done()
		h.mu.Lock()
		return "", errAbriss
	}
	switch f.XMLName.Local {
	case "open_device":
		return h.oeffnen(c, f), nil
	case "close_device":
		return h.schliessen(c, f), nil
	case "device_data":
		if h.offen != c {
			return daten("false", "DEVICE_NOT_OPEN", ""), nil
		}
		if h.stoerung.Abriss > 0 {
			h.stoerung.Abriss--
			return "", errAbriss
		}
		h.mu.Unlock()
		result, err := h.tun(ctx, f.Request)
		h.mu.Lock()
		return daten("true", "SUCCESS", result), err
	}
	return "<error><code>PARAM_ERROR</code></error>", nil
}

func (h *Host) oeffnen(c net.Conn, f frage) string {
	code := "OK"
	switch {
	case f.Device != geraet || f.Type != "type_storage":
		code = "DEVICE_NOT_FOUND"
	case h.stoerung.Besetzt > 0:
		h.stoerung.Besetzt--
		code = "DEVICE_IN_USE"
	case h.offen != nil && h.offen != c:
		code = "DEVICE_IN_USE"
	default:
		h.offen = c
	}
	return "<open_device><device_id>" + geraet + "</device_id><code>" + code + "</code><data_id>1</data_id></open_device>"
}

func (h *Host) schliessen(c net.Conn, _ frage) string {
	code := "OK"
	if h.offen == c {
		h.offen = nil
	} else {
		code = "DEVICE_NOT_OPEN"
	}
	return "<close_device><device_id>" + geraet + "</device_id><code>" + code + "</code></close_device>"
}

func daten(success, code, result string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(result)) // never fails
	return "<device_data><sequence>1</sequence><device_id>" + geraet + "</device_id><data><type>operateresult</type>" +
		"<success>" + success + "</success><code>" + code + "</code><resultdata>" + b.String() +
		"</resultdata></data></device_data>"
}
