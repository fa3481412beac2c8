package apotheke

import (
	"bytes"
	"context"

	domain "github.com/offizin/offizin/domain/kassenmeldung"
	"github.com/offizin/offizin/domain/nachweis"
	"github.com/offizin/offizin/integration/kassenmeldung"
	"github.com/offizin/offizin/integration/zuzahlungsnachweis"
	dienst "github.com/offizin/offizin/workflow/kassenmeldung"
	"github.com/offizin/offizin/workflow/stoerung"
)

// meldungsvorlage is the file of a notification to the tax office.
func meldungsvorlage(_ context.Context, m domain.Meldung) (name string, file []byte, err error) {
	var b bytes.Buffer
	err = kassenmeldung.Write(&b, m)
	return kassenmeldung.Name(m.Tag), b.Bytes(), err
}

// nachweisPDF prints what a patient paid in a year.
func nachweisPDF(_ context.Context, n nachweis.Nachweis) ([]byte, error) {
	return zuzahlungsnachweis.PDF(n)
}

// meldungslage is what is still to be notified, as Störungen needs it.
func meldungslage(s *dienst.Service) func(context.Context) stoerung.Meldepflicht {
	return func(ctx context.Context) stoerung.Meldepflicht {
		l, err := s.Lage(ctx)
		m := stoerung.Meldepflicht{Offen: len(l.Offen), Fehler: err}
		if m.Offen > 0 {
			m.Frist = l.Offen[0].Frist
		}
		return m
	}
}
