// Package recht holds the law as data: every legal parameter as a row of text with
// its value, the day from which it holds, its source and the day a person last
// compared it with that source.
package recht

import (
	"github.com/offizin/offizin/domain/abgabe"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Stand is everything in force on one civil day.
type Stand struct {
	Tag       civil.Day
	Preis     preis.Recht
	Zuzahlung zuzahlung.Recht
	Gebuehr   gebuehr.Recht
	Abgabe    abgabe.Recht
}
