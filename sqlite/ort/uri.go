package ort

import (
	"net/url"
	"path/filepath"
	"strings"
)

// URI names a file for SQLite, whatever signs are in its path. The query says how to open it; it
// may be empty.
//
// What comes after "file:" is the path as it is. SQLite on other systems takes C:/Daten out of
// /C:/Daten; ours does not, as it leaves paths to Go.
func URI(name, query string) string {
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(name), RawQuery: query}
	if strings.HasPrefix(u.Path, "//") { // \\rechner\freigabe: SQLite would take it for a host
		return u.String()
	}
	return strings.Replace(u.String(), "file://", "file:", 1)
}
