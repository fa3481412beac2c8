package simcmd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/offizin/offizin/app/env"
	epsonsim "github.com/offizin/offizin/integration/tse/epson/sim"
	fiskalysim "github.com/offizin/offizin/integration/tse/fiskaly/sim"
	"github.com/offizin/offizin/integration/tse/simulator"
)

// TSE is `offizin sim tse`: a device in the network that is none, to try a driver on.
type TSE struct {
	Art    string        `help:"Was vorgetäuscht wird: epson oder fiskaly." enum:"epson,fiskaly" default:"epson"`
	Listen string        `help:"Adresse, unter der die TSE antwortet." default:"127.0.0.1:0"`
	Ordner string        `help:"Wo sie behält, was sie signiert hat." required:"" placeholder:"ORDNER" type:"path"`
	Verzug time.Duration `help:"So lange braucht sie für jeden Schritt." default:"0s"`
	Haengt bool          `help:"Sie nimmt Anfragen an und antwortet nie."`
}

// Run serves until the program is ended.
func (c *TSE) Run(e *env.Env) error {
	kern, err := simulator.Open(simulator.Optionen{
		Ordner: c.Ordner, Stoerung: simulator.Stoerung{Verzug: c.Verzug, Haengt: c.Haengt},
	}, e.Clock)
	if err != nil {
		return env.Failed(err)
	}
	if c.Art == "fiskaly" {
		err = c.fiskaly(e, kern)
	} else {
		err = c.epson(e, kern)
	}
	return env.Failed(errors.Join(err, kern.Close()))
}

func (c *TSE) epson(e *env.Env, kern *simulator.Simulator) error {
	host, err := epsonsim.Open(c.Listen, kern)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "%s\nEpson\t%s\tAdmin-PIN %s\tTimeAdmin-PIN %s\tGeheimnis %s\n", simulator.Bezeichnung,
		host.Adresse(), epsonsim.AdminPIN, epsonsim.ZeitPIN, epsonsim.Secret)
	<-e.Ctx.Done()
	return host.Close()
}

func (c *TSE) fiskaly(e *env.Env, kern *simulator.Simulator) error {
	var lc net.ListenConfig
	l, err := lc.Listen(e.Ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("serve simulated cloud TSE: %w", err)
	}
	server := &http.Server{Handler: fiskalysim.New(kern), ReadHeaderTimeout: 10 * time.Second}
	fmt.Fprintf(e.Stdout, "%s\nfiskaly\thttp://%s\tTSS %s\tAPI-Key %s\tAPI-Secret %s\tAdmin-PIN %s\n",
		simulator.Bezeichnung, l.Addr(), fiskalysim.TSS, fiskalysim.APIKey, fiskalysim.APISecret, fiskalysim.AdminPIN)
	stop := context.AfterFunc(e.Ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve simulated cloud TSE: %w", err)
	}
	return nil
}
