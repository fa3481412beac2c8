// Package browsertest works the till as people do: the real program, a real browser,
// nothing but keys and scans. Its tests are skipped where there is no Chromium, unless
// OFFIZIN_BROWSER=pflicht; with OFFIZIN_BILDER=DIR they leave pictures there.
package browsertest
