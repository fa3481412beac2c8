// Package sicherungcmd is `offizin backup` and `offizin restore`. Both work on a folder that
// no program works with; the running program makes its backups itself.
package sicherungcmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/ruhend"
	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

// Backup is `offizin backup`.
type Backup struct {
	Daten   string `help:"Datenordner; ohne Angabe ${default}." default:"offizin-daten" placeholder:"DIR"`
	Nach    string `help:"Ordner, in den gesichert wird: Stick, Netzlaufwerk, zweite Platte." placeholder:"DIR"`
	CodePDF string `help:"Einen neuen Wiederherstellungscode als PDF schreiben." name:"code-pdf" placeholder:"DATEI"`
	JSON    bool   `help:"Das Ergebnis als JSON ausgeben." name:"json"`
}

// Run makes a new recovery code or a backup, or both in this order.
func (c *Backup) Run(e *env.Env) (err error) {
	if c.Nach == "" && c.CodePDF == "" {
		return env.Usage("Bitte mit --nach den Ordner angeben, in den gesichert wird.")
	}
	a, err := ruhend.Open(e, c.Daten)
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Code == "J-211" {
		err = fault.New(fault.Conflict, "D-140", "Offizin läuft gerade mit diesem Datenordner und sichert selbst; "+
			"bitte dort unter "+
			"Störungen, Datensicherung (Alt S) sichern oder es zuerst beenden.", err)
	}
	if err != nil {
		return Gescheitert(err)
	}
	defer func() { err = Gescheitert(errors.Join(err, a.Close())) }()
	if c.CodePDF != "" {
		if err := c.code(e, a); err != nil || c.Nach == "" {
			return err
		}
	}
	x, err := a.Sicherung.Erstellen(e.Ctx, c.Nach, fortschritt(e))
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(e.Stdout).Encode(x) //nolint:wrapcheck // standard output
	}
	_, err = fmt.Fprintf(e.Stdout, "Gesichert: %s (%s, %d Dateien mit %s, nachgelesen).\n",
		x.Datei, groesse(x.Bytes), x.Dateien, groesse(x.Inhalt))
	return err //nolint:wrapcheck // as above
}

// code writes the sheet with a new recovery code to a new file.
func (c *Backup) code(e *env.Env, a *apotheke.Apotheke) error {
	f, err := os.OpenFile(c.CodePDF, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.New(fault.Invalid, "D-141", "Die PDF-Datei für den Code lässt sich nicht anlegen; bitte einen "+
			"Namen nehmen, "+
			"den es noch nicht gibt.", err)
	}
	pdf, err := a.Codeblatt(e.Ctx)
	if err == nil {
		_, err = f.Write(pdf)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(c.CodePDF))
	}
	_, err = fmt.Fprintf(e.Stderr, "Neuer Wiederherstellungscode: %s – bitte ausdrucken, wegschließen und die "+
		"Datei löschen.\n",
		c.CodePDF)
	return err //nolint:wrapcheck // standard error
}

func groesse(n int64) string {
	if n < 10_000_000 {
		return fmt.Sprintf("%d KB", (n+999)/1000)
	}
	return fmt.Sprintf("%d MB", (n+500_000)/1_000_000)
}

// fortschritt writes how far it is, at most a line a second and percent.
func fortschritt(e *env.Env) sicherung.Progress {
	var last time.Duration
	was, percent := "", int64(-1)
	return func(what string, done, total int64) {
		now, p := e.Clock.Mono(), int64(100)
		if total > 0 {
			p = min(done*100/total, 100)
		}
		if what == was && (p == percent || p < 100 && now-last < time.Second) {
			return
		}
		was, percent, last = what, p, now
		fmt.Fprintf(e.Stderr, "%s: %d %%\n", what, p)
	}
}

// Gescheitert gives an error the exit code that fits it.
func Gescheitert(err error) error {
	if err == nil {
		return nil
	}
	if exit, ok := errors.AsType[*env.Exit](err); ok {
		return exit
	}
	code := env.ExitOperating
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Denied:
		code = env.ExitUsage
	case fault.Corrupt:
		code = env.ExitDiffers
	default:
	}
	text := err.Error()
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		text = f.Error()
	}
	return &env.Exit{Code: code, Text: text, Cause: err}
}

// tag is the civil day of a report.
func tag(b sicherung.Bericht) string { return clock.DayOf(b.Kopf.Zeit).German() }
