package verbund

import "time"

// uhr is the clock of one machine: true time, set wrong and running fast or slow.
type uhr struct {
	a      *ablauf
	beginn time.Time
	falsch time.Duration // how much it is set ahead
	gang   int64         // how much it gains, in millionths
}

// Now implements clock.Clock.
func (u *uhr) Now() time.Time { return u.beginn.Add(u.Mono() + u.falsch) }

// Mono implements clock.Clock.
func (u *uhr) Mono() time.Duration {
	return u.a.jetzt + time.Duration(int64(u.a.jetzt/time.Microsecond)*u.gang/1000)
}

// abweichung is how far the clock is from true time.
func (u *uhr) abweichung() time.Duration { return (u.Now().Sub(u.beginn) - u.a.jetzt).Abs() }
