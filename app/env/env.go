// Package env is what every command of the program gets from outside: streams,
// environment, clock. Commands touch nothing else of the process.
package env

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/offizin/offizin/internal/clock"
)

// Env is the outside world of one run of the program.
type Env struct {
	Ctx    context.Context //nolint:containedctx // one run of the program is one context
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string
	Clock  clock.Clock
	Log    *slog.Logger
}

// The exit codes of the program.
const (
	ExitOK        = 0
	ExitDiffers   = 1 // a check ran and found differences or damage
	ExitUsage     = 2 // wrong call or unreadable input
	ExitOperating = 3 // the machine: disk, network, database
)

// Exit is an error that carries the exit code. Text is German, for the user; it may
// be empty if the command has already said everything.
type Exit struct {
	Code  int
	Text  string
	Cause error
}

// Error returns the text for the user.
func (e *Exit) Error() string { return e.Text }

// Unwrap returns the cause.
func (e *Exit) Unwrap() error { return e.Cause }

// Differs reports that a check found differences; they are already printed.
func Differs() error { return &Exit{Code: ExitDiffers} }

// Usage reports wrong input.
func Usage(format string, args ...any) error {
	return &Exit{Code: ExitUsage, Text: fmt.Sprintf(format, args...)}
}

// CodeOf returns the exit code for err: 0 for nil, that of an Exit, else ExitOperating.
func CodeOf(err error) int {
	if err == nil {
		return ExitOK
	}
	if e, ok := errors.AsType[*Exit](err); ok {
		return e.Code
	}
	return ExitOperating
}

// Zahl is a count with the German noun that belongs to it: "1 Katalog", "0 Kataloge".
func Zahl(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Failed is what the machine did not do; nil if err is.
func Failed(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*Exit](err); ok {
		return err
	}
	return &Exit{Code: ExitOperating, Text: err.Error(), Cause: err}
}

// Fortschritt shows how far the projections are rebuilt, on one line.
func (e *Env) Fortschritt() func(done, total int64) {
	return func(done, total int64) {
		fmt.Fprintf(e.Stderr, "\rAuswertungen werden neu aufgebaut: %d von %d", done, total)
	}
}
