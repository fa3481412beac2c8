package abschluss

// Apotheke adds up closings of several tills for the pharmacy: records, business cases, means of
// payment, cash and differences. What names one closing – number, first and last record, master data –
// is empty.
func Apotheke(list []Abschluss) (sum Abschluss) {
	for _, a := range list {
		sum.Anzahl += a.Anzahl
		sum.Differenz += a.Differenz
		for _, g := range a.Geschaefte {
			sum.geschaeft(g)
		}
		for _, z := range a.Zahlungen {
			sum.zahlung(z)
		}
	}
	sum.ordne()
	return sum
}
