package taxieren

import (
	"path"
	"strings"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/rezept"
)

// regal orders the prescriptions by id.
func regal(list []Verordnung) map[string][]Verordnung {
	m := map[string][]Verordnung{}
	for _, v := range list {
		m[v.Rezept.ID] = append(m[v.Rezept.ID], v)
	}
	return m
}

// waehle picks the prescription of a supply. One id may come in several versions and
// variants; the one counts that was issued by the day of supply, has the same name of
// file up to the kind of document, and was issued last before or else soonest after.
func waehle(list []Verordnung, a Akte) (rezept.Rezept, bool) {
	var best Verordnung
	for i, v := range list {
		if i == 0 || besser(v, best, a) {
			best = v
		}
	}
	return best.Rezept, len(list) > 0
}

func besser(v, best Verordnung, a Akte) bool {
	day := a.Daten.Abgabe
	if x, y := v.Rezept.Ausgestellt <= day, best.Rezept.Ausgestellt <= day; x != y {
		return x
	}
	if x, y := stamm(v.Pfad) == stamm(a.Pfad), stamm(best.Pfad) == stamm(a.Pfad); x != y {
		return x
	}
	return abstand(v.Rezept.Ausgestellt, day) < abstand(best.Rezept.Ausgestellt, day)
}

func abstand(a, b civil.Day) int {
	n := a.Sub(b)
	if n < 0 {
		return -n
	}
	return n
}

// stamm is the name of a file without what says which document it is: what stands
// between a prefix ending in "__" and the word for the kind.
func stamm(file string) string {
	name := path.Base(strings.ReplaceAll(file, `\`, "/"))
	for _, kind := range []string{"_eAbgabedaten", "_Abgabedaten", "_Verordnung", ".xml"} {
		name, _, _ = strings.Cut(name, kind)
	}
	if i := strings.LastIndex(name, "__"); i >= 0 {
		name = name[i+2:]
	}
	return name
}
