package code

import "strings"

// bech32 writes bytes in the form in which age reads its keys (BIP 173).
func bech32(name string, data []byte) string {
	const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	values := fuenfer(data)
	sum := polymod(append(append(vorspann(name), values...), 0, 0, 0, 0, 0, 0)) ^ 1
	for i := range 6 {
		values = append(values, byte(sum>>(5*(5-i)))&31)
	}
	var b strings.Builder
	b.WriteString(name + "1")
	for _, v := range values {
		b.WriteByte(letters[v])
	}
	return b.String()
}

// fuenfer cuts bytes into groups of five bits.
func fuenfer(data []byte) []byte {
	var list []byte
	acc, bits := uint32(0), 0
	for _, d := range data {
		acc, bits = acc<<8|uint32(d), bits+8
		for ; bits >= 5; bits -= 5 {
			list = append(list, byte(acc>>(bits-5))&31)
		}
	}
	if bits > 0 {
		list = append(list, byte(acc<<(5-bits))&31)
	}
	return list
}

func vorspann(name string) []byte {
	var list []byte
	for i := range len(name) {
		list = append(list, name[i]>>5)
	}
	list = append(list, 0)
	for i := range len(name) {
		list = append(list, name[i]&31)
	}
	return list
}

func polymod(values []byte) uint32 {
	sum := uint32(1)
	for _, v := range values {
		top := sum >> 25
		sum = (sum&0x1ffffff)<<5 ^ uint32(v)
		for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	return sum
}
