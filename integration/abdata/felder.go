package abdata

// feldname is what a field was called when this was written.
type feldname struct {
	kennung, name string
	kann          bool // the file may do without it
}

// gelesene are the files of which records are read, in an order in which none refers to a
// later one; PAC_APO refers to most.
func gelesene() []string {
	return []string{
		"ADR_APO", "DAR_APO", "VOV_APO", "VPV_APO", "PGR_APO", "PGR2_APO", "GRU_APO", "IKZ_APO", "IZG_APO", "PZG_APO",
		"PAC_APO",
	}
}

// felderVon lists the fields of a file that are read, those of the key first.
func felderVon(datei string) []feldname {
	switch datei {
	case "ADR_APO":
		return []feldname{{"01", "Key_ADR", false}, {"02", "Firmenname", false}}
	case "DAR_APO":
		return []feldname{{"01", "Key_DAR", false}, {"02", "Name", false}}
	case "VOV_APO":
		return []feldname{{"01", "Key_VOV", false}, {"03", "Typ", false}}
	case "VPV_APO":
		return []feldname{{"01", "PZN", false}, {"02", "Key_VOV", false}, {"03", "Befristungsdatum", true}}
	case "PGR_APO":
		return []feldname{{"01", "PZN", false}, {"02", "Packungskomponente", false}, {"03", "Einstufung", false}}
	case "PGR2_APO":
		return []feldname{
			{"01", "PZN", false},
			{"02", "Zaehler", false},
			{"03", "Einheit", false},
			{"04", "Komponentennr", true},
			{"05", "Typ", true},
			{"06", "Zahl", false},
		}
	case "GRU_APO":
		return []feldname{{"01", "Key_GRU", false}, {"02", "Mehrkostenverzicht", false}, {"03", "Zuzahlungsfaktor", false}}
	case "IKZ_APO":
		return []feldname{{"01", "IK", false}}
	case "IZG_APO":
		return []feldname{{"01", "Key_GRU", false}, {"02", "IK", false}}
	case "PZG_APO":
		return []feldname{{"01", "Key_GRU", false}, {"02", "PZN", false}}
	}
	var list []feldname
	for _, f := range pacFelder() {
		list = append(list, f.feldname)
	}
	return list
}

// schluesselzahl is how many of the fields of felderVon are the key.
func schluesselzahl(datei string) int {
	switch datei {
	case "VPV_APO", "PGR_APO", "PGR2_APO", "IZG_APO", "PZG_APO":
		return 2
	}
	return 1
}
