package bons

import (
	"fmt"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

// Ab calls f for the Bons of a till from a running number on, in order of their numbers.
func Ab(rows journal.Rows, till string, running int, f func(bon.Bon) (bool, error)) error {
	r := journal.Prefix("b/" + till + "/")
	r.From = fmt.Sprintf("b/%s/%09d/", till, running)
	return projection.Each(rows, table, r, func(_ string, e event.VerkaufAbgeschlossen) (bool, error) { return f(e.Bon) })
}
