package berechtigung

// grad is how far an act is allowed.
type grad int

const (
	nein grad = iota
	aufsicht
	ja
)

// zelle is a cell of the table: how far, and the permit that lifts the limit.
type zelle struct {
	was grad
	mit Art
}

// tafel is the table of roles and acts. What it does not list is refused. The rows of
// Pharmazieingenieur (he signs himself, ApBetrO § 17(6)) and of those in training follow
// the same paragraphs. Who has no role yet sells under supervision: an old journal knows
// people without one, and a sale is never blocked for want of an entry.
func tafel() map[Rolle]map[Tat]zelle {
	j, a := zelle{was: ja}, zelle{was: aufsicht}
	limit, delegate := zelle{mit: ErlaubnisBetrag}, zelle{mit: ErlaubnisVerwalten}
	return map[Rolle]map[Tat]zelle{
		Inhaber: {
			Freiverkauf: j, Abgeben: j, Abzeichnen: j, Ware: j, Storno: j, Preis: j, Verwalten: j, Recht: j,
			Katalog: j, Diagnose: j, Zaehlen: j, Entnehmen: j,
		},
		Apotheker: {
			Freiverkauf: j, Abgeben: j, Abzeichnen: j, Ware: j, Storno: j, Preis: j, Verwalten: delegate, Katalog: j,
			Zaehlen: j, Entnehmen: j,
		},
		Pharmazieingenieur: {
			Freiverkauf: j, Abgeben: j, Abzeichnen: j, Ware: j, Storno: limit, Preis: limit,
			Zaehlen: j, Entnehmen: delegate,
		},
		PTA: {
			Freiverkauf: j, Abgeben: {was: aufsicht, mit: ErlaubnisOhneAufsicht}, Abzeichnen: {mit: ErlaubnisAbzeichnen},
			Ware: j, Storno: limit, Preis: limit, Zaehlen: j, Entnehmen: delegate,
		},
		PKA:       {Freiverkauf: j, Ware: j, Storno: limit, Preis: limit, Zaehlen: j, Entnehmen: delegate},
		PhiP:      {Freiverkauf: j, Abgeben: a, Ware: j, Zaehlen: j},
		PTAAzubi:  {Freiverkauf: j, Abgeben: a, Ware: j},
		Techniker: {Diagnose: j},
		"":        {Freiverkauf: j, Abgeben: a, Ware: j},
	}
}
