package finden_test

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/offizin/offizin/app/finden"
)

// eigene is a private address of this machine.
func eigene(t *testing.T) string {
	t.Helper()
	list, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsPrivate() && n.IP.To4() != nil {
			return net.JoinHostPort(n.IP.String(), "7443")
		}
	}
	t.Skip("this machine has no private address")
	return ""
}

// A machine that tells where it is is found; one that listens to itself only is not.
func TestFinden(t *testing.T) {
	addr := eigene(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { finden.Melden(ctx, slog.New(slog.DiscardHandler), "platz-1", addr); close(ended) }()
	finden.Melden(ctx, slog.New(slog.DiscardHandler), "platz-2", "127.0.0.1:7443")
	var list []string
	for range 3 {
		var err error
		if list, err = finden.Suche(t.Context(), 2*time.Second); err != nil {
			t.Skipf("no multicast here: %v", err)
		}
		if len(list) > 0 {
			break
		}
	}
	stop()
	<-ended
	if len(list) == 0 {
		t.Skip("multicast does not come back to this machine")
	}
	if !slices.Contains(list, addr) || slices.Contains(list, "127.0.0.1:7443") {
		t.Errorf("found %v, want %s", list, addr)
	}
}
