package node

import (
	"crypto/tls"
	"crypto/x509"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/fault"
)

// Refusals are counted by reason, told for an hour, and forgotten of who is let in after all.
func TestAbgewiesene(t *testing.T) {
	var a abgewiesen
	foreign, gone := fault.New(fault.Denied, "M-111", "fremd.", nil), fault.New(fault.Denied, "M-113", "entfernt.", nil)
	late := &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{RawSubjectPublicKeyInfo: []byte("spät")}}}
	a.note(0, "192.168.1.7:5000", "", true, gone)
	a.note(time.Minute, "192.168.1.8:5000", shown(late), true, foreign)
	a.note(2*time.Minute, "192.168.1.9:5000", "", true, gone)
	if list := a.lately(3 * time.Minute); len(list) != 2 || list[0].Von != "192.168.1.9" || list[0].Anzahl != 2 || list[0].Seit != 60 {
		t.Errorf("%+v", list)
	}
	a.admitted(nil)
	a.admitted(late)
	if list := a.lately(3 * time.Minute); len(list) != 1 || list[0].Code != "M-113" {
		t.Errorf("%+v", list)
	}
	if list := a.lately(2*time.Minute + gezeigt); list != nil {
		t.Errorf("%+v", list)
	}
}
