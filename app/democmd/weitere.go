package democmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/integration/tse/anschluss"
)

// weitereDir is the folder of the other machines of the demo.
const weitereDir = "plaetze"

// weitere are the machines of the demo beside the first, each with a folder, an address and
// a journal of its own, as if it stood beside.
type weitere []*knoten.Knoten

// weitere opens them while the first one runs; new ones are taken in with a code, as anywhere.
func (c *Demo) weitere(e *env.Env, first *knoten.Knoten) (list weitere, err error) {
	for n := 2; n <= c.Plaetze; n++ {
		k, err := c.weiterer(e, first, n)
		if err != nil {
			return nil, errors.Join(err, list.close())
		}
		list = append(list, k)
	}
	return list, nil
}

func (c *Demo) weiterer(e *env.Env, first *knoten.Knoten, n int) (*knoten.Knoten, error) {
	addr, err := neben(c.Listen, n-1)
	if err != nil {
		return nil, err
	}
	l, err := knoten.Listen(e.Ctx, addr)
	if err != nil {
		return nil, err
	}
	o := c.knoten(e, filepath.Join(c.Daten, weitereDir, strconv.Itoa(n)))
	if knoten.Neu(o.Apotheke.Dir) {
		o.Partner, o.Code = first.Local(), first.Tuer.Oeffnen()
	}
	k, err := knoten.Open(e.Ctx, o, l)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if err := simulator(o.Apotheke.Dir); err != nil {
		return nil, errors.Join(err, k.Close())
	}
	return k, nil
}

// simulator lays down that a simulated TSE signs on the machine of a folder, unless another does.
func simulator(dir string) error {
	if _, found, err := anschluss.Lesen(dir); err != nil || found {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	return anschluss.Konfig{Treiber: "simulator", Ordner: filepath.Join(dir, "tse")}.Schreiben(dir)
}

// neben is an address some ports further; port 0 stays.
func neben(addr string, further int) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("address %s: %w", addr, err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return "", fmt.Errorf("port of %s: %w", addr, err)
	}
	if n > 0 {
		n += further
	}
	return net.JoinHostPort(host, strconv.Itoa(n)), nil
}

// laufen serves all of them until the context ends, and closes them.
func (w weitere) laufen(ctx context.Context, log *slog.Logger) {
	var all sync.WaitGroup
	for _, k := range w {
		all.Go(func() {
			if err := errors.Join(k.Laufen(ctx), k.Close()); err != nil {
				log.Error("machine ended", slog.String("machine", k.Kern.Platz), slog.Any("error", err))
			}
		})
	}
	all.Wait()
}

func (w weitere) close() (err error) {
	for _, k := range w {
		err = errors.Join(err, k.Close())
	}
	return err
}
