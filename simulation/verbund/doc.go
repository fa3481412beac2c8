// Package verbund simulates a pharmacy of several machines from one seed: each has a real
// journal on a simulated disk, a clock of its own and a user who sells through the real
// workflows; they ship to each other with node/shipping through a network that loses,
// delays, repeats and cuts. Machines lose their power, their program, their disk, or get an
// old copy of it back. Auditors hold what the users were told against what is there.
//
// Everything happens in one goroutine at a time, in an order that the seed decides. The same
// seed gives the same events, if crypto/rand is seeded too (testing/cryptotest).
package verbund
