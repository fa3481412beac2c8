package gdpdu

import "encoding/xml"

// The elements of the Beschreibungsstandard, in the order that its DTD wants.
type dataSet struct {
	XMLName  xml.Name `xml:"DataSet"`
	Version  string   `xml:"Version"`
	Supplier supplier `xml:"DataSupplier"`
	Media    media    `xml:"Media"`
}

type supplier struct {
	Name     string `xml:"Name"`
	Location string `xml:"Location"`
	Comment  string `xml:"Comment"`
}

type media struct {
	Name   string  `xml:"Name"`
	Tables []table `xml:"Table"`
}

type table struct {
	URL         string   `xml:"URL"`
	Name        string   `xml:"Name"`
	Description string   `xml:"Description"`
	UTF8        struct{} `xml:"UTF8"`
	Decimal     string   `xml:"DecimalSymbol"`
	Grouping    string   `xml:"DigitGroupingSymbol"`
	From        int      `xml:"Range>From"` // the captions are left out
	Variable    variable `xml:"VariableLength"`
}

type variable struct {
	Column       string   `xml:"ColumnDelimiter"`
	Record       string   `xml:"RecordDelimiter"`
	Encapsulator string   `xml:"TextEncapsulator"`
	Columns      []column `xml:"VariableColumn"`
}

type column struct {
	Name        string    `xml:"Name"`
	Description string    `xml:"Description"`
	Numeric     *numeric  `xml:"Numeric"`
	Alpha       *struct{} `xml:"AlphaNumeric"`
	Date        *date     `xml:"Date"`
}

type numeric struct {
	Accuracy int `xml:"Accuracy"`
}

type date struct {
	Format string `xml:"Format"`
}

func beschreibung(k Kopf, list []Tabelle) dataSet {
	d := dataSet{Version: "1.0", Supplier: supplier{
		k.Name, k.Ort, "Offizin, " + k.Von.German() + " bis " + k.Bis.German(),
	}, Media: media{Name: "Offizin"}}
	for _, t := range list {
		x := table{
			URL: t.Datei, Name: t.Name, Description: t.Beschreibung, Decimal: ",", Grouping: ".", From: 2,
			Variable: variable{Column: ";", Record: zeilenende, Encapsulator: `"`},
		}
		for _, s := range t.Spalten {
			x.Variable.Columns = append(x.Variable.Columns, s.element())
		}
		d.Media.Tables = append(d.Media.Tables, x)
	}
	return d
}

func (s Spalte) element() column {
	c := column{Name: s.Name, Description: s.Beschreibung}
	switch s.Art {
	case Zahl:
		c.Numeric = &numeric{}
	case Betrag:
		c.Numeric = &numeric{Accuracy: 2}
	case Tag:
		c.Date = &date{Format: "DD.MM.YYYY"}
	case Text:
		c.Alpha = &struct{}{}
	}
	return c
}
