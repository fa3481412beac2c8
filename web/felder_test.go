package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// What was typed into a panel of the till and refused stands there again: nobody types a
// prescription twice because of one wrong digit.
func TestAbgewiesenesBleibtStehen(t *testing.T) {
	l := oeffne(t)
	_, body, _ := l.post("/verkauf/scan", "text", "01126111")
	if _, to := l.get("/verkauf"); to != "" {
		body = to
	}
	id := regexp.MustCompile(`data-vorgang="([^"]+)"`).FindStringSubmatch(body)
	if id == nil {
		t.Fatal("no cart on the screen")
	}
	for _, c := range []struct {
		panel  string
		fields []string // the first is refused
		ticked []string
	}{
		{"muster16", []string{
			"geburt", "31.02.1970", "ausgestellt", "20.11.2026", "name", "Müller", "vorname", "Jörg", "ik", "109900019",
			"kvnr", "A123456780", "lanr", "123456601", "bsnr", "123456700", "pzn1", "01126111", "packungen1", "2",
			"text2", "Salbe \"S\"", "pzn3", "1", "packungen3", "4",
		}, []string{"befreit", "aut_idem2"}},
		{"person", []string{"befreit_bis", "32.12.2026", "name", "Müller", "vorname", "Jörg", "geburt", "01.01.1970", "ik", "1"}, nil},
		{"nacherfassung", []string{"uhrzeit", "25:00", "tag", "23.11.2026", "beleg", "H-17"}, nil},
		{"menge", []string{"menge", "1000"}, nil},
		{"preis", []string{"preis", "-3"}, nil},
		{"rabatt", []string{"rabatt", "101"}, []string{"alle"}},
		{"gebuehr", []string{"betrag", "zwei"}, nil},
	} {
		pairs := append([]string{"vorgang", id[1], "nr", "1", "panel", c.panel}, c.fields...)
		for _, name := range c.ticked {
			pairs = append(pairs, name, "ja")
		}
		status, body, _ := l.post("/verkauf/"+c.panel, pairs...)
		if status != http.StatusUnprocessableEntity && status != http.StatusBadRequest || alert(body) == "" {
			t.Errorf("%s: %d %s", c.panel, status, alert(body))
		}
		for i := 0; i < len(c.fields); i += 2 {
			want := fmt.Sprintf(`name="%s" value="%s"`, c.fields[i], strings.ReplaceAll(c.fields[i+1], `"`, "&#34;"))
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %s", c.panel, want)
			}
		}
		for _, name := range c.ticked {
			if !strings.Contains(body, `name="`+name+`" value="ja" checked`) {
				t.Errorf("%s: %s is not ticked", c.panel, name)
			}
		}
	}
}
