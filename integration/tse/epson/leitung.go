package epson

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/offizin/offizin/domain/tse"
)

// What is read at most, and how long the host waits for its TSE (milliseconds).
const (
	maxAntwort = 16 << 20
	maxFremde  = 16 // messages that answer nothing we asked
	wartezeit  = 120_000
)

// leitung is a connection to the host.
type leitung struct {
	conn net.Conn
	r    *bufio.Reader
}

// antwort is a message of the host.
type antwort struct {
	XMLName  xml.Name
	Code     string `xml:"code"`
	DataCode string `xml:"data>code"`
	Ergebnis string `xml:"data>resultdata"`
}

// sitzung is one use of the device: it is opened before and closed behind, because only one
// machine can have it open at a time.
type sitzung struct {
	t     *Treiber
	admin bool // logged in: to be logged out
}

// tun does one thing while nobody else speaks to the device.
func (t *Treiber) tun(ctx context.Context, do func(s *sitzung) error) error {
	select {
	case <-t.frei:
		defer func() { t.frei <- struct{}{} }()
	case <-ctx.Done():
		return &tse.Fehler{Art: tse.Unabgeschickt, Text: "Die TSE ist noch beschäftigt", Err: ctx.Err()}
	}
	if err := t.oeffnen(ctx); err != nil {
		return err
	}
	s := &sitzung{t: t}
	err := do(s)
	if t.leitung == nil {
		return err
	}
	if s.admin {
		_ = s.einmal(ctx, "LogOutForAdmin", leer{}, nil) // the device does it by itself after a while
	}
	if t.leitung != nil {
		if _, err := t.fragen(ctx, "close_device", "<device_id>"+t.opt.Geraet+"</device_id>"); err != nil {
			t.trennen() // the host closes it then
		}
	}
	return err
}

// oeffnen gets hold of the device; another machine may have it for a moment. A connection that
// has died since is made anew: nothing was asked yet.
func (t *Treiber) oeffnen(ctx context.Context) error {
	fresh := t.leitung == nil
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		if err := t.verbinden(ctx); err != nil {
			return &tse.Fehler{Art: tse.Unabgeschickt, Text: "Die TSE ist nicht erreichbar", Err: err}
		}
		a, err := t.fragen(ctx, "open_device",
			"<device_id>"+t.opt.Geraet+"</device_id><data><type>type_storage</type></data>")
		switch {
		case err != nil && !fresh && ctx.Err() == nil:
			fresh = true
			continue
		case err != nil:
			return &tse.Fehler{Art: tse.Unabgeschickt, Text: "Die TSE antwortet nicht", Err: err}
		case a.Code == "OK":
			return nil
		case a.Code != "DEVICE_IN_USE":
			return fehlerOf(code(a.Code))
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return &tse.Fehler{Art: tse.Unabgeschickt, Text: "Ein anderer Rechner hält die TSE fest", Err: ctx.Err()}
		}
	}
}

// verbinden makes the connection, if there is none, and reads the greeting.
func (t *Treiber) verbinden(ctx context.Context) error {
	if t.leitung != nil {
		return nil
	}
	conn, err := t.waehlen(ctx)
	if err != nil {
		return fmt.Errorf("connect to TSE: %w", err)
	}
	t.leitung = &leitung{conn, bufio.NewReaderSize(conn, 1<<16)}
	_, err = t.lesen(ctx, "connect")
	return err
}

