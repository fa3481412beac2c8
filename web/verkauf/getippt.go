package verkauf

import (
	"fmt"
	"strconv"
)

// Getippt is what stands in a field: what was typed, if the act was refused, else what
// holds now; no value is an empty field. Nobody types a prescription twice because of
// one wrong digit.
func (st stand) Getippt(name string, jetzt any) string {
	if st.getippt.Has(name) {
		return st.getippt.Get(name)
	}
	if jetzt == 0 {
		return ""
	}
	return fmt.Sprint(jetzt)
}

// Angehakt is the same for a box to tick: without a tick a browser sends nothing.
func (st stand) Angehakt(name string, jetzt bool) bool {
	if st.getippt != nil {
		return st.getippt.Get(name) == "ja"
	}
	return jetzt
}

// zeile16 is one of the three lines of a prescription on paper.
type zeile16 struct {
	Nr                   int
	PZN, Text, Packungen string
	AutIdem              bool
}

// Zeilen16 are these lines with what was typed; the first prescribes one pack.
func (st stand) Zeilen16() []zeile16 {
	list := make([]zeile16, 0, 3)
	for i := range 3 {
		nr := strconv.Itoa(i + 1)
		z := zeile16{
			Nr: i + 1, PZN: st.Getippt("pzn"+nr, ""), Text: st.Getippt("text"+nr, ""), Packungen: st.Getippt("packungen"+nr, ""),
			AutIdem: st.Angehakt("aut_idem"+nr, false),
		}
		if i == 0 && !st.getippt.Has("packungen1") {
			z.Packungen = "1"
		}
		list = append(list, z)
	}
	return list
}
