package verkauf

import "fmt"

// F is what a field of the open panel shows: what was typed into it, if that was refused,
// else the value, of which zero is nothing.
func (st stand) F(name string, value ...any) string {
	if st.zurueckgewiesen() && st.getippt.Has(name) {
		return st.getippt.Get(name)
	}
	if text := fmt.Sprint(value...); text != "0" {
		return text
	}
	return ""
}

// An reports whether a box of the open panel is ticked, in the same way.
func (st stand) An(name string, value ...bool) bool {
	if st.zurueckgewiesen() {
		return st.getippt.Get(name) == "ja"
	}
	return len(value) > 0 && value[0]
}

// zurueckgewiesen reports whether the open panel was sent and refused.
func (st stand) zurueckgewiesen() bool {
	return st.getippt != nil && st.getippt.Get("panel") == st.Wunsch.Panel
}
