package fiskaly

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/internal/geheim"
)

const (
	maxAntwort = 4 << 20 // bytes
	versuche   = 4       // of one request
	seite      = 100     // entries of a list in one answer
	ersteFrist = 50 * time.Millisecond
)

// zahl is a number that may stand in quotes.
type zahl uint64

// UnmarshalJSON implements json.Unmarshaler.
func (z *zahl) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(b), `"`), 10, 64)
	if err != nil && string(b) != "null" {
		return fmt.Errorf("read number: %w", err)
	}
	*z = zahl(n)
	return nil
}

// antwort is what the service answers if it refuses. Its message is not kept: it may quote what
// was sent.
type antwort struct {
	status int
	code   string
	warten time.Duration // as long it wants to be left alone
}

// Error implements error.
func (a antwort) Error() string { return fmt.Sprintf("HTTP %d %s", a.status, a.code) }

// ergebnis is the answer in an error; zero if there was none.
func ergebnis(err error) antwort {
	a, _ := errors.AsType[antwort](err)
	return a
}

// ungewiss reports whether the request, or the same before it, may have been carried out.
func ungewiss(err error) bool {
	f, ok := errors.AsType[*tse.Fehler](err)
	return ok && (f.Art == tse.Ausfall || widerspruch(err))
}

// widerspruch reports whether the service refused a request as one that does not fit.
func widerspruch(err error) bool {
	s := ergebnis(err).status
	return s == http.StatusConflict || s == http.StatusBadRequest || s == http.StatusUnprocessableEntity
}

// anfrage sends a request until it is answered or the context ends. It is for those that may be
// repeated.
func (t *Treiber) anfrage(ctx context.Context, method, path string, in, out any) error {
	for n, pause := 1, ersteFrist; ; n, pause = n+1, 2*pause {
		err := t.einmal(ctx, method, path, in, out)
		f, ok := errors.AsType[*tse.Fehler](err)
		if !ok || f.Art != tse.Ausfall && f.Art != tse.Unabgeschickt || n == versuche || ctx.Err() != nil {
			return err
		}
		if !warten(ctx, pause) {
			return err
		}
	}
}

// einmal sends a request once; with a new token if the old one has ended, and again if it was
// not let in because there were too many. A PIN is never sent a second time: the token before it
// has just been used.
func (t *Treiber) einmal(ctx context.Context, method, path string, in, out any) error {
	for fresh := false; ; {
		token, err := t.anmelden(ctx)
		if err != nil {
			return err
		}
		err = t.allein(ctx, func() error {
			return t.senden(ctx, method, t.opt.URL+"/tss/"+t.opt.TSS+path, token, in, gelesen(out))
		})
		a := ergebnis(err)
		switch {
		case a.status == http.StatusUnauthorized && !fresh && path != adminAuth:
			fresh = true
			t.vergessen(token)
		case a.status == http.StatusTooManyRequests && warten(ctx, max(a.warten, ersteFrist)):
		default:
			return fehlerOf(err)
		}
	}
}

// allein waits until no other request is under way.
func (t *Treiber) allein(ctx context.Context, do func() error) error {
	select {
	case <-t.frei:
		defer func() { t.frei <- struct{}{} }()
		return do()
	case <-ctx.Done():
		return &tse.Fehler{Art: tse.Unabgeschickt, Text: "Die TSE ist noch beschäftigt", Err: ctx.Err()}
	}
}

