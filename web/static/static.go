// Package static holds style sheet and script of the screens. There is no build step:
// what lies here is what the browser gets.
package static

import "embed"

// Files are the files the browser loads.
//
//go:embed *.css *.js *.svg
var Files embed.FS
