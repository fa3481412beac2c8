package pruefung

import (
	"encoding/xml"
	"io"

	"github.com/offizin/offizin/integration/dsfinvk"
	"github.com/offizin/offizin/internal/dtd"
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
	l.zuende(dsfinvk.Index, r)
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

// grammatik unpacks the DTD: of what it says nothing depends, but who reads the index needs it whole.
func (l *lauf) grammatik() {
	r, err := l.open(dtd.Name)
	if err != nil {
		l.lesefehler(dtd.Name, 0, err)
		return
	}
	defer r.Close() //nolint:errcheck // only read
	l.zuende(dtd.Name, r)
}

// zuende reads what is left of a file: only at its end the ZIP tells whether it is damaged.
func (l *lauf) zuende(name string, r io.Reader) {
	if _, err := io.Copy(io.Discard, r); err != nil {
		l.lesefehler(name, 0, err)
	}
}
