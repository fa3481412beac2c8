package benchcmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/integration/dsfinvk/muster"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// jahrTage is how many days the year of a pharmacy has that is open every day.
const jahrTage = 365

// export measures the DSFinV-K export of a year of two tills, from the data folder to the file,
// and its check, each in a process of its own, as somebody would call it.
func (c *Fiskal) export(e *env.Env) (list []Messung, err error) {
	if c.Belege < 1 || c.Belege > 1_000_000 {
		return nil, env.Usage("Die Zahl der Belege muss zwischen 1 und 1000000 liegen; bitte --belege berichtigen.")
	}
	dir, err := os.MkdirTemp("", "offizin-bench-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	data, file := filepath.Join(dir, "daten"), filepath.Join(dir, "export.zip")
	n, err := c.jahr(e, data)
	if err != nil {
		return nil, err
	}
	for _, call := range []struct {
		name string
		args []string
	}{
		{"export", []string{
			"dsfinvk", "export", "--daten", data, "--von", "2026-01-01", "--bis", "2026-12-31", "--nach", file,
		}},
		{"check", []string{"dsfinvk", "check", file}},
	} {
		var m Messung
		if m, err = eigener(e, call.name, n, call.args); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// eigener runs the program with arguments and measures it as a whole.
func eigener(e *env.Env, name string, n int, args []string) (Messung, error) {
	binary, err := os.Executable()
	if err != nil {
		return Messung{}, fmt.Errorf("find the program: %w", err)
	}
	cmd := exec.CommandContext(e.Ctx, binary, args...) //nolint:gosec // our own binary
	cmd.Stderr = e.Stderr
	d, err := dauer(e.Clock, cmd.Run)
	if err != nil {
		return Messung{}, fmt.Errorf("%s: %w", name, err)
	}
	m := rate(name, n, d)
	m.Max, m.RSS = ms(d), maxRSS(cmd.ProcessState)
	m.CPU = rounded((cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
	return m, nil
}

// jahr books a year of sales of two tills, each day with its closing, and returns how many.
func (c *Fiskal) jahr(e *env.Env, dir string) (n int, err error) {
	s, err := sqlite.Open(e.Ctx, sqlite.Options{Dir: dir, Clock: e.Clock, Projections: alle.Projections(), Ballast: -1})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	each := max(1, c.Belege/jahrTage/2)
	start := e.Clock.Mono()
	for _, till := range []string{"1", "2"} {
		if err := muster.EachTag(till, jahrTage, each, func(z muster.Z) error {
			n += len(z.Belege)
			return bucheTag(e.Ctx, s, z)
		}); err != nil {
			return n, err
		}
	}
	fmt.Fprintf(e.Stderr, "%d Belege gebucht in %s\n", n, (e.Clock.Mono() - start).Round(time.Second))
	return n, nil
}

// bucheTag writes a day as its till would have, in one act, which a measurement can afford.
func bucheTag(ctx context.Context, s *sqlite.Store, z muster.Z) error {
	var list []journal.Event
	for _, b := range z.Belege {
		list = append(list, event.VerkaufAbgeschlossen{Bon: b.Bon}, event.BelegGesichert{Gesichert: b.Gesichert})
	}
	list = append(list, event.TagAbgeschlossen{Abschluss: z.Abschluss})
	_, err := s.Append(ctx, journal.Act{
		Key: fmt.Sprintf("z-%s-%d", z.Till, z.Nummer), Actor: "AB",
		Decide: func(journal.Rows) ([]journal.Event, error) { return list, nil },
	})
	return err
}
