package telefon

import (
	"cmp"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
)

// endungen are the ends of names that only the network of a house gives.
var endungen = []string{"local", "lan", "internal", "home.arpa", "fritz.box"} //nolint:gochecknoglobals // a list

// namen are the names of this machine in its network: the one that was told, or what its
// own name may be there.
func namen(told string) (list []string) {
	if told != "" {
		return []string{strings.ToLower(strings.TrimSuffix(told, "."))}
	}
	host, _ := os.Hostname() // without one there are addresses
	host, _, _ = strings.Cut(strings.ToLower(host), ".")
	if host == "" || host == "localhost" || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		host = "offizin"
	}
	for _, e := range endungen {
		list = append(list, host+"."+e)
	}
	return list
}

// hausname reports whether a name is one that the authority may be made for. It vouches for
// everything below that name too: "de" or "rosen-apotheke.de" would be too much to steal.
func hausname(name string) bool {
	labels := strings.Split(name, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' ||
			strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	if len(name) > 253 || net.ParseIP(name) != nil {
		return false
	}
	house := slices.ContainsFunc(endungen, func(e string) bool { return strings.HasSuffix(name, "."+e) })
	return house || len(labels) > 2 && !slices.Contains(endungen, name)
}

// adressen are the addresses at which phones find a listener, the most likely first: the one
// it has, or all private ones of the machine.
func adressen(listen net.Addr, all []net.Addr) (list []net.IP) {
	addr, ok := listen.(*net.TCPAddr)
	if !ok {
		return nil
	}
	if !addr.IP.IsUnspecified() {
		all = []net.Addr{&net.IPNet{IP: addr.IP}}
	}
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && eigene(n.IP) {
			list = append(list, n.IP)
		}
	}
	slices.SortFunc(list, func(a, b net.IP) int {
		return cmp.Or(cmp.Compare(rang(a), rang(b)), strings.Compare(a.String(), b.String()))
	})
	return slices.CompactFunc(list, net.IP.Equal)
}

// rang orders networks by how likely they are the Wi-Fi of a pharmacy; 172.16/12 is where
// programs for containers and virtual machines put theirs.
func rang(ip net.IP) int {
	a, _ := netip.AddrFromSlice(ip)
	switch text := a.Unmap().String(); {
	case strings.HasPrefix(text, "192.168."):
		return 0
	case strings.HasPrefix(text, "10."):
		return 1
	case a.Unmap().Is4():
		return 2
	}
	return 3
}
