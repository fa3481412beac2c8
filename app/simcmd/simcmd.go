// Package simcmd is `offizin sim`: it plays the outside of a till. It works a running one as a
// browser does and says what was acknowledged, so that anyone can hold that against the
// journal, and it pretends to be a TSE in the network. It plays a whole day of an invented pharmacy.
package simcmd

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/money"
)

// Sim is the command.
type Sim struct {
	Day     Day     `cmd:"" help:"Einen Tag einer erfundenen Apotheke spielen, zum Nachprüfen."`
	Verkauf Verkauf `cmd:"" help:"Verkaufen und jeden bestätigten Verkauf mit seinem Schlüssel ausgeben."`
	TSE     TSE     `cmd:"" help:"Eine TSE im Netz vortäuschen, um einen Treiber daran zu versuchen." name:"tse"`
}

// Verkauf is `offizin sim verkauf`.
type Verkauf struct {
	An       []string      `help:"Adresse; mehrere: die nächste, wenn eine nicht antwortet." required:"" placeholder:"URL"`
	N        int           `help:"Zahl der Verkäufe." default:"100"`
	Parallel int           `help:"So viele Personen verkaufen zugleich." default:"1"`
	Pause    time.Duration `help:"Pause einer Person zwischen zwei Verkäufen." default:"0s"`
	Geduld   time.Duration `help:"So lange wird ein Verkauf ohne Antwort wiederholt." default:"60s"`
	Benutzer string        `help:"Kürzel, unter dem verkauft wird." default:"AB"`
	PZN      []string      `help:"Was verkauft wird; ohne Angabe zwei Artikel der Demo." name:"pzn" placeholder:"PZN"`
	Name     string        `help:"Beginn aller Schlüssel; ohne Angabe ein zufälliger." placeholder:"NAME"`
	JSON     bool          `help:"Ein JSON-Objekt je bestätigtem Verkauf und Zeile." name:"json"`
}

// Run sells, and ends with 1 if a sale was begun and never acknowledged.
func (c *Verkauf) Run(e *env.Env) error {
	if c.N < 1 || c.N > 1_000_000 || c.Parallel < 1 || c.Parallel > 100 {
		return env.Usage("Erlaubt sind 1 bis 1000000 Verkäufe und 1 bis 100 Personen; bitte berichtigen.")
	}
	for _, url := range c.An {
		if !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "https://") {
			return env.Usage("Eine Adresse beginnt mit http://, etwa http://127.0.0.1:8080; bitte --an berichtigen.")
		}
	}
	if c.Name == "" {
		c.Name = "sim-" + strings.ToLower(rand.Text()[:10])
	}
	if len(c.PZN) == 0 {
		c.PZN = []string{string(muster.OTCSchmerzmittel.PZN()), string(muster.FreiwahlVoll.PZN())}
	}
	out := &ausgabe{e: e, json: c.JSON}
	var all sync.WaitGroup
	for i := range c.Parallel {
		all.Go(func() { out.offen(c.person(e, i, out.beleg).Verkaufe(e.Ctx, c.anteil(i))) })
	}
	all.Wait()
	return out.ende()
}

// anteil is how many of the sales the i-th person makes.
func (c *Verkauf) anteil(i int) int {
	n := c.N / c.Parallel
	if i < c.N%c.Parallel {
		n++
	}
	return n
}

func (c *Verkauf) person(e *env.Env, i int, tell func(driver.Bestaetigung)) *driver.Verkaeufer {
	v := &driver.Verkaeufer{
		Waren: c.PZN, Name: c.Name + "-" + strconv.Itoa(i+1), Geduld: c.Geduld, Pause: c.Pause, Clock: e.Clock, Tell: tell,
	}
	for _, url := range c.An {
		v.Tills = append(v.Tills, driver.New(url, c.Benutzer))
	}
	return v
}

// ausgabe prints what several persons do.
type ausgabe struct {
	e    *env.Env
	json bool

	mu          sync.Mutex
	belege, vag int
	err         error
}

func (a *ausgabe) beleg(b driver.Bestaetigung) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.belege++
	var err error
	if a.json {
		err = json.NewEncoder(a.e.Stdout).Encode(b)
	} else {
		_, err = fmt.Fprintf(a.e.Stdout, "%s  %s  %s  %.1f ms  %s\n", b.Bon, money.Cent(b.Cent), b.Schild, b.MS, b.Key)
	}
	if a.err == nil && err != nil {
		a.err = fmt.Errorf("write acknowledged sale: %w", err)
	}
}

func (a *ausgabe) offen(list []driver.Offen) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, o := range list {
		a.vag++
		fmt.Fprintf(a.e.Stderr, "nicht bestätigt: %s an %s: %s\n", o.Key, o.An, o.Grund)
	}
}

func (a *ausgabe) ende() error {
	fmt.Fprintf(a.e.Stderr, "%s bestätigt, %d nicht.\n", env.Zahl(a.belege, "Verkauf", "Verkäufe"), a.vag)
	switch {
	case a.err != nil:
		return env.Failed(a.err)
	case a.vag > 0:
		return env.Differs()
	}
	return nil
}
