package ui

import (
	"html/template"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
)

// funcs are the few functions of the templates: texts, dates and amounts are formatted
// here and nowhere else.
func (s *Rahmen) funcs() template.FuncMap {
	return template.FuncMap{
		"t":       s.Texte.T,
		"tag":     func(d civil.Day) string { return tag(d) },
		"uhrzeit": func(t time.Time) string { return t.In(clock.Berlin()).Format("02.01.2006 15:04") },
		"nanos":   func(n int64) string { return time.Unix(0, n).In(clock.Berlin()).Format("02.01.2006 15:04") },
		"nb":      nb.Replace,
		"betrag":  betrag,
		"minus":   minus,
		"plain":   func(c money.Cent) string { return c.Plain() },
		"cent":    func(c money.Cent) int64 { return int64(c) },
		"schwere": schwere,
		"add":     func(a, b int) int { return a + b },
	}
}

// nb keeps amounts and paragraphs of law on one line.
//
//nolint:gochecknoglobals // a constant table
var nb = strings.NewReplacer(
	" €", "\u00a0€", "§ ", "§\u00a0", "Abs. ", "Abs.\u00a0", "Satz ", "Satz\u00a0", "Nr. ", "Nr.\u00a0",
)

func tag(d civil.Day) string {
	if d == 0 {
		return ""
	}
	return d.German()
}

// betrag shows an amount in a table: nothing is a dash.
func betrag(c money.Cent) string {
	if c == 0 {
		return "–"
	}
	return c.String()
}

// minus shows what is taken off; on a Storno it comes back.
func minus(c money.Cent) string {
	if c > 0 {
		return "−" + c.String()
	}
	return (-c).String()
}

// schwere is the class of a verdict.
func schwere(s befund.Schwere) string {
	switch s {
	case befund.Hindernis:
		return "hindernis"
	case befund.Warnung:
		return "warnung"
	case befund.Hinweis:
	}
	return "hinweis"
}
