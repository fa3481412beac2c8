package simcmd

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"text/tabwriter"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/probetag"
	"github.com/offizin/offizin/internal/fault"
)

// Day is `offizin sim day`: a day of an invented pharmacy, whose export anyone can judge.
type Day struct {
	Daten string `help:"Leerer oder neuer Ordner für die Daten beider Plätze." required:"" placeholder:"ORDNER"`
	Seed  uint64 `help:"Derselbe Startwert ergibt denselben Tag." default:"1"`
}

// Run plays the day and sums it up. It ends with 1 if anything is wrong with what was booked.
func (c *Day) Run(e *env.Env) error {
	r, err := probetag.Laufe(e.Ctx, c.Daten, c.Seed)
	if fault.KindOf(err) == fault.Invalid {
		return &env.Exit{Code: env.ExitUsage, Text: err.Error(), Cause: err}
	}
	if err != nil {
		return env.Failed(err)
	}
	w := bufio.NewWriter(e.Stdout)
	c.zeige(w, r)
	if err := w.Flush(); err != nil {
		return env.Failed(fmt.Errorf("write the summary: %w", err))
	}
	if len(r.Funde) > 0 {
		return env.Differs()
	}
	return nil
}

func (c *Day) zeige(w io.Writer, r probetag.Ergebnis) {
	fmt.Fprintf(w, "Startwert %d, Geschäftstage %s bis %s, Spur %s\n\n", c.Seed, r.Von.German(), r.Bis.German(), r.Spur)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, list := range [][]probetag.Anzahl{r.Belege, r.Geschaefte} {
		for _, a := range list {
			fmt.Fprintf(t, "%s\t%d\n", a.Name, a.N)
		}
		fmt.Fprintln(t)
	}
	fmt.Fprintln(t, "Kassenplatz\tRechner\tSeriennummer\tBelege\tAbschlüsse\tTSE-Ausfälle")
	for _, x := range r.Tills {
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%d\n", x.Till, x.Platz, x.Serie, x.Belege, x.Abschluesse, x.Ausfaelle)
	}
	_ = t.Flush() // of a buffer: Run flushes it and looks
	fmt.Fprintf(w, "\n%s ohne Signatur, mit Grund gekennzeichnet; %s und eine verlorene Platte.\n",
		env.Zahl(r.Ohne, "Beleg", "Belege"), env.Zahl(r.Crashes, "Absturz", "Abstürze"))
	for _, f := range r.Funde {
		fmt.Fprintln(w, "FEHLER", f)
	}
	if len(r.Funde) == 0 {
		fmt.Fprintln(w, "Nummern, Summen, Signaturen, Abschlüsse und Kassenbuch stimmen.")
	}
	fmt.Fprintf(w, "\nNachprüfen:\n"+
		"  offizin dsfinvk export --daten %[1]s --von %[2]s --bis %[3]s --nach export.zip\n"+
		"  offizin dsfinvk check export.zip\n", filepath.Join(c.Daten, "platz-1"), r.Von, r.Bis)
	for _, p := range []string{"platz-1", "platz-2", "tse-2"} { // the last one was replaced in the course of the day
		fmt.Fprintf(w, "  offizin tse export --daten %s --nach %s.tar\n", filepath.Join(c.Daten, p), p)
	}
	fmt.Fprintln(w, "  offizin tse verify platz-1.tar platz-2.tar tse-2.tar")
}
