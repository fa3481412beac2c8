// Command offizin is a Warenwirtschaftssystem for German pharmacies.
package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/offizin/offizin/app"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/internal/clock"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Run(&env.Env{
		Ctx: ctx, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.Getenv, Clock: clock.NewReal(),
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	}, os.Args[1:])
	stop()
	os.Exit(code)
}
