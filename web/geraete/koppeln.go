package geraete

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net/http"

	"github.com/offizin/offizin/internal/fault"
)

var (
	//go:embed koppeln.html
	koppelseite string
	//go:embed koppeln.css
	koppelstil string
)

// KoppelPfad is where the code is sent.
const KoppelPfad = "/geraet/koppeln"

// maxForm is more than a code needs.
const maxForm = 1 << 10

// Koppeln is all that a device gets which may not see the pages: it asks for a code. Erlaubt lets in
// who knows the code; it answers him.
type Koppeln struct {
	Platz   string
	Log     *slog.Logger
	Erlaubt func(ctx context.Context, w http.ResponseWriter, r *http.Request, code string) error

	seite  *template.Template
	policy string
	guard  http.Handler
}

// NewKoppeln returns it.
func NewKoppeln(
	platz string, log *slog.Logger,
	erlaubt func(ctx context.Context, w http.ResponseWriter, r *http.Request, code string) error,
) (*Koppeln, error) {
	t, err := template.New("koppeln").Parse(koppelseite)
	if err != nil {
		return nil, fmt.Errorf("parse page of the code: %w", err)
	}
	sum := sha256.Sum256([]byte(koppelstil))
	k := &Koppeln{
		Platz: platz, Log: log, Erlaubt: erlaubt, seite: t,
		policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
	}
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		k.zeige(w, nichtErlaubt())
	}))
	k.guard = guard.Handler(http.HandlerFunc(k.antworte))
	return k, nil
}

func nichtErlaubt() error {
	return fault.New(fault.Denied, "M-293",
		"Dieses Gerät darf die Seiten nicht sehen – koppeln Sie es mit einem Code von diesem Rechner.", nil)
}

// ServeHTTP implements http.Handler. Whatever it answers is a refusal, except to the right code.
func (k *Koppeln) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", k.policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	k.guard.ServeHTTP(w, r)
}

func (k *Koppeln) antworte(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodGet && r.URL.Path == "/":
		k.zeige(w, nil)
	case r.Method != http.MethodPost || r.URL.Path != KoppelPfad:
		k.zeige(w, nichtErlaubt())
	default:
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		err := k.Erlaubt(r.Context(), w, r, r.PostFormValue("code"))
		if err == nil {
			return
		}
		if _, ok := errors.AsType[*fault.Fault](err); !ok {
			k.Log.Error("device not let in", slog.Any("error", err))
			err = fault.New(fault.Internal, "M-286",
				"Das Gerät ließ sich nicht koppeln – versuchen Sie es mit einem neuen Code noch einmal.", err)
		}
		k.zeige(w, err)
	}
}

func (k *Koppeln) zeige(w http.ResponseWriter, refused error) {
	f, _ := errors.AsType[*fault.Fault](refused)
	var b bytes.Buffer
	err := k.seite.Execute(&b, map[string]any{
		"Stil": template.CSS(koppelstil), "Platz": k.Platz, "Pfad": KoppelPfad, "Fehler": f, //nolint:gosec // our own
	})
	if err != nil {
		k.Log.Error("page of the code not shown", slog.Any("error", err))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.Copy(w, &b) // the device has gone away
}
