// Package finden lets a new machine find the pharmacy in its network without an address: by
// multicast DNS (RFC 6762, RFC 6763). What it finds is believed in nothing: the code decides.
package finden

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/mdns"
)

// service is the name under which machines are found.
const service = "_offizin._tcp"

// maxFunde is how many machines are taken note of: more is somebody who plays.
const maxFunde = 50

// Melden tells the network where this machine is, until the context ends. A machine that only
// listens to itself tells nobody.
func Melden(ctx context.Context, l *slog.Logger, platz, adresse string) {
	host, port, err := net.SplitHostPort(adresse)
	ip := net.ParseIP(host)
	n, bad := strconv.Atoi(port)
	if err != nil || bad != nil || ip == nil || ip.IsLoopback() || ip.IsUnspecified() {
		return
	}
	if err := melden(ctx, platz, ip, n); err != nil {
		l.Warn("machine does not tell the network where it is", slog.Any("error", err)) // an address works all the same
	}
}

func melden(ctx context.Context, platz string, ip net.IP, port int) error {
	zone, err := mdns.NewMDNSService(platz, service, "", platz+".offizin.local.", port, []net.IP{ip}, []string{"v=1"})
	if err != nil {
		return fmt.Errorf("describe this machine: %w", err)
	}
	s, err := mdns.NewServer(&mdns.Config{Zone: zone, Logger: log.New(io.Discard, "", 0)})
	if err != nil {
		return fmt.Errorf("listen for questions: %w", err)
	}
	<-ctx.Done()
	if err := s.Shutdown(); err != nil {
		return fmt.Errorf("end: %w", err)
	}
	return nil
}

// Suche asks the network for machines for some time and returns their addresses, in order.
func Suche(ctx context.Context, dauer time.Duration) ([]string, error) {
	entries := make(chan *mdns.ServiceEntry, maxFunde)
	ended := make(chan error, 1)
	go func() {
		q := mdns.DefaultParams(service)
		q.Entries, q.Timeout, q.DisableIPv6, q.Logger = entries, dauer, true, log.New(io.Discard, "", 0)
		ended <- mdns.QueryContext(ctx, q)
		close(entries)
	}()
	var list []string
	for e := range entries {
		if !strings.Contains(e.Name, service) || e.AddrV4 == nil || !e.AddrV4.IsPrivate() && !e.AddrV4.IsLinkLocalUnicast() {
			continue
		}
		addr := net.JoinHostPort(e.AddrV4.String(), strconv.Itoa(e.Port))
		if !slices.Contains(list, addr) && len(list) < maxFunde {
			list = append(list, addr)
		}
	}
	slices.Sort(list)
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		return list, fmt.Errorf("ask the network: %w", err)
	}
	return list, nil
}
