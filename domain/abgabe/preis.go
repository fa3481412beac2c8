package abgabe

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/money"
)

// sicher is how many of the cheapest are preferred: they are right under every
// version of the Rahmenvertrag, older ones named three.
const sicher = 3

// prices judges by price what is not under a contract: imports of one drug by
// § 129(1) S. 1 Nr. 2 SGB V, else one of the cheapest by § 12 Rahmenvertrag. The
// prescribed article is the ceiling in both.
func (w *wahl) prices(pool []int, underContract bool) {
	known := slices.DeleteFunc(slices.Clone(pool), func(i int) bool { return w.list[i].Artikel.AVP == 0 })
	for _, i := range pool {
		switch v := &w.list[i]; {
		case v.Vertrag != nil || v.Artikel.AVP > 0 && !v.NichtVerfuegbar:
		case v.NichtVerfuegbar:
			v.unavailable()
		default:
			v.why("R-533", befund.Warnung, "Rahmenvertrag § 12",
				"Der Katalog nennt keinen Preis – vergleichen Sie selbst, bevor Sie abgeben.")
			w.accept(v, Erlaubt, underContract, false)
		}
	}
	slices.SortStableFunc(known, func(a, b int) int { return cmp.Compare(w.list[a].Artikel.AVP, w.list[b].Artikel.AVP) })
	if w.oneFamily(pool) {
		w.imports(known, underContract)
		return
	}
	w.cheapest(known, underContract)
}

// oneFamily reports whether all are one drug: an original and its imports.
func (w *wahl) oneFamily(pool []int) bool {
	return !slices.ContainsFunc(pool, func(i int) bool {
		return family(w.list[i].Artikel) != family(w.list[pool[0]].Artikel)
	})
}

// cheapest is § 12(1) Rahmenvertrag. known is in order of price.
func (w *wahl) cheapest(known []int, underContract bool) {
	n := max(w.recht.Preisguenstigste.Was, sicher)
	legal := known[:within(w, known, n)]
	safe := within(w, known, min(n, sicher))
	open := w.available(legal)
	taken := false // the next cheapest was found
	for at, i := range known {
		v := &w.list[i]
		switch {
		case v.NichtVerfuegbar || v.Vertrag != nil: // already judged
		case w.tooDear(v):
			w.dear(v, underContract)
		case at < len(legal):
			w.oneOf(v, at < safe, underContract)
		case !open && !taken:
			taken = true
			v.why("R-535", befund.Hinweis, "Rahmenvertrag § 12 Abs. 1 S. 3",
				"Keiner der preisgünstigsten ist verfügbar – dieser ist der nächstgünstige.")
			w.accept(v, Bevorzugt, underContract, true)
		case w.fall.Grund != KeinGrund:
			w.accept(v, Erlaubt, underContract, true)
		default:
			v.why("R-536", befund.Hindernis, "Rahmenvertrag § 12 Abs. 1",
				fmt.Sprintf("Gehört nicht zu den %d preisgünstigsten – wählen Sie einen von diesen.", n))
		}
	}
}

func (w *wahl) oneOf(v *Vorschlag, safe, underContract bool) {
	if !safe {
		v.why("R-537", befund.Hinweis, "Rahmenvertrag § 12 Abs. 1",
			"Der viertgünstigste – nicht jede Fassung des Rahmenvertrags erlaubt ihn; nehmen Sie besser einen der drei davor.")
		w.accept(v, Erlaubt, underContract, false)
		return
	}
	v.why("R-534", befund.Hinweis, "Rahmenvertrag § 12 Abs. 1", "Einer der preisgünstigsten – er darf abgegeben werden.")
	w.accept(v, Bevorzugt, underContract, false)
}

// within returns how many of the list are among the n cheapest; equal prices share a place.
func within(w *wahl, known []int, n int) int {
	end := min(n, len(known))
	for end > 0 && end < len(known) && w.list[known[end]].Artikel.AVP == w.list[known[end-1]].Artikel.AVP {
		end++
	}
	return end
}

func (w *wahl) available(list []int) bool {
	return slices.ContainsFunc(list, func(i int) bool { return !w.list[i].NichtVerfuegbar && !w.tooDear(&w.list[i]) })
}

// tooDear reports whether an article costs more than the prescribed one (Preisanker).
func (w *wahl) tooDear(v *Vorschlag) bool {
	return w.verordnet != nil && w.verordnet.AVP > 0 && v.Artikel.AVP > w.verordnet.AVP
}

// dear judges what costs more than the prescribed article. Whether it may be handed
// over when nothing else can be had the law leaves to the single case.
func (w *wahl) dear(v *Vorschlag, underContract bool) {
	if w.cheaperLeft() {
		v.why("R-538", befund.Hindernis, "Rahmenvertrag § 12 Abs. 1 S. 4",
			"Teurer als das verordnete Arzneimittel – wählen Sie ein günstigeres.")
		return
	}
	v.why("R-539", befund.Warnung, "SGB V § 129 Abs. 4c",
		"Teurer als verordnet, nichts Günstigeres verfügbar – halten Sie Rücksprache und vermerken Sie sie auf dem Rezept.")
	w.accept(v, Erlaubt, underContract, true)
}