func (t *Treiber) waehlen(ctx context.Context) (net.Conn, error) {
	addr, port := t.opt.Adresse, Port
	if t.opt.TLS {
		port = PortTLS
	}
	if _, _, err := net.SplitHostPort(addr); err != nil {
		addr = net.JoinHostPort(addr, port)
	}
	if t.opt.TLS {
		// The host signs its own certificate; what the TSE signs is checked by its key.
		d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // see above
		return d.DialContext(ctx, "tcp", addr)                         //nolint:wrapcheck // by the caller
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", addr) //nolint:wrapcheck // by the caller
}

func (t *Treiber) trennen() {
	if t.leitung != nil {
		_ = t.leitung.conn.Close()
		t.leitung = nil
	}
}

// fragen sends a message and reads the answer to it. After an error the connection is gone:
// an answer that comes late must not be taken for that to the next question.
func (t *Treiber) fragen(ctx context.Context, element, inhalt string) (antwort, error) {
	stop := t.frist(ctx)
	_, err := t.leitung.conn.Write([]byte("<" + element + ">" + inhalt + "</" + element + ">\x00"))
	stop()
	if err != nil {
		t.trennen()
		return antwort{}, fmt.Errorf("write to TSE: %w", err)
	}
	return t.lesen(ctx, element)
}

// frist breaks off what waits on the connection when the context ends.
func (t *Treiber) frist(ctx context.Context) (stop func() bool) {
	conn := t.leitung.conn
	return context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0).UTC()) })
}

// lesen reads messages until one is the answer.
func (t *Treiber) lesen(ctx context.Context, element string) (a antwort, err error) {
	defer t.frist(ctx)()
	for range maxFremde {
		if a, err = t.leitung.lesen(); err != nil {
			t.trennen()
			return antwort{}, fmt.Errorf("read from TSE: %w", errors.Join(err, ctx.Err()))
		}
		if a.XMLName.Local == element {
			return a, nil
		}
	}
	t.trennen()
	return antwort{}, errors.New("read from TSE: it answers something else")
}

// lesen reads up to the next zero byte, in as many packets as it comes.
func (l *leitung) lesen() (a antwort, err error) {
	var b []byte
	for {
		part, err := l.r.ReadSlice(0)
		b = append(b, part...)
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return a, fmt.Errorf("read answer: %w", err)
		}
		if len(b) > maxAntwort {
			return a, errors.New("read answer: it does not end")
		}
	}
	if err := xml.Unmarshal(bytes.Trim(b, "\x00\"\r\n "), &a); err != nil {
		return a, fmt.Errorf("understand answer: %w", err)
	}
	return a, nil
}

// leer is the input of a function that needs none.
type leer struct{}

// auftrag is a request to the TSE itself.
type auftrag struct {
	Storage  storage `json:"storage"`
	Function string  `json:"function"`
	Input    any     `json:"input"`
	Compress struct {
		Required bool   `json:"required"`
		Type     string `json:"type"`
	} `json:"compress"`
}

type storage struct {
	Type   string `json:"type"`
	Vendor string `json:"vendor"`
}

// einmal has the TSE do something.
func (s *sitzung) einmal(ctx context.Context, function string, in, out any) error {
	a := auftrag{Storage: storage{"TSE", s.t.vendor}, Function: function, Input: in}
	if function == "GetStorageInfo" {
		a.Storage = storage{Type: "COMMON"}
	}
	text, err := json.Marshal(a) // writes < > & as \u003c …: it can stand in XML
	if err != nil {
		return &tse.Fehler{Art: tse.Einrichtung, Text: "Die Anfrage an die TSE ist ungültig", Err: err}
	}
	got, err := s.t.fragen(ctx, "device_data", fmt.Sprintf(
		"<device_id>%s</device_id><data><type>operate</type><timeout>%d</timeout><requestdata>%s</requestdata></data>",
		s.t.opt.Geraet, wartezeit, text))
	if err != nil {
		return &tse.Fehler{Art: tse.Ausfall, Text: "Die TSE antwortet nicht", Err: err}
	}
	if c := got.DataCode + got.Code; c != "SUCCESS" && c != "OK" && got.Ergebnis == "" {
		return fehlerOf(code(c))
	}
	var result struct {
		Result code            `json:"result"`
		Output json.RawMessage `json:"output"`
	}
	if err := json.Unmarshal([]byte(got.Ergebnis), &result); err != nil {
		return unverstanden(err)
	}
	if result.Result != "EXECUTION_OK" {
		return fehlerOf(result.Result)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(result.Output, out); err != nil {
		return unverstanden(err)
	}
	return nil
}
