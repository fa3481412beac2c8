// Package democmd is `offizin demo`: a pharmacy with invented articles, staff and
// customers, to try everything out.
package democmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/bondrucker"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/app/notfall"
	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/app/telefon"
	"github.com/offizin/offizin/app/uhr"
	"github.com/offizin/offizin/integration/kartenterminal"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/sqlite/generation/removed"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
	seite "github.com/offizin/offizin/web/telefon"
)

// Demo is the command.
type Demo struct {
	Daten   string `help:"Datenordner; ohne Angabe ${default}." default:"offizin-daten" placeholder:"DIR"`
	Listen  string `help:"Adresse der Apotheke; ohne Angabe ${default}." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Fresh   bool   `help:"Die Daten im Datenordner löschen und neu beginnen."`
	Plaetze int    `help:"Zahl der Rechner, 1 bis 5; jeder hält alles, mit der Adresse danach." default:"1"`
	Karten  bool   `help:"Ein simuliertes Kartenterminal anschließen: ,91 lehnt es ab, bei ,92 bis ,94 reißt die Leitung."`
	Papier  bool   `help:"Die Bons als Bilder in den Ordner „bons“ zeichnen." default:"true" negatable:""`
	Artikel int    `help:"Zahl der erfundenen Artikel eines neuen Katalogs." default:"20000"`

	Telefone
}

// Telefone says where phones may come in for the Preisauskunft.
type Telefone struct {
	Phone        string `help:"Telefone hereinlassen, etwa unter 0.0.0.0:8443; ohne Angabe aus." placeholder:"IP:PORT"`
	PhonePairing string `help:"Wo sie gekoppelt werden; ohne Angabe der Port danach." placeholder:"IP:PORT"`
	PhoneName    string `help:"Name dieses Rechners im Netz, etwa offizin.lan." placeholder:"NAME"`
}

// Run serves the pharmacy until the program is asked to end.
func (c *Demo) Run(e *env.Env) error {
	if err := c.telefon(e).Pruefe(); err != nil {
		return env.Usage("%v", err)
	}
	if err := c.prepare(); err != nil {
		return err
	}
	l, err := knoten.Listen(e.Ctx, c.Listen)
	if err != nil {
		return err
	}
	k, err := knoten.Open(e.Ctx, c.knoten(e, c.Daten), l)
	if err != nil {
		return errors.Join(env.Failed(err), l.Close())
	}
	err = c.serve(e, k)
	return errors.Join(env.Failed(err), env.Failed(k.Close()))
}

func (c *Demo) knoten(e *env.Env, dir string) knoten.Options {
	o := knoten.Options{
		Apotheke: apotheke.Options{Dir: dir, Clock: e.Clock, Log: e.Log, Progress: e.Fortschritt()}, Version: env.Version(),
	}
	if c.Karten {
		o.Apotheke.Kartenterminal = kartenterminal.NewSimulator()
	}
	return o
}

func (c *Demo) serve(e *env.Env, k *knoten.Knoten) error {
	if err := fill(e.Ctx, k.Apotheke, c.Daten, c.Artikel); err != nil {
		return err
	}
	if err := simulator(c.Daten); err != nil {
		return err
	}
	if err := k.ErsteTSE(e.Ctx, e.Log); err != nil {
		return err
	}
	paper, err := c.lauschen(e.Ctx, e, k.Apotheke)
	if err != nil { // sales go on without it
		fmt.Fprintf(e.Stderr, "Der Bondrucker der Demo ist nicht gestartet: %v\n", err)
	}
	o := c.telefon(e)
	o.Quelle, o.Clock = k.Preisquelle, k.Kern.Clock
	phones := telefon.Open(e.Ctx, o)
	k.Dienste.Telefon = phones.Zustand
	return k.Laufen(e.Ctx, phones.Serve, func(ctx context.Context) { c.anfang(ctx, e, k, phones) },
		func(ctx context.Context) { c.drucke(ctx, e, paper) },
		func(ctx context.Context) {
			if err := nachziehen(ctx, k.Apotheke, c.Daten, c.Artikel); err != nil && ctx.Err() == nil {
				e.Log.Error("next catalogue not built", slog.Any("error", err)) // Störungen shows the old one
			}
		})
}

// anfang starts the other machines and says where everything is.
func (c *Demo) anfang(ctx context.Context, e *env.Env, k *knoten.Knoten, phones *telefon.Telefon) {
	more, err := c.weitere(e, k)
	if err != nil {
		fmt.Fprintf(e.Stderr, "Die weiteren Rechner sind nicht gestartet: %v\n", err)
	}
	c.greet(e, k, more, phones.Zustand().Adressen)
	more.laufen(ctx, e.Log)
}

// telefon is where phones may come in.
func (c *Demo) telefon(e *env.Env) telefon.Options {
	return telefon.Options{
		Daten: c.Daten, Listen: c.Phone, Koppeln: c.PhonePairing, Name: c.PhoneName, Clock: e.Clock, Log: e.Log,
	}
}

func (c *Demo) greet(e *env.Env, k *knoten.Knoten, more weitere, phones []seite.Adresse) {
	dir, err := filepath.Abs(c.Daten)
	if err != nil {
		dir = c.Daten
	}
	folder, hint := filepath.Join(dir, rezepteDir), ""
	if _, err := os.Stat(folder); err == nil {
		hint = "E-Rezepte:  " + folder + " (zum Ausprobieren, mit F6 einlesen)\n"
	}
	hint += "Bons:       " + filepath.Join(dir, bonsDir) + " (Bilder, wie der Bondrucker sie druckt)\n"
	for i, m := range more {
		hint += fmt.Sprintf("Platz %d:    http://%s\n", i+2, m.Local())
	}
	for _, a := range phones {
		hint += "Telefone:   " + a.Koppeln + " (koppeln), " + a.Seite + "\n"
	}
	fmt.Fprintf(e.Stdout, `Die Demo-Apotheke läuft:  http://%s
Daten:      %s
%sBeenden mit Strg+C; ein zweiter Start macht dort weiter, --fresh beginnt neu.
`, k.Local(), dir, hint)
}

// prepare empties the folder if that was asked for.
func (c *Demo) prepare() error {
	if c.Artikel < 100 || c.Artikel > 500_000 {
		return env.Usage("Die Zahl der Artikel muss zwischen 100 und 500000 liegen; bitte --artikel berichtigen.")
	}
	if c.Plaetze < 0 || c.Plaetze > 5 {
		return env.Usage("Die Zahl der Rechner muss zwischen 1 und 5 liegen; bitte --plaetze berichtigen.")
	}
	if !c.Fresh {
		return nil
	}
	entries, err := os.ReadDir(c.Daten)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return env.Failed(err)
	}
	if !slices.ContainsFunc(entries, func(d os.DirEntry) bool { return d.Name() == sqlite.File }) {
		return env.Usage("Der Ordner „%s“ gehört nicht zu Offizin und bleibt, wie er ist; bitte einen anderen angeben.",
			c.Daten)
	}
	return c.empty(entries)
}

// empty removes what belongs to a pharmacy, and nothing else; the journal goes last, so
// that what was broken off can be done again. A folder that another program works with is
// left alone.
func (c *Demo) empty(entries []os.DirEntry) error {
	release, err := sqlite.Claim(c.Daten)
	if err != nil {
		return env.Failed(err)
	}
	if err := release(); err != nil {
		return env.Failed(err)
	}
	for _, d := range journalLast(entries) {
		name := d.Name()
		if !strings.HasPrefix(name, "journal.") && !slices.Contains(ours(), name) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(c.Daten, name)); err != nil {
			return env.Failed(err)
		}
	}
	return nil
}

func journalLast(entries []os.DirEntry) []os.DirEntry {
	return slices.SortedStableFunc(slices.Values(entries), func(a, b os.DirEntry) int {
		last := map[bool]int{true: 1}
		return last[a.Name() == sqlite.File] - last[b.Name() == sqlite.File]
	})
}

func ours() []string {
	return []string{
		"knoten.key", "ballast.bin", telefon.Dir, vertrauen.KeyFile, vertrauen.PubFile, vertrauen.KeySperre,
		removed.File, removed.Lock,
		apotheke.KatalogDir, apotheke.RechtDir, rezepteDir, notfall.Dir, sicherung.Dir, knoten.Dir,
		weitereDir, knoten.IncomingDir, uhr.File, bondrucker.File, bonsDir, apotheke.VerlaufFile, notfall.BeilagenDir,
	}
}