// anmelden gets a token; it holds for a day.
func (t *Treiber) anmelden(ctx context.Context) (geheim.Wort, error) {
	t.mu.Lock()
	token := t.token
	t.mu.Unlock()
	if token != "" {
		return token, nil
	}
	in := struct {
		Key    geheim.Wort `json:"api_key"`
		Secret geheim.Wort `json:"api_secret"`
	}{t.opt.APIKey, t.opt.APISecret}
	var out struct {
		Token geheim.Wort `json:"access_token"`
	}
	err := t.senden(ctx, http.MethodPost, t.opt.URL+"/auth", "", in, gelesen(&out))
	if s := ergebnis(err).status; s >= 400 && s < 500 && s != http.StatusTooManyRequests {
		return "", &tse.Fehler{Art: tse.Einrichtung, Text: "Die Zugangsdaten der Cloud-TSE sind falsch", Err: ergebnis(err)}
	}
	if err != nil {
		return "", fehlerOf(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token = out.Token
	return out.Token, nil
}

func (t *Treiber) vergessen(token geheim.Wort) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token == token {
		t.token = ""
	}
}

// senden speaks HTTP; read gets the body of a success.
func (t *Treiber) senden(
	ctx context.Context, method, url string, token geheim.Wort, in any, read func(io.Reader) error,
) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("write request: %w", err)
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+string(token))
	}
	resp, err := t.http.Do(r)
	if err != nil {
		return fmt.Errorf("ask cloud TSE: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode/100 == 2 {
		return read(resp.Body)
	}
	return abgelehnt(resp)
}

func abgelehnt(resp *http.Response) error {
	a := antwort{status: resp.StatusCode}
	var out struct {
		Code string `json:"code"`
	}
	if json.NewDecoder(io.LimitReader(resp.Body, maxAntwort)).Decode(&out) == nil && len(out.Code) < 64 {
		a.code = out.Code
	}
	if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && s >= 0 {
		a.warten = time.Duration(min(s, 3600)) * time.Second
	}
	return a
}

// gelesen reads JSON; nil throws it away.
func gelesen(out any) func(io.Reader) error {
	return func(r io.Reader) error {
		r = io.LimitReader(r, maxAntwort)
		if out == nil {
			_, err := io.Copy(io.Discard, r)
			return err //nolint:wrapcheck // by fehlerOf
		}
		if err := json.NewDecoder(r).Decode(out); err != nil {
			return fmt.Errorf("understand cloud TSE: %w", err)
		}
		return nil
	}
}

// fehlerOf says what an error means to a till.
func fehlerOf(err error) error {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*tse.Fehler](err); ok {
		return f
	}
	a := ergebnis(err)
	switch {
	case a.status == 0 && nichtGewaehlt(err):
		return &tse.Fehler{Art: tse.Unabgeschickt, Text: "Die Cloud-TSE ist nicht erreichbar", Err: err}
	case a.status == 0:
		return &tse.Fehler{Art: tse.Ausfall, Text: "Die Cloud-TSE antwortet nicht", Err: err}
	case a.status == http.StatusTooManyRequests:
		return &tse.Fehler{Art: tse.Ausfall, Text: "Die Cloud-TSE ist überlastet", Err: a}
	case a.status >= 500:
		return &tse.Fehler{Art: tse.Ausfall, Text: "Die Cloud-TSE ist gestört", Err: a}
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return &tse.Fehler{Art: tse.Einrichtung, Text: "Die Cloud-TSE lässt das nicht zu", Err: a}
	case a.status == http.StatusNotFound:
		return &tse.Fehler{Art: tse.Einrichtung, Text: "Die Cloud-TSE kennt das nicht", Err: a}
	}
	return &tse.Fehler{Art: tse.Einrichtung, Text: "Die Cloud-TSE lehnt die Anfrage ab", Err: a}
}

// nichtGewaehlt reports whether there was no connection to send anything over.
func nichtGewaehlt(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// warten lets time pass; false if the context ends before.
func warten(ctx context.Context, d time.Duration) bool {
	if at, ok := ctx.Deadline(); ok && !fristReicht(ctx, at, d) {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// fristReicht reports whether a context lasts that much longer: to wait in vain helps nobody.
func fristReicht(ctx context.Context, at time.Time, d time.Duration) bool {
	short, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	end, _ := short.Deadline()
	return end.Before(at)
}

// seiten reads a list to its end.
func seiten[T any](ctx context.Context, t *Treiber, path string) (list []T, err error) {
	for {
		var out struct {
			Data []T `json:"data"`
		}
		page := fmt.Sprintf("%slimit=%d&offset=%d", path, seite, len(list))
		if err := t.anfrage(ctx, http.MethodGet, page, nil, &out); err != nil {
			return nil, err
		}
		list = append(list, out.Data...)
		if len(out.Data) < seite {
			return list, nil
		}
	}
}