// cheaperLeft reports whether anything that can be had does not exceed the prescribed price.
func (w *wahl) cheaperLeft() bool {
	return slices.ContainsFunc(w.list, func(v Vorschlag) bool {
		return !v.raus && !v.NichtVerfuegbar && v.Artikel.AVP > 0 && !w.tooDear(&v)
	})
}

// imports is § 129(1) S. 1 Nr. 2 SGB V with § 13 Rahmenvertrag.
func (w *wahl) imports(known []int, underContract bool) {
	original := w.original(known)
	preferred, missing := false, false // a preisgünstiger import can be had, cannot be had
	for _, i := range known {
		v := &w.list[i]
		if original != nil && !w.tooDear(v) && w.worthwhile(v, original) {
			preferred, missing = preferred || !v.NichtVerfuegbar, missing || v.NichtVerfuegbar
		}
	}
	for _, i := range known {
		v := &w.list[i]
		switch {
		case v.NichtVerfuegbar || v.Vertrag != nil: // already judged
		case w.tooDear(v):
			w.dear(v, underContract)
		case w.fall.Verordnet == "" && original != nil && v.Artikel.AVP > original.AVP:
			v.why("R-542", befund.Hindernis, "Rahmenvertrag § 2 Abs. 7",
				"Der Import ist teurer als das Original – geben Sie das Original ab.")
		case original != nil && w.worthwhile(v, original):
			v.why("R-541", befund.Hinweis, "SGB V § 129 Abs. 1 S. 1 Nr. 2; Rahmenvertrag § 13",
				"Preisgünstiger Import – er zählt zum Einsparziel und wird bevorzugt.")
			w.accept(v, Bevorzugt, underContract, false)
		default:
			u := Erlaubt
			if !preferred && (v.Verordnet || w.verordnet == nil) {
				u = Bevorzugt
			}
			w.accept(v, u, underContract, missing && !preferred)
		}
	}
}

func (w *wahl) original(known []int) *artikel.Artikel {
	for _, i := range known {
		if a := &w.list[i].Artikel; !a.Import && a.ImportVon == "" {
			return a
		}
	}
	return nil
}

// worthwhile reports whether an import is so much cheaper than its original that the
// law calls it preisgünstig.
func (w *wahl) worthwhile(v *Vorschlag, original *artikel.Artikel) bool {
	a := v.Artikel
	return (a.Import || a.ImportVon != "") && w.recht.Preisguenstig(a.AVP, original.AVP)
}

// Preisguenstig reports whether an import at the price is preisgünstig against its
// original (§ 129(1) S. 1 Nr. 2 SGB V).
func (r Recht) Preisguenstig(preis, original money.Cent) bool {
	if r.ImportAnteilUnten.Repealed || original <= 0 {
		return false
	}
	distance := r.ImportAnteilOben.Was.Of(original)
	switch {
	case original <= r.ImportUnten.Was:
		distance = r.ImportAnteilUnten.Was.Of(original)
	case original <= r.ImportOben.Was:
		distance = r.ImportBetrag.Was
	}
	return preis > 0 && original-preis >= distance
}

// hints says what the catalogue cannot tell.
func (w *wahl) hints(pool []int) {
	if len(pool) < 2 {
		w.lonely(pool)
		return
	}
	w.note("R-505", befund.Hinweis, "Rahmenvertrag § 2 Abs. 7, § 12 Abs. 1", "",
		"Verglichen sind die Verkaufspreise ohne gesetzliche Rabatte der Hersteller – prüfen Sie knappe Abstände.")
	a := w.list[pool[0]].Artikel
	if a.BtM || a.TRezept {
		w.note("R-506", befund.Warnung, "Rahmenvertrag § 9 Abs. 3", "",
			"BtM oder T-Rezept – ein Austausch verlangt gleiche Stärke, Menge und Anwendung; vergleichen Sie mit dem Rezept.")
	}
	if nurMitGleicherDauer(a) {
		w.note("R-507", befund.Warnung, "AM-RL Anlage VII Teil B", "",
			"Nur Packungen mit gleicher Anwendungsdauer sind austauschbar – vergleichen Sie die Fachinformationen.")
	}
}

// lonely says what to do when the only article in scope cannot be had.
func (w *wahl) lonely(pool []int) {
	for i := range w.list {
		if w.list[i].Urteil != NichtErlaubt {
			return
		}
	}
	if len(pool) == 0 || w.list[pool[0]].NichtVerfuegbar {
		w.note("R-508", befund.Hindernis, "Rahmenvertrag § 9", w.fall.Verordnet,
			"Kein Artikel darf abgegeben werden – halten Sie Rücksprache mit der Praxis oder bitten Sie um ein neues Rezept.")
	}
}
