package knoten

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/offizin/offizin/journal/seal"
	"github.com/offizin/offizin/node"
	"github.com/offizin/offizin/node/identity"
	"github.com/offizin/offizin/node/refusal"
)

// pathSchluessel is where a machine asks another for its own key.
const pathSchluessel = "/knoten/v1/schluessel"

// How often is looked whether the key lies with the others, or must be asked for; and how long a
// machine may take to answer.
const (
	schluesselAlle  = 5 * time.Second
	schluesselFrist = 5 * time.Second
)

// schluesselFolgen keeps the key of this machine with the others. A machine whose key file is gone
// asks them for it until one of them gives it back; meanwhile it sells.
func (k *Knoten) schluesselFolgen(ctx context.Context) {
	t := time.NewTicker(schluesselAlle)
	defer t.Stop()
	for {
		var err error
		if key := k.Store.Knotenschluessel(); key == nil {
			k.schluesselHolen(ctx)
		} else {
			err = k.Rechner.Hinterlegen(ctx, k.auftrag("hinterlegen"), k.identity.Fingerabdruck(), key[:])
		}
		if err != nil && ctx.Err() == nil {
			k.opt.Apotheke.Log.Warn("key of this machine not kept with the others", slog.Any("error", err))
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// schluesselHolen asks the key store of the system once more, then one machine after the other.
func (k *Knoten) schluesselHolen(ctx context.Context) {
	if err := k.Store.Ask(ctx); err != nil && ctx.Err() == nil {
		k.opt.Apotheke.Log.Info("key store of the system does not give the key", slog.Any("error", errors.Unwrap(err)))
	} else if k.Store.Knotenschluessel() != nil {
		k.opt.Apotheke.Log.Info("key store of the system gave the key late")
		return
	}
	for _, m := range k.members.andere() {
		key, err := k.frageSchluessel(ctx, m)
		if err == nil {
			err = k.Store.Aufschliessen(ctx, key)
		}
		if err == nil {
			k.opt.Apotheke.Log.Warn("key file was gone; another machine gave the key back", slog.String("from", m.Platz))
			return
		}
		if ctx.Err() == nil {
			k.opt.Apotheke.Log.Info("key not given back", slog.String("from", m.Platz), slog.Any("error", err))
		}
	}
}

// errKeinSchluessel reports an answer that is no key.
var errKeinSchluessel = errors.New("no key")

func (k *Knoten) frageSchluessel(ctx context.Context, m node.Mitglied) (key seal.Key, err error) {
	ctx, cancel := context.WithTimeout(ctx, schluesselFrist)
	defer cancel()
	tr := &http.Transport{TLSClientConfig: k.admission.Client(m.Platz)}
	defer tr.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+m.Adresse+pathSchluessel, http.NoBody)
	if err != nil {
		return key, fmt.Errorf("ask for the key: %w", err)
	}
	resp, err := (&http.Client{Transport: tr}).Do(req)
	if err != nil {
		return key, fmt.Errorf("ask for the key: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	b, err := io.ReadAll(io.LimitReader(resp.Body, int64(len(key)+1)))
	if err != nil || resp.StatusCode != http.StatusOK || len(b) != len(key) {
		return key, errors.Join(errKeinSchluessel, err)
	}
	return seal.Key(b), nil
}

// gibSchluessel gives a machine of the pharmacy its own key back, and nobody that of another: which
// one it is says the certificate of the connection.
func (k *Knoten) gibSchluessel(w http.ResponseWriter, r *http.Request) {
	if _, err := k.admission.Wer(r.TLS); err != nil {
		refusal.Write(w, http.StatusForbidden, err)
		return
	}
	who := identity.Fingerabdruck(r.TLS.PeerCertificates[0].RawSubjectPublicKeyInfo)
	key, ok, err := k.Rechner.Hinterlegt(r.Context(), who)
	switch {
	case err != nil:
		refusal.Write(w, http.StatusServiceUnavailable, err) // the keys are closed here too
	case !ok:
		refusal.Write(w, http.StatusNotFound, errKeinSchluessel)
	default:
		k.opt.Apotheke.Log.Warn("a machine got its key back", slog.String("fingerprint", who))
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(key) //nolint:gosec // 32 bytes for a machine; who does not hear it asks again
	}
}
