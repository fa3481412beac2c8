package brainpool

import (
	"bytes"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func number(t *rapid.T, below *big.Int, name string) *big.Int {
	raw := rapid.SliceOfN(rapid.Byte(), 0, 70).Draw(t, name)
	n := new(big.Int).SetBytes(raw)
	if rapid.Bool().Draw(t, name+" from above") { // near the prime, where carries are
		n.Sub(below, n.Mod(n, big.NewInt(1<<40)))
	}
	return n.Mod(n, below)
}

// TestFeld: multiplication, addition and subtraction are those of math/big.
func TestFeld(t *testing.T) {
	for _, k := range Kurven() {
		rapid.Check(t, func(t *rapid.T) {
			p := k.f.prime
			x, y := number(t, p, "x"), number(t, p, "y")
			mx, my := k.f.set(x), k.f.set(y)
			var z element
			for _, c := range []struct {
				name string
				run  func(z, x, y *element)
				want *big.Int
			}{
				{"mul", k.f.mul, new(big.Int).Mul(x, y)},
				{"add", k.f.add, new(big.Int).Add(x, y)},
				{"sub", k.f.sub, new(big.Int).Sub(x, y)},
			} {
				c.run(&z, &mx, &my)
				if got := k.f.get(&z); got.Cmp(c.want.Mod(c.want, p)) != 0 {
					t.Fatalf("%s %s: %x, %x gives %x, want %x", k.Name, c.name, x, y, got, c.want)
				}
			}
		})
	}
}

// times computes n·p bit by bit with affine coordinates on math/big: the slow second opinion.
func (k *Kurve) times(n *big.Int, p *punkt) (x, y *big.Int) {
	m := k.f.prime
	a := k.f.get(&k.a)
	var rx, ry *big.Int
	px, py := k.f.get(&p.x), k.f.get(&p.y)
	for i := n.BitLen() - 1; i >= 0; i-- {
		rx, ry = affine(rx, ry, rx, ry, a, m)
		if n.Bit(i) == 1 {
			rx, ry = affine(rx, ry, px, py, a, m)
		}
	}
	return rx, ry
}

// affine adds two points by the formulas of the textbook; nil is the infinite point.
func affine(x1, y1, x2, y2, a, m *big.Int) (x, y *big.Int) {
	switch {
	case x1 == nil:
		return x2, y2
	case x2 == nil:
		return x1, y1
	}
	above, below := new(big.Int).Sub(y2, y1), new(big.Int).Sub(x2, x1)
	if below.Sign() == 0 {
		if above.Sign() != 0 || y1.Sign() == 0 {
			return nil, nil
		}
		above.Mul(x1, x1).Mul(above, big.NewInt(3)).Add(above, a)
		below.Lsh(y1, 1)
	}
	slope := above.Mul(above, below.ModInverse(below.Mod(below, m), m))
	slope.Mod(slope, m)
	x = new(big.Int).Mul(slope, slope)
	x.Sub(x, x1).Sub(x, x2).Mod(x, m)
	y = new(big.Int).Sub(x1, x)
	y.Mul(y, slope).Sub(y, y1).Mod(y, m)
	return x, y
}

// TestSum: u·G + v·Q is what the textbook makes of it, the awkward cases included: equal
// points, opposite ones, nothing at all.
func TestSum(t *testing.T) {
	for _, k := range Kurven() {
		g := &k.base[1]
		check := func(t *testing.T, u, v, d *big.Int) {
			t.Helper()
			qx, qy := k.times(d, g)
			q := punkt{x: k.f.set(qx), y: k.f.set(qy), z: k.f.set(big.NewInt(1))}
			got := k.sum(u.FillBytes(make([]byte, k.size)), v.FillBytes(make([]byte, k.size)), &q)
			n := new(big.Int).Mul(v, d)
			want, _ := k.times(n.Add(n, u).Mod(n, k.order), g)
			if got.infinite() || want == nil {
				if !got.infinite() || want != nil {
					t.Fatalf("%s: %x G + %x·%x G: infinite %v", k.Name, u, v, d, got.infinite())
				}
				return
			}
			z := k.f.get(&got.z)
			x := new(big.Int).Mul(want, z.Mul(z, z))
			if x.Mod(x, k.f.prime).Cmp(k.f.get(&got.x)) != 0 {
				t.Fatalf("%s: %x G + %x·%x G is wrong", k.Name, u, v, d)
			}
		}
		last := new(big.Int).Sub(k.order, big.NewInt(1))
		one, five := big.NewInt(1), big.NewInt(5)
		for _, c := range [][3]*big.Int{
			{one, one, one}, {five, five, one}, {one, one, last}, {five, one, last}, {last, last, last}, {new(big.Int), new(big.Int), five},
		} {
			check(t, c[0], c[1], c[2])
		}
		for i := range 5 {
			seed := bytes.Repeat([]byte{byte(37*i + 11), byte(i + 1)}, k.size/2)
			u := new(big.Int).SetBytes(seed)
			u.Mod(u, k.order)
			v := new(big.Int).Mul(u, u)
			check(t, u, v.Mod(v, k.order), new(big.Int).Add(new(big.Int).Rsh(v, 3), one))
		}
	}
}

// TestOrder: the parameters of RFC 5639 fit together: the generator lies on the curve, and q
// times it is nothing.
func TestOrder(t *testing.T) {
	for _, k := range Kurven() {
		if x, _ := k.times(k.order, &k.base[1]); x != nil {
			t.Errorf("%s: the order is not that of the generator", k.Name)
		}
		if _, ok := k.Parse(k.bytes(&k.base[1])); !ok {
			t.Errorf("%s: the generator does not lie on the curve", k.Name)
		}
	}
}

func (k *Kurve) bytes(p *punkt) []byte {
	out := make([]byte, 1+2*k.size)
	out[0] = 4
	k.f.get(&p.x).FillBytes(out[1 : 1+k.size])
	k.f.get(&p.y).FillBytes(out[1+k.size:])
	return out
}

func TestParseRefuses(t *testing.T) {
	for _, k := range Kurven() {
		good := k.bytes(&k.base[1])
		swap := func(i int, b byte) []byte {
			p := bytes.Clone(good)
			p[i] = b
			return p
		}
		beyond := append([]byte{4}, bytes.Repeat([]byte{0xff}, 2*k.size)...)
		for what, data := range map[string][]byte{
			"nothing": nil, "a compressed one": good[:1+k.size], "hybrid": swap(0, 6), "another y": swap(2*k.size, good[2*k.size]^1),
			"beyond the prime": beyond, "too long": append(bytes.Clone(good), 0), "zero": append([]byte{4}, make([]byte, 2*k.size)...),
		} {
			if _, ok := k.Parse(data); ok {
				t.Errorf("%s: %s was read", k.Name, what)
			}
		}
	}
}

// TestVerify signs with the slow arithmetic and verifies with the fast one.
func TestVerify(t *testing.T) {
	for _, k := range Kurven() {
		secret, nonce := new(big.Int).Rsh(k.order, 1), new(big.Int).Rsh(k.order, 3)
		qx, qy := k.times(secret, &k.base[1])
		q, ok := k.Parse(append([]byte{4}, append(qx.FillBytes(make([]byte, k.size)), qy.FillBytes(make([]byte, k.size))...)...))
		if !ok {
			t.Fatal("the key does not lie on the curve")
		}
		for _, size := range []int{28, 32, 48, 64} {
			hash := bytes.Repeat([]byte{0xc3}, size)
			e := new(big.Int).SetBytes(hash)
			e.Rsh(e, uint(max(0, 8*size-k.order.BitLen())))
			r, _ := k.times(nonce, &k.base[1])
			r.Mod(r, k.order)
			s := new(big.Int).Mul(r, secret)
			s.Add(s, e).Mul(s, new(big.Int).ModInverse(nonce, k.order)).Mod(s, k.order)
			if !q.Verify(hash, r, s) {
				t.Errorf("%s, %d bytes: a good signature fails", k.Name, size)
			}
			hash[3] ^= 1
			if q.Verify(hash, r, s) {
				t.Errorf("%s, %d bytes: another hash passes", k.Name, size)
			}
			hash[3] ^= 1
			zero, beyond := new(big.Int), new(big.Int).Add(s, k.order)
			if q.Verify(hash, zero, s) || q.Verify(hash, r, zero) || q.Verify(hash, r, beyond) || q.Verify(hash, r, new(big.Int).Neg(s)) {
				t.Errorf("%s: numbers out of range pass", k.Name)
			}
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, k := range Kurven() {
		b.Run(k.Name, func(b *testing.B) {
			q := Punkt{kurve: k, p: k.base[7]}
			r, s := new(big.Int).Sqrt(k.order), new(big.Int).Div(k.order, big.NewInt(7))
			hash := bytes.Repeat([]byte{0xa7}, k.size)
			for b.Loop() {
				q.Verify(hash, r, s)
			}
		})
	}
}
