package brainpool

import (
	"math/big"
	"math/bits"
)

// limbs is the room for 512 bits.
const limbs = 8

// element is a number below the prime, times 2^(64n) (Montgomery's form), with the lowest
// 64 bits first.
type element [limbs]uint64

// feld computes modulo an odd prime of at most 512 bits. It takes as long as the numbers
// make it take: whoever verifies holds no secret.
type feld struct {
	n     int     // how many words the prime has
	p     element // the prime itself
	inv   uint64  // -p^-1 modulo 2^64
	quad  element // 2^(128n) modulo p: makes Montgomery's form
	prime *big.Int
}

func newFeld(prime *big.Int) *feld {
	f := &feld{n: (prime.BitLen() + 63) / 64, prime: prime}
	words(&f.p, prime)
	f.inv = 1
	for range 6 { // Newton: each round doubles the bits that are right
		f.inv *= 2 - f.p[0]*f.inv
	}
	f.inv = -f.inv
	quad := new(big.Int).Lsh(big.NewInt(1), uint(128*f.n))
	words(&f.quad, quad.Mod(quad, prime))
	return f
}

// words takes a number apart.
func words(z *element, x *big.Int) {
	var buf [8 * limbs]byte
	x.FillBytes(buf[:])
	for i := range z {
		for _, b := range buf[len(buf)-8*(i+1) : len(buf)-8*i] {
			z[i] = z[i]<<8 | uint64(b)
		}
	}
}

// set brings a number below the prime into Montgomery's form.
func (f *feld) set(x *big.Int) (z element) {
	words(&z, x)
	f.mul(&z, &z, &f.quad)
	return z
}

// get brings an element back.
func (f *feld) get(x *element) *big.Int {
	one := element{1}
	var z element
	f.mul(&z, x, &one)
	var buf [8 * limbs]byte
	for i, w := range z {
		for k := range 8 {
			buf[len(buf)-1-8*i-k] = byte(w >> (8 * k))
		}
	}
	return new(big.Int).SetBytes(buf[:])
}

// mul sets z to x times y, by Montgomery (coarsely integrated operand scanning). They may
// be the same.
func (f *feld) mul(z, x, y *element) {
	var low element
	t, p, b := low[:f.n], f.p[:f.n], y[:f.n]
	top := uint64(0) // the word above t
	for i := range t {
		a := x[i]
		c, w := mac(a, b[0], t[0], 0)
		m := w * f.inv
		d, _ := mac(m, p[0], w, 0)
		for j := 1; j < len(t) && j < len(p) && j < len(b); j++ {
			c, w = mac(a, b[j], t[j], c)
			d, t[j-1] = mac(m, p[j], w, d)
		}
		var k, l uint64
		w, k = bits.Add64(top, c, 0)
		t[len(t)-1], l = bits.Add64(w, d, 0)
		top = k + l
	}
	f.reduce(z, &low, top)
}

// mac returns x*y + t + c in two words.
func mac(x, y, t, c uint64) (hi, lo uint64) {
	hi, lo = bits.Mul64(x, y)
	lo, k := bits.Add64(lo, t, 0)
	hi += k
	lo, k = bits.Add64(lo, c, 0)
	return hi + k, lo
}

// reduce sets z to x, which carried over, without the prime if it fits in.
func (f *feld) reduce(z, x *element, carry uint64) {
	var t element
	b := uint64(0)
	for i := range f.n {
		t[i], b = bits.Sub64(x[i], f.p[i], b)
	}
	if carry == 0 && b == 1 {
		*z = *x
		return
	}
	*z = t
}

func (f *feld) add(z, x, y *element) {
	var t element
	c := uint64(0)
	for i := range f.n {
		t[i], c = bits.Add64(x[i], y[i], c)
	}
	f.reduce(z, &t, c)
}

func (f *feld) sub(z, x, y *element) {
	var t element
	b := uint64(0)
	for i := range f.n {
		t[i], b = bits.Sub64(x[i], y[i], b)
	}
	if b == 1 {
		c := uint64(0)
		for i := range f.n {
			t[i], c = bits.Add64(t[i], f.p[i], c)
		}
	}
	*z = t
}

func (f *feld) double(z, x *element) { f.add(z, x, x) }
