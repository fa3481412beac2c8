package ui

import (
	"net/http"
	"strings"
)

// start is where Esc leads from the areas.
const start = "/verkauf"

// zurueck is where Esc leads from a page that says nothing of it: to its area, from an area to the
// start. A user who is held to one page has nowhere else to go.
func (s *Rahmen) zurueck(path, area string, wer Benutzer) string {
	switch {
	case path == start || path == wer.Nur:
		return ""
	case wer.Nur != "":
		return wer.Nur
	case area != "" && area != path:
		return area
	}
	for _, p := range s.nav(wer) {
		if strings.HasPrefix(path, p.Pfad+"/") {
			return p.Pfad
		}
	}
	return start
}

// feldWeiter is the field, of a query or a form, that says where to go on.
const feldWeiter = "weiter"

// weiter is where an act leads and Esc goes back to, if somebody is led from page to page; only
// addresses of ours.
func weiter(r *http.Request) string {
	to := r.URL.Query().Get(feldWeiter)
	if to == "" && r.Form != nil {
		to = r.Form.Get(feldWeiter)
	}
	if to == "" || Eigener(to) != to {
		return ""
	}
	return to
}
