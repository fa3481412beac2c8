// Package dtd holds the grammar of the index.xml that describes tables to the tax office
// (Beschreibungsstandard zur Datenträgerüberlassung). Every export of that kind carries it; before a
// release it is replaced by the official file, here and nowhere else.
package dtd

import _ "embed"

// Name is what the file is called beside an index.xml.
const Name = "gdpdu-01-09-2004.dtd"

//go:embed gdpdu-01-09-2004.dtd
var text string

// Text is the grammar itself.
func Text() []byte { return []byte(text) }
