package driver

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/export"
	"github.com/offizin/offizin/projection/bons"
)

// Abzug is what `offizin journal export` says of one machine that is off.
type Abzug struct {
	Saetze  int
	heads   map[journal.Origin]export.Zeile // the last record of each
	bons    map[string]gebucht              // by key of the payment
	doppelt []string                        // keys, numbers or signatures that are there twice
	belege  []string                        // numbers of records that are no sale
}

// gebucht is a Bon in the journal.
type gebucht struct {
	nummer string
	cent   int64
}

// Abzug exports the journal of the machine, which is off, and reads it back.
func (r *Rechner) Abzug(ctx context.Context) (*Abzug, error) {
	cmd := exec.CommandContext(ctx, r.Binary, "journal", "export", "--daten", r.Daten) //nolint:gosec // our own binary
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("export journal: %w", err)
	}
	a, bad := lies(out)
	if bad != nil {
		_ = cmd.Process.Kill() // what it writes is of no use
	}
	if err := cmd.Wait(); bad == nil && err != nil {
		return nil, fmt.Errorf("export journal: %w: %s", err, errs.String())
	}
	return a, bad
}

func lies(r io.Reader) (*Abzug, error) {
	a := &Abzug{heads: map[journal.Origin]export.Zeile{}, bons: map[string]gebucht{}}
	numbers, signed := map[string]bool{}, map[string]bool{}
	dec := json.NewDecoder(bufio.NewReaderSize(r, 1<<20))
	for dec.More() {
		var z export.Zeile
		if err := dec.Decode(&z); err != nil {
			return nil, fmt.Errorf("read export: %w", err)
		}
		a.Saetze++
		o := journal.Origin{Node: z.Node, Incarnation: z.Incarnation}
		if z.Seq > a.heads[o].Seq {
			a.heads[o] = export.Zeile{Seq: z.Seq, Hash: z.Hash}
		}
		if err := a.lies(z, numbers, signed); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *Abzug) lies(z export.Zeile, numbers, signed map[string]bool) error {
	e, err := event.Decode(z.Type, z.Payload)
	if err != nil {
		return fmt.Errorf("read export: %w", err)
	}
	once := func(seen map[string]bool, what string) {
		if seen[what] {
			a.doppelt = append(a.doppelt, what)
		}
		seen[what] = true
	}
	switch e := e.(type) {
	case event.VerkaufAbgeschlossen:
		key, _, _ := journal.SplitKey(z.Key)
		if _, ok := a.bons[key]; ok {
			a.doppelt = append(a.doppelt, key+" "+e.Bon.Nummer)
		}
		once(numbers, e.Bon.Nummer)
		a.bons[key] = gebucht{e.Bon.Nummer, int64(e.Bon.Summen().Patient)}
	case event.BelegGebucht:
		once(numbers, e.Bon.Nummer)
		a.belege = append(a.belege, e.Bon.Nummer)
	case event.BelegGesichert:
		once(signed, "signature of "+e.Nummer)
		if t := e.Signatur; t != nil {
			once(signed, fmt.Sprintf("transaction %d of %s", t.Transaktion, t.Seriennummer))
		}
	}
	return nil
}

// Pruefe holds the journals of all machines against what was acknowledged and returns what is
// wrong, at most 20 sentences: every sale is there exactly once on every machine, with its Bon
// and its amount; there is no Bon that nobody was told of, except of sales that were sent and
// not acknowledged; the numbers of each till have no gap; and all machines hold the same.
func Pruefe(list []*Abzug, told []Bestaetigung, open []Offen) []string {
	var wrong []string
	say := func(format string, args ...any) {
		if len(wrong) < 20 {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	for i, a := range list {
		for _, d := range a.doppelt {
			say("machine %d: doubled: %s", i+1, d)
		}
		for _, b := range told {
			if got, ok := a.bons[b.Key]; !ok {
				say("machine %d: lost: %s, Bon %s", i+1, b.Key, b.Bon)
			} else if got != (gebucht{b.Bon, b.Cent}) {
				say("machine %d: %s is %v, acknowledged was %s with %d", i+1, b.Key, got, b.Bon, b.Cent)
			}
		}
		a.fremde(told, open, func(s string) { say("machine %d: %s", i+1, s) })
		a.luecken(func(s string) { say("machine %d: %s", i+1, s) })
		if !maps.EqualFunc(a.heads, list[0].heads, gleich) {
			say("machine %d: %v, machine 1: %v", i+1, a.heads, list[0].heads)
		}
	}
	return wrong
}

func gleich(a, b export.Zeile) bool { return a.Seq == b.Seq && a.Hash == b.Hash }

// fremde finds Bons of our sellers that nobody was told of.
func (a *Abzug) fremde(told []Bestaetigung, open []Offen, say func(string)) {
	known := map[string]bool{}
	for _, b := range told {
		known[b.Key] = true
	}
	for _, o := range open {
		known[o.Key] = true
	}
	for key, b := range a.bons {
		if !known[key] {
			say("a Bon that nobody was told of: " + key + " " + b.nummer)
		}
	}
}

// luecken finds gaps in the numbers of each till.
func (a *Abzug) luecken(say func(string)) {
	tills := map[string][]int{}
	numbers := slices.Clone(a.belege)
	for _, b := range a.bons {
		numbers = append(numbers, b.nummer)
	}
	for _, number := range numbers {
		till, n, err := bons.Split(number)
		if err != nil {
			say(err.Error())
			continue
		}
		tills[till] = append(tills[till], n)
	}
	for till, list := range tills {
		slices.Sort(list)
		for i, n := range list {
			if n != i+1 {
				say(fmt.Sprintf("till %s: number %d is missing", till, i+1))
				break
			}
		}
	}
}
