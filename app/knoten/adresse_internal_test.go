package knoten

import (
	"net"
	"testing"
)

// Whatever a machine is told to be called by, others never get an address that means every one of its own.
func TestEigeneAdresse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for given, want := range map[string]string{
		"": l.Addr().String(), "192.168.1.20:7443": "192.168.1.20:7443", "kasse-2:7443": "kasse-2:7443",
	} {
		if got := (Options{Adresse: given}).filled(l).Adresse; got != want {
			t.Errorf("%q: %q", given, got)
		}
	}
	for _, given := range []string{"0.0.0.0:7443", ":7443", "[::]:7443"} {
		host, port, err := net.SplitHostPort((Options{Adresse: given}).filled(l).Adresse)
		if ip := net.ParseIP(host); err != nil || ip == nil || ip.IsUnspecified() || port != "7443" {
			t.Errorf("%q: %q %q %v", given, host, port, err)
		}
	}
}
