package node

import (
	"context"
	"net/http"
	"net/url"

	"github.com/offizin/offizin/node/identity"
)

// Umfrage asks a machine, before this one is at work, and keeps the connection: on a bad network a new one
// takes longer.
type Umfrage struct{ s *sight }

// NewUmfrage returns one that asks who.
func NewUmfrage(a *identity.Admission, who Mitglied) Umfrage {
	return Umfrage{&sight{Mitglied: who, http: &http.Client{Transport: &http.Transport{
		TLSClientConfig: a.Client(who.Platz), ForceAttemptHTTP2: true, TLSHandshakeTimeout: pulseEnd,
	}}}}
}

// Laeuft asks whether it hears from the one of a name. One of a release before this question says no.
func (u Umfrage) Laeuft(ctx context.Context, platz string) (bool, error) {
	w, err := get(ctx, u.s, url.Values{"platz": {platz}})
	return w.Laeuft, err
}

// Close ends the connection.
func (u Umfrage) Close() { u.s.http.CloseIdleConnections() }
