package zuzahlungsnachweis_test

import (
	"bytes"
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/nachweis"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/integration/zuzahlungsnachweis"
)

// A year with many purchases has several pages, and the same bytes come out twice.
func TestPDF(t *testing.T) {
	n := nachweis.Nachweis{
		Apotheke: quittung.Apotheke{Name: "Löwen-Apotheke", IK: "123456789"}, Name: "Łukasz Şahin 李", KVNR: "A123456780",
		Geburt: 19610503, Jahr: 2026, Erstellt: 20261126,
	}
	for range 120 {
		n.Zeilen = append(n.Zeilen, nachweis.Zeile{Nummer: "1-000001", Tag: 20260102, Art: bon.Verkauf, Betrag: 500})
	}
	a, err := zuzahlungsnachweis.PDF(n)
	if err != nil || !bytes.HasPrefix(a, []byte("%PDF")) || bytes.Count(a, []byte("/Type /Page\n")) < 3 {
		t.Fatalf("%d bytes, %v", len(a), err)
	}
	if b, err := zuzahlungsnachweis.PDF(n); err != nil || !bytes.Equal(a, b) {
		t.Error("other bytes for the same statement", err)
	}
}
