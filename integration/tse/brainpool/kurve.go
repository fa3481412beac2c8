// Package brainpool verifies ECDSA signatures on the curves brainpoolP256r1, P384r1 and
// P512r1 (RFC 5639), which the standard library does not know. It handles public data only
// and does not run in constant time: it must never be used to sign.
package brainpool

import (
	"math/big"
)

// Kurve is one of the curves y² = x³ + ax + b.
type Kurve struct {
	Name  string // "brainpoolP384r1"
	f     *feld
	a, b  element
	order *big.Int
	size  int     // bytes of a coordinate and of the order
	base  []punkt // multiples of the generator, one for each byte
}

// rfc5639 are the parameters of chapter 3: name, p, A, B, x, y, q.
func rfc5639() [][7]string {
	return [][7]string{
		{
			"brainpoolP256r1",
			"a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
			"7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
			"26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6",
			"8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262",
			"547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997",
			"a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
		},
		{
			"brainpoolP384r1",
			"8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53",
			"7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826",
			"04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11",
			"1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e",
			"8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315",
			"8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565",
		},
		{
			"brainpoolP512r1",
			"aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330871" +
				"7d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3",
			"7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc" +
				"2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca",
			"3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a7" +
				"2bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723",
			"81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098e" +
				"ff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822",
			"7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111" +
				"b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892",
			"aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870" +
				"553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069",
		},
	}
}

// Kurven returns the curves. Computing them takes a moment: keep them.
func Kurven() []*Kurve {
	var all []*Kurve
	for _, row := range rfc5639() {
		var v [6]*big.Int
		for i, text := range row[1:] {
			v[i], _ = new(big.Int).SetString(text, 16)
		}
		k := &Kurve{Name: row[0], f: newFeld(v[0]), order: v[5], size: (v[5].BitLen() + 7) / 8}
		k.a, k.b = k.f.set(v[1]), k.f.set(v[2])
		k.base = k.table(&punkt{x: k.f.set(v[3]), y: k.f.set(v[4]), z: k.f.set(big.NewInt(1))}, 256)
		all = append(all, k)
	}
	return all
}

// Size returns the bytes of a coordinate, which are those of r and of s, too.
func (k *Kurve) Size() int { return k.size }

// Punkt is a point on a curve that is not the infinite one: a public key. (The curves have
// cofactor 1, so that each such point generates all others.)
type Punkt struct {
	kurve *Kurve
	p     punkt
}

// Parse reads an uncompressed point, 04‖X‖Y; false if it does not lie on the curve.
func (k *Kurve) Parse(data []byte) (Punkt, bool) {
	if len(data) != 1+2*k.size || data[0] != 4 {
		return Punkt{}, false
	}
	f := k.f
	x, y := new(big.Int).SetBytes(data[1:1+k.size]), new(big.Int).SetBytes(data[1+k.size:])
	if x.Cmp(f.prime) >= 0 || y.Cmp(f.prime) >= 0 {
		return Punkt{}, false
	}
	p := punkt{x: f.set(x), y: f.set(y), z: f.set(big.NewInt(1))}
	var left, right element
	f.mul(&left, &p.y, &p.y)
	f.mul(&right, &p.x, &p.x)
	f.add(&right, &right, &k.a)
	f.mul(&right, &right, &p.x)
	f.add(&right, &right, &k.b)
	return Punkt{kurve: k, p: p}, left == right
}

// Verify reports whether r and s are a signature of that hash (BSI TR-03111, 4.2.1.2). Of a
// hash longer than the order the leftmost bits count.
func (q Punkt) Verify(hash []byte, r, s *big.Int) bool {
	k := q.kurve
	if r.Sign() <= 0 || s.Sign() <= 0 || r.Cmp(k.order) >= 0 || s.Cmp(k.order) >= 0 {
		return false
	}
	e := new(big.Int).SetBytes(hash)
	if over := 8*len(hash) - k.order.BitLen(); over > 0 {
		e.Rsh(e, uint(over))
	}
	w := new(big.Int).ModInverse(s, k.order)
	u, v := make([]byte, k.size), make([]byte, k.size)
	e.Mul(e, w).Mod(e, k.order).FillBytes(u)
	w.Mul(w, r).Mod(w, k.order).FillBytes(v)
	sum := k.sum(u, v, &q.p)
	if sum.infinite() {
		return false
	}
	zz := new(big.Int).Exp(k.f.get(&sum.z), big.NewInt(2), k.f.prime)
	x := new(big.Int).ModInverse(zz, k.f.prime)
	x.Mul(x, k.f.get(&sum.x)).Mod(x, k.f.prime)
	return x.Mod(x, k.order).Cmp(r) == 0
}
