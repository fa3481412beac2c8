// Package driver works a running till over HTTP, as a browser would: it measures,
// and it proves from outside that no acknowledged sale is ever lost.
package driver

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxAnswer is the largest answer that is read.
const maxAnswer = 16 << 20

// Client is one person at one till.
type Client struct {
	base string
	user string
	http *http.Client
}

// Dial makes the connections of a client.
type Dial = func(ctx context.Context, network, addr string) (net.Conn, error)

// New returns a client of the till at base ("http://127.0.0.1:8080") whose user has
// the Kuerzel.
func New(base, user string) *Client { return NewDial(base, user, nil) }

// NewDial returns a client that connects in its own way: to a till that only its machine
// reaches. nil: as New.
func NewDial(base, user string, dial Dial) *Client {
	return &Client{
		base: strings.TrimRight(base, "/"), user: user,
		http: &http.Client{
			Timeout:   30 * time.Second,
			Transport: &http.Transport{MaxIdleConnsPerHost: 4, DisableCompression: true, DialContext: dial},
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse
			},
		},
	}
}

// Fehler is what the till says when it refuses.
type Fehler struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Error returns the sentence with its code.
func (f *Fehler) Error() string { return f.Text + " (" + f.Code + ")" }

// Antwort is what the till answers to a change of the cart or a payment. Amounts are
// cents.
type Antwort struct {
	Vorgang string  `json:"vorgang"`
	Version int     `json:"version"`
	Patient int64   `json:"patient"`
	Zeilen  int     `json:"zeilen"`
	Bon     string  `json:"bon"`
	Schild  string  `json:"schild"` // of the Bon: "sicher", "gebucht" or "allein"
	Fehler  *Fehler `json:"fehler"`
}

// Post sends a form with the idempotency key and returns the answer. A refusal of
// the till is a *Fehler; anything else means that nobody knows what became of it.
func (c *Client) Post(ctx context.Context, path, key string, form url.Values) (Antwort, error) {
	if form == nil {
		form = url.Values{}
	}
	form.Set("key", key)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return Antwort{}, fmt.Errorf("build request: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var a Antwort
	if err := c.do(req, &a); err != nil {
		return Antwort{}, err
	}
	if a.Fehler != nil {
		return a, a.Fehler
	}
	return a, nil
}

// Get reads a page and decodes it into v if that is not nil.
func (c *Client) Get(ctx context.Context, path string, v any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, http.NoBody)
	if err != nil {
		return fmt.Errorf("build request: %w", err)
	}
	return c.do(req, v)
}

// lokal asks what only the command line of the same machine may ask.
func (c *Client) lokal(ctx context.Context, token string, v any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/knoten/lokal/v1/stand", http.NoBody)
	if err != nil {
		return fmt.Errorf("build request: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	return c.do(req, v)
}

func (c *Client) do(req *http.Request, v any) error {
	req.AddCookie(&http.Cookie{Name: "benutzer", Value: c.user}) //nolint:gosec // a request, not an answer
	if v != nil {
		req.Header.Set("Accept", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("read answer of %s: %w", req.URL.Path, err)
	}
	if v == nil {
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s %s: %s", req.Method, req.URL.Path, resp.Status)
		}
		return nil
	}
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("%s %s: %s: %w", req.Method, req.URL.Path, resp.Status, err)
	}
	return nil
}

// Scan adds an article to the cart; an empty cart id takes the open one or begins.
func (c *Client) Scan(ctx context.Context, key, vorgang, text string) (Antwort, error) {
	return c.Post(ctx, "/verkauf/scan", key, url.Values{"vorgang": {vorgang}, "text": {text}})
}

// Bezahlen pays the cart in cash, exactly what the screen showed.
func (c *Client) Bezahlen(ctx context.Context, key, vorgang string, erwartet int64) (Antwort, error) {
	return c.Post(ctx, "/verkauf/bezahlen", key, url.Values{
		"vorgang": {vorgang}, "erwartet": {strconv.FormatInt(erwartet, 10)},
	})
}

// Gesund reports whether the till serves.
func (c *Client) Gesund(ctx context.Context) bool { return c.Get(ctx, "/gesund", nil) == nil }

// Suche searches articles and returns how many were found.
func (c *Client) Suche(ctx context.Context, q string) (int, error) {
	var v struct {
		Treffer []json.RawMessage `json:"treffer"`
	}
	err := c.Get(ctx, "/suche?q="+url.QueryEscape(q), &v)
	return len(v.Treffer), err
}
