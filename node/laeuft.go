package node

import (
	"context"
	"net/http"
	"net/url"

	"github.com/offizin/offizin/node/identity"
)

// Laeuft asks a machine, before this one is at work, whether it hears from that of a name. One of a release
// before this question says no.
func Laeuft(ctx context.Context, a *identity.Admission, who Mitglied, platz string) (bool, error) {
	tr := &http.Transport{TLSClientConfig: a.Client(who.Platz), TLSHandshakeTimeout: pulseEnd}
	defer tr.CloseIdleConnections()
	w, err := get(ctx, &sight{Mitglied: who, http: &http.Client{Transport: tr}}, url.Values{"platz": {platz}})
	return w.Laeuft, err
}
