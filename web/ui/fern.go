package ui

import (
	"context"
	"net/http"
	"strings"

	"github.com/offizin/offizin/internal/fault"
)

type fernKey struct{}

// MitFern says that a request comes from another device than the machine: there a Kuerzel alone
// opens nothing, only a login with PIN does.
func MitFern(ctx context.Context) context.Context { return context.WithValue(ctx, fernKey{}, true) }

// Fern reports whether a request comes from another device.
func Fern(ctx context.Context) bool {
	far, _ := ctx.Value(fernKey{}).(bool)
	return far
}

// nurPIN reports ways in that are closed to other devices: a badge and the sealed code belong to
// the machine, where somebody sees who uses them.
func nurPIN(r *http.Request) bool {
	return Fern(r.Context()) &&
		(strings.HasPrefix(r.URL.Path, "/anmelden/ausweis") || strings.HasPrefix(r.URL.Path, "/anmelden/notzugang"))
}

func (s *Rahmen) nurMitPIN(w http.ResponseWriter, r *http.Request) {
	s.FehlerZeigen(w, r, fault.New(fault.Denied, "M-296", "Von einem anderen Gerät aus meldet man sich mit Kürzel "+
		"und PIN an – Ausweis und Notschlüssel gelten nur am Rechner.", nil))
}
