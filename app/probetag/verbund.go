package probetag

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/offizin/offizin/node/shipping"
)

// leitung is the wire to another machine: its real server answers.
type leitung struct{ h http.Handler }

// RoundTrip implements http.RoundTripper.
func (l leitung) RoundTrip(r *http.Request) (*http.Response, error) {
	a := &antwort{kopf: http.Header{}, code: http.StatusOK}
	l.h.ServeHTTP(a, r)
	return &http.Response{
		StatusCode: a.code, Header: a.kopf, Body: io.NopCloser(&a.text), ContentLength: int64(a.text.Len()), Request: r,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// antwort keeps what a server answers.
type antwort struct {
	kopf http.Header
	code int
	text bytes.Buffer
}

func (a *antwort) Header() http.Header         { return a.kopf }
func (a *antwort) WriteHeader(code int)        { a.code = code }
func (a *antwort) Write(b []byte) (int, error) { return a.text.Write(b) } //nolint:wrapcheck // never fails

// gleichen makes both journals equal, as machines do that see each other.
func (l *lauf) gleichen(ctx context.Context) error {
	parent := &shipping.Parent{URL: "http://platz-1", HTTP: &http.Client{Transport: leitung{l.eins.server}}}
	st, err := shipping.NewChild(l.zwei.Store, parent).Sync(ctx)
	if err == nil {
		err = st.Keys
	}
	return err
}
