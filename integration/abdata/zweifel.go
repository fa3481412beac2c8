package abdata

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/befund"
)

// zweifel counts what was taken, but not as one would wish: by code and text, in which
// "…" stands for the count.
type zweifel map[[2]string]*zweifelsfall

type zweifelsfall struct {
	zahl     int
	beispiel string // a PZN, or empty
}

func (z zweifel) plus(code, text, beispiel string) {
	k := [2]string{code, text}
	if z[k] == nil {
		z[k] = &zweifelsfall{beispiel: beispiel}
	}
	z[k].zahl++
}

// fehlend notes a field that the file does without.
func (z zweifel) fehlend(datei string, f feldname) {
	z.plus("A-531", "Der Datei "+datei+" fehlt das Feld "+f.kennung+" "+f.name+"; es gilt als nicht angegeben.", "")
}

// unbekannt notes the escapes and identifiers that a reader did not know.
func (z zweifel) unbekannt(r *Leser) {
	list, fields := r.Unbekannt()
	if len(fields) > 0 {
		z.plus("A-536", "Die Datei "+r.datei+" enthält Felder, die sie nicht beschreibt und die nicht gelesen werden: "+
			strings.Join(fields[:min(len(fields), 5)], " ")+".", "")
	}
	if len(list) > 0 {
		z.plus("A-532", "Die Datei "+r.datei+" enthält unbekannte Zeichenfolgen, die so in den Texten stehen bleiben: "+
			strings.Join(list[:min(len(list), 5)], " ")+".", "")
	}
}

// Hinweise says what was taken with a doubt so far, each kind once.
func (l *Lieferung) Hinweise() []befund.Befund {
	var list []befund.Befund
	keys := slices.SortedFunc(maps.Keys(l.zweifel), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	for _, k := range keys {
		z := l.zweifel[k]
		b := befund.Befund{Code: k[0], Schwere: befund.Warnung, Text: strings.Replace(k[1], "…", fmt.Sprint(z.zahl), 1)}
		if z.beispiel != "" {
			b.Text = strings.TrimSuffix(b.Text, ".") + " (zuerst PZN " + z.beispiel + ")."
		}
		list = append(list, b)
	}
	return list
}
