// Package static holds style sheet and script of the screens. There is no build step:
// what lies here is what the browser gets.
package static

import "embed"

// Files are the files the browser loads.
//
//go:embed offizin.css offizin.js verkauf.js offizin.svg
var Files embed.FS
