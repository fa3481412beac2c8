package katalogcmd

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow/katalogstand"
)

// behalten is how many catalogues are kept of those that may be used today: the one that
// holds, those to go back to, and a quarter of a year of prices.
const behalten = 6

// raeume removes old catalogues after a new one has come; that one of them cannot be removed
// is no fault of the new one.
func raeume(e *env.Env, dir, neu string) error {
	today := clock.Today(e.Clock)
	list, err := alte(dir, neu, today)
	if err != nil || len(list) == 0 {
		return err
	}
	entferne(e, dir, list, today)
	return nil
}

// entferne removes catalogues. One that is gone was removed by an import beside this one.
func entferne(e *env.Env, dir string, list []string, today civil.Day) {
	var weg []string
	for _, id := range list {
		err := generation.Remove(dir, id, today)
		if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.NotFound {
			continue
		}
		if err != nil {
			fmt.Fprintf(e.Stdout, "Warnung: Der alte Katalog %s ließ sich nicht entfernen, beim nächsten Einspielen wird es "+
				"wieder versucht; ist die Platte voll, bitte „offizin catalogue remove %s“. (A-801)\n", id, id)
			break
		}
		weg = append(weg, id)
	}
	if len(weg) > 0 {
		fmt.Fprintf(e.Stdout, "Alte Kataloge entfernt, die %d neuesten bleiben: %s. (A-800)\n",
			behalten, strings.Join(weg, ", "))
	}
}

// alte lists what is older than the catalogues that are kept: replaced, taken out, or held by
// the gate. What changes (UPD) can build on stays, and what has just come. While anything is
// wrong with the folder nothing is old: what is there may be needed.
func alte(dir, neu string, today civil.Day) (ids []string, err error) {
	o, err := generation.OpenOrdner(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	stand := katalogstand.Ordne(o, o, today)
	brauchbar := slices.DeleteFunc(slices.Clone(stand.Generationen), func(g katalogstand.Generation) bool {
		return g.Zustand != katalogstand.Gilt && g.Zustand != katalogstand.Abgeloest
	})
	if stand.Damaged > 0 || len(brauchbar) <= behalten || brauchbar[0].Zustand != katalogstand.Gilt {
		return nil, nil
	}
	bleibt := []string{neu}
	if i := slices.IndexFunc(brauchbar, func(g katalogstand.Generation) bool { return o.Changeable(g.ID) }); i >= 0 {
		bleibt = append(bleibt, brauchbar[i].ID)
	}
	letzte := slices.IndexFunc(stand.Generationen, func(g katalogstand.Generation) bool {
		return g.ID == brauchbar[behalten-1].ID
	})
	for _, g := range stand.Generationen[letzte+1:] { // the newest first, also of those of one day
		if !slices.Contains(bleibt, g.ID) {
			ids = append(ids, g.ID)
		}
	}
	return ids, nil
}
