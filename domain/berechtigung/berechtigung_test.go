package berechtigung_test

import (
	"testing"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
)

func TestWerDarfWas(t *testing.T) {
	may := civil.Must(2026, 11, 23)
	permit := func(a berechtigung.Art) []berechtigung.Erlaubnis {
		return []berechtigung.Erlaubnis{{Art: a, Ab: civil.Must(2026, 1, 1), Bis: may, Grenze: 2000}}
	}
	for _, c := range []struct {
		rolle   berechtigung.Rolle
		permits []berechtigung.Erlaubnis
		tat     berechtigung.Tat
		betrag  money.Cent
		day     civil.Day
		want    string // "ja", "Aufsicht" or the code of the refusal
		norm    string
	}{
		{berechtigung.Inhaber, nil, berechtigung.Verwalten, 0, may, "ja", "ApBetrO § 2(2)"},
		{berechtigung.Inhaber, nil, berechtigung.Recht, 0, may, "ja", "ApBetrO § 2(2)"},
		{berechtigung.Apotheker, nil, berechtigung.Abzeichnen, 0, may, "ja", "ApBetrO § 17(6)"},
		{berechtigung.Apotheker, nil, berechtigung.Verwalten, 0, may, "G-107", "ApBetrO § 2(2)"},
		{berechtigung.Apotheker, permit("verwalten"), berechtigung.Verwalten, 0, may, "ja", "ApBetrO § 2(2)"},
		{berechtigung.Apotheker, permit("verwalten"), berechtigung.Recht, 0, may, "G-108", "ApBetrO § 2(2)"},
		{berechtigung.PTA, nil, berechtigung.Abgeben, 0, may, "Aufsicht", "ApBetrO § 3(5)"},
		{berechtigung.PTA, permit("ohneaufsicht"), berechtigung.Abgeben, 0, may, "ja", "ApBetrO § 3(5b)"},
		{berechtigung.PTA, permit("ohneaufsicht"), berechtigung.Abgeben, 0, may + 1, "Aufsicht", "ApBetrO § 3(5)"},
		{berechtigung.PTA, permit("ohneaufsicht"), berechtigung.Abzeichnen, 0, may, "G-104", "ApBetrO § 17(6)"},
		{berechtigung.PTA, nil, berechtigung.Abzeichnen, 0, may, "G-104", "ApBetrO § 17(6)"},
		{berechtigung.PTA, permit("abzeichnen"), berechtigung.Abzeichnen, 0, may, "ja", "ApBetrO § 17(6)"},
		{berechtigung.PTA, permit("abzeichnen"), berechtigung.Abzeichnen, 0, civil.Must(2025, 12, 31), "G-104", "ApBetrO § 17(6)"},
		{berechtigung.PTA, permit("betrag"), berechtigung.Storno, -2000, may, "ja", "ApBetrO § 2(2)"},
		{berechtigung.PTA, permit("betrag"), berechtigung.Storno, -2001, may, "G-105", "ApBetrO § 2(2)"},
		{berechtigung.PTA, nil, berechtigung.Preis, 1, may, "G-106", "ApBetrO § 2(2)"},
		{berechtigung.PKA, nil, berechtigung.Freiverkauf, 0, may, "ja", "ApBetrO § 3(5)"},
		{berechtigung.PKA, nil, berechtigung.Abgeben, 0, may, "G-103", "ApBetrO § 3(5)"},
		{berechtigung.PKA, permit("ohneaufsicht"), berechtigung.Abgeben, 0, may, "G-103", "ApBetrO § 3(5)"},
		{berechtigung.PKA, permit("abzeichnen"), berechtigung.Abzeichnen, 0, may, "G-104", "ApBetrO § 17(6)"},
		{berechtigung.PhiP, nil, berechtigung.Abgeben, 0, may, "Aufsicht", "ApBetrO § 3(5)"},
		{berechtigung.PTAAzubi, nil, berechtigung.Storno, 1, may, "G-105", "ApBetrO § 2(2)"},
		{berechtigung.Bote, nil, berechtigung.Freiverkauf, 0, may, "G-102", "ApBetrO § 3(5)"},
		{berechtigung.Techniker, nil, berechtigung.Ware, 0, may, "G-101", "ApBetrO § 2(2)"},
		{berechtigung.Techniker, nil, berechtigung.Diagnose, 0, may, "ja", "ApBetrO § 2(2)"},
		{"", nil, berechtigung.Abgeben, 0, may, "Aufsicht", "ApBetrO § 3(5)"}, // an old journal sells on
		{"", nil, berechtigung.Katalog, 0, may, "G-109", "ApBetrO § 2(2)"},
		{berechtigung.PKA, nil, berechtigung.Zaehlen, 0, may, "ja", "ApBetrO § 2(2)"},
		{berechtigung.PTAAzubi, nil, berechtigung.Zaehlen, 0, may, "T-501", "ApBetrO § 2(2)"},
		{berechtigung.PKA, nil, berechtigung.Entnehmen, 100, may, "T-502", "ApBetrO § 2(2)"},
		{berechtigung.PKA, permit("betrag"), berechtigung.Entnehmen, 100, may, "T-502", "ApBetrO § 2(2)"},
		{berechtigung.PKA, permit("verwalten"), berechtigung.Entnehmen, 100, may, "ja", "ApBetrO § 2(2)"},
		{berechtigung.Apotheker, nil, berechtigung.Entnehmen, 100, may, "ja", "ApBetrO § 2(2)"},
		{berechtigung.Pruefer, nil, berechtigung.Freiverkauf, 0, may, "G-102", "ApBetrO § 3(5)"},
		{berechtigung.Pruefer, permit("verwalten"), berechtigung.Verwalten, 0, may, "G-107", "ApBetrO § 2(2)"},
		{"Papst", nil, berechtigung.Freiverkauf, 0, may, "G-102", "ApBetrO § 3(5)"},
	} {
		u := berechtigung.Check(c.rolle, c.permits, c.tat, c.betrag, c.day)
		got := u.Code
		if u.Erlaubt {
			got = map[bool]string{true: "Aufsicht", false: "ja"}[u.Aufsicht]
		}
		if got != c.want || u.Norm != c.norm || u.Erlaubt == (u.Text != "") {
			t.Errorf("%s, %s on %s: %s, %s, %q; want %s, %s", c.rolle, c.tat, c.day, got, u.Norm, u.Text, c.want, c.norm)
		}
	}
}
