package pruefung

import (
	"encoding/xml"
	"io"

	"github.com/offizin/offizin/integration/dsfinvk"
)

// maxIndex is the largest description that is read.
const maxIndex = 4 << 20

// index reads which columns the description names for each table.
func (l *lauf) index() {
	r, err := l.open(dsfinvk.Index)
	if err != nil {
		l.lesefehler(dsfinvk.Index, 0, err)
		return
	}
	defer r.Close() //nolint:errcheck // only read
	var set struct {
		Media []struct {
			Table []struct {
				URL            string
				VariableLength struct {
					VariablePrimaryKey []struct{ Name string }
					VariableColumn     []struct{ Name string }
				}
			}
		}
	}
	d := xml.NewDecoder(io.LimitReader(r, maxIndex))
	d.Entity = map[string]string{}
	if err := d.Decode(&set); err != nil {
		l.fund(dsfinvk.Index, 0, "T-428", "Die Beschreibung index.xml ist nicht lesbar.")
		return
	}
	l.erklaert = map[string][]string{}
	for _, m := range set.Media {
		for _, t := range m.Table {
			var names []string
			for _, c := range append(t.VariableLength.VariablePrimaryKey, t.VariableLength.VariableColumn...) {
				names = append(names, c.Name)
			}
			l.erklaert[t.URL] = names
		}
	}
}
