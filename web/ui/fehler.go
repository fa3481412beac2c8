package ui

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/internal/fault"
)

// Fehler is an error as the user sees it: one sentence, a code, and for what nobody
// foresaw an id under which the log knows more.
type Fehler struct {
	Code   string `json:"code"`
	Text   string `json:"text"`
	ID     string `json:"id,omitempty"`
	Status int    `json:"-"`
}

// FehlerAus translates an error for the user. What is not meant for users goes to the
// log, once.
func (s *Rahmen) FehlerAus(r *http.Request, err error) *Fehler {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		if f.Kind == fault.Internal || f.Kind == fault.Corrupt || f.Kind == fault.Unavailable {
			return &Fehler{f.Code, f.Text, s.log(r, err), status(f.Kind)}
		}
		return &Fehler{f.Code, f.Text, "", status(f.Kind)}
	}
	if b, ok := errors.AsType[befund.Befund](err); ok {
		return &Fehler{b.Code, b.Text, "", http.StatusUnprocessableEntity}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &Fehler{
			"W-503", "Das hat zu lange gedauert – wiederholen Sie es; nichts wird dadurch doppelt gebucht.",
			s.log(r, err), http.StatusServiceUnavailable,
		}
	}
	return &Fehler{
		"W-500", "Das hat nicht geklappt, es wurde nichts gebucht – versuchen Sie es noch einmal.",
		s.log(r, err), http.StatusInternalServerError,
	}
}

// log writes what happened and returns the id the user sees. The query is left out: it
// may name a person.
func (s *Rahmen) log(r *http.Request, err error) string {
	id := rand.Text()[:8]
	cause := err
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Cause != nil {
		cause = f.Cause
	}
	s.Log.ErrorContext(r.Context(), "request refused", slog.String("id", id), slog.String("method", r.Method),
		slog.String("path", r.URL.Path), slog.Any("error", err), slog.Any("cause", cause))
	return id
}

func status(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Denied:
		return http.StatusForbidden
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Internal, fault.Corrupt:
	}
	return http.StatusInternalServerError
}

type fehlerseite struct{ Base }

// FehlerZeigen answers with an error: as JSON, as a fragment or as a page.
func (s *Rahmen) FehlerZeigen(w http.ResponseWriter, r *http.Request, err error) {
	f := s.FehlerAus(r, err)
	switch {
	case WillJSON(r):
		JSON(w, f.Status, map[string]*Fehler{"fehler": f})
	case WillTeil(r):
		s.Teil(w, r, s.layout, "meldung", f.Status, f)
	default:
		base := s.Base(r, "", "fehler.titel")
		base.Fehler = f
		s.schreibe(w, r, s.fehlerseite, "seite", f.Status, fehlerseite{base})
	}
}

// JSON answers with a value for machines.
func JSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client has gone away: nobody is left to tell
}
