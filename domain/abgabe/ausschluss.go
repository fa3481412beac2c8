package abgabe

import (
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
)

// verbot is one entry of the Substitutionsausschlussliste.
type verbot struct {
	wirkstoff string   // how the name of the ingredient begins, small letters
	formen    []string // groups of dosage forms (artikel.Formgruppe)
	staerken  []string // empty: all (artikel.Staerke)
}

// verbote is AM-RL Anlage VII Teil B as printed by deutschesapothekenportal.de and, for
// Everolimus, by pta-forum.de of 05/2024. The catalogue has no flag for it.
//
//nolint:gochecknoglobals // a constant table
var verbote = []verbot{
	{"beta-acetyldigoxin", []string{"TAB"}, nil},
	{"betaacetyldigoxin", []string{"TAB"}, nil},
	{"digitoxin", []string{"TAB"}, nil},
	{"digoxin", []string{"TAB"}, nil},
	{"carbamazepin", []string{"RET"}, nil},
	{"phenobarbital", []string{"TAB"}, nil},
	{"phenytoin", []string{"TAB"}, nil},
	{"primidon", []string{"TAB"}, nil},
	{"valproinsäure", []string{"RET"}, nil},
	{"valproat", []string{"RET"}, nil},
	{"natriumvalproat", []string{"RET"}, nil},
	{"phenprocoumon", []string{"TAB"}, nil},
	{"ciclosporin", []string{"WKA", "LSE"}, nil},
	{"tacrolimus", []string{"KAP", "REK"}, nil},
	{"levothyroxin", []string{"TAB"}, nil},
	{"everolimus", []string{"TAB"}, []string{"0,25mg", "0,5mg", "0,75mg", "1mg"}},
}

// Austauschverbot reports whether the ingredient in this form stands on the
// Substitutionsausschlussliste: it must not be replaced, not even for a Rabattvertrag.
func Austauschverbot(a artikel.Artikel) bool {
	name := strings.ToLower(strings.TrimSpace(a.Wirkstoff))
	gruppe, staerke := artikel.Formgruppe(a.Darreichungsform), artikel.Staerke(a.Wirkstaerke)
	return slices.ContainsFunc(verbote, func(v verbot) bool {
		return strings.HasPrefix(name, v.wirkstoff) && slices.Contains(v.formen, gruppe) &&
			(len(v.staerken) == 0 || slices.Contains(v.staerken, staerke))
	})
}

// nurMitGleicherDauer reports whether packs of the ingredient may replace each other
// only if they work equally long: the list names them, the catalogue does not know how long.
func nurMitGleicherDauer(a artikel.Artikel) bool {
	name, gruppe := strings.ToLower(a.Wirkstoff), artikel.Formgruppe(a.Darreichungsform)
	return strings.HasPrefix(name, "buprenorphin") && gruppe == "PFT" ||
		gruppe == "RET" && (strings.HasPrefix(name, "oxycodon") || strings.HasPrefix(name, "hydromorphon"))
}
