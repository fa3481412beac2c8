package gebuehr

import (
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/civil"
)

// Land is a Bundesland as in ISO 3166-2 without "DE-". Where holidays differ within
// a Bundesland a suffix names the place: "BY-KATH" is a parish of Bavaria that keeps
// Mariä Himmelfahrt, "BY-AUGSBURG" the city; "SN-KATH" and "TH-KATH" keep
// Fronleichnam.
type Land string

// landCodes lists what a pharmacy can choose.
const landCodes = "BB BE BW BY BY-AUGSBURG BY-KATH HB HE HH MV NI NW RP SH SL SN SN-KATH ST TH TH-KATH"

// Laender returns every Land that can be chosen.
func Laender() []Land {
	var list []Land
	for code := range strings.FieldsSeq(landCodes) {
		list = append(list, Land(code))
	}
	return list
}

// Bekannt reports whether there is such a Land.
func (l Land) Bekannt() bool { return slices.Contains(Laender(), l) }

// in reports whether the Land is one of the codes; a place belongs to its Land.
func (l Land) in(codes string) bool {
	land, _, _ := strings.Cut(string(l), "-")
	for code := range strings.FieldsSeq(codes) {
		if code == string(l) || code == land {
			return true
		}
	}
	return false
}

// IstNotdienst reports whether AMPreisV § 6 gives the Noctu fee at this German time,
// and why: 20 to 6 o'clock, Sundays and holidays of the Land, 24 December if a
// working day until 6 and from 14 o'clock.
func IstNotdienst(day civil.Day, hour, minute int, land Land) (bool, string) {
	if !day.Valid() || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return false, ""
	}
	if name, ok := Feiertag(day, land); ok {
		return true, name
	}
	switch {
	case day.Weekday() == time.Sunday:
		return true, "Sonntag"
	case hour >= 20 || hour < 6:
		return true, "20 bis 6 Uhr"
	case day.Month() == 12 && day.DayOfMonth() == 24 && hour >= 14:
		return true, "Heiligabend ab 14 Uhr"
	}
	return false, ""
}

// Feiertag returns the name of the holiday by the law of the Land. An unknown Land
// has the holidays of all of Germany. The law of the years 2004 and later is known.
func Feiertag(day civil.Day, land Land) (string, bool) {
	if !day.Valid() {
		return "", false
	}
	for _, f := range feste {
		if f.an(day) && (f.laender == "" || land.in(f.laender)) && f.gilt(day.Year()) {
			return f.name, true
		}
	}
	return "", false
}

// fest is one holiday: on a day of the year, or so many days after Easter Sunday.
// laender empty: everywhere. von, bis: first and last year, 0 without limit.
type fest struct {
	name       string
	monat, tag int
	ostern     int // used when monat is 0
	laender    string
	von, bis   int
}

func (f fest) gilt(year int) bool { return year >= f.von && (f.bis == 0 || year <= f.bis) }

func (f fest) an(day civil.Day) bool {
	switch {
	case f.monat > 0:
		return day.Month() == f.monat && day.DayOfMonth() == f.tag
	case f.tag > 0: // Buß- und Bettag, the Wednesday before 23 November
		return day.Month() == 11 && day.DayOfMonth() >= 16 && day.DayOfMonth() <= 22 &&
			day.Weekday() == time.Wednesday
	}
	return day == Ostersonntag(day.Year()).AddDays(f.ostern)
}

//nolint:gochecknoglobals // a table that nothing changes
var feste = []fest{
	{name: "Neujahr", monat: 1, tag: 1},
	{name: "Heilige Drei Könige", monat: 1, tag: 6, laender: "BW BY ST"},
	{name: "Frauentag", monat: 3, tag: 8, laender: "BE", von: 2019},
	{name: "Frauentag", monat: 3, tag: 8, laender: "MV", von: 2023},
	{name: "Karfreitag", ostern: -2},
	{name: "Ostersonntag", ostern: 0},
	{name: "Ostermontag", ostern: 1},
	{name: "Tag der Arbeit", monat: 5, tag: 1},
	{name: "Tag der Befreiung", monat: 5, tag: 8, laender: "BE", von: 2020, bis: 2020},
	{name: "Tag der Befreiung", monat: 5, tag: 8, laender: "BE", von: 2025, bis: 2025},
	{name: "Christi Himmelfahrt", ostern: 39},
	{name: "Pfingstsonntag", ostern: 49},
	{name: "Pfingstmontag", ostern: 50},
	{name: "Fronleichnam", ostern: 60, laender: "BW BY HE NW RP SL SN-KATH TH-KATH"},
	{name: "Jahrestag des Volksaufstands", monat: 6, tag: 17, laender: "BE", von: 2028, bis: 2028},
	{name: "Friedensfest", monat: 8, tag: 8, laender: "BY-AUGSBURG"},
	{name: "Mariä Himmelfahrt", monat: 8, tag: 15, laender: "SL BY-KATH BY-AUGSBURG"},
	{name: "Weltkindertag", monat: 9, tag: 20, laender: "TH", von: 2019},
	{name: "Tag der Deutschen Einheit", monat: 10, tag: 3},
	{name: "Reformationstag", monat: 10, tag: 31, laender: "BB MV SN ST TH"},
	{name: "Reformationstag", monat: 10, tag: 31, von: 2017, bis: 2017},
	{name: "Reformationstag", monat: 10, tag: 31, laender: "HB HH NI SH", von: 2018},
	{name: "Allerheiligen", monat: 11, tag: 1, laender: "BW BY NW RP SL"},
	{name: "Buß- und Bettag", tag: 1, laender: "SN"},
	{name: "Erster Weihnachtstag", monat: 12, tag: 25},
	{name: "Zweiter Weihnachtstag", monat: 12, tag: 26},
}

// Ostersonntag returns Easter Sunday of a year of the Gregorian calendar (algorithm
// of Meeus, Jones and Butcher).
func Ostersonntag(year int) civil.Day {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return civil.Must(year, n/31, n%31+1)
}
