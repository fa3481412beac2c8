package brainpool

// punkt is a point in Jacobi's coordinates: x = X/Z², y = Y/Z³; infinite if Z is 0.
type punkt struct{ x, y, z element }

func (p *punkt) infinite() bool { return p.z == element{} }

// double sets r to 2p (hyperelliptic.org/EFD, dbl-2007-bl, for any a).
func (k *Kurve) double(r, p *punkt) {
	f := k.f
	if p.infinite() {
		*r = *p
		return
	}
	var xx, yy, yyyy, zz, s, m, t element
	f.mul(&xx, &p.x, &p.x)
	f.mul(&yy, &p.y, &p.y)
	f.mul(&yyyy, &yy, &yy)
	f.mul(&zz, &p.z, &p.z)
	f.add(&s, &p.x, &yy)
	f.mul(&s, &s, &s)
	f.sub(&s, &s, &xx)
	f.sub(&s, &s, &yyyy)
	f.double(&s, &s)
	f.mul(&m, &zz, &zz)
	f.mul(&m, &m, &k.a)
	f.add(&m, &m, &xx)
	f.double(&t, &xx)
	f.add(&m, &m, &t) // 3XX + aZZ²
	f.add(&t, &p.y, &p.z)
	f.mul(&t, &t, &t)
	f.sub(&t, &t, &yy)
	f.sub(&r.z, &t, &zz)
	f.mul(&t, &m, &m)
	f.sub(&t, &t, &s)
	f.sub(&r.x, &t, &s)
	f.sub(&s, &s, &r.x)
	f.mul(&s, &s, &m)
	for range 3 {
		f.double(&yyyy, &yyyy)
	}
	f.sub(&r.y, &s, &yyyy)
}

// add sets r to p + q (hyperelliptic.org/EFD, add-2007-bl).
func (k *Kurve) add(r, p, q *punkt) {
	f := k.f
	if p.infinite() || q.infinite() {
		if p.infinite() {
			p = q
		}
		*r = *p
		return
	}
	var zz1, zz2, u1, u2, s1, s2, h, i, j, v element
	f.mul(&zz1, &p.z, &p.z)
	f.mul(&zz2, &q.z, &q.z)
	f.mul(&u1, &p.x, &zz2)
	f.mul(&u2, &q.x, &zz1)
	f.mul(&s1, &p.y, &q.z)
	f.mul(&s1, &s1, &zz2)
	f.mul(&s2, &q.y, &p.z)
	f.mul(&s2, &s2, &zz1)
	f.sub(&h, &u2, &u1)
	f.sub(&s2, &s2, &s1)
	if h == (element{}) {
		if s2 == (element{}) {
			k.double(r, p)
		} else {
			*r = punkt{}
		}
		return
	}
	f.double(&s2, &s2)
	f.double(&i, &h)
	f.mul(&i, &i, &i)
	f.mul(&j, &h, &i)
	f.mul(&v, &u1, &i)
	var z element
	f.add(&z, &p.z, &q.z)
	f.mul(&z, &z, &z)
	f.sub(&z, &z, &zz1)
	f.sub(&z, &z, &zz2)
	f.mul(&r.z, &z, &h)
	f.mul(&r.x, &s2, &s2)
	f.sub(&r.x, &r.x, &j)
	f.sub(&r.x, &r.x, &v)
	f.sub(&r.x, &r.x, &v)
	f.sub(&v, &v, &r.x)
	f.mul(&v, &v, &s2)
	f.mul(&s1, &s1, &j)
	f.double(&s1, &s1)
	f.sub(&r.y, &v, &s1)
}

// table returns the multiples of a point, from 0 on.
func (k *Kurve) table(p *punkt, n int) []punkt {
	t := make([]punkt, n)
	for i := 1; i < n; i++ {
		k.add(&t[i], &t[i-1], p)
	}
	return t
}

// sum returns u·G + v·q, eight bits of u and four of v at a time. Both have as many bytes as
// the order.
func (k *Kurve) sum(u, v []byte, q *punkt) punkt {
	var r punkt
	points := k.table(q, 16)
	for i := range u {
		for _, shift := range []int{4, 0} {
			for range 4 {
				k.double(&r, &r)
			}
			k.add(&r, &r, &points[v[i]>>shift&15])
		}
		k.add(&r, &r, &k.base[u[i]])
	}
	return r
}
