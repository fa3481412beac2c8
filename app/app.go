// Package app is the composition root: it names the commands of the program and
// connects the parts.
package app

import (
	"errors"
	"fmt"

	"github.com/alecthomas/kong"

	"github.com/offizin/offizin/app/archivcmd"
	"github.com/offizin/offizin/app/benchcmd"
	"github.com/offizin/offizin/app/bonseitecmd"
	"github.com/offizin/offizin/app/datevcmd"
	"github.com/offizin/offizin/app/democmd"
	"github.com/offizin/offizin/app/doctorcmd"
	"github.com/offizin/offizin/app/dsfinvkcmd"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/erezeptcmd"
	"github.com/offizin/offizin/app/gdpducmd"
	"github.com/offizin/offizin/app/journalcmd"
	"github.com/offizin/offizin/app/katalogcmd"
	"github.com/offizin/offizin/app/kennungcmd"
	"github.com/offizin/offizin/app/keycmd"
	"github.com/offizin/offizin/app/nodecmd"
	"github.com/offizin/offizin/app/notfallcmd"
	"github.com/offizin/offizin/app/preiscmd"
	"github.com/offizin/offizin/app/rechtcmd"
	"github.com/offizin/offizin/app/sicherungcmd"
	"github.com/offizin/offizin/app/simcmd"
	"github.com/offizin/offizin/app/tsecmd"
	"github.com/offizin/offizin/app/verfahrencmd"
)

// commands is the whole command line. Each command lives in its own package under
// app/; its struct is one field here.
type commands struct {
	Demo      democmd.Demo           `cmd:"" help:"Eine Demo-Apotheke starten: erfundene Artikel, Personal und Kunden."`
	Preis     preiscmd.Preis         `cmd:"" help:"Preise und Zuzahlung: Tabellen nachrechnen, einen Preis erklären."`
	Recht     rechtcmd.Recht         `cmd:"" help:"Recht: was gilt, was sich ändert, was zu prüfen ist."`
	Erezept   erezeptcmd.ERezept     `cmd:"" name:"erezept" help:"E-Rezepte: abgerechnete Verordnungen nachrechnen."`
	Kennung   kennungcmd.Kennung     `cmd:"" help:"Nummern prüfen: PZN, IK, KVNR, LANR, GTIN …"`
	Code      kennungcmd.Code        `cmd:"" help:"Packungscodes lesen: Code 39, GS1, PPN …"`
	Journal   journalcmd.Journal     `cmd:"" help:"Journal: prüfen, Auswertungen neu bilden, ausgeben."`
	Catalogue katalogcmd.Catalogue   `cmd:"" help:"Artikelkatalog: einspielen, zeigen, prüfen."`
	Mappe     notfallcmd.Mappe       `cmd:"" name:"notfallmappe" help:"Die Notfallmappe von heute erstellen."`
	Node      nodecmd.Node           `cmd:"" help:"Einen Rechner der Apotheke starten, Rechner aufnehmen und entfernen."`
	Doctor    doctorcmd.Doctor       `cmd:"" help:"Sagen, was gestört ist und was hilft; Blätter für Ausfälle drucken."`
	Backup    sicherungcmd.Backup    `cmd:"" help:"Datensicherung: alles verschlüsselt in einen Ordner sichern."`
	Restore   sicherungcmd.Restore   `cmd:"" help:"Eine Sicherung prüfen und in einen neuen Ordner wiederherstellen."`
	Key       keycmd.Schluessel      `cmd:"" name:"schluessel" help:"Den Schlüssel der Kundendaten verwahren, holen."`
	TSE       tsecmd.TSE             `cmd:"" name:"tse" help:"TSE: Signaturen von Kassenbons und Exporten prüfen."`
	DSFinVK   dsfinvkcmd.DSFinVK     `cmd:"" name:"dsfinvk" help:"DSFinV-K: den Export fürs Finanzamt schreiben, prüfen."`
	DATEV     datevcmd.DATEV         `cmd:"" name:"datev" help:"Tagesabschlüsse als Buchungsstapel für DATEV schreiben."`
	GDPdU     gdpducmd.GDPdU         `cmd:"" name:"gdpdu" help:"Waren und Rezepte für die Betriebsprüfung ausgeben."`
	Archiv    archivcmd.Archiv       `cmd:"" help:"Was von einem Jahr bleibt, in einen Ordner schreiben."`
	Verfahren verfahrencmd.Verfahren `cmd:"" help:"Die Verfahrensdokumentation schreiben."`
	Bonseite  bonseitecmd.Bonseite   `cmd:"" help:"Die Seite schreiben, die digitale Bons auf Telefonen zeigt."`
	Sim       simcmd.Sim             `cmd:"" help:"Ein laufendes Offizin von außen bedienen, um es nachzuprüfen."`
	Bench     benchcmd.Bench         `cmd:"" help:"Messen, wie schnell Offizin auf diesem Rechner ist."`
}

// Run parses args, runs one command and returns the exit code.
func Run(e *env.Env, args []string) int {
	err := run(e, args)
	var exit *env.Exit
	if errors.As(err, &exit) && exit.Text == "" {
		return exit.Code
	}
	if err != nil {
		fmt.Fprintf(e.Stderr, "offizin: %v\n", err)
	}
	return env.CodeOf(err)
}

func run(e *env.Env, args []string) error {
	var cli commands
	done := false
	parser, err := kong.New(&cli, kong.Name("offizin"),
		kong.Description("Warenwirtschaft für Apotheken, die nicht ausfallen kann."),
		kong.Writers(e.Stdout, e.Stderr), kong.Bind(e), kong.UsageOnError(), kong.Help(deutsch),
		kong.Exit(func(int) { done = true }))
	if err != nil {
		return fmt.Errorf("build command line: %w", err)
	}
	ctx, err := parser.Parse(args)
	if done { // --help has printed and is all there is to do
		return nil
	}
	if err != nil {
		return env.Usage("%s – „offizin --help“ zeigt alle Befehle.", fehler(err))
	}
	return ctx.Run(e) //nolint:wrapcheck // commands speak for themselves
}
