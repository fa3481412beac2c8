// Package democmd is `offizin demo`: a pharmacy with invented articles, staff and
// customers, to try everything out.
package democmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/notfall"
	"github.com/offizin/offizin/app/telefon"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
	"github.com/offizin/offizin/web"
	seite "github.com/offizin/offizin/web/telefon"
)

// Demo is the command.
type Demo struct {
	Daten   string `help:"Datenordner; ohne Angabe ${default}." default:"offizin-daten" placeholder:"DIR"`
	Listen  string `help:"Adresse der Apotheke; ohne Angabe ${default}." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Fresh   bool   `help:"Die Daten im Datenordner löschen und neu beginnen."`
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
	l, err := listen(e.Ctx, c.Listen)
	if err != nil {
		return err
	}
	defer l.Close() //nolint:errcheck // the server closes it
	a, err := apotheke.Open(e.Ctx, apotheke.Options{Dir: c.Daten, Clock: e.Clock, Log: e.Log, Progress: progress(e)})
	if err != nil {
		return failed(err)
	}
	err = c.serve(e, a, l)
	return errors.Join(err, failed(a.Close()))
}

func (c *Demo) serve(e *env.Env, a *apotheke.Apotheke, l net.Listener) error {
	if err := fill(e.Ctx, a, c.Daten, c.Artikel); err != nil {
		return failed(err)
	}
	o := c.telefon(e)
	o.Quelle = a.Preisquelle
	phones := telefon.Open(e.Ctx, o)
	a.Dienste.Telefon = phones.Zustand
	h, err := a.Handler()
	if err != nil {
		return failed(err)
	}
	srv := web.Server(h, e.Log)
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	c.greet(e, l.Addr(), phones.Zustand().Adressen)
	ctx, stop := context.WithCancel(e.Ctx)
	var beside sync.WaitGroup
	beside.Go(func() { a.Snapshots(ctx, e.Log) })
	beside.Go(func() { a.Wahlen(ctx, e.Log) })
	beside.Go(func() { a.Bauten(ctx) })
	beside.Go(func() { a.Mappen.Laufen(ctx, e.Log) })
	beside.Go(func() { a.Nachpruefen(ctx, e.Log) })
	beside.Go(func() { phones.Serve(ctx) })
	beside.Go(func() {
		if err := nachziehen(ctx, a, c.Daten, c.Artikel); err != nil && ctx.Err() == nil {
			e.Log.Error("next catalogue not built", slog.Any("error", err)) // Störungen shows the old one
		}
	})
	defer beside.Wait()
	defer stop()
	select {
	case err := <-ended:
		return failed(err)
	case <-e.Ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(e.Ctx), 10*time.Second)
	defer cancel()
	if err := srv.Shutdown(patience); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return failed(err)
	}
	return nil
}

// telefon is where phones may come in.
func (c *Demo) telefon(e *env.Env) telefon.Options {
	return telefon.Options{
		Daten: c.Daten, Listen: c.Phone, Koppeln: c.PhonePairing, Name: c.PhoneName, Clock: e.Clock, Log: e.Log,
	}
}

func (c *Demo) greet(e *env.Env, addr net.Addr, phones []seite.Adresse) {
	dir, err := filepath.Abs(c.Daten)
	if err != nil {
		dir = c.Daten
	}
	folder, hint := filepath.Join(dir, rezepteDir), ""
	if _, err := os.Stat(folder); err == nil {
		hint = "E-Rezepte:  " + folder + " (zum Ausprobieren, mit F6 einlesen)\n"
	}
	for _, a := range phones {
		hint += "Telefone:   " + a.Koppeln + " (koppeln), " + a.Seite + "\n"
	}
	fmt.Fprintf(e.Stdout, `Die Demo-Apotheke läuft:  http://%s
Daten:      %s
%sBeenden mit Strg+C; ein zweiter Start macht dort weiter, --fresh beginnt neu.
`, addr, dir, hint)
}

// prepare empties the folder if that was asked for.
func (c *Demo) prepare() error {
	if c.Artikel < 100 || c.Artikel > 500_000 {
		return env.Usage("Die Zahl der Artikel muss zwischen 100 und 500000 liegen; bitte --artikel berichtigen.")
	}
	if !c.Fresh {
		return nil
	}
	entries, err := os.ReadDir(c.Daten)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return failed(err)
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
		return failed(err)
	}
	if err := release(); err != nil {
		return failed(err)
	}
	for _, d := range journalLast(entries) {
		name := d.Name()
		if !strings.HasPrefix(name, "journal.") && !slices.Contains(ours(), name) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(c.Daten, name)); err != nil {
			return failed(err)
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
		apotheke.KatalogDir, apotheke.RechtDir, rezepteDir, notfall.Dir,
	}
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, &env.Exit{
			Code: env.ExitOperating, Cause: err,
			Text: "Unter " + addr + " antwortet schon ein anderes Programm, oder die Adresse ist falsch; " +
				"bitte mit --listen eine andere angeben.",
		}
	}
	return l, nil
}

// failed is what the machine did not do.
func failed(err error) error {
	if err == nil || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return &env.Exit{Code: env.ExitOperating, Text: err.Error(), Cause: err}
}

func progress(e *env.Env) func(done, total int64) {
	return func(done, total int64) {
		fmt.Fprintf(e.Stderr, "\rAuswertungen werden neu aufgebaut: %d von %d", done, total)
	}
}
