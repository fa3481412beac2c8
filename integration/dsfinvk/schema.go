package dsfinvk

import (
	"embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed daten
var daten embed.FS

// Index is the file that describes the tables.
const Index = "index.xml"

// Spalte is a column of a table.
type Spalte struct {
	Name    string
	Zahl    bool // a number; else a text
	Max     int  // characters of a text
	Stellen int  // decimals of a number
	Pflicht bool // never empty
	Werte   []string
}

// Tabelle is one of the 20 tables.
type Tabelle struct {
	Datei   string // "lines.csv"
	Name    string // "Bonpos"
	Spalten []Spalte
}

// Schema reads the tables of DSFinV-K 2.4, in the order of the standard.
func Schema() ([]Tabelle, error) {
	f, err := daten.Open("daten/columns.csv")
	if err != nil {
		return nil, fmt.Errorf("columns of DSFinV-K: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("columns of DSFinV-K: %w", err)
	}
	enums, err := aufzaehlungen()
	if err != nil {
		return nil, err
	}
	var list []Tabelle
	for _, r := range rows[1:] {
		if len(list) == 0 || list[len(list)-1].Datei != r[0] {
			list = append(list, Tabelle{Datei: r[0], Name: r[1]})
		}
		t := &list[len(list)-1]
		t.Spalten = append(t.Spalten, spalte(r, enums))
	}
	return list, nil
}

func spalte(r []string, enums map[string][]string) Spalte {
	s := Spalte{Name: r[3], Zahl: r[4] == "Numeric", Pflicht: r[7] == "Mandatory" && !darfFehlen(r[0], r[3])}
	s.Max, _ = strconv.Atoi(r[5])     // empty: a number
	s.Stellen, _ = strconv.Atoi(r[6]) // empty: a text
	switch {
	case strings.Contains(r[8], "|"):
		s.Werte = strings.Split(r[8], "|")
	case r[8] != "UST_SCHLUESSEL": // own keys are allowed from 1000 on
		s.Werte = enums[r[8]]
	}
	return s
}

// darfFehlen are columns that are mandatory only where there is something to say: a customer who
// has to be named, the second half of a certificate, what a TSE that failed did not answer, the
// first and last record of a day without any.
func darfFehlen(datei, name string) bool {
	switch name {
	case "TSE_ZERTIFIKAT_II", "Z_START_ID", "Z_ENDE_ID":
		return true
	}
	return strings.HasPrefix(name, "KUNDE_") ||
		datei == "transactions_tse.csv" && strings.HasPrefix(name, "TSE_")
}

// aufzaehlungen are the values that columns may have.
func aufzaehlungen() (map[string][]string, error) {
	text, err := daten.ReadFile("daten/enums.json")
	if err != nil {
		return nil, fmt.Errorf("enumerations of DSFinV-K: %w", err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("enumerations of DSFinV-K: %w", err)
	}
	enums := map[string][]string{}
	for name, text := range raw {
		var list []string
		if json.Unmarshal(text, &list) == nil {
			enums[name] = list
		}
	}
	return enums, nil
}

// Stelle is where a column stands; -1: there is none of that name.
func (t Tabelle) Stelle(name string) int {
	return slices.IndexFunc(t.Spalten, func(s Spalte) bool { return s.Name == name })
}
