package abgabe

import (
	"cmp"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// wahl is the work on one Fall.
type wahl struct {
	fall      Fall
	recht     Recht
	verordnet *artikel.Artikel // nil: prescribed by ingredient
	list      []Vorschlag
	out       Ergebnis
}

// Waehle gives every candidate its verdict and orders them: what is preferred first,
// in each class what is in stock, then the prescribed article, then the cheapest.
func Waehle(f Fall, r Recht) Ergebnis {
	w := &wahl{fall: f, recht: r}
	for _, k := range f.Kandidaten {
		w.list = append(w.list, Vorschlag{
			Kandidat: k, Verordnet: k.Artikel.PZN == f.Verordnet, Urteil: NichtErlaubt, Ziffer: 1,
		})
		if k.Artikel.PZN == f.Verordnet {
			w.verordnet = &k.Artikel
		}
	}
	if w.start() {
		w.decide(w.scope(w.marketable()))
	}
	w.order()
	w.out.Vorschlaege = w.list
	return w.out
}

// start says what is missing; false if nothing can be chosen.
func (w *wahl) start() bool {
	switch {
	case len(w.list) == 0:
		w.note("R-501", befund.Hindernis, "", w.fall.Verordnet,
			"Der Katalog kennt keinen passenden Artikel – suchen Sie von Hand und halten Sie Rücksprache mit der Praxis.")
		return false
	case w.fall.Verordnet != "" && w.verordnet == nil:
		w.note("R-502", befund.Hindernis, "", w.fall.Verordnet,
			"Die verordnete PZN steht nicht im Katalog – prüfen Sie, ob sie außer Vertrieb ist, und wählen Sie von Hand.")
		return false
	case w.fall.Verordnet == "":
		w.note("R-503", befund.Hinweis, "TA1 Anhang 1", "",
			"Verordnung nach Wirkstoff – zur Abrechnung gehört das Sonderkennzeichen 06460487.")
	}
	return true
}

// marketable returns the places of what may be handed over at all.
func (w *wahl) marketable() []int {
	var pool []int
	for i := range w.list {
		v := &w.list[i]
		switch {
		case v.Artikel.Status == artikel.Rueckruf:
			v.raus = true
			v.why("R-511", befund.Hindernis, "AMG § 5",
				"Rückruf – diese Packung darf nicht abgegeben werden; legen Sie sie in die Quarantäne.")
		case v.Artikel.Status == artikel.AusserVertrieb && v.Bestand <= 0:
			v.raus = true
			v.why("R-512", befund.Hindernis, "",
				"Außer Vertrieb und nicht am Lager – dieser Artikel ist nicht mehr zu bekommen; wählen Sie einen anderen.")
		default:
			pool = append(pool, i)
		}
	}
	return pool
}

// scope keeps what may replace the prescribed article at all.
func (w *wahl) scope(pool []int) []int {
	if w.fall.Verordnet == "" {
		return pool
	}
	allowed := func(v *Vorschlag) bool { return v.Verordnet }
	var no befund.Befund
	switch {
	case w.fall.Traeger.Privat():
		no = befund.Befund{
			Code: "R-521", Norm: "ApBetrO § 17 Abs. 5",
			Text: "Privatrezept – es wird abgegeben, was verordnet ist; für anderes halten Sie Rücksprache mit der Praxis.",
		}
	case w.verordnet.Art != artikel.Arzneimittel:
		no = befund.Befund{
			Code: "R-522", Norm: "SGB V § 129 Abs. 1",
			Text: "Kein Arzneimittel – ein Austausch nach Rahmenvertrag ist nicht vorgesehen; geben Sie das Verordnete ab.",
		}
	case w.fall.Kreuz:
		allowed = w.sameFamily
		no = befund.Befund{
			Code: "R-523", Norm: "Rahmenvertrag § 9 Abs. 1",
			Text: "Aut-idem-Kreuz – nur das Verordnete, sein Original oder ein Import davon; sonst Rücksprache mit der Praxis.",
		}
	case Austauschverbot(*w.verordnet):
		allowed = w.sameFamily
		no = befund.Befund{
			Code: "R-524", Norm: "AM-RL Anlage VII Teil B",
			Text: "Der Wirkstoff steht auf der Ausschlussliste – geben Sie das Verordnete oder einen Import davon ab.",
		}
	default:
		return pool
	}
	no.Schwere = befund.Hindernis
	return slices.DeleteFunc(pool, func(i int) bool {
		v := &w.list[i]
		if allowed(v) {
			return false
		}
		no.Subject = string(v.Artikel.PZN)
		v.Gruende, v.raus = append(v.Gruende, no), true
		return true
	})
}

func (w *wahl) sameFamily(v *Vorschlag) bool { return family(v.Artikel) == family(*w.verordnet) }

// family is the PZN of the original: original and imports are the same drug.
func family(a artikel.Artikel) kennung.PZN {
	if a.ImportVon != "" {
		return a.ImportVon
	}
	return a.PZN
}

// decide judges what is in scope.
func (w *wahl) decide(pool []int) {
	if w.fall.Traeger.Privat() {
		w.free(pool)
		return
	}
	if w.fall.Traeger != zuzahlung.GKV {
		w.note("R-504", befund.Hinweis, "", "",
			"Für diesen Kostenträger gilt ein eigener Liefervertrag – prüfen Sie ihn; geordnet ist wie für die GKV.")
	}
	w.contracts(pool)
	w.hints(pool)
}

// free takes whatever is in scope, unavailable articles excepted.
func (w *wahl) free(pool []int) {
	for _, i := range pool {
		v := &w.list[i]
		if v.NichtVerfuegbar {
			v.unavailable()
			continue
		}
		v.Urteil = Erlaubt
		if v.Verordnet {
			v.Urteil = Bevorzugt
		}
	}
}

// contracts puts the Rabattvertrag first; without one that can be had, or with a
// reason to set it aside, the prices decide.
func (w *wahl) contracts(pool []int) {
	var under []int // a Rabattvertrag
	open := false   // one of them can be had
	for _, i := range pool {
		v := &w.list[i]
		if v.Vertrag == nil {
			continue
		}
		under = append(under, i)
		if v.NichtVerfuegbar {
			v.unavailable()
			continue
		}
		open = true
		v.Urteil = Bevorzugt
		v.why("R-531", befund.Hinweis, "SGB V § 129 Abs. 1 S. 3; Rahmenvertrag § 11",
			"Rabattvertrag der Krankenkasse – dieser Artikel geht vor.")
	}
	if open && w.fall.Grund == KeinGrund {
		for _, i := range pool {
			if w.list[i].Vertrag == nil {
				w.list[i].why("R-532", befund.Hindernis, "Rahmenvertrag § 11",
					"Ein Rabattartikel geht vor – ist er nicht lieferbar, melden Sie ihn als nicht verfügbar.")
			}
		}
		return
	}
	w.prices(pool, len(under) > 0)
}

// order sorts the candidates for people.
func (w *wahl) order() {
	rank := map[Urteil]int{Bevorzugt: 0, Erlaubt: 1, NichtErlaubt: 2}
	first := func(yes bool) int {
		if yes {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(w.list, func(a, b Vorschlag) int {
		return cmp.Or(
			cmp.Compare(rank[a.Urteil], rank[b.Urteil]),
			cmp.Compare(a.Ziffer, b.Ziffer),
			cmp.Compare(first(a.Bestand > 0), first(b.Bestand > 0)),
			cmp.Compare(first(a.Verordnet), first(b.Verordnet)),
			cmp.Compare(price(a), price(b)),
			strings.Compare(string(a.Artikel.PZN), string(b.Artikel.PZN)),
		)
	})
}

// price orders articles; one whose price is not known comes last.
func price(v Vorschlag) money.Cent {
	if v.Artikel.AVP == 0 {
		return money.MaxInput
	}
	return v.Artikel.AVP
}

func (w *wahl) note(code string, grade befund.Schwere, norm string, pzn kennung.PZN, text string) {
	w.out.Befunde = append(w.out.Befunde, befund.Befund{
		Code: code, Schwere: grade, Norm: norm, Subject: string(pzn), Text: text,
	})
}

func (v *Vorschlag) why(code string, grade befund.Schwere, norm, text string) {
	v.Gruende = append(v.Gruende, befund.Befund{
		Code: code, Schwere: grade, Norm: norm, Subject: string(v.Artikel.PZN), Text: text,
	})
}

func (v *Vorschlag) unavailable() {
	v.why("R-513", befund.Hindernis, "SGB V § 129 Abs. 4c",
		"Als nicht verfügbar gemeldet – halten Sie die Anfragen beim Großhandel fest.")
}
