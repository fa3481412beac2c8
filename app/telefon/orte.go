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
