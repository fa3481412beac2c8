package kopplung

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node/refusal"
)

// geduld is how long taking a machine in may take.
const geduld = 30 * time.Second

// Koppeln asks the machine at an address to take this one in.
func Koppeln(ctx context.Context, adresse, code string, a Antrag) (Zusage, error) {
	ctx, stop := context.WithTimeout(ctx, geduld)
	defer stop()
	d := tls.Dialer{Config: &tls.Config{
		MinVersion: tls.VersionTLS13, NextProtos: []string{"http/1.1"},
		InsecureSkipVerify: true, //nolint:gosec // the code proves who it is
	}}
	c, err := d.DialContext(ctx, "tcp", adresse)
	if err != nil {
		return Zusage{}, fault.New(fault.Unavailable, "M-124",
			"Unter „"+adresse+"“ ist kein Rechner der Apotheke zu erreichen; bitte Adresse und Netz prüfen.", err)
	}
	defer c.Close() //nolint:errcheck // nothing is left to send
	end := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer end()
	return koppeln(ctx, c, adresse, code, a)
}

// KoppelnAny asks the machines at several addresses, one after the other, until one takes this one in. Of what they
// say it tells that the code is wrong, if one says so: the others only know that none is open there.
func KoppelnAny(ctx context.Context, adressen []string, code string, a Antrag) (z Zusage, err error) {
	for _, adresse := range adressen {
		z, next := Koppeln(ctx, adresse, code, a)
		if next == nil {
			return z, nil
		}
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != "M-120" {
			err = next
		}
	}
	return z, err
}

func koppeln(ctx context.Context, c net.Conn, adresse, code string, a Antrag) (Zusage, error) {
	t, ok := c.(*tls.Conn)
	if !ok {
		return Zusage{}, errors.New("connection is not encrypted")
	}
	state := t.ConnectionState()
	key, err := secret(&state, code)
	if err != nil {
		return Zusage{}, err
	}
	var asked []byte
	body, err := seal(a, func(content []byte) []byte {
		asked = content
		return probe(key, vomNeuen, content)
	})
	if err != nil {
		return Zusage{}, err
	}
	resp, err := post(ctx, c, "https://"+adresse+Path, body)
	if err != nil {
		return Zusage{}, unanswered(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or not wanted
	if resp.StatusCode != http.StatusOK {
		return Zusage{}, refused(resp.Body)
	}
	return answered(resp.Body, key, asked)
}

func post(ctx context.Context, c net.Conn, url string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("build request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if err := req.Write(c); err != nil {
		return nil, fmt.Errorf("ask to be taken in: %w", err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), req)
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	return resp, nil
}

// unanswered tells a machine that went silent from one that speaks something else.
func unanswered(err error) error {
	_, network := errors.AsType[net.Error](err)
	if !network && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return unreadable(err)
	}
	return fault.New(fault.Unavailable, "M-126", "Der andere Rechner hat nicht geantwortet, vielleicht ist er "+
		"überlastet; bitte dort einen neuen Code zeigen lassen und es noch einmal versuchen.", err)
}

func refused(r io.Reader) error {
	f, err := refusal.Read(r, fault.Denied)
	if err != nil {
		return unreadable(err)
	}
	return f
}

func answered(r io.Reader, key, asked []byte) (z Zusage, err error) {
	out, err := read(r)
	if err != nil {
		return z, err
	}
	if !hmac.Equal(out.Probe, probe(key, vomAlten, asked, out.Inhalt)) {
		return z, fault.New(fault.Denied, "M-125", "Der Rechner unter dieser Adresse kennt den Code nicht: "+
			"Er ist nicht der, der ihn angezeigt hat; bitte die Adresse prüfen.", nil)
	}
	if err := json.Unmarshal(out.Inhalt, &z); err != nil {
		return z, unreadable(err)
	}
	return z, nil
}
